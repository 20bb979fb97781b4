import type { ConfigText, PreviewSide, PreviewState, SamplerParams } from '../../src/protocol/preview.ts';

export type Letter = 'a' | 'b';

/** What the other side of a comparison draws from: without one chosen, the saved text of the same config. */
export function otherParams({ config, other, stage, seed, epoch }: PreviewState): SamplerParams {
  const otherSeed = other?.seed ?? seed;
  return {
    config: other?.config ?? { uri: config.uri, saved: true },
    stage,
    ...(otherSeed === null ? {} : { seed: otherSeed }),
    ...(epoch === null ? {} : { epoch }),
  };
}

/** Which side of a comparison the panel is about. */
export function ownLetter({ swapped }: PreviewState): Letter {
  return swapped ? 'a' : 'b';
}

/**
 * What changes where one side takes another text; the other side stays as it is. The panel stays about its config where a side still has it, else
 * it is about A.
 */
export function withSide(state: PreviewState, letter: Letter, config: ConfigText): Partial<PreviewState> {
  if (letter !== ownLetter(state)) return { other: { config, seed: null } };
  const other: PreviewSide = { config: otherParams(state).config, seed: state.other?.seed ?? null };
  const stays = config.uri === state.config.uri || (letter === 'a' && other.config.uri !== state.config.uri);
  return stays
    ? { config, other }
    : { config: other.config, seed: other.seed ?? state.seed, other: { config, seed: null }, swapped: !state.swapped };
}

/** True where both name one text of one config. */
export function isSameText(a: ConfigText, b: ConfigText): boolean {
  return a.uri === b.uri && (a.saved ?? false) === (b.saved ?? false) && a.at === b.at;
}

/** The last part of the path of a config. */
export function fileName({ uri }: ConfigText): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
}
