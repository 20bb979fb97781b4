import { setValue } from '../../../config/edits.ts';
import type { TextFix } from '../../../config/problem.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';

export const exponent = defineRule({
  id: 'recall/exponent',
  kind: 'config',
  severity: 'info',
  stages: ['recall'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    for (const { path, source, options } of stage.entries) {
      if (source?.name !== 'popularity') continue;
      const at = [...path, 'exponent'];
      const fixes: TextFix[] = [{ title: message('Use 0.75'), changes: setValue(document, at, '0.75'), safe: false }];
      if (options['exponent'] === 0)
        yield {
          at,
          fixes,
          message: message(
            'With exponent 0, all items with events are equally likely (uniform sampling). 0.75 is usual',
          ),
        };
      if (options['exponent'] === 1)
        yield {
          at,
          fixes,
          message: message('Exponent 1 uses the raw counts, so a few hot items fill the negatives. 0.75 is usual'),
        };
    }
  },
  docs: {
    summary: 'A popularity entry has the exponent 0 (uniform) or 1 (raw counts)',
    why: `The exponent sets how strongly the draws follow popularity. With 0, all items with events are equally likely.
\`global_random\` says this more clearly, and for the whole corpus. With 1, the weights are the raw counts. In a
long-tailed log, a few hundred items then fill most of the negatives. Values in between keep the order of the items and
draw the most popular items less often.

Both ends can be intended: in-batch negatives, for example, follow the raw counts. \`config/range\` reports values
outside [0, 1].`,
    source: `0.75 is the value of word2vec (Mikolov et al., NIPS 2013), found on text. Caselles-Dupré et al., *Word2vec
Applied to Recommendation: Hyperparameters Matter* (RecSys 2018), show that the best exponent for recommendation depends
on the data and the task. It can be far from 0.75. So search for the best value on your own data; the severity is
info.`,
    wrong: { text: changed('recall', ['exponent: 0.75', 'exponent: 1']), reportedAt: '1', after: 'exponent: ' },
    right: { text: changed('recall') },
  },
});
