import { renameKey } from '../../../config/edits.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { problemReports } from '../../problemReports.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';

export const range = defineRule({
  id: 'config/range',
  kind: 'config',
  severity: 'error',
  stages: 'document',
  options: {},
  *check(context): Iterable<Report> {
    yield* problemReports('config/range', context);
    yield* entryNames(context);
  },
  docs: {
    summary: 'A number is out of range, a list has the wrong length, or an entry has a forbidden name',
    why: `A negative share, an exponent of 2 and a batch of one have the right type, but no possible meaning. Infinite
numbers and NaN are outside every range. Options of rules in a policy also have ranges.

RecSample computes random numbers from the names of entries. Names that begin with \`@\` are reserved for the sampler's
own draws (\`@quota\`, \`@keep\`, …). Control characters separate the parts of keys. So an entry name cannot begin with
\`@\` or contain a control character.`,
    source: `Most ranges follow from the meaning of the value: a share is not negative, and a fraction is at most 1. The
exponent of popularity is limited to [0, 1]: 0 is uniform, 1 is the raw counts, and word2vec's 0.75 lies between them.
Caselles-Dupré et al. (RecSys 2018) found negative exponents best on some corpora. RecSample draws with integer weights,
which cannot express negative exponents. So the lower end is our limit, not a research result.`,
    wrong: { text: changed('recall', ['exponent: 0.75', 'exponent: 1.75']), reportedAt: '1.75' },
    right: { text: changed('recall') },
  },
});

const control = /[\u0000-\u001f\u007f]/;

function* entryNames({ stages, document }: RuleContext): Iterable<Report> {
  for (const { name: stage, entries } of stages) {
    for (const { name, path } of entries) {
      if (control.test(name))
        yield {
          at: path,
          on: 'key',
          stage,
          message: message('The name of an entry cannot contain control characters'),
        };
      else if (name.startsWith('@')) {
        const plain = name.replace(/^@+/, '');
        const free = plain !== '' && !entries.some((other) => other.name === plain);
        yield {
          at: path,
          on: 'key',
          stage,
          message: message('Names that begin with @ are reserved for the sampler: {0}', name),
          fixes: free
            ? [{ title: message('Change to {0}', plain), changes: renameKey(document, path, plain), safe: false }]
            : [],
        };
      }
    }
  }
}
