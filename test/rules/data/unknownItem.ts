import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed('recall'),
      datasets: { 'samples.recall': { state: 'missing' } },
      answers: { 'unknown-items': { rows: 10, absent: 1, gone: 0, early: 0, late: 0, examples: [] } },
    },
  ],
  invalid: [
    {
      text: changed('recall'),
      answers: { 'unknown-items': { rows: 10, absent: 0, gone: 3, early: 0, late: 0, examples: [] } },
      reportedAt: '../out/recall.parquet',
    },
    {
      text: changed('recall'),
      answers: { 'unknown-items': { rows: 10, absent: 0, gone: 10, early: 0, late: 0, examples: [] } },
      reportedAt: '../out/recall.parquet',
    },
    {
      text: changed('recall'),
      answers: { 'unknown-items': { rows: 10, absent: 0, gone: 0, early: 1, late: 0, examples: [] } },
      reportedAt: '../out/recall.parquet',
    },
    {
      text: changed('recall'),
      answers: { 'unknown-items': { rows: 10, absent: 0, gone: 0, early: 0, late: 3, examples: [] } },
      reportedAt: '../out/recall.parquet',
    },
  ],
};
