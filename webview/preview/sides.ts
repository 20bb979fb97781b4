import type { ConfigText, PreviewSide, PreviewState, SamplerParams } from '../../src/protocol/preview.ts';

export type Letter = 'a' | 'b';

/** The parameters of the other side of a comparison. If none was chosen, it is the same config as it was opened. */
export function otherParams({ config, other, stage, seed, epoch, split }: PreviewState): SamplerParams {
  const otherSeed = other?.seed ?? seed;
  return {
    config: other?.config ?? { uri: config.uri, at: 'opened' },
    stage,
    split,
    ...(otherSeed === null ? {} : { seed: otherSeed }),
    ...(epoch === null ? {} : { epoch }),
  };
}

/** The letter of the panel's own side. */
export function ownLetter({ swapped }: PreviewState): Letter {
  return swapped ? 'a' : 'b';
}

/**
 * The state change when one side gets another text; the other side stays. The panel stays with its config if a side
 * still has it, else it switches to A.
 */
export function withSide(state: PreviewState, letter: Letter, config: ConfigText): Partial<PreviewState> {
  if (letter !== ownLetter(state)) return { other: { config, seed: null } };
  const other: PreviewSide = { config: otherParams(state).config, seed: state.other?.seed ?? null };
  const stays = config.uri === state.config.uri || (letter === 'a' && other.config.uri !== state.config.uri);
  return stays
    ? { config, other }
    : { config: other.config, seed: other.seed ?? state.seed, other: { config, seed: null }, swapped: !state.swapped };
}

/** True if both name the same text of the same config. */
export function isSameText(a: ConfigText, b: ConfigText): boolean {
  return a.uri === b.uri && (a.saved ?? false) === (b.saved ?? false) && a.at === b.at;
}

/** The last part of a config's path. */
export function fileName({ uri }: ConfigText): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
}
