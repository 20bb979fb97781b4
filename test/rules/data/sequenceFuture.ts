import { changed } from '../../../src/core/policy/examples/example.ts';
import { clickLists, withClicks } from '../../../src/core/policy/examples/sequences.ts';
import type { RuleCases } from '../ruleCases.ts';

const one = { text: changed('recall'), datasets: withClicks };
const reportedAt = '../out/recall.parquet';

export const cases: RuleCases = {
  valid: [
    // Single rows.
    { ...one, answers: clickLists({}, { late: 4, lateOthers: 4 }) },
    // The files have no lists of a sequence, or no times.
    { text: changed('recall'), answers: clickLists({}, { late: 400 }) },
    { ...one, answers: clickLists({}, null) },
    // They are the labels.
    {
      ...one,
      answers: clickLists(
        {},
        { late: 100, lateOthers: 0, own: { positives: { rows: 146, hits: 100 }, negatives: { rows: 1421, hits: 0 } } },
      ),
    },
  ],
  invalid: [
    { ...one, reportedAt, answers: clickLists({}, { late: 5, lateOthers: 5 }) },
    // Negatives have such steps as well, so they are no labels.
    {
      ...one,
      reportedAt,
      answers: clickLists(
        {},
        {
          late: 400,
          lateOthers: 0,
          own: { positives: { rows: 146, hits: 100 }, negatives: { rows: 1421, hits: 300 } },
        },
      ),
    },
  ],
};
