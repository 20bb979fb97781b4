import assert from 'node:assert/strict';
import { mkdirSync, renameSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { MetricOutcome } from '../../src/core/audit/metric.ts';
import { FailureError } from '../../src/core/message/failure.ts';
import {
  auditOf,
  auditRequest,
  countBy,
  figure,
  groupedSql,
  longSql,
  measured,
  outcomeOf,
  type Row,
  samples,
  table,
  wideSql,
  written,
} from './auditCase.ts';
import { engine, file, folder } from './fixture.ts';

/** The smallest value with at least the share `q` of the values at or below it. */
function quantile(values: readonly number[], q: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null;
}

function spread(values: readonly number[]): (number | null)[] {
  const zero = values.filter((value) => value === 0).length;
  const max = values.length === 0 ? null : Math.max(...values);
  return [values.length, zero, quantile(values, 0.05), quantile(values, 0.5), quantile(values, 0.95), max];
}

function correlation(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const product = (a: readonly number[], ma: number, b: readonly number[], mb: number): number =>
    mean(a.map((value, k) => (value - ma) * ((b[k] ?? NaN) - mb)));
  return product(x, mx, y, my) / Math.sqrt(product(x, mx, x, mx) * product(y, my, y, my));
}

suite('rows, mix and duplicates of small worlds, against a plain recomputation', () => {
  test('in every layout', async () => {
    await fc.assert(
      fc.asyncProperty(samples, async (rows) => {
        const negatives = rows.filter(({ label }) => label === 0);
        const positives = rows.filter(({ label }) => label === 1);
        const users = [...new Set(rows.map(({ user }) => user))];
        const groups = [...new Set(rows.map(({ hour }) => hour))];
        const inGroup = (hour: number, some: readonly Row[]): number => some.filter((row) => row.hour === hour).length;
        const ofUser = (user: number, some: readonly Row[]): number => some.filter((row) => row.user === user).length;
        for (const sql of [longSql(rows), groupedSql(rows), wideSql(rows)]) {
          const answer = await auditOf(await written(sql));
          const found = measured(answer, 'rows');
          assert.equal(answer.sample.rows, rows.length);
          assert.deepEqual(
            ['rows', 'users', 'items', 'positives', 'negatives', 'positive_rate', 'negatives_per_positive'].map((id) =>
              figure(found, id),
            ),
            [
              rows.length,
              users.length,
              new Set(rows.map(({ item }) => item)).size,
              positives.length,
              negatives.length,
              positives.length / rows.length,
              negatives.length / positives.length,
            ],
          );
          assert.deepEqual(table(found, 'spread'), [
            ['negatives_per_positive', ...spread(groups.map((hour) => inGroup(hour, negatives)))],
            ['negatives_per_user', ...spread(users.map((user) => ofUser(user, negatives)))],
            ['positives_per_user', ...spread(users.map((user) => ofUser(user, positives)))],
          ]);
          const entries = table(measured(answer, 'mix'), 'entries');
          assert.deepEqual(
            new Map(entries.map(([entry, count]) => [String(entry), count])),
            countBy(negatives, ({ entry }) => String(entry)),
          );
          const distinct = (key: (row: Row) => string): number => new Set(negatives.map(key)).size;
          const repeated = new Map(
            table(measured(answer, 'duplicates'), 'levels').map(([level, compared, more]) => [level, [compared, more]]),
          );
          assert.deepEqual(repeated.get('user_item'), [
            negatives.length,
            negatives.length - distinct(({ user, item }) => `${user} ${item}`),
          ]);
          assert.deepEqual(repeated.get('positive_item'), [
            negatives.length,
            negatives.length - distinct(({ hour, item }) => `${hour} ${item}`),
          ]);
        }
        const whole = table(measured(await auditOf(await written(longSql(rows))), 'duplicates'), 'levels')[0];
        assert.deepEqual(whole?.slice(0, 3), [
          'row',
          rows.length,
          rows.length - new Set(rows.map((row) => JSON.stringify(row))).size,
        ]);
      }),
      { numRuns: 12 },
    );
  });

  for (const [layout, sqlOf] of [
    ['long', longSql],
    ['grouped', groupedSql],
  ] as const)
    test(`cascade, teacher and counts by value: ${layout} layout`, async () => {
      await fc.assert(
        fc.asyncProperty(samples, async (rows) => {
          const groups = [...new Set(rows.map(({ hour }) => hour))];
          const negatives = rows.filter(({ label }) => label === 0);
          const positives = rows.filter(({ label }) => label === 1);
          const ofEntry = (entry: unknown): readonly Row[] => negatives.filter((row) => row.entry === entry);
          const known = { set: { weight: 'teacher' }, names: {}, layout: null } as const;
          const answer = await auditOf(await written(sqlOf(rows)), { known, by: 'user_id' });
          for (const [entry, ...figures] of table(measured(answer, 'cascade'), 'entries')) {
            const counts = groups.map((hour) => ofEntry(entry).filter((row) => row.hour === hour).length);
            const [, zero, p5, p50, p95] = spread(counts);
            assert.deepEqual(figures, [p5, p50, p95, zero], String(entry));
          }
          for (const [entry, count, share, auc, spearman] of table(measured(answer, 'teacher'), 'entries')) {
            const own = ofEntry(entry);
            assert.deepEqual([count, share], [own.length, 1]);
            const wins = positives.flatMap((p) =>
              own.map((n) => (p.weight > n.weight ? 1 : p.weight === n.weight ? 0.5 : 0)),
            );
            assert.ok(Math.abs(Number(auc) - wins.reduce((sum: number, x) => sum + x, 0) / wins.length) < 1e-9);
            const all = [...positives, ...own];
            const rank = ({ weight }: Row): number =>
              all.filter((row) => row.weight < weight).length +
              (all.filter((row) => row.weight === weight).length + 1) / 2;
            const expected = correlation(
              all.map(rank),
              all.map(({ label }) => label),
            );
            if (Number.isNaN(expected)) assert.equal(spearman, null);
            else assert.ok(Math.abs(Number(spearman) - expected) < 1e-9, `${String(spearman)} is not ${expected}`);
          }
          assert.deepEqual(
            new Map(table(measured(answer, 'by'), 'values').map(([user, count]) => [String(user), count])),
            countBy(rows, ({ user }) => String(user)),
          );
        }),
        { numRuns: 8 },
      );
    });

  test('against the config and the lock file', async () => {
    const rows: Row[] = ['pool', 'pool', 'pool', 'list'].map((entry, item) => ({
      user: 1,
      item,
      label: 0,
      entry,
      positive: 9,
      hour: 0,
      weight: 1,
    }));
    const shortfalls = { pool: 0, attempts: 0, list: 0 };
    const answer = await auditOf(await written(longSql(rows)), {
      recorded: [
        { entry: 'pool', drawn: 3, shortfalls },
        { entry: 'list', drawn: 1, shortfalls },
      ],
    });
    const found = measured(answer, 'mix');
    assert.equal(figure(found, 'recorded_total_variation'), 0);
    assert.deepEqual(
      table(found, 'entries').map(([entry, count, share, , , recorded]) => [entry, count, share, recorded]),
      [
        ['pool', 3, 0.75, 0.75],
        ['list', 1, 0.25, 0.25],
      ],
    );
  });
});

suite('what an audit withstands', () => {
  test('an empty file, one user, one item, no positives, no negatives', async () => {
    const row = (label: 0 | 1): Row => ({ user: 1, item: 2, label, entry: null, positive: 2, hour: 0, weight: 1 });
    const empty = await auditOf(await written(`${longSql([row(1)])} WHERE false`));
    assert.deepEqual(
      measured(empty, 'rows').notes.map(({ text }) => text),
      ['The sample file has no rows'],
    );
    assert.equal(figure(measured(empty, 'rows'), 'positive_rate'), null);
    const positives = await auditOf(await written(longSql([row(1)])));
    assert.deepEqual(
      measured(positives, 'rows').notes.map(({ text }) => text),
      ['There are no negatives'],
    );
    const negatives = await auditOf(await written(longSql([row(0)])));
    assert.deepEqual(
      measured(negatives, 'rows').notes.map(({ text }) => text),
      ['There are no positives'],
    );
    for (const { metrics } of [empty, positives, negatives])
      assert.deepEqual(
        metrics
          .filter(({ state }) => state === 'not-run')
          .flatMap((outcome) => (outcome.state === 'not-run' && outcome.because.text === '' ? [outcome] : [])),
        [],
      );
  });

  test('float and graded labels, NaN and NULL', async () => {
    const path = await written(
      `SELECT * FROM (VALUES (1, 1, 2.5::DOUBLE), (1, 2, 0), (2, 3, 'nan'), (2, 4, NULL), (3, 5, -1)) t(user_id, item_id, label)`,
    );
    const found = measured(await auditOf(path), 'rows');
    assert.deepEqual(
      ['positives', 'negatives', 'unlabelled'].map((id) => figure(found, id)),
      [1, 2, 2],
    );
    assert.deepEqual(
      table(found, 'labels').map(([value]) => value),
      ['-1.0', '0.0', '2.5'],
    );
  });

  test('small grades by entry, and rows without a user or an item', async () => {
    const path = await written(
      `SELECT user_id, item_id, label::TINYINT AS label, source, TIMESTAMP '2026-11-20' AS ts FROM (VALUES (1, 1, 2, NULL), (1, 2, 0, 'a'),
        (2, 3, 0, 'b'), (NULL, 4, 2, NULL), (NULL, NULL, -1, 'a'), (3, 5, NULL, NULL)) t(user_id, item_id, label, source)`,
    );
    const found = measured(await auditOf(path), 'rows');
    assert.deepEqual(
      ['users', 'items', 'positives', 'negatives', 'unlabelled', 'without_user', 'without_item'].map((id) =>
        figure(found, id),
      ),
      [3, 5, 2, 3, 1, 2, 1],
    );
    assert.deepEqual(table(found, 'labels'), [
      ['0', 2],
      ['2', 2],
      ['-1', 1],
    ]);
  });

  test('no label column: what needs it says so, and the rest goes on', async () => {
    const answer = await auditOf(await written('SELECT 1 AS user_id, 2 AS item_id'));
    assert.equal(figure(measured(answer, 'rows'), 'rows'), 1);
    assert.deepEqual(outcomeOf(answer, 'mix'), {
      metric: 'mix',
      title: { text: 'Mix of the negatives' },
      state: 'not-run',
      because: { text: 'there is no label column' },
    } satisfies MetricOutcome);
  });

  test('roles that the user sets', async () => {
    const path = await written('SELECT 7 AS a, 8 AS b, 1 AS c UNION ALL SELECT 7, 9, 0');
    await assert.rejects(
      auditOf(path),
      (error) =>
        error instanceof FailureError && error.failure.message.text === 'No column holds the items of the sample file',
    );
    const known = { set: { a: 'user', b: 'item', c: 'label' }, names: {}, layout: null } as const;
    const found = measured(await auditOf(path, { known }), 'rows');
    assert.deepEqual(
      ['users', 'items', 'positives'].map((id) => figure(found, id)),
      [1, 2, 1],
    );
    const unknown = auditOf(path, { known: { ...known, set: { d: 'item' } } });
    await assert.rejects(unknown, (error) => error instanceof FailureError && error.failure.place?.column === 'd');
  });

  test('a folder of shards, and ids beyond 2^53', async () => {
    mkdirSync(join(folder, 'shards'));
    for (const k of [0, 1]) {
      const part = await written(
        `SELECT 9007199254740993 + ${k} AS user_id, 9007199254740993 + ${k} AS item_id, ${k} AS label`,
      );
      renameSync(part, join(folder, 'shards', `part-${k}.parquet`));
    }
    const answer = await auditOf(join(folder, 'shards'));
    assert.equal(answer.sample.files, 2);
    assert.deepEqual(
      ['rows', 'users', 'items'].map((id) => figure(measured(answer, 'rows'), id)),
      [2, 2, 2],
    );
  });

  test('a file that changes meanwhile, and cancelling', async () => {
    const path = file('changing.csv', 'user_id,item_id,label\n1,2,1\n1,3,0\n');
    const request = auditRequest(path);
    let isChanged = false;
    const changed = engine.call('audit', request, {
      progress: ({ audited }) => {
        if (!audited || isChanged) return;
        utimesSync(path, 1, 1);
        isChanged = true;
      },
    });
    await assert.rejects(changed, (error) => error instanceof FailureError && error.failure.code === 'changed');
    const abort = new AbortController();
    const cancelled = engine.call('audit', request, {
      signal: abort.signal,
      progress: ({ audited }) => {
        if (audited) abort.abort();
      },
    });
    await assert.rejects(cancelled, (error) => error instanceof FailureError && error.failure.code === 'cancelled');
  });
});
