import type { Stage } from '../../config/stage.ts';
import { coarseExample } from './coarse.ts';
import { fineExample } from './fine.ts';
import { recallExample } from './recall.ts';

/** The good configs of the demo workspace: no rule has anything to say about them. */
export const examples: Readonly<Record<Stage, string>> = {
  recall: recallExample,
  coarse_ranking: coarseExample,
  fine_ranking: fineExample,
};

/**
 * A good config with parts replaced: each `from` occurs once and becomes `to`.
 * @throws where a part does not occur exactly once: the example would not show what it is meant to
 */
export function changed(stage: Stage, ...replacements: readonly (readonly [from: string, to: string])[]): string {
  return replacements.reduce((text, [from, to]) => {
    const parts = text.split(from);
    if (parts.length !== 2)
      throw new Error(`${JSON.stringify(from)} occurs ${parts.length - 1} times in the example of ${stage}`);
    return parts.join(to);
  }, examples[stage]);
}
