import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { createEngine } from '../../src/engine/process/engine.ts';
import { writeStrangerLog } from '../fixtures/strangerLog.ts';
import { Dice } from '../sampling/dice.ts';
import { recsample, type Outcome } from './commandLine.ts';

let directory = '';

function run(...args: readonly string[]): Promise<Outcome> {
  return recsample(
    args,
    {},
    {
      directory,
      terminal: { width: 140, colour: false },
      createEngine: () => Promise.resolve(createEngine({ threads: 1 })),
    },
  );
}

async function succeed(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await run(...args);
  assert.equal(code, 0, `${args.join(' ')}\n${out}${err}`);
  return out;
}

suite('a first config for a log without a table of items', () => {
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'recsample-init-'));
    mkdirSync(join(directory, '.vscode'));
    writeStrangerLog(directory, { days: 3, rowsPerDay: 600, item: 'vid' });
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  test('it lints clean, and both stages are sampled and audited for training and evaluation', async () => {
    const out = await succeed('init', 'log', '--out', 'first.ratio.yaml');
    assert.match(out, /^Written: first\.ratio\.yaml\. Next:\n {2}recsample lint first\.ratio\.yaml --facts data\n/);
    assert.match(out, /\nCoarse ranking is left out\. It needs --data candidates=PATH\.\n$/);
    await succeed('lint', 'first.ratio.yaml', '--facts', 'data', '--fail-on', 'warning');
    await succeed('preview', 'first.ratio.yaml', '--stage', 'recall');
    for (const stage of ['recall', 'fine_ranking'])
      for (const split of ['train', 'eval']) {
        const sample = `${stage}.${split}.parquet`;
        await succeed('sample', 'first.ratio.yaml', '--stage', stage, '--split', split, '--out', sample);
        await succeed('audit', sample, '--config', 'first.ratio.yaml', '--fail-on', 'warning');
      }
  });

  test('its next steps write to the folder out, audit that file, and still lint clean', async () => {
    const out = await succeed('init', 'log', '--out', 'configs/next.ratio.yaml');
    const steps = [...out.matchAll(/^ {2}recsample (.*)$/gm)].map(([, step = '']) => step.split(' '));
    assert.deepEqual(
      steps.map(([command]) => command),
      ['lint', 'preview', 'sample', 'audit'],
    );
    for (const step of steps) await succeed(...step);
    assert.ok(existsSync(join(directory, 'out/next.recall.parquet')));
    await succeed('sample', 'configs/next.ratio.yaml', '--stage', 'fine_ranking');
    await succeed('lint', 'configs/next.ratio.yaml', '--facts', 'data', '--fail-on', 'warning');
  });

  test('the long form of the items and the users of the log draws the same rows, and ends the finding', async () => {
    const short = await succeed('init', 'log', '--stage', 'recall');
    const long = short.replace(
      '\nevents:',
      '\n  items: {from: impressions, created: first_seen}\n  users: {from: impressions}\nevents:',
    );
    writeFileSync(join(directory, 'short.ratio.yaml'), short);
    writeFileSync(join(directory, 'long.ratio.yaml'), long);
    for (const split of ['train', 'eval']) {
      for (const name of ['short', 'long'])
        await succeed('sample', `${name}.ratio.yaml`, '--stage', 'recall', '--split', split, '--out', `${name}.csv`);
      assert.deepEqual(readFileSync(join(directory, 'long.csv')), readFileSync(join(directory, 'short.csv')));
    }
    assert.match(await succeed('lint', 'short.ratio.yaml', '--facts', 'data'), /config\/items-of-log/);
    assert.match(await succeed('lint', 'long.ratio.yaml', '--facts', 'data'), /no findings/);
    await succeed('audit', 'long.csv', '--config', 'long.ratio.yaml', '--fail-on', 'warning');
  });

  test('a list of items may repeat their ids; two rows with other attributes are an error', async () => {
    const ids = Array.from({ length: 90 }, (_, k) => `v${k + 1}`);
    writeFileSync(join(directory, 'once.csv'), `vid,city\n${ids.map((id) => `${id},a`).join('\n')}\n`);
    writeFileSync(join(directory, 'twice.csv'), `vid,city\n${ids.map((id) => `${id},a\n${id},b`).join('\n')}\n`);
    const config = await succeed('init', 'log', '--stage', 'recall');
    const sample = async (items: string, columns: string, out: string): Promise<Outcome> => {
      const table = `\n  items: {path: ${items}.csv, columns: {${columns}}}\nevents:`;
      writeFileSync(join(directory, 'list.ratio.yaml'), config.replace('\nevents:', table));
      return await run('sample', 'list.ratio.yaml', '--stage', 'recall', '--out', out);
    };
    assert.equal((await sample('once', 'item: vid', 'once.sample.csv')).code, 0);
    const twice = await sample('twice', 'item: vid', 'twice.sample.csv');
    assert.equal(twice.code, 0);
    assert.match(twice.err + twice.out, /Repeated rows of items of the corpus, left out: 90/);
    assert.deepEqual(
      readFileSync(join(directory, 'twice.sample.csv')),
      readFileSync(join(directory, 'once.sample.csv')),
    );
    await succeed('lint', 'list.ratio.yaml', '--facts', 'data', '--fail-on', 'warning');
    await succeed('audit', 'twice.sample.csv', '--config', 'list.ratio.yaml', '--fail-on', 'warning');
    const { code, err } = await sample('twice', 'item: vid, attributes: [city]', 'never.csv');
    assert.equal(code, 2);
    assert.match(err, /twice\.csv: The corpus has 2 rows of the item v1\./);
  });

  test('without requests, exposures are those of the user, and the time has its unit', async () => {
    const text = await succeed('init', 'log', '--stage', 'recall');
    assert.match(text, /exposed_unclicked: \{share: 0\.3, scope: user, mature_after: 30m\}/);
    assert.match(text, /columns: \{user: uid, item: vid, time: \{column: ts, unit: s\}\}/);
    assert.doesNotMatch(text, /items:|coarse_ranking:|fine_ranking:/);
  });

  test('integer ids of a text file stay text, and the config says how to write them as integers', async () => {
    mkdirSync(join(directory, 'numbers'));
    const rows = Array.from(
      { length: 600 },
      (_, k) => `${1000 + (k % 20)},${70 + (k % 90)},${1795132800 + k * 360},${k % 5 === 0 ? 1 : 0}`,
    );
    writeFileSync(join(directory, 'numbers', 'log.csv'), `uid,vid,ts,is_click\n${rows.join('\n')}\n`);
    const text = await succeed('init', 'numbers', '--stage', 'fine_ranking', '--out', 'numbers.ratio.yaml');
    assert.match(text, /^Written/);
    const config = readFileSync(join(directory, 'numbers.ratio.yaml'), 'utf8');
    assert.match(config, /# .*Ids of text files stay text; for integers, write \{column: uid, type: int64\}\n/);
    const typed = config
      .replace('user: uid', 'user: {column: uid, type: int64}')
      .replace('item: vid', 'item: {column: vid, type: int64}');
    writeFileSync(join(directory, 'typed.ratio.yaml'), typed);
    await succeed('lint', 'typed.ratio.yaml', '--facts', 'data', '--fail-on', 'warning');
    for (const [name, type] of [
      ['numbers', 'string'],
      ['typed', 'int64'],
    ] as const) {
      await succeed('sample', `${name}.ratio.yaml`, '--stage', 'fine_ranking', '--out', `${name}.parquet`);
      const shown = JSON.parse(await succeed('inspect', `${name}.parquet`, '--format', 'json')) as {
        columns: { name: string; type: string }[];
      };
      assert.deepEqual(
        shown.columns.slice(0, 2).map(({ name: column, type: own }) => [column, own]),
        [
          ['uid', type],
          ['vid', type],
        ],
      );
    }
  });

  const forms: readonly (readonly [what: string, label: string, no: string, yes: string, event: string])[] = [
    ['booleans of Python', 'is_click', 'False', 'True', 'click: is_click'],
    ['texts', 'is_click', 'n', 'y', 'click: {column: is_click, op: "=", value: "y"}'],
    ['only events', 'is_click', '', '1', 'click: {column: is_click, unknown: negative}'],
    ['ratings', 'rating', '2', '5', 'rating: {column: rating, op: ">=", value: 4}'],
  ];
  for (const [what, label, no, yes, event] of forms)
    test(`Unix seconds with a fraction, and ${what} as labels: the config says how they are read`, async () => {
      const dice = new Dice(what);
      const start = Date.UTC(2026, 10, 1) / 1000;
      const rows = Array.from({ length: 300 }, () =>
        [
          dice.whole(1, 9),
          dice.whole(1, 40),
          `${start + dice.whole(0, 400_000)}.25`,
          dice.chance(0.3) ? yes : no,
        ].join(),
      );
      writeFileSync(join(directory, 'form.csv'), `user_id,item_id,ts,${label}\n${rows.join('\n')}\n`);
      const text = await succeed('init', 'form.csv', '--stage', 'recall', '--role', `${label}=label`);
      assert.ok(text.includes(`\n  ${event}`), text);
      assert.match(text, /time: \{column: ts, unit: s\}/);
      assert.match(text, /eval: \{from: 2026-11-05, to: 2026-11-05\}/);
      writeFileSync(join(directory, 'form.ratio.yaml'), text);
      const out = await succeed('sample', 'form.ratio.yaml', '--stage', 'recall', '--out', `${label}.${yes}.parquet`);
      assert.match(out, /positives/);
      await succeed('lint', 'form.ratio.yaml', '--facts', 'data', '--fail-on', 'error');
    });

  /** Writes a log with these items, of two days, where every second row is a click. Its first config for recall. */
  async function configFor(name: string, items: readonly string[]): Promise<string> {
    const start = Date.UTC(2026, 10, 1) / 1000;
    const rows = items.map((item, k) => [k, item, start + (k * 172_000) / items.length, k % 2].join());
    writeFileSync(join(directory, `${name}.csv`), `uid,vid,ts,is_click\n${rows.join('\n')}\n`);
    await succeed('init', `${name}.csv`, '--stage', 'recall', '--out', `${name}.ratio.yaml`);
    return readFileSync(join(directory, `${name}.ratio.yaml`), 'utf8');
  }
  const twice = (items: number): readonly string[] =>
    Array.from({ length: 2 * items }, (_, k) => `v${Math.floor(k / 2)}`);

  test('a corpus of few items loses no positive in the first sample, and the config says why', async () => {
    const days = Array.from({ length: 10 }, () => twice(20)).flat();
    assert.match(
      await configFor('few', days),
      /\n {4}# downsample_hot: \{threshold: 1\.0e-3\} is left out: of 100 positives of 20 items, it would drop 84\n {4}# recsample-disable-next-line recall\/hot-positives\n {4}positives:\n/,
    );
    assert.doesNotMatch((await run('lint', 'few.ratio.yaml')).out, /hot-positives|unused-suppression/);
    const report = await succeed('sample', 'few.ratio.yaml', '--stage', 'recall', '--out', 'few.parquet');
    assert.match(report, /\b100 positives/);
    assert.doesNotMatch(report, /dropped by downsample_hot/);
  });

  test('a corpus of many items keeps downsample_hot, with the number of positives that it drops', async () => {
    const hot = Array.from({ length: 80 }, () => 'v0');
    assert.match(
      await configFor('many', [...twice(1000), ...hot, ...twice(1040)]),
      /\n {6}downsample_hot: \{threshold: 1\.0e-3\} +# drops about 34 of 1045 positives \(popular items: 1 of 1000\)\n/,
    );
    assert.match(await configFor('flat', twice(1000)), /of (\d+) positives of \1 items, it would drop 0\n/);
  });

  test('a role that no name tells is asked for, with the columns', async () => {
    const { code, err } = await run('init', 'log', '--role', 'vid=');
    assert.equal(code, 2);
    // The columns without a role come first.
    assert.match(
      err,
      /No column was recognised as item\. Name it: --role COLUMN=item\. The columns are vid, scene, uid/,
    );
    const several = await run('init', 'log', '--role', 'vid=', '--role', 'is_click=');
    assert.match(several.err, /recognised as item, label\. Name it: --role COLUMN=item --role COLUMN=label\. The/);
    assert.match(await succeed('init', 'log', '--role', 'scene=item'), /item: scene/);
  });

  test('a role is given to a column of any data set', async () => {
    writeFileSync(join(directory, 'funnel.csv'), 'ask,vid,reached\nr1,v1,recall\nr1,v2,shown\n');
    const candidates = ['init', 'log', '--data', 'candidates=funnel.csv'];
    assert.match((await run(...candidates)).err, /funnel\.csv: No column was recognised as request\. Name it: --role/);
    assert.match(
      await succeed(...candidates, '--role', 'ask=request'),
      /\{item: vid, request: ask, reached: reached\}/,
    );
  });

  test('what the data are not enough for is refused, and an existing config is kept', async () => {
    assert.match((await run('init', 'log', '--stage', 'coarse_ranking')).err, /needs the candidates of each request/);
    assert.match((await run('init', 'log', '--stage', 'ranking')).err, /ranking is not a stage/);
    assert.match((await run('init', 'nowhere')).err, /nowhere/);
    // The log is the argument.
    assert.match((await run('init', 'log', '--data', 'impressions=log')).err, /one of the names items, users/);
    writeFileSync(join(directory, 'mine.ratio.yaml'), 'version: 1\n');
    assert.match((await run('init', 'log', '--out', 'mine.ratio.yaml')).err, /already exists/);
    assert.equal(readFileSync(join(directory, 'mine.ratio.yaml'), 'utf8'), 'version: 1\n');
  });
});
