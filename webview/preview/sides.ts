import type { ConfigText, PreviewState, SamplerParams } from '../../src/protocol/preview.ts';

/** What the other side of a comparison draws from: without one chosen, the saved text of the same config. */
export function otherParams({ config, other, stage, seed, epoch }: PreviewState): SamplerParams {
  const otherSeed = other?.seed ?? seed;
  return { config: other?.config ?? { uri: config.uri, saved: true }, stage, ...(otherSeed === null ? {} : { seed: otherSeed }), ...(epoch === null ? {} : { epoch }) };
}

/** The last part of the path of a config. */
export function fileName({ uri }: ConfigText): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
}
