import './twoThreads.ts';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import type { AskedPass } from '../../src/core/data/passThrough.ts';
import type { SampleLayout } from '../../src/core/schema/sampleLayout.ts';
import type { SampleSummary, SamplingRequest } from '../../src/protocol/sampling.ts';
import { engine, failureOf, folder } from './fixture.ts';
import { queryObjects } from './queryObjects.ts';
import { plainOutput, requestOf, writeWorld } from './samplingCase.ts';
import { stages, units, type Unit } from './sidesCase.ts';

/**
 * 3,000 exposures of 40 users in requests of 4, each with its own `mark`; many have equal times. `device` belongs to
 * the request, `ctr` to the item and the time.
 */
const log =
  (): string => `SELECT u AS user_id, (i * 7919 + 13 * u) % CASE WHEN i // 4 % 3 = 0 THEN 97 ELSE 40 END AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (i // 4 * 20) MINUTE AS ts,
  1 + i // 4 * 100 + u AS request_id, 1 + i % 4 AS position, hash(i * 41 + u) % 4 = 0 AS is_click, 10000 * u + i AS mark, 'd' || (i // 4 + u) % 3 AS device,
  CASE WHEN hash(i + u) % 7 > 0 THEN (i * 31 + u) % 1000 / 1000 END AS ctr, hash(i * 3 + u) % 100 / 100 AS score FROM range(75) t(i), range(40) s(u)`;
const items = `SELECT i AS item_id, 'c' || i % 5 AS category, i % 2 = 0 AS fresh FROM range(97) t(i) WHERE i % 11 <> 3`;
const users = `SELECT i AS user_id, 20 + i % 30 AS age FROM range(40) t(i) UNION ALL SELECT 7 AS user_id, 19 AS age`;
/** Up to two channels return each of 12 items of a request; 3 of 4 shown items are among them. */
const candidates = `SELECT u AS user_id, 1 + r * 100 + u AS request_id, (r * 4 * 7919 + 7919 * k + 13 * u) % 97 AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (r * 20) MINUTE AS ts, channel,
  CASE WHEN k = 5 AND channel = 'hot' THEN NULL ELSE 1 + (k + length(channel)) % 7 END AS rank, channel || k AS note, CASE WHEN k < 3 THEN 'exposed' WHEN k < 6 THEN 'fine' ELSE 'coarse' END AS reached,
  CASE WHEN k % 5 = 1 THEN CAST('nan' AS DOUBLE) ELSE (k * 17 + length(channel)) % 10 / 10 END AS heavy
  FROM range(19) a(r), range(40) s(u), range(1, 13) t(k), (VALUES ('hot'), ('i2i')) c(channel) WHERE channel = 'hot' OR k % 3 > 0`;

let root: string;
before(async () => {
  root = await writeWorld('sides', { log: log(), items, users, candidates });
});

let files = 0;
async function sampled(
  request: SamplingRequest,
  passThrough: readonly (string | AskedPass)[],
  layout: SampleLayout = 'long',
  more: Record<string, unknown> = {},
): Promise<SampleSummary & { readonly path: string }> {
  const path = join(folder, 'sides', 'written', `${++files}.parquet`);
  const output = { ...plainOutput, path, format: 'parquet' as const, layout, passThrough };
  return { ...(await engine.call('sample', { ...request, users: null, output, ...more })), path };
}

async function of(
  unit: Unit,
  split: 'train' | 'eval' = 'train',
  change = (one: string): string => one,
  passed: readonly (string | AskedPass)[] = [],
): Promise<SamplingRequest> {
  const windows =
    'window: {train: {from: 2026-11-01, to: 2026-11-01T04:00:00}, eval: {from: 2026-11-01T04:00:01, to: 2026-11-02}}\n';
  return await requestOf(
    root,
    stages[unit],
    `${change(units[unit])}${windows}output: {pass_through: ${JSON.stringify(passed)}}\n`,
    { split },
  );
}

const asOf: readonly AskedPass[] = [
  { column: 'mark', side: 'item', as: 'newest' },
  { column: 'ctr', from: 'impressions', side: 'item' },
  { column: 'ctr', side: 'item', as: 'fresh_ctr', max_age: '10m' },
];

describe('as-of columns', () => {
  for (const unit of ['positive', 'request', 'impression'] as const) {
    for (const split of ['train', 'eval'] as const) {
      test(`${unit}, ${split}: the newest log row of the own item before the time of the request`, async () => {
        const { path, rows } = await sampled(await of(unit, split), asOf, 'long', { blockRows: 200 });
        const [row] =
          await queryObjects(`WITH l AS (${log()}), s AS (SELECT *, row_number() OVER () AS k FROM read_parquet('${path}')),
          x AS (SELECT s.k, l.*, row_number() OVER (PARTITION BY s.k ORDER BY l.ts DESC, l.user_id, l.request_id, l.position, l.ctr NULLS FIRST, l.mark) AS place FROM s LEFT JOIN l ON l.item_id = s.item AND l.ts < s.time)
          SELECT CAST(count(*) AS INTEGER) AS n, CAST(count(*) FILTER (WHERE s.newest IS DISTINCT FROM x.mark) AS INTEGER) AS wrong_mark, CAST(count(*) FILTER (WHERE s.ctr IS DISTINCT FROM x.ctr) AS INTEGER) AS wrong_ctr,
          CAST(count(*) FILTER (WHERE s.fresh_ctr IS DISTINCT FROM CASE WHEN s.time - x.ts <= INTERVAL 10 MINUTE THEN x.ctr END) AS INTEGER) AS wrong_fresh,
          count(*) FILTER (WHERE s.ctr IS NOT NULL AND s.fresh_ctr IS NULL) > 0 AS some_old, count(*) FILTER (WHERE x.mark IS NOT NULL AND x.ctr IS NULL) > 0 AS takes_null,
          count(*) FILTER (WHERE x.user_id <> s."user") > 0 AS of_others FROM s JOIN x ON x.k = s.k AND x.place = 1`);
        assert.deepEqual(row, {
          n: rows,
          wrong_mark: 0,
          wrong_ctr: 0,
          wrong_fresh: 0,
          some_old: true,
          takes_null: true,
          of_others: true,
        });
      });
    }
  }

  test('changing every log row after a time changes no as-of column up to it', async () => {
    const changed = await writeWorld('sides-changed', {
      log: log()
        .replace('AS mark', '+ CASE WHEN i // 4 * 20 > 120 THEN 5000000 ELSE 0 END AS mark')
        .replace('AS ctr', '+ CASE WHEN i // 4 * 20 > 120 THEN 1 ELSE 0 END AS ctr'),
      items,
      users,
      candidates,
    });
    const early = async (at: string): Promise<unknown> => {
      const request = await requestOf(at, 'recall', units.positive);
      const { path } = await sampled(request, asOf);
      return await queryObjects(
        `SELECT "user", item, time, newest, ctr FROM read_parquet('${path}') WHERE time <= TIMESTAMP '2026-11-01 02:00:00' ORDER BY ALL`,
      );
    };
    const [before, after] = [await early(root), await early(changed)];
    assert.deepEqual(after, before);
    assert.ok(Array.isArray(before) && before.length > 30);
  });

  test('some users of a sample have the same values as in the whole', async () => {
    const request = await of('positive');
    const [all, some] = [await sampled(request, asOf), await sampled(request, asOf, 'long', { users: ['3', '17'] })];
    const own = (path: string): string => `SELECT * FROM read_parquet('${path}') WHERE "user" IN (3, 17) ORDER BY ALL`;
    assert.deepEqual(await queryObjects(own(some.path)), await queryObjects(own(all.path)));
    assert.ok(some.rows > 10);
  });
});

describe('sides of the group and of the items', () => {
  const passed: readonly (string | AskedPass)[] = [
    { column: 'device', side: 'context' },
    { column: 'mark', side: 'context', as: 'group_mark' },
    { column: 'device', side: 'user', as: 'user_device' },
    'category',
    { column: 'age', from: 'users' },
    { column: 'note' },
  ];

  for (const unit of ['positive', 'request', 'impression'] as const) {
    test(`${unit}: context, user, item and candidate`, async () => {
      const { path, rows } = await sampled(await of(unit, 'train', undefined, passed), passed, 'long', {
        blockRows: 150,
      });
      const group =
        unit === 'positive'
          ? 'l.item_id = s.positive_item AND l.is_click'
          : unit === 'impression'
            ? 'l.item_id = s.item AND l.position = s.position'
            : 'true';
      const [row] =
        await queryObjects(`WITH l AS (${log()}), i AS (${items}), c AS (${candidates}), s AS (SELECT *, row_number() OVER () AS k FROM read_parquet('${path}')),
        g AS (SELECT s.k, l.*, row_number() OVER (PARTITION BY s.k ORDER BY l.ts, l.position) AS place FROM s LEFT JOIN l ON l.request_id = s.request AND ${group}),
        b AS (SELECT s.k, c.*, row_number() OVER (PARTITION BY s.k ORDER BY c.rank NULLS LAST, c.channel) AS place FROM s LEFT JOIN c ON c.request_id = s.request AND c.item_id = s.item AND c.user_id = s."user")
        SELECT CAST(count(*) AS INTEGER) AS n, CAST(count(*) FILTER (WHERE s.device IS DISTINCT FROM g.device OR s.user_device IS DISTINCT FROM g.device) AS INTEGER) AS wrong_context,
        CAST(count(*) FILTER (WHERE s.group_mark IS DISTINCT FROM g.mark) AS INTEGER) AS wrong_mark, CAST(count(*) FILTER (WHERE s.category IS DISTINCT FROM i.category) AS INTEGER) AS wrong_category,
        CAST(count(*) FILTER (WHERE s.age IS DISTINCT FROM CASE WHEN s."user" = 7 THEN 19 ELSE 20 + s."user" % 30 END) AS INTEGER) AS wrong_age, CAST(count(*) FILTER (WHERE s.note IS DISTINCT FROM b.note) AS INTEGER) AS wrong_note,
        count(s.note) > 20 AS some_candidates, count(s.device) > 100 AS some_devices
        FROM s JOIN g ON g.k = s.k AND g.place = 1 JOIN b ON b.k = s.k AND b.place = 1 LEFT JOIN i ON i.item_id = s.item`);
      assert.deepEqual(row, {
        n: rows,
        wrong_context: 0,
        wrong_mark: 0,
        wrong_category: 0,
        wrong_age: 0,
        wrong_note: 0,
        some_candidates: true,
        some_devices: true,
      });
    });
  }

  test('wide and grouped layouts hold user and context columns once', async () => {
    const request = await of('positive', 'train', undefined, passed);
    const typesOf = async (layout: SampleLayout): Promise<Record<string, unknown>> =>
      Object.fromEntries(
        (
          await queryObjects(
            `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet('${(await sampled(request, [...passed, ...asOf], layout)).path}'))`,
          )
        ).map(({ column_name, column_type }) => [String(column_name), column_type]),
      );
    const [long, wide, grouped] = [await typesOf('long'), await typesOf('wide'), await typesOf('grouped')];
    for (const name of ['device', 'group_mark', 'user_device', 'age']) {
      assert.equal(wide[name], long[name], name);
      assert.equal(grouped[name], long[name], name);
      assert.ok(!(`negative_${name}` in wide), name);
    }
    for (const name of ['category', 'note', 'newest', 'ctr']) {
      assert.equal(wide[name], long[name], name);
      assert.equal(wide[`negative_${name}`], `${String(long[name])}[]`, name);
      assert.equal(grouped[name], `${String(long[name])}[]`, name);
    }
  });

  test('a log without requests has contexts and as-of values; candidates are refused', async () => {
    const request = await of('positive', 'train', (one) =>
      one.replace('request: request_id, position', 'position').replace(/ {2}candidates:.*\n/, ''),
    );
    const { path } = await sampled(request, [{ column: 'device', side: 'context' }, ...asOf]);
    const [row] = await queryObjects(
      `SELECT count(*) = count(device) AS devices, count(newest) > 100 AS newest FROM read_parquet('${path}')`,
    );
    assert.deepEqual(row, { devices: true, newest: true });
    const without = await of('positive', 'train', (one) => one.replace('request: request_id, position', 'position'), [
      'note',
    ]);
    assert.match(
      render((await failureOf(sampled(without, ['note']))).message),
      /^note has the side candidate, but the impressions have no requests/,
    );
  });

  test('names in several tables and sides that make no sense are refused', async () => {
    const request = await of('positive');
    const refused = async (...columns: (string | AskedPass)[]): Promise<string> => {
      const { message: what, advice } = await failureOf(sampled(request, columns));
      return `${render(what)} | ${advice ? render(advice) : ''}`;
    };
    assert.equal(
      await refused('user_id2'),
      'output.pass_through names user_id2, but no data set has such a column | Remove it, or name a column of the impressions, the items, the users or the candidates.',
    );
    assert.match(
      await refused('item_id'),
      /^item_id is a column of several data sets: impressions, items \| Write \{column: item_id, from: impressions\}/,
    );
    assert.equal(
      await refused({ column: 'category', side: 'context' }),
      'category of data.items cannot have the side context | Sides that fit: item.',
    );
    assert.equal(
      await refused({ column: 'mark', side: 'candidate' }),
      'mark of data.impressions cannot have the side candidate | Sides that fit: exposure, context, user, item.',
    );
    assert.match(await refused({ column: 'age', max_age: '7d' }), /^max_age of age applies only to/);
    assert.match(await refused({ column: 'mark', as: 'negative_mark' }), /RecSample reserves the name/);
    assert.match(await refused({ column: 'mark', as: 'teacher' }), /RecSample reserves the name/);
    assert.match(
      await refused('mark', { column: 'ctr', as: 'MARK' }),
      /^The file would have two columns with the name MARK/,
    );
  });
});

describe('the teacher', () => {
  const teaching = (teacher: string) => (one: string) =>
    one.replace('    positives:', `    teacher: ${teacher}\n    positives:`);

  for (const unit of ['request', 'impression'] as const) {
    for (const on of ['exposed', 'all'] as const) {
      test(`${unit}, on ${on}: the largest value over the channels, masked`, async () => {
        const request = await of(unit, 'train', teaching(`{column: teacher, kind: probability, on: ${on}}`));
        const { path, teacher } = await sampled(request, []);
        const values = `WITH l AS (${log()}), c AS (SELECT user_id, request_id, item_id, max(heavy) FILTER (WHERE NOT isnan(heavy)) AS heavy FROM (${candidates}) GROUP BY ALL),
          s AS (SELECT s.*, ${on === 'exposed' ? `EXISTS (SELECT 1 FROM l WHERE l.user_id = s."user" AND l.request_id = s.request AND l.item_id = s.item)` : 'true'} AS trusted, c.heavy
          FROM read_parquet('${path}') s LEFT JOIN c ON c.user_id = s."user" AND c.request_id = s.request AND c.item_id = s.item)`;
        const [row] = await queryObjects(
          `${values} SELECT CAST(count(*) FILTER (WHERE teacher IS DISTINCT FROM CASE WHEN trusted THEN heavy END) AS INTEGER) AS wrong, count(teacher) > 50 AS some, typeof(any_value(teacher)) AS type FROM s`,
        );
        assert.deepEqual(row, { wrong: 0, some: true, type: 'DOUBLE' });
        const counted = await queryObjects(
          `${values} SELECT entry, CAST(count(*) FILTER (WHERE trusted) AS INTEGER) AS trusted, CAST(count(teacher) AS INTEGER) AS known FROM s GROUP BY entry ORDER BY entry NULLS FIRST`,
        );
        assert.deepEqual(
          teacher?.filter(({ trusted }) => trusted > 0),
          counted.filter(({ trusted }) => Number(trusted) > 0),
        );
      });
    }
  }

  test('from the impressions it is the value of the own exposure, in the preview too', async () => {
    for (const unit of ['request', 'impression'] as const) {
      const request = await of(unit, 'train', teaching('{column: score, from: impressions, kind: score}'));
      const { path, teacher } = await sampled(request, [{ column: 'score', side: 'exposure', as: 'own' }]);
      const [row] = await queryObjects(
        `SELECT CAST(count(*) FILTER (WHERE teacher IS DISTINCT FROM own) AS INTEGER) AS wrong, count(teacher) > 100 AS some FROM read_parquet('${path}')`,
      );
      assert.deepEqual(row, { wrong: 0, some: true }, unit);
      const everybody = Array.from({ length: 40 }, (_, user) => String(user));
      const preview = await engine.call('preview', { ...request, users: everybody, groupLimit: null });
      assert.deepEqual(preview.totals.teacher, teacher);
      const shown = preview.users.flatMap(({ groups }) =>
        groups.flatMap((group) => group.rows.map((one) => one.teacher)),
      );
      const written = await queryObjects(`SELECT teacher FROM read_parquet('${path}')`);
      assert.deepEqual(shown.map(Number).sort(), written.map((one) => Number(one['teacher'])).sort());
    }
  });

  test('an infinite value and a log without requests are fine', async () => {
    const request = await of('request', 'train', (one) =>
      teaching('{column: score, from: impressions, kind: score, on: exposed}')(
        one.replace('request: request_id, position', 'position').replace(/ {2}candidates:.*\n/, ''),
      ).replace(/ranked_unexposed: 2, coarse_filtered: \{[^}]*\}, /, ''),
    );
    const { path } = await sampled(request, [{ column: 'score', side: 'exposure', as: 'own' }]);
    const [row] = await queryObjects(
      `SELECT count(teacher) > 50 AS some, CAST(count(*) FILTER (WHERE teacher IS NOT NULL AND teacher IS DISTINCT FROM own) AS INTEGER) AS wrong FROM read_parquet('${path}')`,
    );
    assert.deepEqual(row, { some: true, wrong: 0 });
  });

  test('a teacher without numbers, and one of the unit positive, are left out and reported', async () => {
    const problemsOf = async (unit: Unit, teacher: string): Promise<string> => {
      try {
        const request = await of(unit, 'train', teaching(teacher));
        assert.equal(request.plan.teacher, undefined);
        return '';
      } catch (error) {
        return String(error instanceof assert.AssertionError ? JSON.stringify(error.actual) : error);
      }
    };
    assert.match(
      await problemsOf('request', '{column: device, from: impressions, kind: score}'),
      /column device of data\.impressions must contain numbers, but its type is string/,
    );
    assert.match(
      await problemsOf('request', '{column: reached, kind: score}'),
      /reached is not a role with numbers; a teacher can be teacher, score, rank/,
    );
    assert.match(await problemsOf('request', '{column: score, kind: score}'), /data\.candidates has no column score/);
    assert.match(
      await problemsOf('positive', '{column: teacher, kind: score}'),
      /it needs the unit request or impression/,
    );
  });
});
