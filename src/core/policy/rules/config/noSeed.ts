import { insertPair } from '../../../config/edits.ts';
import { message } from '../../../report/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';

export const noSeed = defineRule({
  id: 'config/no-seed',
  kind: 'config',
  severity: 'warning',
  stages: 'document',
  options: {},
  *check({ document }): Iterable<Report> {
    const { root } = document;
    if (root?.kind !== 'map' || document.has(['seed'])) return;
    const [first] = root.pairs;
    if (!first) return;
    yield {
      at: document.has(['version']) ? ['version'] : first.key.span,
      on: 'key',
      message: message('There is no seed: the rows cannot be made again'),
      fixes: [
        {
          title: message('Add {0}', 'seed: 1'),
          changes: insertPair(document, [], 'seed', '1', 'version'),
          safe: false,
        },
      ],
    };
  },
  docs: {
    summary: 'There is no seed, so the rows cannot be made again',
    why: `With a seed, the same config over the same data gives the same rows, here, in a pipeline and on Spark. Then a sample can be made again when a model surprises,
and two experiments differ by what was changed and not by luck. Which seed does not matter; write any text or integer.`,
    source: 'How RecSample draws: every draw is a function of seed, epoch, stage, entry, group and attempt.',
    wrong: { text: changed('recall', ['seed: demo\n', '']), reportedAt: 'version' },
    right: { text: changed('recall') },
    valid: [
      { text: changed('recall', ['seed: demo', 'seed: 0']) },
      { text: changed('recall', ['seed: demo', 'seed:']) },
    ],
  },
});
