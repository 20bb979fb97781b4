import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { createEngine } from '../../src/engine/process/engine.ts';
import { recsample } from './commandLine.ts';
import { memoryDatabase } from '../engine/memoryDatabase.ts';
import { valid } from './previewOutput.ts';

const directory = mkdtempSync(join(tmpdir(), 'recsample-labels-'));
after(() => rmSync(directory, { recursive: true, force: true }));

/** One user, one item a row: clicked, not clicked, unknown, on two days of train and one of eval. */
const log = [
  ['1', '2026-11-01T10:00:00', '1'],
  ['2', '2026-11-01T10:00:00', '0'],
  ['3', '2026-11-01T10:00:00', ''],
  ['4', '2026-11-02T10:00:00', ''],
  ['5', '2026-11-02T10:00:00', '1'],
  ['6', '2026-11-03T10:00:00', '1'],
  ['7', '2026-11-03T10:00:00', '0'],
  ['8', '2026-11-03T10:00:00', ''],
] as const;
const csv = (rows: readonly (readonly string[])[]): string =>
  ['uid,iid,ts,click', ...rows.map(([item, ts, click]) => `u1,${item},${ts},${click}`), ''].join('\n');

const recall =
  'recall: {unit: positive, positives: {events: {click: 1}}, negatives: {per_positive: {exposed_unclicked: {count: 9, scope: user}, global_random: 9}}}';

function config(name: string, { event = 'is_click', path = 'log.csv', stage = recall }): string {
  writeFileSync(
    join(directory, name),
    `version: 1
seed: 1
data:
  impressions: {path: ${path}, columns: {user: uid, item: {column: iid, type: int64}, time: ts}}
  items: {path: items.csv, columns: {item: {column: item, type: int64}}}
events: {click: ${event}}
window: {train: {from: 2026-11-01, to: 2026-11-02}, eval: {from: 2026-11-03, to: 2026-11-03}}
stages:
  ${stage}
`,
  );
  return name;
}

async function run(args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  const { code, out, err } = await recsample(
    args,
    {},
    {
      directory,
      terminal: { width: 140, colour: false },
      createEngine: () => Promise.resolve(createEngine({ threads: 1 })),
    },
  );
  return { code, out: out + err };
}

const fine =
  'fine_ranking: {unit: impression, positives: {events: {click: 1}}, negatives: {mix: {exposed_unclicked: 1}}}';
const negative = '{column: click, unknown: negative}';
const database = memoryDatabase();

/** The rows of a sample: item and label, and for drawn rows the entry. */
async function sampled(name: string, given: Parameters<typeof config>[1], more: readonly string[] = []) {
  const { code, out } = await run(['sample', config(`${name}.ratio.yaml`, given), '--out', `${name}.parquet`, ...more]);
  assert.equal(code, 0, out);
  const reader = await database().runAndReadAll(
    `SELECT DISTINCT iid, label, entry FROM '${join(directory, `${name}.parquet`)}' ORDER BY ALL`,
  );
  const lock = JSON.parse(readFileSync(join(directory, `${name}.parquet.recsample.json`), 'utf8')) as {
    readonly unknown_counts?: Readonly<Record<string, number>>;
  };
  return { out, rows: reader.getRows().map((row) => row.map(String).join(' ')), unknown: lock.unknown_counts };
}

suite('labels that are missing, or neither 0 nor 1', () => {
  before(() => {
    writeFileSync(join(directory, 'log.csv'), csv(log));
    writeFileSync(
      join(directory, 'items.csv'),
      ['item', ...Array.from({ length: 12 }, (_, k) => k + 1), ''].join('\n'),
    );
  });

  test('an impression without a label is neither a positive nor a negative, in train and eval', async () => {
    const train = await sampled('train', { event: 'click', stage: fine });
    assert.deepEqual(train.rows, ['1 1 null', '2 0 exposed_unclicked', '5 1 null']);
    assert.match(train.out, /dropped because click is unknown: 2 \(2026-11-01: 1, 2026-11-02: 1\)/);
    assert.deepEqual(train.unknown, { 'click.2026-11-01': 1, 'click.2026-11-02': 1 });
    const evaluated = await sampled('eval', { event: 'click', stage: fine }, ['--split', 'eval']);
    assert.deepEqual(evaluated.rows, ['6 1 null', '7 0 exposed_unclicked']);
    assert.deepEqual(evaluated.unknown, { 'click.2026-11-03': 1 });
  });

  test('its item is drawn neither as an exposure nor at random, unless the config says that nothing happened', async () => {
    const dropped = await sampled('recall', { event: 'click' });
    assert.deepEqual(
      dropped.rows.filter((row) => /^[34] /.test(row)),
      [],
    );
    assert.ok(dropped.rows.includes('2 0 exposed_unclicked'));
    // The exposures of a day have the time of its positive.
    const stage = recall.replace('scope: user', 'scope: user, before: false');
    const counted = await sampled('counted', { event: negative, stage });
    assert.ok(counted.rows.includes('3 0 exposed_unclicked') && counted.rows.includes('4 0 exposed_unclicked'));
    assert.equal(counted.unknown, undefined);
  });

  test('the preview has the counts in its text and its JSON', async () => {
    const name = config('preview.ratio.yaml', { event: 'click' });
    assert.match((await run(['preview', name, '--users', 'u1'])).out, /dropped because click is unknown: 2/);
    const { out } = await run(['preview', name, '--users', 'u1', '--format', 'json']);
    assert.deepEqual((valid('preview', out) as { unknown?: unknown }).unknown, [
      { event: 'click', day: '2026-11-01', impressions: 1 },
      { event: 'click', day: '2026-11-02', impressions: 1 },
    ]);
  });

  test('lint counts unknown labels, and finds values of every format', async () => {
    const missing = await run(['lint', config('missing.ratio.yaml', { event: 'click' }), '--facts', 'data']);
    assert.match(missing.out, /3 of 8 rows have no value that decides click.*schema\/label-domain/s);
    const fromZero = await run(['lint', config('fine.ratio.yaml', { event: negative }), '--facts', 'data']);
    assert.doesNotMatch(fromZero.out, /schema\/label-domain/);
    // Neither a flag nor an unknown row: there is nothing to count.
    const event = '{column: click, op: "=", value: 1, unknown: negative}';
    const condition = await run(['lint', config('condition.ratio.yaml', { event }), '--facts', 'data']);
    assert.doesNotMatch(condition.out, /schema\/label-domain/);
    const connection = database();
    for (const [kind, values] of [
      ['ratings', ['1', '5', '3', '2', '4', '1', '2', '3']],
      ['signs', ['1', '-1', '-1', '1', '1', '-1', '1', '-1']],
    ] as const)
      for (const format of ['csv', 'jsonl', 'parquet', 'arrow'] as const) {
        const path = join(directory, `${kind}.${format}`);
        const rows = log.map(([item, ts], k) => [item, ts, values[k] ?? ''] as const);
        if (format === 'csv') writeFileSync(path, csv(rows));
        else if (format === 'jsonl')
          writeFileSync(
            path,
            rows
              .map(
                ([iid, ts, click]) => `${JSON.stringify({ uid: 'u1', iid: Number(iid), ts, click: Number(click) })}\n`,
              )
              .join(''),
          );
        else if (format === 'parquet')
          await connection.run(
            `COPY (SELECT * FROM '${join(directory, `${kind}.csv`)}') TO '${path}' (FORMAT parquet)`,
          );
        else assert.equal((await run(['inspect', `${kind}.parquet`, '--export', `${kind}.arrow`])).code, 0);
        const name = config(`${kind}.${format}.ratio.yaml`, { event: 'click', path: `${kind}.${format}` });
        const { code, out } = await run(['lint', name, '--facts', 'data']);
        assert.match(out, /click has values from -?1 to [15]; it must contain only 0 and 1/, `${kind}.${format}`);
        assert.equal(code, 1);
        const drawn = await run(['sample', name, '--out', `${kind}.out.parquet`]);
        assert.match(drawn.out, /Rows in which click is neither 0 nor 1, counted as the event: [0-9]/);
      }
  });
});
