import { changed } from '../../../src/core/policy/examples/example.ts';
import { clickLists, withClicks } from '../../../src/core/policy/examples/sequences.ts';
import type { RuleCases } from '../ruleCases.ts';

const one = { text: changed('recall'), datasets: withClicks };
const reportedAt = '../out/recall.parquet';

export const cases: RuleCases = {
  valid: [
    {
      ...one,
      answers: clickLists(
        {},
        {
          late: 400,
          lateOthers: 0,
          own: { positives: { rows: 146, hits: 100 }, negatives: { rows: 1421, hits: 300 } },
        },
      ),
    },
    { ...one, answers: clickLists({}, null) },
  ],
  invalid: [
    {
      ...one,
      reportedAt,
      answers: clickLists(
        {},
        {
          late: 400,
          lateOthers: 0,
          own: { positives: { rows: 146, hits: 100 }, negatives: { rows: 1421, hits: 100 } },
        },
      ),
    },
    {
      ...one,
      reportedAt,
      answers: clickLists(
        {},
        { late: 100, own: { positives: { rows: 146, hits: 100 }, negatives: { rows: 0, hits: 0 } } },
      ),
    },
  ],
};
