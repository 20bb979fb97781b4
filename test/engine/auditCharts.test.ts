import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Answers } from '../../src/core/data/facts.ts';
import { render } from '../../src/core/message/message.ts';
import {
  auditOf,
  countBy,
  figure,
  groupedSql,
  longSql,
  measured,
  samples,
  table,
  wideSql,
  written,
  type Row,
} from './auditCase.ts';
import { engine, folder } from './fixture.ts';

/** Share of the rows on the most popular `end` of the items; equally popular items share their rows evenly. */
function shareOn(end: number, popularity: ReadonlyMap<string, number>, rows: readonly Row[]): number {
  const items = [...popularity].sort(([, a], [, b]) => b - a);
  const counts = countBy(rows, ({ item }) => String(item));
  let [left, sum] = [end * items.length, 0];
  for (const value of new Set(items.map(([, own]) => own))) {
    const tied = items.filter(([, own]) => own === value);
    const weight = tied.reduce((all, [item]) => all + (counts.get(item) ?? 0), 0);
    sum += weight * Math.min(1, Math.max(0, left / tied.length));
    left -= tied.length;
  }
  return sum / rows.length;
}

test('metrics of the charts of small worlds, against a plain recomputation', async () => {
  await fc.assert(
    fc.asyncProperty(samples, async (rows) => {
      const [positives, negatives] = [1, 0].map((label) => rows.filter((row) => row.label === label)) as [Row[], Row[]];
      const sizes = countBy(positives, ({ hour }) => String(negatives.filter((row) => row.hour === hour).length));
      const popularity = new Map(rows.map(({ item }) => [String(item), 0]));
      for (const { item } of positives) popularity.set(String(item), (popularity.get(String(item)) ?? 0) + 1);
      for (const sql of [longSql(rows), groupedSql(rows), wideSql(rows)]) {
        const answer = await auditOf(await written(sql));
        assert.deepEqual(
          new Map(table(measured(answer, 'group_sizes'), 'sizes').map(([n, count]) => [String(n), count])),
          sizes,
        );
        assert.deepEqual(
          table(measured(answer, 'day_hours'), 'hours').map(([day, hour, count, own]) => [day, hour, count, own]),
          [...new Set(rows.map(({ hour }) => hour))]
            .sort((a, b) => a - b)
            .map((hour) => {
              const of = (some: readonly Row[]): number => some.filter((row) => row.hour === hour).length;
              return ['2026-11-20', hour, of(rows), of(positives)];
            }),
        );
        const found = measured(answer, 'popularity_by_entry');
        const names = found.tables[0]?.columns.map(({ id }) => id) ?? [];
        for (const [end, ...shares] of table(found, 'curve'))
          for (const [k, name] of names.slice(1).entries()) {
            const own =
              name === 'positives'
                ? positives
                : name === 'negatives'
                  ? negatives
                  : negatives.filter(({ entry }) => name === `entry ${entry}`);
            const share = shares[k] ?? null;
            if (own.length === 0) assert.equal(share, null, name);
            else assert.ok(Math.abs(Number(share) - shareOn(Number(end), popularity, own)) < 1e-9, `${name} ${end}`);
          }
        assert.deepEqual(new Set(names.slice(3)), new Set(negatives.map(({ entry }) => `entry ${entry}`)));
      }
    }),
    { numRuns: 4 },
  );
});

test('days are those of the zone of the config, also where clocks go back', async () => {
  // In Berlin, 2026-10-25 has 25 hours: from 22:00 to 23:00 of UTC. 2 o'clock is there twice.
  const at = [
    '2026-10-24 21:59:59',
    '2026-10-24 22:00:00',
    '2026-10-25 00:30:00',
    '2026-10-25 01:30:00',
    '2026-10-25 22:59:59',
    '2026-10-25 23:00:00',
  ];
  const path = await written(
    `SELECT 1 AS user_id, i AS item_id, i % 2 AS label, ts::TIMESTAMPTZ AS ts FROM (VALUES ${at.map((text, k) => `(TIMESTAMP '${text}', ${k})`).join(', ')}) t(ts, i)`,
  );
  const answer = await auditOf(path, { timezone: 'Europe/Berlin', by: 'day' });
  const days = { '2026-10-24': 1, '2026-10-25': 4, '2026-10-26': 1 };
  const byDay = (rows: ReturnType<typeof table>): unknown =>
    Object.fromEntries(rows.map(([day, count]) => [day, count]));
  assert.deepEqual(byDay(table(measured(answer, 'time'), 'days')), days);
  assert.deepEqual(byDay(table(measured(answer, 'rows'), 'by_value')), days);
  const hours = measured(answer, 'day_hours');
  assert.deepEqual(
    table(hours, 'hours').map(([day, hour, count]) => [day, hour, count]),
    [
      ['2026-10-24', 23, 1],
      ['2026-10-25', 0, 1],
      ['2026-10-25', 2, 2],
      ['2026-10-25', 23, 1],
      ['2026-10-26', 0, 1],
    ],
  );
  assert.equal(figure(hours, 'empty'), 21);
  assert.deepEqual(
    hours.notes.map((note) => render(note)),
    ['Days and hours of Europe/Berlin'],
  );
});

test('a row is in the folder of its day by the zone of the config', async () => {
  // 23:30 of UTC is the next day in Berlin, and so two days after that of the folder.
  const root = join(folder, 'zone-days');
  mkdirSync(join(root, 'dt=2026-03-27'), { recursive: true });
  const file = await written(`SELECT 1 AS item_id, TIMESTAMP '2026-03-28 23:30:00'::TIMESTAMPTZ AS ts`);
  copyFileSync(file, join(root, 'dt=2026-03-27', 'part-0.parquet'));
  for (const [timezone, misplaced] of [
    ['UTC', 0],
    ['Europe/Berlin', 1],
  ] as const) {
    const ref = { id: timezone, path: join(root, 'dt=*', '*.parquet') };
    const answer = (await engine.call('answer', {
      ref,
      question: {
        kind: 'partition-days',
        timezone,
        tables: [{ dataset: 'impressions', folder: 'dt', ref, columns: { time: { name: 'ts' } } }],
      },
    })) as Answers['partition-days'];
    assert.equal(answer.datasets[0]?.misplaced, misplaced, timezone);
  }
});

test('the times of an hour, as a filter, keep its rows: with a zone, without one, and as integers', async () => {
  const at = [
    '2026-03-28 23:59:59.999999',
    '2026-03-29 00:00:00',
    '2026-03-29 00:30:00.5',
    '2026-03-29 00:59:59.999999',
    '2026-03-29 05:10:00',
  ];
  for (const type of ['ts', 'ts::TIMESTAMPTZ', 'epoch_ms(ts)']) {
    const path = await written(
      `SELECT 1 AS user_id, i AS item_id, i % 2 AS label, ${type} AS ts FROM (VALUES ${at.map((text, k) => `(TIMESTAMP '${text}', ${k})`).join(', ')}) t(ts, i)`,
    );
    // In Berlin, the second hour of this day does not exist.
    const answer = await auditOf(path, {
      timezone: 'Europe/Berlin',
      known: { set: {}, names: { time: { name: 'ts', unit: 'ms' } }, layout: null },
    });
    const found = measured(answer, 'day_hours');
    const hours = table(found, 'hours');
    assert.equal(
      hours.reduce((sum, [, , count]) => sum + Number(count), 0),
      at.length,
    );
    // Times without a zone are those of Berlin. The hour that does not exist is not an empty one.
    const [own, empty] =
      type === 'ts'
        ? [['2026-03-28 23', '2026-03-29 0', '2026-03-29 5'], 3]
        : [['2026-03-29 0', '2026-03-29 1', '2026-03-29 7'], 4];
    assert.deepEqual(
      hours.map(([day, hour, count]) => `${String(day)} ${String(hour)}: ${String(count)}`),
      own.map((hour, k) => `${hour}: ${[1, 3, 1][k]}`),
    );
    assert.equal(figure(found, 'empty'), empty);
    for (const [day, hour, count, , from, to] of hours) {
      const { rows } = await engine.call('count', {
        ref: { id: path, path },
        view: {
          filter: { conditions: [{ column: 'ts', op: 'between', values: [String(from), String(to)] }], expression: '' },
          sort: [],
        },
      });
      assert.equal(rows, count, `${type}: ${String(day)} ${String(hour)}`);
    }
  }
});

test('parts whose values differ only in case are audited separately', async () => {
  const path = await written(
    `SELECT 1 AS user_id, range AS item_id, range % 2 AS label, CASE WHEN range < 3 THEN 'iOS' ELSE 'ios' END AS os FROM range(10)`,
  );
  const parts = table(measured(await auditOf(path, { by: 'os' }), 'rows'), 'by_value');
  assert.deepEqual(Object.fromEntries(parts.map(([os, rows]) => [os, rows])), { iOS: 3, ios: 7 });
});
