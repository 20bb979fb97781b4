import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import type { AuditAnswer } from '../../src/protocol/audit.ts';
import { fail, failureOf } from '../../src/core/message/failure.ts';
import { message } from '../../src/core/message/message.ts';
import { Tables } from '../../src/engine/tables/tables.ts';
import { auditRequest, groupedSql, measured, written } from './auditCase.ts';
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

test('a baseline of another layout is read again if its metrics were short of memory', async (context) => {
  const row = { user: 1, positive: 1, hour: 1, weight: 1 };
  const path = await written(
    groupedSql([
      { ...row, item: 1, label: 1, entry: null },
      { ...row, item: 2, label: 0, entry: 'pool' },
    ]),
  );
  const { ref, known } = auditRequest(path);
  const request = auditRequest(path, { baseline: { ref: { ...ref, id: 'baseline' }, known } });
  const whole = await engine.call('audit', request);
  measured(whole, 'drift');
  type Columnar = Tables['columnar'];
  const original: Columnar = Reflect.get(Tables.prototype, 'columnar');
  let failed = 0;
  context.mock.method(Tables.prototype, 'columnar', async function (this: Tables, ...of: Parameters<Columnar>) {
    const [, { text }] = of;
    if (text === 'Comparing with the baseline' && failed++ === 0) throw fail('out-of-memory', message('No memory'));
    return await original.apply(this, of);
  });
  assert.deepEqual((await engine.call('audit', request)).metrics, whole.metrics);
  assert.equal(failed, 2);
});
