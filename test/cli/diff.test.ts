import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { Ajv } from 'ajv';
import { diffCommand } from '../../src/cli/commands/diff.ts';
import { createEngine } from '../../src/engine/process/engine.ts';
import { tinyDemo } from '../fixtures/tinyDemo.ts';
import { recsample, type Outcome } from './commandLine.ts';
import { assertGolden } from './golden.ts';

const recall = 'configs/recall.ratio.yaml';
let directory = '';
before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'recsample-diff-'));
  await tinyDemo(directory, { bad: false });
  await sampled('out/monday.parquet');
  await sampled('same.csv');
  // The second sample has another mix and reads other days.
  const days = join(directory, 'data/impressions');
  cpSync(join(days, 'dt=2026-11-18'), join(days, 'dt=2026-11-22'), { recursive: true });
  rmSync(join(days, 'dt=2026-11-17'), { recursive: true });
  copyFileSync(join(days, 'dt=2026-11-19/part-0.parquet'), join(days, 'dt=2026-11-20/part-0.parquet'));
  renameSync(join(days, 'dt=2026-11-21/part-0.parquet'), join(days, 'dt=2026-11-21/part-1.parquet'));
  await sampled(
    'out/tuesday.parquet',
    changed('tuesday.ratio.yaml', [
      [/popularity: \{share: 0\.4, exponent: 0\.75/, 'popularity: {share: 0.5, exponent: 0.5'],
      [/on_shortfall: refill\n {6}refill_from: global_random/, 'on_shortfall: keep'],
      [/ {8}global_random: 0\.2\n/, '        exposed_random: 0.1\n'],
    ]),
    '--seed',
    'another',
  );
});
after(() => rmSync(directory, { recursive: true, force: true }));

function run(args: readonly string[], width = 140): Promise<Outcome> {
  return recsample(
    args,
    {},
    {
      directory,
      terminal: { width, colour: false },
      createEngine: () => Promise.resolve(createEngine({ threads: 1 })),
    },
  );
}
async function sampled(name: string, config = recall, ...more: string[]): Promise<void> {
  const { code, err } = await run(['sample', config, '--out', name, ...more]);
  assert.equal(code, 0, err);
}
function changed(name: string, edits: readonly (readonly [RegExp, string])[]): string {
  const text = edits.reduce(
    (before, [from, to]) => {
      assert.match(before, from);
      return before.replace(from, to);
    },
    readFileSync(join(directory, recall), 'utf8'),
  );
  writeFileSync(join(directory, 'configs', name), text);
  return `configs/${name}`;
}
/** Masks the parts that change with another version of the demo or of DuckDB. */
function steady(text: string): string {
  return text
    .replaceAll(/\b[0-9a-f]{64}\b/g, 'SHA256')
    .replaceAll(/\b[0-9a-f]{12}\b/g, 'SHA256……')
    .replaceAll(/\b[\d.]+ kB/g, 'SIZE')
    .replaceAll(/("[ab]"):\d{4,}/g, '$1:0');
}
/** Runs diff without an engine: lock files alone are enough. */
async function told(code: number, args: readonly string[], width?: number): Promise<string> {
  const outcome = await recsample(
    ['diff', ...args],
    {},
    {
      directory,
      terminal: { width: width ?? 140, colour: false },
      createEngine: () => Promise.reject(new Error('no engine is needed')),
    },
  );
  assert.deepEqual([outcome.code, outcome.err], [code, '']);
  return steady(outcome.out);
}
async function refused(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await run(['diff', ...args]);
  assert.deepEqual([code, out], [2, '']);
  return err.trimEnd().replace(/^recsample: /, '');
}
function lockWith(name: string, edit: (text: string) => string): string {
  writeFileSync(
    join(directory, name),
    edit(readFileSync(join(directory, 'out/monday.parquet.recsample.json'), 'utf8')),
  );
  return name;
}

suite('diff', () => {
  test('two days and two configs: the report lists changed settings, files, counts, mix, q and gaps', async () => {
    assertGolden('diff.txt', await told(1, ['out/monday.parquet', 'out/tuesday.parquet']));
    assertGolden('diff.narrow.txt', await told(1, ['out/monday.parquet', 'out/tuesday.parquet'], 80));
    assertGolden('diff.zh-cn.txt', await told(1, ['out/monday.parquet', 'out/tuesday.parquet', '--locale', 'zh-cn']));
  });

  test('the JSON output follows its schema', async () => {
    const text = await told(1, ['out/monday.parquet', 'out/tuesday.parquet', '--format', 'json']);
    const schema = readFileSync(new URL('../../media/schemas/diff.schema.json', import.meta.url), 'utf8').replace(
      '^[0-9a-f]{64}$',
      '^SHA256$',
    );
    const isDiff = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(JSON.parse(schema) as object);
    assert.ok(isDiff(JSON.parse(text)), JSON.stringify(isDiff.errors, null, 2));
    assertGolden('diff.json', text);
  });

  test('the same rows in another format count as the same and exit with 0', async () => {
    assertGolden('diff.same.txt', await told(0, ['out/monday.parquet', 'same.csv']));
    // A comment changes no row, and neither does the order of users.
    await sampled('one.parquet', recall, '--users', '7203685477535834021,7203685477511425292');
    await sampled(
      'commented.parquet',
      changed('commented.ratio.yaml', [[/^/, '# A comment.\n']]),
      '--users',
      '7203685477511425292,7203685477535834021',
    );
    assert.match(
      await told(0, ['one.parquet', 'commented.parquet']),
      /^Both samples should contain the same rows\.$[\s\S]*text of the config {2}SHA256…… → SHA256……/m,
    );
    assert.match(
      await told(1, ['one.parquet', 'out/tuesday.parquet']),
      /^ {2}users {2}\["7203685477511425292","7203685477535834021"\] → all$/m,
    );
    for (const name of ['one.parquet', 'commented.parquet']) rmSync(join(directory, `${name}.recsample.json`));
    assert.equal((await run(['diff', 'one.parquet', 'commented.parquet'])).code, 0);
  });

  test('lock files are compared directly, under any name', async () => {
    copyFileSync(join(directory, 'out/monday.parquet.recsample.json'), join(directory, 'kept.json'));
    assert.match(
      await told(0, ['kept.json', 'out/monday.parquet.recsample.json']),
      /Both samples should contain the same rows/,
    );
  });

  test('a Parquet file without its lock is compared by its own metadata; a text file is refused', async () => {
    copyFileSync(join(directory, 'out/monday.parquet'), join(directory, 'bare.parquet'));
    const { code, out, err } = await run(['diff', 'bare.parquet', 'out/tuesday.parquet']);
    assert.equal(code, 1);
    assert.equal(err, 'recsample: bare.parquet has no lock file. Only the information in its key-values is compared\n');
    assertGolden('diff.bare.txt', steady(out));
    assert.equal((await run(['diff', 'bare.parquet', 'out/monday.parquet'])).code, 0);
    copyFileSync(join(directory, 'same.csv'), join(directory, 'bare.csv'));
    assert.equal(
      await refused('bare.csv', 'out/monday.parquet'),
      'bare.csv: There is no record of how it was generated: the lock file bare.csv.recsample.json is missing. Generate it with recsample sample, which also writes the lock file.',
    );
  });

  test('an Arrow file without its lock file is compared by its own key-values', async () => {
    await sampled('bare.arrow', 'configs/tuesday.ratio.yaml', '--seed', 'another');
    rmSync(join(directory, 'bare.arrow.recsample.json'));
    assert.equal((await run(['diff', 'bare.arrow', 'out/tuesday.parquet'])).code, 0);
    assert.equal((await run(['diff', 'bare.arrow', 'out/monday.parquet'])).code, 1);
  });

  test('a sample file that differs from its lock file is reported', async () => {
    const text = readFileSync(join(directory, 'same.csv'), 'utf8');
    copyFileSync(join(directory, 'same.csv.recsample.json'), join(directory, 'edited.csv.recsample.json'));
    for (const content of [`${text}\n`, text.replace('exposed_unclicked', 'exposed-unclicked')]) {
      writeFileSync(join(directory, 'edited.csv'), content);
      for (const given of ['edited.csv', 'edited.csv.recsample.json']) {
        const { code, err } = await run(['diff', given, 'same.csv']);
        assert.deepEqual(
          [code, err],
          [
            0,
            'recsample: edited.csv changed after its lock file was written. The results below describe the original file\n',
          ],
        );
      }
    }
  });

  test('a file that is not a lock file is reported with its place', async () => {
    const again = 'Write the sample file again: its lock file is written with it.';
    assert.match(
      await refused(
        lockWith('broken.json', (text) => text.replace('"stage": "recall",', '"stage": "recall"')),
        'out/monday.parquet',
      ),
      /^broken\.json:4:19: The lock file is not valid JSON: A comma is missing after this\. Write the sample file again/,
    );
    assert.match(
      await refused(
        lockWith('cut.json', (text) => text.slice(0, 200)),
        'out/monday.parquet',
      ),
      /^cut\.json:\d+:\d+: The lock file is not valid JSON/,
    );
    assert.match(
      await refused(
        lockWith('empty.json', () => ''),
        'out/monday.parquet',
      ),
      /^empty\.json:1:1: The lock file is not valid JSON, or it is incomplete/,
    );
    assert.equal(
      await refused(
        lockWith('rows.json', (text) => text.replace(/"rows":\d+,"bytes"/, '"rows":"many","bytes"')),
        'out/monday.parquet',
      ).then((line) => line.replace(/:\d+:\d+:/, ':L:C:')),
      `rows.json:L:C: The lock file is not valid: output.rows is not a whole number of at least 0. ${again}`,
    );
    assert.match(
      await refused(
        lockWith('part.json', (text) => text.replace(/ {2}"counts": .*\n/, '')),
        'out/monday.parquet',
      ),
      /^part\.json:1:1: The lock file is not valid: counts is not an object/,
    );
    assert.equal(
      await refused(
        lockWith('other.json', () => '{"format": 1}'),
        'out/monday.parquet',
      ),
      'other.json: This is JSON, but not the lock file of a sample. Lock files end with .recsample.json and are next to sample files.',
    );
    assert.equal(
      await refused(
        'out/monday.parquet',
        lockWith('newer.json', (text) =>
          text.replace('"format": 2', '"format": 3').replace('recsample 1.2.3', 'recsample 9.0.0'),
        ),
      ),
      'newer.json: recsample 9.0.0 wrote this lock file in format 3, but this version reads formats up to 2. Update RecSample, or write the sample file again with this version.',
    );
    assert.match(
      await refused(
        lockWith('marked.json', (text) => `\uFEFF${text}`),
        'data/items.parquet',
      ),
      /^data\/items\.parquet: There is no record of how it was generated: the lock file data\/items\.parquet\.recsample\.json is missing/,
    );
    assert.match(await refused('out', 'out/monday.parquet'), /^out: There is no record of how it was generated/);
    assert.match(
      await refused('out/monday.parquet', 'no-such.parquet'),
      /^no-such\.parquet: There is no such file or folder/,
    );
    assert.match(
      await refused('out/monday.parquet', 'no-such.json'),
      /^no-such\.json: There is no such file or folder/,
    );
    assert.match(await refused('out/monday.parquet'), /^B is missing/);
  });

  test('a lock file that no run could have written is refused, with its place', async () => {
    const wrong: readonly (readonly [RegExp, string, string])[] = [
      [/"users": "all"/, '"users": "x"', 'users is not all, or a list of ids'],
      [/"users": "all"/, '"users": ["2","1"]', 'users is not a sorted list of unique ids'],
      [/"data": \{[\s\S]*?\n {2}\},\n {2}"output"/, '"data": {},\n  "output"', 'data.impressions is not an object'],
      [
        /"impressions": \{/,
        '"impressionz": {',
        'data.impressionz is not a known data set (impressions, clicks, items, users, candidates, rejections)',
      ],
      [/"stage": "recall"/, '"stage": "retrieval"', 'stage is not one of recall, coarse_ranking, fine_ranking'],
      [/"split": "train"/, '"split": "test"', 'split is not one of train, eval'],
      [/"unit": "positive"/, '"unit": "user"', 'unit is not one of positive, request, impression'],
      [/"layout":"long"/, '"layout":"deep"', 'output.layout is not one of long, wide, grouped, request, user'],
      [/"format":"parquet"/, '"format":"xls"', 'output.format is not one of parquet, arrow, csv, jsonl'],
      [/"sha256": "[0-9a-f]{64}"/, '"sha256": "abc"', 'config.sha256 is not a SHA-256 of 64 hexadecimal digits'],
      [/"bytes": \d+/, '"bytes": 1', 'data.impressions.bytes is not the total size of its files in bytes'],
      [/"mean":-[\d.]+/, '"mean":1e999', 'entries.0.log_q.mean is not a number'],
      [/"mean":-[\d.]+/, '"mean":1', 'entries.0.log_q.mean is not between least and greatest'],
      [
        /("bins":\[\[[-\d.]+,)\d+/,
        '$1900000',
        'entries.0.log_q.bins is not a list of bins whose counts sum to the number of rows',
      ],
      [/"name":"global_random"/, '"name":"exposed_unclicked"', 'entries is not a list of entries with unique names'],
    ];
    for (const [from, to, what] of wrong) {
      const name = lockWith('wrong.json', (text) => {
        assert.match(text, from);
        return text.replace(from, to);
      });
      assert.match(
        await refused(name, 'out/monday.parquet'),
        new RegExp(`^wrong\\.json:\\d+:\\d+: The lock file is not valid: ${what.replace(/[.()]/g, '\\$&')}\\. Write`),
        what,
      );
    }
  });

  test('a change that is rounded to zero has no sign', async () => {
    const [a, b] = ['"mean":-1.5', '"mean":-1.5002'].map((to, k) =>
      lockWith(`mean-${k}.json`, (text) => text.replace(/"mean":-[\d.]+/, to)),
    );
    const text = await told(1, [a ?? '', b ?? '']);
    assert.match(text, /exposed_unclicked +−1\.500 +−1\.500 +0\.000/);
    assert.doesNotMatch(text, /−0\.0+\b(?!\d)/);
  });

  test('every command line of the guide runs, and every option is in it', async () => {
    const guide = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
    const section = /## recsample diff\n([\s\S]*?)\n## /.exec(guide)?.[1] ?? '';
    const lines = /```sampling\n([\s\S]*?)```/.exec(section)?.[1]?.trim().split('\n') ?? [];
    assert.equal(lines.length, 2);
    for (const line of lines) await told(1, line.split(' ').slice(2));
    for (const option of Object.keys(diffCommand.options)) assert.ok(section.includes(`\`--${option} `), option);
  });
});

test('the lock file of a folder names no file elsewhere, and no pipe', async () => {
  const lock = JSON.parse(readFileSync(join(directory, 'out/monday.parquet.recsample.json'), 'utf8')) as {
    files: [{ path: string; bytes: number }];
    output: { bytes: number };
  };
  const folder = join(directory, 'hostile');
  mkdirSync(folder);
  copyFileSync(join(directory, 'out/monday.parquet'), join(directory, 'victim.parquet'));
  execFileSync('mkfifo', [join(folder, 'pipe.parquet')]);
  for (const [name, text] of [
    ['../victim.parquet', 'is not a path below the folder'],
    [join(directory, 'victim.parquet'), 'is not a path below the folder'],
    ['pipe.parquet', 'a pipe'],
  ] as const) {
    lock.files[0].path = name;
    lock.output.bytes = lock.files[0].bytes = name.startsWith('pipe') ? 0 : lock.output.bytes;
    writeFileSync(join(folder, '_recsample.json'), JSON.stringify(lock));
    const { code, err } = await run(['diff', 'hostile', 'out/monday.parquet']);
    assert.equal(code, 2, err);
    assert.ok(err.includes(text) && err.includes('hostile'), err);
  }
});
