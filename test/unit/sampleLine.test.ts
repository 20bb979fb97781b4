import assert from 'node:assert/strict';
import { test } from 'node:test';
import { message, render, type Message } from '../../src/core/message/message.ts';
import { sampleLine } from '../../src/core/report/sampleLine.ts';
import type { SampleSummary } from '../../src/core/sampling/sampleSummary.ts';

type Entry = SampleSummary['entries'][number];
const entry = (name: string, asked: number, short: number): Entry => ({
  name,
  source: name,
  asked,
  drawn: asked - short,
  attempts: asked,
  shortfalls: { pool: 0, attempts: 0, list: short },
  shortGroups: short,
});

function line(entries: readonly Entry[], notices: readonly Message[]): string {
  return render(
    sampleLine('recall.parquet', {
      rows: 376_696,
      bytes: 5_880_000,
      users: 3,
      groups: 35_508,
      positives: 35_508,
      negatives: 341_188,
      unreached: 0,
      entries,
      notices,
      milliseconds: { drawing: 9_000, total: 16_200 },
    }),
  );
}

test('one line describes a file: rows, size, time, shortfall and notices', () => {
  assert.equal(line([entry('a', 10, 0)], []), 'recall.parquet: 376,696 rows, 5.88 MB, 16.2 s');
  assert.equal(
    line([entry('a', 1000, 20), entry('b', 2000, 0)], []),
    'recall.parquet: 376,696 rows, 5.88 MB, 16.2 s. Shortfall: 20 of 3,000 negatives',
  );
  assert.equal(
    line([entry('a', 10, 0)], [message('Two rows were left out')]),
    'recall.parquet: 376,696 rows, 5.88 MB, 16.2 s. Two rows were left out',
  );
  assert.equal(
    line([entry('a', 10, 1)], [message('one'), message('two')]),
    'recall.parquet: 376,696 rows, 5.88 MB, 16.2 s. Shortfall: 1 of 10 negatives. 2 notices are in the report',
  );
});
