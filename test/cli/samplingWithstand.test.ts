import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { createEngine } from '../../src/engine/process/engine.ts';
import { parquet } from '../engine/fixture.ts';
import { recallConfig } from '../engine/samplingCase.ts';
import { recsample, type Outcome } from './commandLine.ts';

/** A config for the folder's data; each line may be changed. */
const config = recallConfig('{per_positive: 2, mix: {global_random: 1.0}}');
const ranked = config.replace(
  /stages:[\s\S]*/,
  `stages:
  fine_ranking:
    unit: impression
    positives: {events: {click: 1}}
    negatives: {mix: {exposed_unclicked: 1.0}}
`,
);
const rows = `SELECT 1 + i % 3 AS user_id, i % 20 AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (i) MINUTE AS ts, 'r' || (i // 4) AS request_id, i % 5 = 0 AS is_click FROM range(120) t(i)`;

let directory = '';
before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'recsample-sampling-'));
  mkdirSync(join(directory, 'data'));
  await parquet(join(directory, 'data/log.parquet'), rows);
  await parquet(join(directory, 'data/items.parquet'), 'SELECT i AS item_id FROM range(40) t(i)');
});
after(() => rmSync(directory, { recursive: true, force: true }));

function run(
  args: readonly string[],
  engine: () => ReturnType<typeof createEngine> = () => createEngine({ threads: 1 }),
): Promise<Outcome> {
  return recsample(args, {}, { directory, createEngine: async () => Promise.resolve(engine()) });
}
function written(name: string, text: string | Uint8Array): string {
  writeFileSync(join(directory, name), text);
  return name;
}
/** Writes a log and previews a config that reads it. */
async function previewOf(
  name: string,
  select: string,
  change: (text: string) => string = (text) => text,
): Promise<Outcome> {
  await parquet(join(directory, `data/${name}.parquet`), select);
  return await run([
    'preview',
    written(`${name}.ratio.yaml`, change(config.replace('log.parquet', `${name}.parquet`))),
    '--users',
    '1',
  ]);
}
/** The single line of a failure, without the folder. */
function failed({ code, out, err }: Outcome, expected: RegExp): void {
  assert.deepEqual([code, out], [2, ''], err);
  const told = err.replaceAll(`${directory}/`, '').trimEnd().split('\n');
  assert.match(told.at(-1) ?? '', expected);
}

suite('inputs that are not a config', () => {
  test('a folder, and text that is not UTF-8', async () => {
    mkdirSync(join(directory, 'configs'));
    failed(
      await run(['preview', 'configs', '--users', '1']),
      /^recsample: configs: It is a folder, not a config\. Give the path of a config, such as .*configs\/NAME\.ratio\.yaml\.$/,
    );
    failed(
      await run(['preview', written('wide.ratio.yaml', Buffer.from(config, 'utf16le')), '--users', '1']),
      /^recsample: wide\.ratio\.yaml: It is not UTF-8 text\. Save it as UTF-8\.$/,
    );
  });
  test(
    'a pipe or a device is refused without waiting',
    { skip: process.platform === 'win32' ? 'Windows has no such pipes' : false },
    async () => {
      execFileSync('mkfifo', [join(directory, 'pipe.ratio.yaml')]);
      failed(
        await run(['preview', 'pipe.ratio.yaml', '--users', '1']),
        /^recsample: pipe\.ratio\.yaml: It is a device or pipe and cannot be read$/,
      );
      failed(
        await run(['preview', '/dev/zero', '--users', '1']),
        /^recsample: \/dev\/zero: It is a device or pipe and cannot be read$/,
      );
    },
  );
});

test('an invalid temporary folder is reported, with the variable to set', async () => {
  const none = join(directory, 'data/log.parquet');
  failed(
    await run(['preview', written('plain.ratio.yaml', config), '--users', '1'], () =>
      createEngine({ temporaryDirectory: none }),
    ),
    /^recsample: data\/log\.parquet: Temporary files cannot be created in this folder\. Set (TMPDIR|TEMP) to a folder with free space that you can write to\.$/,
  );
});

test('without a valid positive event no stage draws anything', async () => {
  for (const [k, events] of ['[click]', '{clik: 1}'].entries()) {
    failed(
      await run([
        'preview',
        written(`events-${k}.ratio.yaml`, ranked.replace('events: {click: 1}', `events: ${events}`)),
        '--users',
        '1',
      ]),
      /No event is a positive/,
    );
  }
});

suite('times', () => {
  test('integers in another time unit are reported as values that do not fit, not as damage', async () => {
    const found = await previewOf(
      'micros',
      rows.replace('AS ts', 'AS t0').replace(/^SELECT (.*)$/, 'SELECT *, epoch_us(t0) AS ts FROM (SELECT $1)'),
      (text) => text.replace('time: ts', 'time: {column: ts, unit: s}'),
    );
    failed(
      found,
      /a value of \S*data\/micros\.parquet, \S*data\/items\.parquet does not match the declared type of its column: (?!Out of Range Error)\S/,
    );
    assert.doesNotMatch(found.err, /damaged/);
  });
  test('a missing time unit and a type without times: the message names the file and the config key', async () => {
    const as = (type: string): string => `SELECT * REPLACE (CAST(epoch(ts) AS ${type}) AS ts) FROM (${rows})`;
    failed(
      await previewOf('seconds', as('BIGINT')),
      /^recsample: data\/seconds\.parquet: the numbers in column ts need a unit to be read as times\. Set the unit in the config, for example time: \{column: ts, unit: s\}\.$/,
    );
    failed(
      await previewOf('floats', as('FLOAT')),
      /^recsample: data\/floats\.parquet: column ts has the type float, which cannot represent times\. Times are timestamps, dates, ISO 8601 strings, or numbers with a unit\.$/,
    );
  });
});

suite('values that do not fit the declared column', () => {
  test('a click column that is not boolean: the message names the file and the column', async () => {
    failed(
      await previewOf('worded', `SELECT * REPLACE (CAST(is_click AS VARCHAR) || '!' AS is_click) FROM (${rows})`),
      /^recsample: data\/worded\.parquet: column is_click must be boolean or contain 0 and 1, but its type is string/,
    );
  });
  test('a text id in an integer column: the message names the file', async () => {
    const typed = (text: string): string => text.replace('user: user_id', 'user: {column: user_id, type: int64}');
    failed(
      await previewOf('lettered', `SELECT * REPLACE ('u' || user_id AS user_id) FROM (${rows})`, typed),
      /^recsample: data\/lettered\.parquet: a value does not match the declared type of its column: "u\d+" in column user_id is not an integer\. Correct the value, or /,
    );
  });
  test('a text that is no time: the message has the text, the column and the form of a time', async () => {
    failed(
      await previewOf(
        'worded-times',
        `SELECT * REPLACE (CASE WHEN item_id % 3 = 0 THEN 'noon' ELSE CAST(ts AS VARCHAR) END AS ts) FROM (${rows})`,
      ),
      /^recsample: data\/worded-times\.parquet: a value does not match the declared type of its column: "noon" in column ts is not a time\. Write times as ISO 8601/,
    );
  });
});

suite('infinite times', () => {
  for (const [type, sign] of [
    ['TIMESTAMP', ''],
    ['TIMESTAMP', '-'],
    ['DATE', ''],
    ['TIMESTAMPTZ', '-'],
  ] as const) {
    test(`${sign}infinity as ${type} is not a time: its row is left out and counted`, async () => {
      await previewOf(
        'endless',
        `SELECT * REPLACE (CASE WHEN item_id = 0 THEN CAST('${sign}infinity' AS ${type}) ELSE CAST(ts AS ${type}) END AS ts) FROM (${rows})`,
      );
      const { code, out, err } = await run(['sample', 'endless.ratio.yaml', '--out', 'made/endless.csv']);
      assert.equal(code, 0, err);
      assert.match(out, /18 positives · 36 negatives/);
      assert.match(out, /Impressions without time, left out: 6/);
    });
  }
});

suite('ids', () => {
  test('ids of different types: the message names the column and the type to declare', async () => {
    const log = written('data/untyped.csv', 'user_id,item_id,ts,request_id,is_click\n1,3,2026-11-01 00:00:00,r1,1\n');
    failed(
      await run(['preview', written('untyped.ratio.yaml', config.replace('data/log.parquet', log)), '--users', '1']),
      /Nothing can be drawn: the ids in column item_id of data\.items are integers, but those in data\.impressions are strings \(write \{column: item_id, type: int64\} in data\.impressions to read them as integers\)/,
    );
    failed(
      await previewOf('texts', `SELECT * REPLACE (CAST(item_id AS VARCHAR) AS item_id) FROM (${rows})`),
      /the ids in column item_id of data\.items are integers, but those in data\.impressions are strings\. /,
    );
  });
  test('an id with the key separator: the message names the file and gives advice', async () => {
    const found = await previewOf(
      'separated',
      `SELECT * REPLACE ('a' || chr(31) || item_id AS item_id) FROM (${rows})`,
      (text) => text.replace(/ {2}items: .*\n/, ''),
    );
    failed(
      found,
      /^recsample: data\/separated\.parquet: The id "a\\u001f0" contains U\+001F, which separates the parts of a key\. Write the ids without this character\.$/,
    );
  });
  test('empty duplicate ids of the corpus are reported as duplicates', async () => {
    await parquet(join(directory, 'data/empty.parquet'), `SELECT '' AS item_id, 'n' AS city FROM range(2)`);
    failed(
      await previewOf('named', `SELECT * REPLACE ('i' || item_id AS item_id) FROM (${rows})`, (text) =>
        text.replace('items.parquet, columns: {', 'empty.parquet, columns: {attributes: [city], '),
      ),
      /The corpus has 2 rows of the item ""\./,
    );
  });
});

test('a comparison with a column of text files without values is unknown, or holds for no row if the config says so; with texts, it is refused', async () => {
  const log = (play: string): string => `user_id,item_id,ts,request_id,is_click,play_time
1,3,2026-11-01 00:00:00,r1,1,
1,4,2026-11-01 00:01:00,r1,0,${play}
`;
  const text = ranked
    .replace(/ {2}items: .*\n/, '')
    .replace('log.parquet', 'played.csv')
    .replace('is_click}', 'is_click, long: {column: play_time, op: ">=", value: 7}}')
    .replace('{click: 1}', '{click: 1, long: 2}');
  const sample = ['sample', written('played.ratio.yaml', text), '--out', 'made/played.csv'];
  const never = written('never.ratio.yaml', text.replace('value: 7}', 'value: 7, unknown: negative}'));
  written('data/played.csv', log(''));
  const empty = await run(sample);
  assert.equal(empty.code, 0, empty.err);
  assert.match(empty.out, /1 positive · 0 negatives\n\nImpressions dropped because long is unknown: 1 /);
  assert.match((await run(['sample', never, '--out', 'made/never.csv'])).out, /1 positive · 1 negative/);
  written('data/played.csv', log('n/a'));
  const texts = await run(sample);
  assert.equal(texts.code, 2);
  assert.match(texts.err, /column play_time has texts, which >= cannot compare with the number 7/);
});

suite('rows that do not fit the others', () => {
  const withoutItems = ranked.replace(/ {2}items: .*\n/, '');
  const log = (row: string): string =>
    `user_id,item_id,ts,request_id,is_click\n1,3,2026-11-01 00:00:00,r1,1\n${row}\n1,5,2026-11-01 00:02:00,r1,1\n1,6,2026-11-01 00:03:00\n`;
  const told =
    /2 rows do not fit the others\. The first is at data\/ragged\.csv, line 3 \(4 fields instead of 5\)\. Missing values count as NULL, missing events as not happened\. Write the file again\./;
  const files = (): string => {
    written('data/ragged.csv', log('1,4,2026-11-01 00:01:00,r1'));
    return written('ragged.ratio.yaml', withoutItems.replace('log.parquet', 'ragged.csv'));
  };
  /** Removes the folder and the line ends, whose positions depend on the length of the folder's name. */
  const clean = ({ out, err }: Outcome): Pick<Outcome, 'out' | 'err'> => {
    const plain = (text: string): string => text.replaceAll('\n', ' ').replaceAll(`${directory}/`, '');
    return { out: plain(out), err: plain(err) };
  };

  test('sample, preview, compare and handover name the file, the first line and their number', async () => {
    const name = files();
    assert.match(clean(await run(['preview', name, '--users', '1'])).out, told);
    assert.match(clean(await run(['preview', name, '--users', '1', '--format', 'json'])).err, told);
    assert.match(clean(await run(['compare', name, '--users', '1', '--seed-b', 'other'])).err, told);
    assert.match(clean(await run(['explain', name, '--user', '1', '--item', '4'])).err, told);
    assert.match(clean(await run(['sample', name, '--out', 'made/ragged.csv'])).out, told);
    assert.match(clean(await run(['handover', name, '--for', 'recbole', '--out', 'made/ragged'])).out, told);
  });

  test('a single row with too many fields, and a line that is not an object, are reported', async () => {
    written('data/long.csv', log('1,4,2026-11-01 00:01:00,r1,1,more').replace(/[^\n]*\n$/, ''));
    const long = await run([
      'preview',
      written('long.ratio.yaml', withoutItems.replace('log.parquet', 'long.csv')),
      '--users',
      '1',
    ]);
    assert.match(
      clean(long).out,
      /1 row does not fit the others: data\/long\.csv, line 3 \(6 fields instead of 5\)\. Missing values count as NULL, missing events as not happened\. Write the file again\./,
    );
    written(
      'data/lines.jsonl',
      '{"user_id":1,"item_id":3,"ts":"2026-11-01 00:00:00","request_id":"r1","is_click":1}\n[1]\n',
    );
    const lines = await run([
      'sample',
      written('lines.ratio.yaml', withoutItems.replace('log.parquet', 'lines.jsonl')),
      '--out',
      'made/lines.csv',
    ]);
    assert.match(
      clean(lines).out,
      /1 row does not fit the others: data\/lines\.jsonl, line 2 \(The line is not a JSON object\)/,
    );
  });

  test('skipped files and invalid UTF-8 are reported', async () => {
    mkdirSync(join(directory, 'data/days'));
    written('data/days/a.csv', Buffer.from(log('1,4,2026-11-01 00:01:00,r\xE9,1').replace(/[^\n]*\n$/, ''), 'latin1'));
    written('data/days/b.csv', '');
    const { out } = clean(
      await run([
        'sample',
        written('days.ratio.yaml', withoutItems.replace('data/log.parquet', 'data/days')),
        '--out',
        'made/days.csv',
      ]),
    );
    assert.match(out, /data\/days: 1 empty files \(0 bytes\) were left out\. The first is data\/days\/b\.csv/);
    assert.match(out, /data\/days: 1 rows contain bytes that are not UTF-8 \(lines 3\)/);
  });
});
