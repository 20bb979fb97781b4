import { changed } from '../../../src/core/policy/examples/example.ts';
import { clickLists, withClicks } from '../../../src/core/policy/examples/sequences.ts';
import type { RuleCases } from '../ruleCases.ts';

const one = { text: changed('recall'), datasets: withClicks };
const reportedAt = '../out/recall.parquet';

export const cases: RuleCases = {
  valid: [
    { ...one, answers: clickLists({}, { ascending: 1198 }) },
    { ...one, answers: clickLists({}, { ascending: 20, descending: 1200, isNewestFirst: true }) },
    { ...one, answers: clickLists({}, null) },
  ],
  invalid: [{ ...one, reportedAt, answers: clickLists({}, { ascending: 1200, descending: 20, isNewestFirst: true }) }],
};
