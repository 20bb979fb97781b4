import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { createEngine } from '../../src/engine/process/engine.ts';
import { recsample, type Outcome } from './commandLine.ts';
import { memoryDatabase } from '../engine/memoryDatabase.ts';
import { valid } from './previewOutput.ts';

const directory = mkdtempSync(join(tmpdir(), 'recsample-history-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const big = '9007199254740993';
/** The item that a double would confuse with `big`. */
const near = '9007199254740992';
writeFileSync(
  join(directory, 'log.csv'),
  [
    'uid,iid,ts,click,seen',
    `u1,1,2026-11-01T10:00:00,1,"${big},2,gone,1.5"`,
    'u1,3,2026-11-02T10:00:00,1,"2, 2,,"',
    'u2,1,2026-11-02T11:00:00,1,',
    'u2,3,2026-11-03T11:00:00,1,"4,5"',
    '',
  ].join('\n'),
);
writeFileSync(join(directory, 'items.csv'), ['item', '1', '2', '3', '4', '5', big, near, ''].join('\n'));

function config(name: string, exclude: string, mix = 'global_random: 7'): string {
  const text = `version: 1
seed: 1
data:
  impressions: {path: log.csv, columns: {user: uid, item: {column: iid, type: int64}, time: ts}}
  items: {path: items.csv, columns: {item: {column: item, type: int64}}}
events: {click: click}
window: {train: {from: 2026-11-01, to: 2026-11-02}}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}}
    negatives:
      per_positive: {${mix}}
      exclude: ${exclude}
`;
  writeFileSync(join(directory, name), text);
  return name;
}

async function run(args: readonly string[]): Promise<Outcome> {
  return await recsample(
    args,
    {},
    {
      directory,
      terminal: { width: 140, colour: false },
      createEngine: () => Promise.resolve(createEngine({ threads: 1 })),
    },
  );
}
async function done(args: readonly string[]): Promise<string> {
  const { code, out, err } = await run(args);
  assert.equal(code, 0, err + out);
  return out;
}

const history = '{history: {column: seen, separator: ","}}';
const read = (path: string): string => readFileSync(join(directory, path), 'utf8');

const connection = memoryDatabase();

suite('exclude.history', () => {
  test('past items are not drawn; ids keep all digits; a history after the cut has no effect', async () => {
    const path = config('h.ratio.yaml', history);
    await done(['sample', path, '--out', 'h.csv']);
    const drawn = (user: string): string[] => [
      ...new Set(
        read('h.csv')
          .split('\n')
          .map((line) => line.split(','))
          .filter((cells) => cells[0] === user && cells[2] === '0')
          .map((cells) => cells[1] ?? ''),
      ),
    ];
    assert.deepEqual(drawn('u1').sort(), ['4', '5', near]);
    assert.deepEqual(drawn('u2').sort(), ['2', '3', '4', '5', near, big].sort());
  });

  test('reports, JSON and the lock file count items and unknown ids; the lock names the setting', async () => {
    const path = config('h.ratio.yaml', history);
    const text =
      'exclude.history: 2 pairs of a user and an item from seen. Pairs whose id is not an item, which have no effect: 2';
    assert.ok((await done(['sample', path, '--out', 'h.csv'])).includes(text));
    assert.ok((await done(['preview', path, '--users', 'u1'])).includes(text));
    assert.match(
      await done(['preview', path, '--users', 'u2', '--locale', 'zh-cn']),
      /exclude\.history：来自 seen 的用户–物料对 0 个/,
    );
    const json = valid('preview', await done(['preview', path, '--users', 'u1', '--format', 'json']));
    assert.deepEqual((json as { readonly histories: unknown }).histories, [
      { column: 'seen', within: 'train', items: 2, unknown: 2 },
    ]);
    const lock = valid('lock', read('h.csv.recsample.json')) as {
      readonly history_counts: unknown;
      readonly plan: { readonly settings: Readonly<Record<string, string>> };
    };
    assert.deepEqual(lock.history_counts, { 'seen.items': 2, 'seen.unknown': 2 });
    assert.equal(lock.plan.settings['global_random.exclude.history.column'], 'seen');
    assert.equal(lock.plan.settings['global_random.exclude.history.separator'], ',');
  });

  test('a wrong separator is visible', async () => {
    const path = config('w.ratio.yaml', '{history: {column: seen, separator: "|"}}');
    const wanted =
      /none of the 2 pairs of a user and an id from seen has an item, .*Check the column and its separator/;
    assert.match(oneLine(await done(['preview', path, '--users', 'u1'])), wanted);
    const out = oneLine(await done(['handover', path, '--for', 'recbole', '--out', 'wrong']));
    assert.match(out, /none of the \d+ pairs of a user and an id from seen has an item/);
  });

  test('compare shows a separator of blanks', async () => {
    const [a, b] = [
      config('s.ratio.yaml', '{history: {column: seen, separator: "|"}}'),
      config('t.ratio.yaml', '{history: {column: seen, separator: " "}}'),
    ];
    assert.match(await done(['compare', a, b, '--users', 'u1']), /exclude\.history\.separator +\| → " "/);
  });

  test('explain and the rejected draws of a preview name the history', async () => {
    const path = config('h.ratio.yaml', history);
    const args = ['explain', path, '--user', 'u1', '--item', '2'];
    const text = await done(args);
    assert.match(text, /Never: it is in the user’s history/);
    assert.match(text, /in the user’s history: 2/);
    const json = valid('explain', await done([...args, '--format', 'json'])) as {
      readonly entries: readonly { readonly in_history?: true }[];
    };
    assert.deepEqual(
      json.entries.map((entry) => entry.in_history),
      [true],
    );
    assert.match(await done(['preview', path, '--users', 'u1']), /excluded by an event or the history of the user/);
    assert.match(await done(['explain', path, '--user', 'u1', '--item', near]), /Drawn/);
  });

  test('a missing column, a missing and an empty separator are named, with a way out', async () => {
    for (const [exclude, wanted] of [
      ['{history: {column: sen, separator: ","}}', /no column sen\. Did you mean seen\?/],
      ['{history: {column: seen}}', /seen has texts: exclude\.history needs a separator/],
      ['{history: {column: seen, separator: ""}}', /at least one character/],
      ['{history: {column: ts, separator: ","}}', /column ts has the type timestamp/],
      ['{history: {separator: ","}}', /column/],
    ] as const) {
      const path = config('bad.ratio.yaml', exclude);
      const lint = await run(['lint', path, '--facts', 'schema']);
      assert.equal(lint.code, 1, lint.out);
      assert.match(lint.out, wanted);
      const { code, err, out } = await run(['sample', path, '--out', 'bad.csv']);
      assert.notEqual(code, 0, out);
      assert.match(err + out, wanted);
    }
  });

  test('a UUID in capitals in a text is the item that the file stores', async () => {
    const database = connection();
    const id = (k: number): string => `a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1${k}`;
    const impression = `'u1' AS uid, '${id(1)}'::UUID AS iid, TIMESTAMP '2026-11-01 10:00:00' AS ts, 1 AS click, '${id(2)},${id(3).toUpperCase()}' AS seen`;
    await database.run(`COPY (SELECT ${impression}) TO '${join(directory, 'uuid.parquet')}'`);
    const items = [1, 2, 3, 4].map((k) => `('${id(k)}'::UUID)`).join(', ');
    await database.run(`COPY (FROM (VALUES ${items}) t(item)) TO '${join(directory, 'uuids.parquet')}'`);
    const path = config('u.ratio.yaml', history);
    const text = read(path)
      .replace('path: log.csv', 'path: uuid.parquet')
      .replace('{column: iid, type: int64}', 'iid')
      .replace('path: items.csv', 'path: uuids.parquet')
      .replace('{column: item, type: int64}', 'item')
      .replace('to: 2026-11-02', 'to: 2026-11-01');
    writeFileSync(join(directory, path), text);
    const out = await done(['sample', path, '--out', 'u.csv']);
    assert.ok(out.includes('exclude.history: 2 pairs of a user and an item from seen'), out);
    const rows = read('u.csv').split('\n');
    assert.ok(rows.some((row) => row.startsWith(`u1,${id(4)},0`)));
    assert.ok(!rows.some((row) => row.startsWith(`u1,${id(3)},`)));
  });

  test('the hand-over says by name which draws do not respect a history', async () => {
    const path = config('h.ratio.yaml', history, 'global_random: 2, exposed_unclicked: 1');
    const out = await done(['handover', path, '--for', 'torcheasyrec', '--out', 'made']);
    assert.match(oneLine(out), /exposed_unclicked, global_random: the trainer does not support exclude\.history/);
    const plain = config('p.ratio.yaml', '{events: [click]}', 'global_random: 2');
    assert.doesNotMatch(await done(['handover', plain, '--for', 'torcheasyrec', '--out', 'plain']), /exclude\.history/);
  });
});

/** A text without the line ends of its layout. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
