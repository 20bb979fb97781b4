import './twoThreads.ts';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { failureOf } from '../../src/core/message/failure.ts';
import { render } from '../../src/core/message/message.ts';
import { Tables } from '../../src/engine/tables/tables.ts';
import { engine, folder } from './fixture.ts';
import { handoverOf } from './handoverCase.ts';
import { queryObjects } from './queryObjects.ts';
import { plainOutput, recallConfig, requestOf, writeWorld } from './samplingCase.ts';
import { openConfig } from '../../src/project/stage/configSource.ts';
import { sequencesOf } from '../../src/core/data/sequences.ts';

const log = `SELECT u AS user_id, i % 7 AS item_id, TIMESTAMP '2026-11-02 08:00:00' + INTERVAL (i * 50 + u) MINUTE AS ts,
  100 * u + i AS request_id, (i + u) % 3 = 0 AS is_click FROM range(40) t(i), range(4) s(u)`;
const searches = `SELECT u AS uid, ['red shoes', 'boots', '007', NULL][1 + (i * 5 + u) % 4] AS query, i % 3 AS code,
  CASE WHEN i < 14 THEN TIMESTAMP '2026-11-02 08:00:00' + INTERVAL (i * 130) MINUTE END AS stamp FROM range(15) t(i), range(3) s(u)`;

const config = (sequences: string, positives = 'click: 1'): string =>
  `${recallConfig('{per_positive: {global_random: 1}}')
    .replace('click: 1', positives)
    .replace(
      '  items:',
      '  clicks: {search: {path: data/searches.parquet, columns: {user: uid, value: query, time: stamp}, events: [search]}}\n  items:',
    )
    .replace(
      '{click: is_click}',
      '{click: is_click, search: {column: query, op: "!=", value: ""}}',
    )}output: {sequences: ${sequences}}\n`;
const words =
  '{events: [search], length: 3, available_after: 10m, dedup: item, newest_first: true, columns: [item, time, code]}';

let root: string;
before(async () => {
  root = await writeWorld('value-steps', { log, searches, items: 'SELECT i AS item_id FROM range(7) t(i)' });
});

const sequencesIn = (text: string): ReturnType<typeof sequencesOf> =>
  sequencesOf(
    openConfig({ path: join(root, 'case.ratio.yaml'), name: 'case', text, language: 'yaml', root }).read.config,
  );

/** What the engine says about a config that it cannot draw. */
async function refused(text: string): Promise<string> {
  return await requestOf(root, 'recall', text).then(
    () => assert.fail('not refused'),
    (error: unknown) => (error instanceof Error ? error.message : render(failureOf(error).message)),
  );
}

describe('events without an item', () => {
  test('a second preview does not count the events without a time again', async (context) => {
    const text = config(`{words: ${words}}`, 'click: 1');
    const request = { ...(await requestOf(root, 'recall', text)), users: ['1'], groupLimit: null };
    const copies = { names: plainOutput.names, passThrough: [], sequences: sequencesIn(text) };
    const first = await engine.call('preview', { ...request, copies });
    const rows = context.mock.method(Tables.prototype, 'rows');
    const second = await engine.call('preview', { ...request, copies });
    const counted = rows.mock.calls.filter(({ arguments: [sql] }) => sql.startsWith('SELECT count(*)'));
    assert.deepEqual(
      counted.map(({ arguments: [sql] }) => sql),
      [],
    );
    assert.deepEqual(second.notices, first.notices);
    assert.match(first.notices.map((one) => render(one)).join(), /without time, left out of words: 2/);
  });

  test('their values are the steps, in a list with the name of their column', async () => {
    const text = config(`{words: ${words}}`, 'click: 1');
    const request = await requestOf(root, 'recall', text);
    const path = join(folder, 'value-steps', 'sample.parquet');
    const { notices } = await engine.call('sample', {
      ...request,
      users: null,
      output: { ...plainOutput, path, format: 'parquet', sequences: sequencesIn(text) },
    });
    // Three searches have no time, and one of them has no words.
    const untimed = 'Events of data.clicks.search without time, left out of words: 2';
    assert.ok(notices.map((one) => render(one)).includes(untimed));
    const written = await queryObjects(
      `SELECT "user", CAST(request AS BIGINT) AS request, words__query::VARCHAR AS query, words__time::VARCHAR AS times, words__code::VARCHAR AS code FROM read_parquet('${path}') WHERE label = 1 ORDER BY ALL`,
    );
    const file = (name: string): string => `read_parquet('${join(root, 'data', `${name}.parquet`)}')`;
    const expected = await queryObjects(
      `SELECT user_id AS "user", request_id AS request, coalesce(list(query ORDER BY stamp DESC) FILTER (WHERE nth <= 3 AND stamp IS NOT NULL), [])::VARCHAR AS query, coalesce(list(stamp ORDER BY stamp DESC) FILTER (WHERE nth <= 3 AND stamp IS NOT NULL), [])::VARCHAR AS times, coalesce(list(code ORDER BY stamp DESC) FILTER (WHERE nth <= 3 AND stamp IS NOT NULL), [])::VARCHAR AS code FROM (
        SELECT l.user_id, l.request_id, query, stamp, code, row_number() OVER (PARTITION BY user_id, request_id ORDER BY stamp DESC) AS nth FROM (SELECT * FROM ${file('log')} WHERE is_click) l
          LEFT JOIN (SELECT r.user_id AS u, r.request_id AS r, s.query, max(s.stamp) AS stamp, arg_max(s.code, s.stamp) AS code FROM ${file('log')} r JOIN ${file('searches')} s ON s.uid = r.user_id AND s.stamp < r.ts - INTERVAL 10 MINUTE WHERE s.query IS NOT NULL GROUP BY ALL) h ON h.u = l.user_id AND h.r = l.request_id)
        GROUP BY ALL ORDER BY ALL`,
    );
    assert.deepEqual(written, expected);
    assert.ok(written.some(({ query }) => query !== '[]') && written.some(({ query }) => query === '[]'));
  });

  test('integers stay integers, and texts are read as such if the config gives the type', async () => {
    const typed = async (columns: string, words: string): Promise<unknown> => {
      const text = config(`{words: {events: [search], length: 3, available_after: 10m, where: {${words}}}}`)
        .replace('value: query', `value: ${columns}`)
        .replace('column: query, op: "!=", value: ""', 'column: query, op: "!=", value: "none"');
      const path = join(folder, 'value-steps', 'typed.parquet');
      const output = { ...plainOutput, path, format: 'parquet' as const, sequences: sequencesIn(text) };
      await engine.call('sample', { ...(await requestOf(root, 'recall', text)), users: null, output });
      const name = /code/.test(columns) ? 'code' : 'query';
      return await queryObjects(
        `SELECT typeof(words__${name}) AS type, max(list_max(words__${name}))::VARCHAR AS most FROM read_parquet('${path}') GROUP BY ALL`,
      );
    };
    assert.deepEqual(await typed('code', ''), [{ type: 'BIGINT[]', most: '2' }]);
    assert.deepEqual(await typed('{column: code, type: string}', ''), [{ type: 'VARCHAR[]', most: '2' }]);
    assert.deepEqual(await typed('{column: query, type: int64}', 'query: "007"'), [{ type: 'BIGINT[]', most: '7' }]);
    await assert.rejects(typed('{column: query, type: int64}', ''), /does not match the declared type/);
  });

  test('a condition on a column of the impressions is refused, since no search has it', async () => {
    const text = config(`{words: ${words.replace('length: 3', 'length: 3, where: {is_click: true}')}}`);
    const path = join(folder, 'value-steps', 'where.parquet');
    const output = { ...plainOutput, path, format: 'parquet' as const, sequences: sequencesIn(text) };
    await assert.rejects(
      engine.call('sample', { ...(await requestOf(root, 'recall', text)), users: null, output }),
      /No step of words has the column is_click/,
    );
  });

  test('an outcome is left out, and a table needs an item or a value', async () => {
    assert.match(
      await refused(config(`{words: ${words}}`).replace('output: {', 'output: {events: [search], ')),
      /label_search is left out: the event search has no item: it can only be a step of a sequence/,
    );
    assert.match(
      await refused(config(`{words: ${words}}`).replace('value: query, ', '')),
      /data.clicks.search has neither the column item nor the column value/,
    );
    assert.match(
      await refused(config(`{words: ${words}}`).replace('value: query', 'value: stamp')),
      /column stamp of data.clicks.search must contain integers or texts, but its type is timestamp/,
    );
  });

  test('they are no positives, do not mix with items, and RecBole does not read them', async () => {
    assert.match(
      await refused(config(`{words: ${words}}`, 'click: 1, search: 2')),
      /the event search has no item: it can only be a step of a sequence/,
    );
    assert.match(
      await refused(config(`{words: ${words.replace('[search]', '[search, click]')}}`)),
      /The steps of words have the value query, but click is not an event of that table/,
    );
    const shown = '{events: [impressions], without: [search], length: 3, available_after: 10m}';
    assert.match(
      await refused(config(`{words: ${words}, shown: ${shown}}`)),
      /the event search has no item: it can only be a step of a sequence/,
    );
    const text = config(`{words: ${words}}`).replace(
      'stages:',
      'window: {train: {from: 2026-11-02, to: 2026-11-02}, eval: {from: 2026-11-03, to: 2026-11-03}}\nstages:',
    );
    const parts = [
      await requestOf(root, 'recall', text),
      await requestOf(root, 'recall', text, { split: 'eval' }),
    ] as const;
    const [sequence] = sequencesIn(text);
    assert.ok(sequence);
    await assert.rejects(
      engine.call('handover', { ...handoverOf('recbole', join(folder, 'value-steps', 'recbole'), ...parts), sequence }),
      /RecBole reads lists of items, but words holds values/,
    );
  });
});
