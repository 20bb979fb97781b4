import type { Stage } from '../../schema/stage.ts';
import { coarseExample } from './coarse.ts';
import { fineExample } from './fine.ts';
import { recallExample } from './recall.ts';

/** The valid configs of the demo workspace: no rule reports anything about them. */
export const examples: Readonly<Record<Stage, string>> = {
  recall: recallExample,
  coarse_ranking: coarseExample,
  fine_ranking: fineExample,
};

/**
 * A valid config with parts replaced: each `from` occurs once and becomes `to`.
 * @throws if a part does not occur exactly once, because the example would not show what it should
 */
export function changed(stage: Stage, ...replacements: readonly (readonly [from: string, to: string])[]): string {
  return replacements.reduce((text, [from, to]) => {
    const parts = text.split(from);
    if (parts.length !== 2)
      throw new Error(`${JSON.stringify(from)} occurs ${parts.length - 1} times in the example of ${stage}`);
    return parts.join(to);
  }, examples[stage]);
}
