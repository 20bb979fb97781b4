import { changed } from '../../../src/core/policy/examples/example.ts';
import { clickLists, withClicks } from '../../../src/core/policy/examples/sequences.ts';
import type { RuleCases } from '../ruleCases.ts';

const one = { text: changed('recall'), datasets: withClicks };
const reportedAt = '../out/recall.parquet';

export const cases: RuleCases = {
  valid: [{ ...one, answers: clickLists({ length: 20, longest: 20 }) }],
  invalid: [{ ...one, reportedAt, answers: clickLists({ length: 15, longest: 20, tooLong: 1 }) }],
};
