import { changed } from '../../../src/core/policy/examples/example.ts';
import { clickLists, withClicks } from '../../../src/core/policy/examples/sequences.ts';
import type { RuleCases } from '../ruleCases.ts';

const one = { text: changed('recall'), datasets: withClicks };
const reportedAt = '../out/recall.parquet';

export const cases: RuleCases = {
  valid: [
    { ...one, answers: clickLists({ repeated: 9 }) },
    { ...one, answers: clickLists({ repeated: null }) },
  ],
  invalid: [
    { ...one, reportedAt, answers: clickLists({ repeated: 10 }) },
    { ...one, reportedAt, answers: clickLists({ repeated: 0, undeduped: 50 }) },
  ],
};
