import { insertPair } from '../../../config/edits.ts';
import { message } from '../../../message/message.ts';
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
      message: message('There is no seed: the rows cannot be reproduced'),
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
    summary: 'The config has no seed, so the rows cannot be reproduced',
    why: `With a seed, the same config over the same data gives the same rows in RecSample, in a pipeline and on Spark.
You can then reproduce a sample when a model surprises you. Two experiments then differ by what you changed, not by
chance. The seed can be any string or integer.`,
    source: 'How RecSample draws: every draw is a function of seed, epoch, stage, entry, group and attempt.',
    wrong: { text: changed('recall', ['seed: demo\n', '']), reportedAt: 'version' },
    right: { text: changed('recall') },
  },
});
