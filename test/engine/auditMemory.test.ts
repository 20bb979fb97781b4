import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { failureOf } from '../../src/core/message/failure.ts';
import type { AuditAnswer } from '../../src/protocol/audit.ts';
import { auditRequest } from './auditCase.ts';
import { engine, parquet } from './fixture.ts';
import { withEngine } from './sampleWithstandCase.ts';

const memoryBytes = 20e6;

// Numbers that do not compress. The audit reads some of them only if rows are repeated.
const rows = `SELECT hash(i // 8) % 12000 AS user_id, hash(i) % 250000 AS item_id, (i % 8 = 0)::TINYINT AS label, CASE WHEN i % 8 > 0 THEN 'e' || (i % 3) END AS source,
    hash(i // 8, 1) % 250000 AS positive_item, TIMESTAMP '2026-11-01' + to_microseconds((hash(i // 8, 2) % 1000000000000)::BIGINT) AS ts,
    ${Array.from({ length: 22 }, (_, k) => `hash(i, ${k + 3}) AS more${k}`).join(', ')} FROM range(250000) t(i)`;

test('a file of more than twice the memory limit is audited, also after it was cancelled, and nothing is left', async () => {
  const path = await parquet('audit-memory.parquet', rows);
  assert.ok(statSync(path).size > 2 * memoryBytes, String(statSync(path).size));
  const request = auditRequest(path);
  const whole = await engine.call('audit', request);
  // `withEngine` checks that no temporary file is left.
  await withEngine({ memoryBytes, threads: 1 }, async (own) => {
    for (const cancelAt of ['Counting rows', 'Counting items', 'Looking for duplicates', null]) {
      const abort = new AbortController();
      const audited: Promise<AuditAnswer> = own.call('audit', request, {
        signal: abort.signal,
        progress: ({ message }) => {
          if (message.text === cancelAt) abort.abort();
        },
      });
      if (cancelAt !== null) {
        await assert.rejects(audited, (error) => failureOf(error).code === 'cancelled');
        continue;
      }
      const { metrics } = await audited;
      // What does not fit says so, by name; all else is as with more memory.
      const refused = metrics.filter((one) => one.state === 'not-run' && /more memory/.test(one.because.text));
      const names = new Set(refused.map(({ metric }) => metric));
      for (const metric of ['rows', 'mix', 'users', 'duplicates', 'time'])
        assert.ok(!names.has(metric), `${metric} was refused`);
      assert.deepEqual(
        metrics.filter((one) => !refused.includes(one)),
        whole.metrics.filter(({ metric }) => !names.has(metric)),
      );
    }
  });
});
