import { changed } from '../../../src/core/policy/examples/example.ts';
import { clicksInLog, withClicks } from '../../../src/core/policy/examples/sequences.ts';
import type { RuleCases } from '../ruleCases.ts';

const one = { text: changed('recall'), datasets: withClicks };
const reportedAt = '../out/recall.parquet';

export const cases: RuleCases = {
  valid: [
    { ...one, answers: clicksInLog({ foreign: 12 }) },
    { ...one, answers: clicksInLog({ compared: 40, foreign: 4 }) },
  ],
  invalid: [{ ...one, reportedAt, answers: clicksInLog({ foreign: 13 }) }],
};
