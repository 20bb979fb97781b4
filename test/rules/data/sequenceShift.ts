import { changed } from '../../../src/core/policy/examples/example.ts';
import { clicksInLog, withClicks, youngLog } from '../../../src/core/policy/examples/sequences.ts';
import type { RuleCases } from '../ruleCases.ts';

const one = { text: changed('recall'), datasets: withClicks };
const reportedAt = '../out/recall.parquet';

export const cases: RuleCases = {
  valid: [
    { ...one, answers: clicksInLog({ growth: youngLog(17.2, 0) }) },
    { ...one, answers: clicksInLog({ growth: youngLog(16, 0.5) }) },
    { ...one, answers: clicksInLog({ growth: youngLog(30) }) },
  ],
  invalid: [
    { ...one, reportedAt, answers: clicksInLog({ growth: youngLog(16, 0.3) }) },
    { ...one, reportedAt, answers: clicksInLog({ growth: youngLog(0, 0) }) },
  ],
};
