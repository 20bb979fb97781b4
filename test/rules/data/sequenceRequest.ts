import { changed } from '../../../src/core/policy/examples/example.ts';
import { clickLists, clicksInLog, withClicks } from '../../../src/core/policy/examples/sequences.ts';
import type { RuleCases } from '../ruleCases.ts';

const one = { text: changed('recall'), datasets: withClicks };
const reportedAt = '../out/recall.parquet';

const requests = { compared: 1400, rows: 300 };
const late = { late: 400, lateOthers: 400 };

export const cases: RuleCases = {
  valid: [
    // Single rows.
    { ...one, answers: { ...clickLists(), ...clicksInLog({ requests: { compared: 1400, rows: 4 } }) } },
    // The history is from the future, which another rule reports.
    { ...one, answers: { ...clickLists({}, late), ...clicksInLog({ requests }) } },
  ],
  invalid: [
    { ...one, reportedAt, answers: { ...clickLists(), ...clicksInLog({ requests }) } },
    // Only single rows are late.
    { ...one, reportedAt, answers: { ...clickLists({}, { late: 4, lateOthers: 4 }), ...clicksInLog({ requests }) } },
  ],
};
