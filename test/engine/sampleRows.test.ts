import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { stages } from '../../src/core/schema/stage.ts';
import type { SampleOutput, SampleRequest, SampleSummary } from '../../src/protocol/sampling.ts';
import { engine, folder } from './fixture.ts';
import { queryObjects } from './queryObjects.ts';
import { demo, demoConfig as config, writeDemoBefore } from './lintDemo.ts';
import { plainOutput as plain, previewed, recallConfig, requestOf, writeWorld } from './samplingCase.ts';

writeDemoBefore();

let files = 0;

/** Writes a file and returns its summary. */
async function sampled(
  request: Omit<SampleRequest, 'users' | 'output'>,
  { users = null, ...output }: Partial<Omit<SampleOutput, 'path'>> & { readonly users?: readonly string[] | null } = {},
): Promise<SampleSummary & { readonly path: string }> {
  const format = output.format ?? 'parquet';
  const path = join(folder, 'written', `${++files}.${format}`);
  return {
    ...(await engine.call('sample', { ...request, users, output: { ...plain, ...output, format, path } })),
    path,
  };
}

describe('a whole file', () => {
  for (const stage of stages) {
    test(`${stage}: the rows are those of the preview, in its order`, async () => {
      const request = await requestOf(demo, stage, config(stage));
      const { path, rows, groups } = await sampled(request);
      const written = await queryObjects(
        `SELECT CAST("user" AS VARCHAR) AS "user", CAST(item AS VARCHAR) AS item, * EXCLUDE ("user", item, time), strftime(time, '%Y-%m-%dT%H:%M:%S.%fZ') AS time FROM read_parquet('${path}')`,
      );
      assert.equal(written.length, rows);
      const users = [...new Set(written.map(({ user }) => String(user)))];
      const preview = await previewed(request, ...users);
      assert.deepEqual([preview.totals.groups, preview.totals.positives + preview.totals.negatives], [groups, rows]);
      const expected = preview.users.flatMap(({ user, groups: own }) =>
        own.flatMap(({ item: positive, request: id, time, rows: drawn }) =>
          drawn.map((row) => ({
            user,
            item: row.item,
            label: row.label,
            source: row.source,
            entry: row.entry,
            request: id,
            time,
            weight: row.weight,
            ...(row.teacher === undefined ? {} : { teacher: row.teacher }),
            ...(stage === 'fine_ranking' ? {} : { draw: row.draw, log_q: row.logQ, log_q_mix: row.logQMix }),
            ...(stage === 'recall'
              ? {
                  positive_item: positive,
                  keep_prob: row.keepProbability,
                  logq_correction: row.corrections?.logqCorrection,
                  log_q_batch: row.corrections?.logQBatch,
                  logq_correction_batch: row.corrections?.logqCorrectionBatch ?? null,
                }
              : {}),
          })),
        ),
      );
      assert.deepEqual(
        written.map(({ position: _position, positive_item, request: id, ...row }) => ({
          ...row,
          ...(stage === 'recall' ? { positive_item: String(positive_item) } : {}),
          request: String(id),
        })),
        expected,
      );
    });
  }

  test('a file without rows has the same column types', async () => {
    const request = await requestOf(demo, 'recall', config('recall'));
    const typesOf = async (users: readonly string[] | null): Promise<Record<string, unknown>[]> =>
      await queryObjects(
        `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet('${(await sampled({ ...request, allowEmpty: true }, { users })).path}'))`,
      );
    assert.deepEqual(await typesOf(['-1']), await typesOf(null));
  });

  test('user ids have the type of the log, and only users of the log have rows', async () => {
    const logged =
      "SELECT CAST(i // 10 AS INTEGER) AS user_id, i % 40 AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (i) MINUTE AS ts, i AS request_id, i % 3 = 0 AS is_click FROM range(300) t(i)";
    const written: Record<string, unknown>[][] = [];
    for (const type of ['INTEGER', 'BIGINT', 'UBIGINT', 'DECIMAL(18,0)']) {
      const root = await writeWorld(`refused-${++files}`, {
        log: logged,
        items: 'SELECT i AS item_id FROM range(60) t(i)',
        rejections: `SELECT CAST(u AS ${type}) AS user_id, 50 + u % 7 AS item_id FROM (SELECT unnest([3, 4, 5000]) AS u)`,
      });
      const text = recallConfig('{per_positive: 4, mix: {rejected: 0.5, global_random: 0.5}}')
        .replace(
          'events: {click',
          'rejections: {path: data/rejections.parquet, columns: {user: user_id, item: item_id}}\nevents: {click',
        )
        .replace(/^rejections/m, '  rejections');
      const { path, users } = await sampled(await requestOf(root, 'recall', text));
      assert.equal(users, 30);
      assert.deepEqual(
        (await queryObjects(`SELECT typeof("user") AS type FROM read_parquet('${path}') LIMIT 1`))[0],
        { type: 'INTEGER' },
        type,
      );
      written.push(await queryObjects(`SELECT * FROM read_parquet('${path}')`));
    }
    for (const rows of written) assert.deepEqual(rows, written[0]);
  });

  test('ids of users and requests above 2^63 stay exact, also if the config declares integers', async () => {
    const id = (number: string): string => `CAST(18446744073709551000 + ${number} AS UBIGINT)`;
    const root = await writeWorld(`unsigned-${++files}`, {
      log: `SELECT ${id('i // 10')} AS user_id, i % 40 AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (i) MINUTE AS ts, ${id('i')} AS request_id, i % 3 = 0 AS is_click FROM range(90) t(i)`,
      items: 'SELECT i AS item_id FROM range(60) t(i)',
      rejections: `SELECT ${id('u')} AS user_id, 50 + u AS item_id FROM range(9) t(u)`,
    });
    for (const declared of [false, true]) {
      const column = (name: string): string => (declared ? `{column: ${name}, type: int64}` : name);
      const user = column('user_id');
      const text = recallConfig('{per_positive: {rejected: 1}}')
        .replace('user: user_id', `user: ${user}`)
        .replace('request: request_id', `request: ${column('request_id')}`)
        .replace(
          'events: {click',
          `  rejections: {path: data/rejections.parquet, columns: {user: ${user}, item: item_id}}\nevents: {click`,
        );
      const { path } = await sampled(await requestOf(root, 'recall', text));
      const [row] = await queryObjects(
        `SELECT count(*) AS n, count(*) FILTER (WHERE "user" = ${id('item - 50')}) AS own, count(DISTINCT request) FILTER (WHERE request >= ${id('0')}) AS requests FROM read_parquet('${path}') WHERE label = 0`,
      );
      assert.deepEqual(row, { n: '30', own: '30', requests: '30' }, user);
    }
  });

  test('passed-through columns come from the own exposure or are NULL; items and users have theirs', async () => {
    const carried = ['dt', 'position', 'city', 'region', 'title'];
    const { path } = await sampled(await requestOf(demo, 'recall', config('recall')), { passThrough: carried });
    const log = `read_parquet('${demo}/data/impressions/*/*.parquet')`;
    // Of equal positives, the first one passes its columns through.
    const one = `SELECT user_id, item_id, ts, min(position) AS position, any_value(dt) AS dt FROM ${log} GROUP BY ALL`;
    const shown = `EXISTS (FROM ${log} e WHERE e.user_id = s."user" AND e.item_id = s.item AND e.position = s.position AND e.dt = CAST(s.dt AS DATE) AND e.is_click = 0)`;
    const [row] =
      await queryObjects(`SELECT count(*) AS n, count(*) FILTER (WHERE s.entry = 'exposed_unclicked') AS exposed,
        count(*) FILTER (WHERE s.label = 1 AND (s.position IS DISTINCT FROM l.position OR CAST(s.dt AS DATE) IS DISTINCT FROM l.dt)) AS positives,
        count(*) FILTER (WHERE s.entry = 'exposed_unclicked' AND NOT ${shown}) AS others,
        count(*) FILTER (WHERE s.entry <> 'exposed_unclicked' AND (s.position IS NOT NULL OR s.dt IS NOT NULL)) AS drawn,
        count(*) FILTER (WHERE s.city IS DISTINCT FROM i.city OR s.title IS DISTINCT FROM i.title) AS items, count(*) FILTER (WHERE s.region IS DISTINCT FROM u.region) AS users
      FROM read_parquet('${path}') s JOIN (${one}) l ON l.user_id = s."user" AND l.item_id = s.positive_item AND l.ts = s.time
        LEFT JOIN read_parquet('${demo}/data/items.parquet') i ON i.item_id = s.item LEFT JOIN read_parquet('${demo}/data/users.parquet') u ON u.user_id = s."user"`);
    const found = { ...row, n: Number(row?.n) > 100, exposed: Number(row?.exposed) > 10 };
    assert.deepEqual(found, {
      n: true,
      exposed: true,
      positives: '0',
      others: '0',
      drawn: '0',
      items: '0',
      users: '0',
    });
  });

  for (const [format, drawn] of [
    ['parquet', 0.9],
    ['arrow', 0.7],
  ] as const) {
    test(`${format}: progress starts unknown, never decreases, reaches the end and names the step`, async () => {
      const told: { readonly fraction: number | null; readonly text: string }[] = [];
      const request = await requestOf(demo, 'recall', config('recall'));
      await engine.call(
        'sample',
        {
          ...request,
          users: null,
          output: { ...plain, format, passThrough: ['city'], path: join(folder, 'written', `progress.${format}`) },
        },
        {
          progress: ({ fraction, message }) => {
            told.push({ fraction, text: message.text });
          },
        },
      );
      const drawing = told.findIndex(({ text }) => text === 'Drawing');
      assert.ok(drawing > 0);
      assert.ok(told.slice(0, drawing).every(({ fraction }) => fraction === null));
      const fractions = told.slice(drawing).map(({ fraction }) => fraction ?? NaN);
      assert.ok(
        fractions.every((fraction, k) => fraction >= (fractions[k - 1] ?? 0) && fraction <= 1),
        fractions.join(' '),
      );
      // All rows are drawn: most formats have written most of them by then; Arrow has written none.
      assert.ok(
        fractions.some((fraction) => Math.abs(fraction - drawn) < 1e-9),
        fractions.join(' '),
      );
      assert.deepEqual([...new Set(told.slice(drawing).map(({ text }) => text))], ['Drawing', 'Writing the file']);
    });
  }

  test('event columns come from the own exposure, and are NULL for items never shown', async () => {
    const { path } = await sampled(
      await requestOf(
        demo,
        'recall',
        config('recall')
          .replace('{click: 1, long_play: 2}', '{long_play: 1}')
          .replace('count: click', 'count: long_play')
          .replace('events: [click], ', 'events: [long_play], '),
      ),
      {
        passThrough: ['is_click', 'play_time'],
      },
    );
    assert.deepEqual(
      await queryObjects(`SELECT count(*) FILTER (WHERE label = 1 AND play_time >= 7) = count(*) FILTER (WHERE label = 1) AS positives, 
      count(*) FILTER (WHERE entry <> 'exposed_unclicked' AND (is_click IS NOT NULL OR play_time IS NOT NULL)) AS drawn, count(*) FILTER (WHERE entry = 'exposed_unclicked' AND (is_click IS NULL OR play_time >= 7)) AS exposed
      FROM read_parquet('${path}')`),
      [{ positives: true, drawn: '0', exposed: '0' }],
    );
  });

  test('fine ranking: every row has the position of its own exposure', async () => {
    const { path, rows } = await sampled(await requestOf(demo, 'fine_ranking', config('fine_ranking')));
    const [row] =
      await queryObjects(`SELECT count(*) AS n, count(DISTINCT s.position) > 3 AS several FROM read_parquet('${path}') s
      JOIN read_parquet('${demo}/data/impressions/*/*.parquet') l ON l.user_id = s."user" AND l.item_id = s.item AND l.request_id = s.request AND l.ts = s.time AND l.position = s.position`);
    assert.deepEqual(row, { n: String(rows), several: true });
  });

  test('nothing but the file is left, in the folder and where the engine works', async () => {
    const request = await requestOf(demo, 'recall', config('recall'));
    const { path } = await sampled(request);
    assert.deepEqual(
      readdirSync(join(path, '..')).filter((name) => name.startsWith('.')),
      [],
    );
  });
});

test('users that are named have the rows that they have in the whole file', async () => {
  const request = await requestOf(demo, 'recall', config('recall'));
  const whole = await sampled(request);
  const [first, , third] = (
    await queryObjects(`SELECT DISTINCT CAST("user" AS VARCHAR) AS u FROM read_parquet('${whole.path}') ORDER BY u`)
  ).map(({ u }) => String(u));
  assert.ok(first !== undefined && third !== undefined);
  const some = await sampled(request, { users: [third, first, 'nobody'] });
  assert.deepEqual(
    await queryObjects(`SELECT * FROM read_parquet('${some.path}')`),
    await queryObjects(`SELECT * FROM read_parquet('${whole.path}') WHERE "user" IN (${first}, ${third})`),
  );
});

test('text formats hold the same rows', async () => {
  const request = await requestOf(demo, 'recall', config('recall'));
  const [parquet, csv, jsonl] = await Promise.all([
    sampled(request),
    sampled(request, { format: 'csv' }),
    sampled(request, { format: 'jsonl' }),
  ]);
  const exact =
    'CAST("user" AS VARCHAR) AS u, CAST(item AS VARCHAR) AS i, CAST(label AS INTEGER) AS label, entry, CAST(draw AS INTEGER) AS draw, log_q, log_q_mix, CAST(weight AS DOUBLE) AS weight, CAST(time AS TIMESTAMP) AS t';
  const expected = await queryObjects(`SELECT ${exact} FROM read_parquet('${parquet.path}')`);
  assert.deepEqual(await queryObjects(`SELECT ${exact} FROM read_csv('${csv.path}')`), expected);
  assert.deepEqual(await queryObjects(`SELECT ${exact} FROM read_json('${jsonl.path}')`), expected);
});

test('other layouts hold the same values in lists', async () => {
  for (const stage of ['recall', 'coarse_ranking'] as const) {
    const request = await requestOf(demo, stage, config(stage));
    // The coarse ranking config names no users.
    const own = stage === 'recall' ? ['region'] : [];
    const [long, grouped] = [
      await sampled(request, { passThrough: ['city', ...own] }),
      await sampled(request, { passThrough: ['city', ...own], layout: 'grouped' }),
    ];
    const lists = ['item', 'label', 'source', 'entry', 'draw', 'log_q', 'log_q_mix', 'weight', 'city'];
    const exact = [...lists, '"user"', 'time', ...own];
    assert.equal(
      (await queryObjects(`SELECT count(*) AS n FROM read_parquet('${grouped.path}')`))[0]?.n,
      String(long.groups),
    );
    const unnested = `SELECT ${lists.map((name) => `unnest(${name}) AS ${name}`).join(', ')}, ${['"user"', 'time', ...own].join(', ')} FROM read_parquet('${grouped.path}')`;
    assert.deepEqual(
      await queryObjects(`SELECT ${exact.join(', ')} FROM (${unnested})`),
      await queryObjects(`SELECT ${exact.join(', ')} FROM read_parquet('${long.path}')`),
    );
  }
  const request = await requestOf(demo, 'recall', config('recall'));
  const [long, wide] = [await sampled(request), await sampled(request, { layout: 'wide' })];
  assert.deepEqual(
    await queryObjects(
      `SELECT "user", positive_item, time, item, weight, log_q_mix, keep_prob, negative_item, negative_entry, negative_log_q FROM read_parquet('${wide.path}')`,
    ),
    await queryObjects(`SELECT any_value("user") AS "user", any_value(positive_item) AS positive_item, any_value(time) AS time, any_value(item) FILTER (WHERE label = 1) AS item, any_value(weight) FILTER (WHERE label = 1) AS weight,
        any_value(log_q_mix) FILTER (WHERE label = 1) AS log_q_mix, any_value(keep_prob) FILTER (WHERE label = 1) AS keep_prob, coalesce(list(item ORDER BY n) FILTER (WHERE label = 0), []) AS negative_item,
        coalesce(list(entry ORDER BY n) FILTER (WHERE label = 0), []) AS negative_entry, coalesce(list(log_q ORDER BY n) FILTER (WHERE label = 0), []) AS negative_log_q
      FROM (SELECT *, file_row_number AS n FROM read_parquet('${long.path}', file_row_number = true)) GROUP BY "user", positive_item, time, request ORDER BY min(n)`),
  );
});
