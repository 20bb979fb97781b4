import type { LogQFrequency } from '../../../statistics/logQFrequency.ts';
import { Z99 } from '../../../statistics/normalQuantile.ts';
import { samplePathKey } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { message, type Message } from '../../../message/message.ts';
import { exampleRows } from '../../exampleRows.ts';
import { changed } from '../../examples/example.ts';
import { nothingIn } from '../../nothingIn.ts';
import { outputColumn } from '../../outputColumn.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';
import { sampleNeeds } from '../../sampleNeeds.ts';
import { shareOption } from '../../shareOption.ts';

type Values = Answers['log-q-values'];

export const valuesWith = (overrides: Partial<Values>): Pick<Answers, 'log-q-values'> => ({
  'log-q-values': { name: 'log_q', rows: 1421, above: 0, never: 0, groups: 0, entries: [], examples: [], ...overrides },
});

export const logQValues = defineRule({
  id: 'data/log-q-values',
  kind: 'data',
  severity: 'error',
  alone: true,
  stages: ['recall', 'coarse_ranking'],
  options: {
    max_slope: shareOption(
      0.15,
      message(
        'Maximum difference between 1 and the power of the probabilities that the draws follow (99 % confidence). Our choice: exclusions change less.',
      ),
    ),
    max_mass: shareOption(
      0.2,
      message('How far the probabilities of all drawn items of a pool may be from 1. Our choice.'),
    ),
  },
  needs: (context) => (outputColumn(context, 'log_q') === null ? [] : sampleNeeds(context, 'log-q-values')),
  comparesNothing: (context) =>
    nothingIn('log-q-values', (answer) =>
      answer.rows === 0
        ? message('no row has a value of {0}', answer.name)
        : isJudged(answer, context.options) || isComputed(context)
          ? null
          : message('the values of {0} are possible, but no pool shows whether they are right', answer.name),
    )(context),
  *check(context): Iterable<Report> {
    const { facts, stage, options } = context;
    const answer = facts.answer({ kind: 'log-q-values', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { name, rows, above, never, groups, entries, examples } = answer.value;
    const at = samplePathKey(stage.name);
    const impossible = above + never;
    if (above > 0)
      yield {
        at,
        message: message('{0} of {1} values of {2} are above 0: probabilities above 1', above, rows, name),
        details: [
          message('log q is the natural logarithm of a probability, so it is at most 0.'),
          ...exampleRows(examples),
        ],
      };
    if (never > 0)
      yield {
        at,
        message: message('{0} negatives have the probability 0 by {1}, but they were drawn', never, name),
        details: exampleRows(examples),
      };
    if (groups > 0 && impossible === 0)
      yield {
        at,
        message:
          groups === 1
            ? message('In 1 group, the probabilities of the drawn items by {0} sum to more than 1', name)
            : message('In {0} groups, the probabilities of the drawn items by {1} sum to more than 1', groups, name),
        details: [message('log q must be the natural logarithm of the probability of one draw.')],
      };
    if (impossible > 0 || isComputed(context)) return;
    for (const entry of entries) {
      const text = misfit(entry, name, options);
      if (text)
        yield {
          at,
          message: text,
          details: [drawsLine(entry)],
          severity: !entry.isEven && entry.mass > 1 + options.max_mass ? 'error' : 'warning',
        };
    }
  },
  docs: {
    summary: 'The values of log q are impossible, or do not fit how often the items are drawn',
    why: `A trainer with a softmax loss subtracts log q from the logits, and no metric of the training shows that it is
wrong. Typical faults are a wrong sign, a logarithm to the base 10, a constant that was added, and the probabilities of
another exponent than the one that draws.

The rule needs the file alone. It reports

- values above 0, and −∞ for a drawn item,
- groups whose distinct items of one entry have probabilities that sum to more than 1,
- pools whose drawn items have probabilities that sum to more than 1, or to much less than 1,
- pools that draw their items by another power of the probabilities: −1 for a wrong sign, 2.3 for the base 10.

The last two need a pool with at least 100 draws, in which an item has the same value for all users. Chosen items of a
user are not drawable if the file draws none of them. The probability of all items that were never drawn is the
Good–Turing estimate: the share of the draws whose item was drawn once. If \`data/log-q\` has recomputed the values, the
rule reports only impossible values. It compares at most 500,000 draws.

**What the rule cannot see.** A constant that all log q of a softmax share cancels in the loss. A constant that only
some entries have, or only the in-batch negatives, does not. The rule finds a constant by the sum of the probabilities,
so:

- A constant of less than about ±0.2 is within \`max_mass\`.
- If all items have the same value, as in uniform draws, a value that is too large looks like draws from short lists.
  The rule finds only values that are too small.
- Lists whose probabilities differ by user, and entries with fewer than 100 draws, are checked for impossible values only.

If no entry can be compared, the rule is _not run_, with this reason. With the config that drew the file and its lock
file, \`data/log-q\` computes every value again and has none of these limits.`,
    source: `Arithmetic of probabilities. The unseen mass: Good, *The population frequencies of species* (Biometrika 1953).
The power is fitted by maximum likelihood. The limits are our choice.`,
    wrong: { text: changed('recall'), reportedAt: '../out/recall.parquet', answers: valuesWith({ above: 1421 }) },
    right: { text: changed('recall') },
  },
});

/** True if `data/log-q` has compared every value with the draw probability. */
function isComputed({ facts, stage }: Pick<RuleContext, 'facts' | 'stage'>): boolean {
  const answer = facts.answer({ kind: 'chances', stage: stage.name });
  return answer !== undefined && 'value' in answer && answer.value.columns.some(({ rows }) => rows > 0);
}

/** True if a value is wrong, or if the draws of a pool confirm its probabilities. */
function isJudged({ name, above, never, groups, entries }: Values, limits: Limits): boolean {
  return above + never + groups > 0 || entries.some((entry) => !entry.isEven || misfit(entry, name, limits) !== null);
}

interface Limits {
  readonly max_slope: number;
  readonly max_mass: number;
}

function misfit(
  { name, mass, isEven, unseen, unseenError, slope }: Values['entries'][number],
  column: string,
  limits: Limits,
): Message | null {
  const entry = name ?? message('all negatives');
  if (!isEven && mass > 1 + limits.max_mass)
    return message(
      'The probabilities of the items of {0} by {1} sum to {2}, not 1',
      entry,
      column,
      mass.toPrecision(3),
    );
  if (slope !== null && Math.abs(slope.value - 1) - Z99 * slope.error > limits.max_slope)
    return message(
      'Items of {0} are drawn by the probabilities of {1} to the power {2}',
      entry,
      column,
      slope.value.toFixed(2),
    );
  if (mass < (1 - unseen - Z99 * unseenError) * (1 - limits.max_mass))
    return message(
      'The items of {0} have a total probability of {1} by {2}, but no others are drawn',
      entry,
      mass.toPrecision(3),
      column,
    );
  return null;
}

function drawsLine({ draws, items }: LogQFrequency): Message {
  return message('Compared: {0} draws of {1} items.', draws, items);
}
