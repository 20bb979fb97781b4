import { changed } from '../../../src/core/policy/examples/example.ts';
import { clicksInLog, withClicks } from '../../../src/core/policy/examples/sequences.ts';
import type { RuleCases } from '../ruleCases.ts';

const one = { text: changed('recall'), datasets: withClicks };
const reportedAt = '../out/recall.parquet';

export const cases: RuleCases = {
  valid: [
    { ...one, answers: clicksInLog({ full: { compared: 300, rows: 150 } }) },
    { ...one, answers: clicksInLog({ full: { compared: 4, rows: 4 } }) },
    { ...one, answers: clicksInLog({ stale: { compared: 300, rows: 150 } }) },
  ],
  invalid: [
    { ...one, reportedAt, answers: clicksInLog({ full: { compared: 300, rows: 151 } }) },
    { ...one, reportedAt, answers: clicksInLog({ stale: { compared: 300, rows: 151 } }) },
  ],
};
