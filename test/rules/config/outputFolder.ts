import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed(
        'recall',
        ['output: {layout: long,', 'output: {shards: 8, partition_by: {column: dt, format: yyyyMMdd},'],
        ['../out/recall.parquet', '../out/recall/'],
      ),
    },
    // A glob cannot be written, but the audit reads it.
    {
      text: changed(
        'recall',
        ['output: {layout: long,', 'output: {layout: long, shards: 8,'],
        ['../out/recall.parquet', '../out/recall/*.parquet'],
      ),
    },
  ],
  invalid: [
    {
      text: changed(
        'recall',
        ['output: {layout: long,', 'output: {partition_by: {column: a/b},'],
        ['../out/recall.parquet', '../out/recall'],
      ),
      reportedAt: 'a/b',
    },
  ],
};
