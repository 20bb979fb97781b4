import type { LogQFrequency } from '../../../src/core/statistics/logQFrequency.ts';
import type { Answers } from '../../../src/core/data/facts.ts';
import { noChances } from '../../../src/core/policy/examples/noChances.ts';
import { changed } from '../../../src/core/policy/examples/example.ts';
import { valuesWith } from '../../../src/core/policy/rules/data/logQValues.ts';
import type { RuleCases } from '../ruleCases.ts';

const pool: LogQFrequency & { readonly name: string } = {
  name: 'popularity',
  draws: 40_000,
  items: 900,
  isEven: false,
  mass: 0.98,
  unseen: 0.01,
  unseenError: 0.001,
  slope: { value: 1.01, error: 0.01 },
};

/** A file of another tool, whose chances nothing computes again. */
function foreign(): Pick<Answers, 'chances'> {
  return { chances: { ...noChances, foreign: 'sampler' } };
}

export const cases: RuleCases = {
  valid: [
    { text: changed('recall'), answers: { ...valuesWith({ entries: [pool] }), ...foreign() } },
    // Computed again by data/log-q.
    { text: changed('recall'), answers: valuesWith({ entries: [{ ...pool, mass: 40 }] }) },
    // Few items of many were drawn.
    {
      text: changed('recall'),
      answers: { ...valuesWith({ entries: [{ ...pool, mass: 0.1, unseen: 0.9 }] }), ...foreign() },
    },
    // Constant lists of a tenth of the items look the same as values that are too large.
    {
      text: changed('recall'),
      answers: { ...valuesWith({ entries: [{ ...pool, isEven: true, slope: null, mass: 10 }] }), ...foreign() },
    },
  ],
  invalid: [
    { text: changed('recall'), reportedAt: '../out/recall.parquet', answers: valuesWith({ never: 3 }) },
    { text: changed('recall'), reportedAt: '../out/recall.parquet', answers: valuesWith({ groups: 3 }) },
    ...[
      { mass: 42 },
      { mass: 0.4 },
      { mass: 0.4, isEven: true, slope: null },
      { slope: { value: 2.3, error: 0.01 } },
      { slope: { value: 0.75, error: 0.02 } },
    ].map((more) => ({
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      answers: { ...valuesWith({ entries: [{ ...pool, ...more }] }), ...foreign() },
    })),
  ],
};
