import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { render } from '../../src/core/message/message.ts';
import type { AskedPass } from '../../src/core/data/passThrough.ts';
import type { Preview } from '../../src/core/sampling/answers.ts';
import type { PreviewRow } from '../../src/core/sampling/drawn.ts';
import type { SamplingRequest } from '../../src/protocol/sampling.ts';
import { engine, folder } from './fixture.ts';
import { plainOutput, requestOf, said, writeWorld } from './samplingCase.ts';
import { ownNames } from '../../src/core/data/outputName.ts';
import { stages, units as plain, type Unit } from './sidesCase.ts';

/**
 * 2,400 exposures of 30 users; some rows are exact repetitions of an event with another `mark`, many have equal times.
 * Types of every kind that a text must show digit for digit.
 */
const log = `SELECT u AS user_id, (i * 7919 + 13 * u) % CASE WHEN i // 4 % 3 = 0 THEN 97 ELSE 40 END AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (i // 4 * 20) MINUTE AS ts,
  1 + i // 4 * 100 + u AS request_id, 1 + i % 4 AS position, hash(i * 41 + u) % 4 = 0 AS is_click, 9007199254740993 + 10000 * u + 10 * i + d AS mark,
  CASE (i // 4 + u) % 4 WHEN 0 THEN '' WHEN 1 THEN NULL ELSE '<b>d' || (i // 4 + u) % 3 END AS device,
  CASE WHEN hash(i + u) % 7 > 0 THEN CAST((i * 31 + u) % 1000 / 7 AS DECIMAL(20, 9)) END AS ctr, CASE WHEN i % 9 = 0 THEN CAST('nan' AS DOUBLE) ELSE hash(i * 3 + u) % 100 / 100 END AS score
  FROM range(80) t(i), range(30) s(u), range(2) v(d) WHERE d = 0 OR hash(i * 41 + u) % 12 = 0`;
const items = `SELECT i AS item_id, 'c' || i % 5 AS category, TIMESTAMP '2026-01-01 00:00:00.000001' + INTERVAL (i) SECOND AS listed_at, [i * 0.1, NULL] AS vector, {a: i, b: ''} AS pair FROM range(97) t(i) WHERE i % 11 <> 3`;
const users = `SELECT i AS user_id, 20 + i % 30 AS age FROM range(28) t(i) UNION ALL SELECT 7 AS user_id, 19 AS age`;
const candidates = `SELECT u AS user_id, 1 + r * 100 + u AS request_id, (r * 4 * 7919 + 7919 * k + 13 * u) % 97 AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (r * 20) MINUTE AS ts, channel,
  CASE WHEN k = 5 AND channel = 'hot' THEN NULL ELSE 1 + (k + length(channel)) % 7 END AS rank, channel || k AS note, CASE WHEN k < 3 THEN 'exposed' WHEN k < 6 THEN 'fine' ELSE 'coarse' END AS reached,
  CASE WHEN k % 5 = 1 THEN CAST('nan' AS DOUBLE) ELSE (k * 17 + length(channel)) % 10 / 10 END AS heavy
  FROM range(20) a(r), range(30) s(u), range(1, 13) t(k), (VALUES ('hot'), ('i2i')) c(channel) WHERE channel = 'hot' OR k % 3 > 0`;

/** The units with a teacher where they can have one. */
const units = {
  ...plain,
  request: plain.request.replace(
    '    positives:',
    '    teacher: {column: teacher, kind: probability, on: exposed}\n    positives:',
  ),
  impression: plain.impression.replace(
    '    positives:',
    '    teacher: {column: score, from: impressions, kind: score, on: all}\n    positives:',
  ),
};
const names = Object.keys(units) as Unit[];

/** A column of every side, and types of every kind. */
const passed: readonly (string | AskedPass)[] = [
  { column: 'mark', as: 'own_mark' },
  { column: 'device', side: 'exposure' },
  { column: 'mark', side: 'context', as: 'group_mark' },
  { column: 'device', side: 'user', as: 'user_device' },
  { column: 'ctr', side: 'item' },
  { column: 'mark', side: 'item', as: 'newest', max_age: '1h' },
  'category',
  'listed_at',
  'vector',
  'pair',
  'age',
  'note',
];
const everybody = Array.from({ length: 30 }, (_, user) => String(user));

let root: string;
before(async () => {
  root = await writeWorld('preview-passed', { log, items, users, candidates });
});

async function of(unit: Unit, split: 'train' | 'eval' = 'train', columns = passed): Promise<SamplingRequest> {
  const windows =
    'window: {train: {from: 2026-11-01, to: 2026-11-01T04:00:00}, eval: {from: 2026-11-01T04:00:01, to: 2026-11-02}}\n';
  const config = `${units[unit]}${windows}output: {pass_through: ${JSON.stringify(columns)}}\n`;
  return await requestOf(root, stages[unit], config, { split });
}

async function previewed(request: SamplingRequest, shown: readonly string[], passThrough = passed): Promise<Preview> {
  return await engine.call('preview', {
    ...request,
    users: shown,
    groupLimit: null,
    copies: { names: ownNames, passThrough },
  });
}

let files = 0;
/** Rows of the sample file in its order, as texts: user, item, label, teacher, copied columns. */
async function written(request: SamplingRequest): Promise<unknown[]> {
  const path = join(folder, 'preview-passed', `${++files}.parquet`);
  const output = { ...plainOutput, path, format: 'parquet' as const, passThrough: passed };
  await engine.call('sample', { ...request, users: null, output, blockRows: 200 });
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const columns = ['own_mark', 'device', 'group_mark', 'user_device', 'ctr', 'newest', 'category', 'listed_at']
      .map((name) => `CAST(${name} AS VARCHAR)`)
      .concat(
        `CASE WHEN vector IS NOT NULL THEN '[' || CAST(vector[1] AS VARCHAR) || ',null]' END`,
        `CASE WHEN pair IS NOT NULL THEN '{"a":' || pair.a || ',"b":""}' END`,
        'CAST(age AS VARCHAR)',
        'note',
      );
    const teacher = request.plan.teacher ? 'teacher' : 'NULL';
    const rows = await connection.run(
      `SELECT CAST("user" AS VARCHAR), CAST(item AS VARCHAR), CAST(label AS INTEGER), ${teacher}, ${columns.join(', ')} FROM read_parquet('${path}')`,
    );
    return await rows.getRowsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const rowsOf = ({ users: shown }: Preview): { user: string; row: PreviewRow }[] =>
  shown.flatMap(({ user, groups }) => groups.flatMap(({ rows }) => rows.map((row) => ({ user, row }))));

function shownRows(preview: Preview): unknown[] {
  return rowsOf(preview).map(({ user, row }) => [
    user,
    row.item,
    row.label,
    row.teacher ?? null,
    ...(row.passed ?? []).map(({ value }) => value),
  ]);
}

describe('copied columns in the preview', () => {
  for (const unit of names) {
    for (const split of ['train', 'eval'] as const) {
      test(`${unit}, ${split}: exactly the values that the sample file has, row for row`, async () => {
        const request = await of(unit, split);
        const shown = shownRows(await previewed(request, everybody));
        assert.ok(shown.length > 100);
        assert.deepEqual(shown, await written(request));
        // What is cached gives the same values, also for other users in another order.
        const some = rowsOf(await previewed(request, ['17', '3'])).map(({ row }) => row);
        const again = rowsOf(await previewed(request, ['3', '17']));
        assert.deepEqual(new Set(again.map(({ user }) => user)), new Set(['3', '17']));
        assert.deepEqual(
          some.flatMap((row) => row.passed?.map(({ value }) => value) ?? []).sort(),
          again.flatMap(({ row }) => row.passed?.map(({ value }) => value) ?? []).sort(),
        );
      });
    }
  }

  test('a value says from which row it comes, and NULL says why', async () => {
    const preview = await previewed(await of('positive'), everybody);
    const { columns, sources } = preview.passed ?? assert.fail();
    assert.deepEqual(
      columns.map(({ name, from, side }) => `${name} ${from} ${side}`),
      [
        'own_mark impressions exposure',
        'device impressions exposure',
        'group_mark impressions context',
        'user_device impressions user',
        'ctr impressions item',
        'newest impressions item',
        'category items item',
        'listed_at items item',
        'vector items item',
        'pair items item',
        'age users user',
        'note candidates candidate',
      ],
    );
    const reasons = columns.map(() => new Set<string>());
    for (const { user, row } of rowsOf(preview)) {
      row.passed?.forEach(({ value, source, reason }, k) => {
        assert.equal(value === null, reason !== null);
        reasons[k]?.add(reason ?? 'value');
        if (source === null) return;
        const { from, side, time, key } = sources[source] ?? assert.fail();
        assert.deepEqual([from, side], [columns[k]?.from, columns[k]?.side]);
        assert.equal(time === null, from === 'items' || from === 'users');
        if (side !== 'context' && side !== 'user') assert.equal(key['item'], row.item);
        if (side !== 'item') assert.equal(key['user'], user);
      });
      // Draws of pools have no exposure of their own, whatever the user was shown.
      if (row.entry === 'global_random') assert.equal(row.passed?.[0]?.reason, 'no-exposure');
    }
    assert.deepEqual(
      reasons.map((one) => [...one].sort().join()),
      [
        'no-exposure,value',
        'empty,no-exposure,value',
        'value',
        'empty,value',
        'empty,no-row,value',
        'no-row,too-old,value',
        'no-row,value',
        'no-row,value',
        'no-row,value',
        'no-row,value',
        'no-row,value',
        'no-row,value',
      ],
    );
    // An empty text is not NULL.
    assert.ok(rowsOf(preview).some(({ row }) => row.passed?.[1]?.value === ''));
  });

  test('a teacher without a value says why', async () => {
    const reasonsOf = async (unit: Unit): Promise<string[]> => {
      const rows = rowsOf(await previewed(await of(unit), everybody)).map(({ row }) => row);
      for (const { teacher, teacherReason } of rows) assert.equal(teacher === null, teacherReason !== undefined);
      return [...new Set(rows.map(({ teacherReason }) => teacherReason ?? 'value'))].sort();
    };
    assert.deepEqual(await reasonsOf('request'), ['empty', 'no-row', 'untrusted', 'value']);
    assert.deepEqual(await reasonsOf('impression'), ['empty', 'value']);
  });

  test('a column that cannot be copied is left out with the reason', async () => {
    const preview = await previewed(
      await of('positive', 'train', ['category']),
      ['3'],
      ['category', { column: 'item_id' }, { column: 'category', as: 'CATEGORY' }, { column: 'age', as: 'grade' }],
    );
    assert.deepEqual(
      preview.passed?.columns.map(({ name }) => name),
      ['category'],
    );
    assert.deepEqual(
      said(preview).filter((one) => one.includes('left out')),
      [
        'item_id is left out: item_id is a column of several data sets: impressions, items',
        'CATEGORY is left out: The file would have two columns with the name CATEGORY',
        'grade is left out: The file cannot have a pass-through column grade: RecSample reserves the name',
      ],
    );
  });

  test('a very long value is cut, and a notice says so', async () => {
    const at = await writeWorld('preview-passed-long', {
      log,
      items: `SELECT *, repeat('物', 20000) AS whole, CASE WHEN item_id % 2 = 0 THEN repeat('x', 30000) END AS long FROM (${items})`,
      users,
      candidates,
    });
    const config = `${units.positive}output: {pass_through: [whole, long]}\n`;
    const preview = await previewed(await requestOf(at, 'recall', config), ['3'], ['whole', 'long']);
    const lengths = rowsOf(preview).map(({ row }) => row.passed?.map(({ value }) => value?.length));
    assert.deepEqual(new Set(lengths.flat()), new Set([20_000, 20_001, undefined]));
    assert.ok(
      said(preview).includes('Values of long with more than 20,000 characters are cut here. The file has them whole.'),
    );
    assert.ok(!said(preview).some((one) => one.startsWith('Values of whole')));
  });

  test('without copied columns and a teacher nothing is added', async () => {
    const request = await of('positive', 'train', []);
    const preview = await engine.call('preview', { ...request, users: ['3'], groupLimit: null });
    assert.equal('passed' in preview, false);
    for (const { row } of rowsOf(preview)) assert.equal('passed' in row || 'teacherReason' in row, false);
  });
});

describe('copied columns of an explained pair', () => {
  for (const unit of names) {
    test(`${unit}: the rows of the item, as in the preview`, async () => {
      const request = await of(unit);
      const preview = await previewed(request, ['3']);
      const { item } = rowsOf(preview).find(({ row }) => row.label === 0)?.row ?? assert.fail();
      const found = await engine.call('explainPair', {
        ...request,
        user: '3',
        item,
        copies: { names: ownNames, passThrough: passed },
      });
      const expected = (preview.users[0]?.groups ?? []).flatMap(({ key, time, rows }) =>
        rows.filter((row) => row.item === item).map((row) => ({ key, time, row })),
      );
      assert.ok(expected.length > 0);
      assert.deepEqual(
        found.rows?.map(({ key, time, label, entry, draw, teacher, teacherReason, passed: cells = [] }) => ({
          group: [key, time],
          row: [label, entry, draw, teacher, teacherReason],
          cells: cells.map(({ value, reason, source }) => [
            value,
            reason,
            source === null ? null : found.passed?.sources[source],
          ]),
        })),
        expected.map(({ key, time, row: { label, entry, draw, teacher, teacherReason, passed: cells = [] } }) => ({
          group: [key, time],
          row: [label, entry, draw, teacher, teacherReason],
          cells: cells.map(({ value, reason, source }) => [
            value,
            reason,
            source === null ? null : preview.passed?.sources[source],
          ]),
        })),
      );
    });
  }

  test('an item outside the data has no rows', async () => {
    const request = await of('positive');
    const copies = { names: ownNames, passThrough: passed };
    const found = await engine.call('explainPair', { ...request, user: '3', item: '12345', copies });
    assert.deepEqual([found.rows, found.notices.map((one) => render(one))], [[], []]);
  });
});
