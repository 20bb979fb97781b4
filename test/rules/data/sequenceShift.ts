import { changed } from '../../../src/core/policy/examples/example.ts';
import { clicksInLog, withClicks, youngLog } from '../../../src/core/policy/examples/sequences.ts';
import type { RuleCases } from '../ruleCases.ts';

const one = { text: changed('recall'), datasets: withClicks };
const reportedAt = '../out/recall.parquet';

export const cases: RuleCases = {
  valid: [
    { ...one, answers: clicksInLog({}, [youngLog({ mean: 17.2, error: 0 })]) },
    { ...one, answers: clicksInLog({}, [youngLog({ mean: 16, error: 0.5 })]) },
    { ...one, answers: clicksInLog({}, [youngLog({ mean: 30, isEval: true })]) },
  ],
  invalid: [
    { ...one, reportedAt, answers: clicksInLog({}, [youngLog({ mean: 16 })]) },
    { ...one, reportedAt, answers: clicksInLog({}, [youngLog({ mean: 0, error: 0 })]) },
    { ...one, reportedAt, answers: clicksInLog({}, [youngLog({ isEval: true })]) },
  ],
};
