import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
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
import { engine } from './fixture.ts';

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
    assert.ok(Number(figure(found, 'empty')) > 0);
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
