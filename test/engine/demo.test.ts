import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { demoCommand } from '../../src/cli/commands/demo.ts';
import type { CommandContext } from '../../src/cli/command.ts';
import { writeDemo } from '../../src/engine/demo/write.ts';
import type { Params } from '../../src/protocol/engine.ts';
import { demo, hashes, quiet, root, write } from './demoCase.ts';

const golden = new URL('../golden/demo/tiny.json', import.meta.url);
let connection: DuckDBConnection;

before(async () => {
  await write(demo);
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  for (const [view, path] of Object.entries({
    impressions: 'data/impressions/*/*.parquet',
    candidates: 'data/candidates/*/*.parquet',
    items: 'data/items.parquet',
    users: 'data/users.parquet',
    rejections: 'data/rejections.parquet',
    dislikes: 'data/dislikes.parquet',
    sample: 'out/recall.parquet',
  })) {
    await connection.run(`CREATE VIEW ${view} AS FROM read_parquet('${join(demo, path)}', hive_partitioning = true)`);
  }
});
after(() => {
  connection.closeSync();
});

async function value(sql: string): Promise<unknown> {
  return (await (await connection.run(sql)).getRowsJson())[0]?.[0];
}

describe('equal arguments, equal bytes', () => {
  // A new DuckDB may compress differently. Then check the data, raise demoVersion and update the hashes.
  test('the tiny demo has the pinned hashes', async () => {
    assert.deepEqual(await hashes(demo), JSON.parse(await readFile(golden, 'utf8')));
  });

  test('the same seed gives the same files; another seed changes every file except the configs', async () => {
    const [again, other] = [join(root, 'again'), join(root, 'other')];
    await write(again);
    await write(other, 'tiny', '演示');
    assert.equal(
      await readFile(join(again, '.recsample-demo'), 'utf8'),
      await readFile(join(demo, '.recsample-demo'), 'utf8'),
    );
    const [first, second] = [await hashes(demo), await hashes(other)];
    assert.deepEqual(Object.keys(first), Object.keys(second));
    for (const [path, sha256] of Object.entries(first))
      assert.equal(second[path] === sha256, path.startsWith('configs/'), path);
  });

  test('tiny is below 1 MB and reports what it wrote', async () => {
    const { files, bytes } = await write(join(root, 'size'));
    assert.equal(files, Object.keys(await hashes(demo)).length);
    let onDisk = 0;
    for (const entry of await readdir(join(root, 'size'), { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && entry.name !== '.recsample-demo')
        onDisk += (await stat(join(entry.parentPath, entry.name))).size;
    }
    assert.equal(bytes, onDisk);
    assert.ok(bytes < 1_000_000);
  });
});

describe('a believable funnel', () => {
  const nothing: Record<string, string> = {
    'impressions without their user': 'SELECT count(*) FROM impressions ANTI JOIN users USING (user_id)',
    'impressions without their item': 'SELECT count(*) FROM impressions ANTI JOIN items USING (item_id)',
    'impressions of items not alive':
      'SELECT count(*) FROM impressions JOIN items USING (item_id) WHERE NOT (created_at <= ts AND coalesce(removed_at > ts, true))',
    'candidates not alive':
      'SELECT count(*) FROM candidates JOIN items USING (item_id) WHERE NOT (created_at <= ts AND coalesce(removed_at > ts, true))',
    'candidates without item or user':
      'SELECT count(*) FROM (SELECT user_id, item_id FROM candidates) LEFT JOIN items USING (item_id) LEFT JOIN users USING (user_id) WHERE title IS NULL OR region IS NULL',
    'clicks on what was not viewed': 'SELECT count(*) FROM impressions WHERE is_click = 1 AND NOT is_viewed',
    'play time without a click, clicks without':
      'SELECT count(*) FROM impressions WHERE (play_time > 0) <> (is_click = 1)',
    'impressions in the wrong partition': 'SELECT count(*) FROM impressions WHERE ts::DATE <> dt',
    'an item twice in a request':
      'SELECT count(*) FROM (FROM impressions SELECT request_id, item_id GROUP BY ALL HAVING count(*) > 1)',
    'positions with gaps':
      'SELECT count(*) FROM (FROM impressions SELECT request_id GROUP BY 1 HAVING max(position) <> count(*) OR min(position) <> 1 OR count(DISTINCT position) <> count(*))',
    'requests of two users':
      'SELECT count(*) FROM (FROM impressions SELECT request_id GROUP BY 1 HAVING count(DISTINCT user_id) > 1)',
    'views below an unviewed position':
      'SELECT count(*) FROM (FROM impressions SELECT request_id GROUP BY 1 HAVING max(position) FILTER (is_viewed) > coalesce(min(position) FILTER (NOT is_viewed), 99))',
    'exposures of logged requests that are no exposed candidates': `SELECT count(*) FROM impressions SEMI JOIN candidates USING (request_id)
      ANTI JOIN (FROM candidates WHERE reached = 'exposed') c USING (request_id, item_id, user_id)`,
    'exposed candidates that were not shown':
      "SELECT count(*) FROM (FROM candidates WHERE reached = 'exposed') ANTI JOIN impressions USING (request_id, item_id, user_id)",
    'a candidate with two stages or scores':
      'SELECT count(*) FROM (FROM candidates SELECT request_id, item_id GROUP BY ALL HAVING count(DISTINCT (reached, coarse_score, fine_score)) > 1)',
    'a candidate twice in a channel':
      'SELECT count(*) FROM (FROM candidates SELECT request_id, item_id, channel GROUP BY ALL HAVING count(*) > 1)',
    'scores that the stage does not have':
      "SELECT count(*) FROM candidates WHERE (coarse_score IS NULL) <> (reached = 'recall') OR (fine_score IS NULL) <> (reached IN ('recall', 'coarse'))",
    'dropped by coarse ranking with a better score than one that passed': `SELECT count(*) FROM (FROM candidates SELECT request_id GROUP BY 1
      HAVING max(coarse_score) FILTER (reached = 'coarse') > min(coarse_score) FILTER (reached IN ('fine', 'exposed')))`,
    'ranks with gaps':
      'SELECT count(*) FROM (FROM candidates SELECT request_id, channel GROUP BY ALL HAVING max(recall_rank) <> count(*) OR min(recall_rank) <> 1)',
    'rejections of unknown pairs':
      'SELECT count(*) FROM (FROM rejections UNION ALL BY NAME FROM dislikes) ANTI JOIN impressions USING (user_id, item_id)',
    'ids that a double would hold':
      'SELECT count(*) FROM impressions WHERE least(user_id, item_id, request_id) <= 9007199254740992',
    'duplicate ids of items': 'SELECT count(*) - count(DISTINCT item_id) FROM items',
    'duplicate ids of users': 'SELECT count(*) - count(DISTINCT user_id) FROM users',
    'titles in the wrong language':
      "SELECT count(*) FROM items WHERE regexp_matches(title, '[一-龥]') <> regexp_matches(city, '[一-龥]')",
    'sampled negatives clicked before': `SELECT count(*) FROM sample s JOIN impressions i ON s.user_id = i.user_id AND s.item_id = i.item_id AND i.is_click = 1 AND i.ts < s.ts WHERE s.label = 0`,
    'sample groups without exactly one positive':
      'SELECT count(*) FROM (FROM sample SELECT user_id, ts, positive_item GROUP BY ALL HAVING sum(label) <> 1)',
    'sampled items not alive':
      'SELECT count(*) FROM sample JOIN items USING (item_id) WHERE NOT (created_at <= ts AND coalesce(removed_at > ts, true))',
  };
  for (const [name, sql] of Object.entries(nothing)) {
    test(`there are no ${name}`, async () => assert.equal(Number(await value(sql)), 0));
  }

  const something: Record<string, string> = {
    'repeated exposures':
      'SELECT count(*) FROM (FROM impressions SELECT user_id, item_id GROUP BY ALL HAVING count(*) > 1)',
    'later clicks':
      'SELECT count(*) FROM (FROM impressions SELECT min(ts) AS shown, min(ts) FILTER (is_click = 1) AS clicked GROUP BY user_id, item_id) WHERE clicked > shown',
    'requests without clicks':
      'SELECT count(*) FROM (FROM impressions SELECT request_id GROUP BY 1 HAVING sum(is_click) = 0)',
    'unseen exposures': 'SELECT count(*) FROM impressions WHERE NOT is_viewed',
    'candidates of two channels':
      'SELECT count(*) FROM (FROM candidates SELECT request_id, item_id GROUP BY ALL HAVING count(*) > 1)',
    'candidates ranked beyond 100': 'SELECT count(*) FROM candidates WHERE recall_rank > 100',
    'items added during the log': "SELECT count(*) FROM items WHERE created_at > TIMESTAMP '2026-11-17'",
    'items removed during the log': "SELECT count(*) FROM items WHERE removed_at > TIMESTAMP '2026-11-17'",
    'rejections by owners': 'SELECT count(*) FROM rejections',
    dislikes: 'SELECT count(*) FROM dislikes',
    'every source in the sample': 'SELECT count(DISTINCT source) = 5 FROM sample',
    'every stage and channel': 'SELECT count(DISTINCT (reached, channel)) = 20 FROM candidates',
    'candidates on every day': 'SELECT count(DISTINCT dt) = 5 FROM candidates',
  };
  for (const [name, sql] of Object.entries(something)) {
    test(`there are ${name}`, async () => assert.ok(Number(await value(sql)) > 0));
  }

  test('clicks follow scores and positions; users and items are skewed', async () => {
    assert.ok(
      Number(
        await value('SELECT corr(fine_score, is_click) FROM candidates JOIN impressions USING (request_id, item_id)'),
      ) > 0.05,
    );
    assert.ok(
      Number(
        await value(
          'SELECT avg(is_click) FILTER (position <= 3) / avg(is_click) FILTER (position > 6) FROM impressions',
        ),
      ) > 2,
    );
    const ctr = Number(await value('SELECT avg(is_click) FROM impressions'));
    assert.ok(ctr > 0.02 && ctr < 0.07, `click-through rate ${ctr}`);
    for (const id of ['user_id', 'item_id']) {
      assert.ok(
        Number(
          await value(`SELECT sum(n) FILTER (place <= 0.1 * total) / sum(n) FROM (SELECT n, row_number() OVER (ORDER BY n DESC) AS place, count(*) OVER () AS total
        FROM (SELECT count(*) AS n FROM impressions GROUP BY ${id}))`),
        ) > 0.25,
        id,
      );
    }
  });

  test('the text files hold the rows of their Parquet twins', async () => {
    const pairs = [
      ['rejections', `FROM read_csv('${join(demo, 'data/rejections.csv')}')`],
      [
        'users',
        `SELECT * REPLACE (registered_on::DATE AS registered_on) FROM read_json('${join(demo, 'data/users.jsonl.gz')}')`,
      ],
      [
        '(SELECT * EXCLUDE (item_emb) FROM items)',
        `FROM read_csv('${join(demo, 'data/items.tsv.zst')}', delim = '\\t', types = {price: 'DECIMAL(9,2)', rating: 'DECIMAL(3,2)'})`,
      ],
    ] as const;
    for (const [table, text] of pairs) {
      assert.ok(Number(await value(`SELECT count(*) FROM (${text})`)) > 0);
      assert.equal(Number(await value(`SELECT count(*) FROM ((FROM ${table}) EXCEPT ALL (${text}))`)), 0, table);
      assert.equal(Number(await value(`SELECT count(*) FROM ((${text}) EXCEPT ALL (FROM ${table}))`)), 0, table);
    }
  });

  test('the README says that it is synthetic, and the true numbers', async () => {
    const text = await readFile(join(demo, 'README.md'), 'utf8');
    for (const words of ['synthetic', '合成数据', 'scale `tiny`, seed "demo"', '| 6,000 |'])
      assert.ok(text.includes(words), words);
    for (const table of ['candidates', 'items', 'users', 'rejections', 'dislikes', 'sample']) {
      assert.ok(
        text.includes(`| ${Number(await value(`SELECT count(*) FROM ${table}`)).toLocaleString('en-US')} |`),
        table,
      );
    }
  });
});

test('the command writes below the caller’s folder and says what it wrote', async () => {
  let printed = '';
  const context: CommandContext = {
    environment: {},
    directory: root,
    version: '1.2.3',
    engine: async () => ({ call: async (_method, params) => await writeDemo(params as Params<'demo'>, quiet) }),
    print: async (text) => void (printed += text),
    note: () => undefined,
    warn: () => undefined,
    terminal: { width: 80, colour: false },
    translate: (text) => text,
    locale: 'en',
    signal: quiet.signal,
  };
  const options: Record<string, string> = { scale: 'tiny' };
  await demoCommand.run(
    { arguments: ['by-command'], text: (name) => options[name], texts: () => [], flag: () => false },
    context,
  );
  assert.deepEqual(await hashes(join(root, 'by-command')), await hashes(demo));
  assert.match(printed, /^24 files, [\d,]+ bytes: .*by-command\n$/);
});
