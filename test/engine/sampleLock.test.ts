import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Ajv } from 'ajv';
import { Rows } from '../../src/core/sampling/kernel/rows.ts';
import { lockText, readLock } from '../../src/core/sampling/lock/lockFile.ts';
import { QTally } from '../../src/core/sampling/lock/qTally.ts';
import type { SampleLock } from '../../src/core/sampling/lock/sampleLock.ts';
import { stages } from '../../src/core/schema/stage.ts';
import { digestFile, digestOf, digestSets } from '../../src/engine/files/digestFiles.ts';
import type { SampleFormat, SampleRequest } from '../../src/protocol/sampling.ts';
import { engine, failureCode, folder, parquet } from './fixture.ts';
import { demo, demoConfig as config, writeDemoBefore } from './lintDemo.ts';
import { output, place, sha256 } from './sampleLockCase.ts';
import { requestOf } from './samplingCase.ts';
import { heavyUser } from '../fixtures/demoUsers.ts';

writeDemoBefore();

const isLock = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(new URL('../../media/schemas/lock.schema.json', import.meta.url), 'utf8')) as object,
);

interface Written {
  readonly file: Buffer;
  readonly text: string;
  readonly lock: SampleLock;
}
async function written(
  request: Omit<SampleRequest, 'users' | 'output'>,
  {
    users = null,
    root = demo,
    format = 'parquet',
  }: { readonly users?: readonly string[] | null; readonly root?: string; readonly format?: SampleFormat } = {},
): Promise<Written> {
  const path = join(place(), `sample.${format}`);
  await engine.call('sample', { ...request, users, output: output(path, root, format) });
  const text = readFileSync(`${path}.recsample.json`, 'utf8');
  return { file: readFileSync(path), text, lock: readLock(text, path) };
}
/** A lock without its data and plan. */
function withoutData({ data: _data, plan: _plan, ...lock }: SampleLock): unknown {
  return lock;
}

describe('digests of files', () => {
  test('the digest of a data set hashes its sha256sum lines, sorted by path bytes', async () => {
    const root = place();
    // Sorting by UTF-16 code units would swap the last two.
    const paths = ['dt=1/b.csv', 'dt=1/a.csv', 'a.csv', '\u{1F600}.csv', '\uFF21.csv'];
    mkdirSync(join(root, 'dt=1'));
    for (const path of paths) writeFileSync(join(root, path), `content of ${path}`);
    const files = paths.map((path) => ({
      path,
      realPath: join(root, path),
      bytes: Buffer.byteLength(`content of ${path}`),
    }));
    const found = (await digestSets([{ name: 'impressions', files }], {})).get('impressions');
    const lines = ['a.csv', 'dt=1/a.csv', 'dt=1/b.csv', '\uFF21.csv', '\u{1F600}.csv']
      .map((path) => `${sha256(`content of ${path}`)}  ${path}\n`)
      .join('');
    assert.equal(found?.sha256, sha256(lines));
    assert.equal(
      found.bytes,
      files.reduce((sum, { bytes }) => sum + bytes, 0),
    );
    assert.deepEqual(digestOf([...found.files].reverse()), found);
  });

  test('a large file is hashed to its end, with progress, and can be cancelled', async () => {
    const path = join(place(), 'large.bin');
    const content = Buffer.alloc(5_000_000, 'recsample');
    writeFileSync(path, content);
    const told: number[] = [];
    const work = {
      progress: ({ fraction }: { readonly fraction: number | null }) => {
        told.push(fraction ?? -1);
      },
    };
    assert.equal(
      (await digestSets([{ name: 'items', files: [{ path, realPath: path, bytes: content.length }] }], work)).get(
        'items',
      )?.files[0]?.sha256,
      sha256(content),
    );
    assert.deepEqual(
      [told.length > 1, told.at(-1), told.every((fraction, k) => k === 0 || fraction > (told[k - 1] ?? 0))],
      [true, 1, true],
    );
    assert.equal(await failureCode(digestFile(path, { signal: AbortSignal.abort() })), 'cancelled');
  });

  test('a file that grew or disappeared since it was found is reported', async () => {
    const path = join(place(), 'grown.csv');
    writeFileSync(path, 'a\n1\n');
    const sets = (realPath: string, bytes: number): Parameters<typeof digestSets>[0] => [
      { name: 'items', files: [{ path, realPath, bytes }] },
    ];
    assert.equal(await failureCode(digestSets(sets(path, 3), {})), 'changed');
    assert.equal(await failureCode(digestSets(sets(`${path}.gone`, 3), {})), 'not-found');
  });
});

test('figures of q do not depend on how the rows are divided', () => {
  const rows = new Rows(2);
  const values = Array.from({ length: 1000 }, (_, k) => -((k * 7919) % 1000) / 97 - 1e-7 * k);
  values.forEach((q, k) => {
    const at = rows.addDraws(k, k % 2, Uint32Array.of(k), 1);
    rows.logQ[at] = q;
    rows.logQMix[at] = k % 10 === 0 ? NaN : q / 2;
  });
  rows.addPositive(0, 1, 0, 1, NaN, -0.25);
  const figures = (parts: readonly (readonly [number, number])[]): unknown => {
    const tally = new QTally(2);
    for (const [from, to] of parts) {
      const cut = {
        label: rows.label.subarray(from, to),
        entry: rows.entry.subarray(from, to),
        logQ: rows.logQ.subarray(from, to),
        logQMix: rows.logQMix.subarray(from, to),
      };
      tally.add({ ...cut, count: to - from });
    }
    return [tally.entry(0), tally.entry(1), tally.mix()];
  };
  const whole = figures([[0, 1001]]);
  assert.deepEqual(
    figures([
      [500, 1001],
      [0, 1],
      [1, 500],
    ]),
    whole,
  );
  const tally = new QTally(2);
  tally.add(rows);
  const own = values.filter((_, k) => k % 2 === 0);
  const first = tally.entry(0);
  assert.deepEqual(
    [first?.rows, first?.least, first?.bins.reduce((sum, [, count]) => sum + count, 0)],
    [500, Math.round(Math.min(...own) * 1e6) / 1e6, 500],
  );
  assert.ok(Math.abs((first?.mean ?? 0) - own.reduce((sum, q) => sum + q, 0) / 500) < 1e-6);
  assert.deepEqual(
    [tally.mix().positives, tally.mix().negatives?.rows],
    [{ rows: 1, mean: -0.25, least: -0.25, greatest: -0.25, bins: [[0, 1]] }, 900],
  );
  assert.equal(new QTally(1).entry(0), null);
});

describe('the lock file', () => {
  test('equal runs have equal locks, byte for byte, whatever the blocks and the threads', async () => {
    for (const stage of stages) {
      const request = await requestOf(demo, stage, config(stage));
      const one = await written({ ...request, threads: 1 });
      for (const other of [
        await written({ ...request, threads: 1, blockRows: 50 }),
        await written({ ...request, threads: 3, blockRows: 70 }),
      ])
        assert.deepEqual([other.text, other.file.equals(one.file)], [one.text, true], stage);
      assert.equal(lockText(one.lock), one.text);
      assert.ok(isLock(JSON.parse(one.text)), JSON.stringify(isLock.errors));
      assert.doesNotMatch(one.text, new RegExp(folder));
    }
  });

  test('the lock lists the file, the data, the counts, the shortfalls and q', async () => {
    const { file, lock } = await written(await requestOf(demo, 'recall', config('recall')));
    assert.deepEqual(
      [lock.output.bytes, lock.output.sha256, lock.stage, lock.seed, lock.users, lock.config.variables],
      [file.length, sha256(file), 'recall', 'demo', 'all', { dt: '2026-11-20' }],
    );
    assert.deepEqual(Object.keys(lock.data), ['impressions', 'items', 'users', 'rejections']);
    assert.equal(lock.data.items?.files?.[0]?.sha256, sha256(readFileSync(join(demo, 'data/items.parquet'))));
    assert.deepEqual(
      [lock.data.items.path, lock.data.impressions?.path, lock.data.impressions?.files?.[0]?.path],
      ['data/items.parquet', 'data/impressions/dt=*/*.parquet', 'dt=2026-11-17/part-0.parquet'],
    );
    assert.equal(lock.plan.settings['popularity.exponent'], '0.75');
    assert.equal(lock.plan.settings['events.long_play'], 'play_time >= 7');
    const shown = Object.fromEntries(
      lock.entries.map(({ name, asked, drawn, shortfalls, logQ }) => [name, [asked, drawn, shortfalls, logQ?.rows]]),
    );
    assert.deepEqual(shown['popularity'], [304, 214, { attempts: 0, list: 0, pool: 90 }, 214]);
    assert.deepEqual(shown['exposed_unclicked'], [228, 217, { attempts: 0, list: 11, pool: 0 }, 217]);
    assert.equal(lock.counts.positives + lock.counts.negatives, lock.output.rows);
    assert.equal(
      (lock.logQMix.positives?.rows ?? 0) + (lock.logQMix.negatives?.rows ?? 0) + lock.counts.unreached,
      lock.output.rows,
    );
  });

  test('a Parquet file contains the digests of its data and its shortfalls', async () => {
    const path = join(place(), 'sample.parquet');
    await engine.call('sample', {
      ...(await requestOf(demo, 'recall', config('recall'))),
      users: null,
      output: output(path),
    });
    const lock = readLock(readFileSync(`${path}.recsample.json`, 'utf8'), path);
    const facts = await engine.call('facts', { ref: { id: path, path } });
    const kept = new Map(facts.parquet?.keyValues.list.map(({ key, value }) => [key, value]));
    for (const [name, { sha256: digest }] of Object.entries(lock.data))
      assert.equal(kept.get(`recsample.data.${name}_sha256`), digest);
    assert.deepEqual(
      JSON.parse(kept.get('recsample.shortfalls') ?? ''),
      lock.entries
        .filter(({ shortGroups }) => shortGroups > 0)
        .map(({ name, shortfalls }) => ({ name, ...shortfalls })),
    );
    await engine.call('close', { id: path });
  });

  test('the same rows in other files, another order or another format differ in the digests of the data alone', async () => {
    // A Parquet file contains the digests of its own data.
    const one = await written(await requestOf(demo, 'recall', config('recall')), { format: 'csv' });
    const root = join(folder, 'repacked');
    cpSync(demo, root, { recursive: true });
    rmSync(join(root, 'data/impressions'), { recursive: true });
    mkdirSync(join(root, 'data/impressions'));
    const log = `read_parquet('${demo}/data/impressions/*/*.parquet', hive_partitioning = true)`;
    for (const part of [0, 1])
      await parquet(
        `repacked/data/impressions/${part}.parquet`,
        `SELECT * EXCLUDE (dt) FROM ${log} WHERE item_id % 2 = ${part} ORDER BY hash(item_id, ts)`,
      );
    const text = config('recall')
      .replace('data/impressions/dt=*/*.parquet', 'data/impressions')
      .replace(
        'data/rejections.parquet\n    columns: {user: user_id, item: item_id, time: ts}',
        'data/rejections.csv.gz\n    columns: {user: {column: user_id, type: int64}, item: {column: item_id, type: int64}, time: ts}',
      );
    writeFileSync(join(root, 'data/rejections.csv.gz'), gzipSync(readFileSync(join(root, 'data/rejections.csv'))));
    const other = await written(await requestOf(root, 'recall', text), { root, format: 'csv' });
    assert.ok(other.file.equals(one.file));
    assert.deepEqual(withoutData(other.lock), withoutData(one.lock));
    assert.notEqual(other.lock.data.impressions?.sha256, one.lock.data.impressions?.sha256);
    assert.deepEqual(
      other.lock.data.impressions?.files?.map(({ path }) => path),
      ['0.parquet', '1.parquet'],
    );
    assert.deepEqual(
      other.lock.data.rejections?.files?.map(({ path, sha256: digest }) => [path, digest]),
      [['rejections.csv.gz', sha256(readFileSync(join(root, 'data/rejections.csv.gz')))]],
    );
    assert.equal(other.lock.data.items?.sha256, one.lock.data.items?.sha256);
  });

  test('the lock lists the chosen users', async () => {
    const { lock } = await written(await requestOf(demo, 'recall', config('recall')), {
      users: ['nobody', heavyUser, 'nobody'],
    });
    assert.deepEqual([lock.users, lock.counts.users], [[heavyUser, 'nobody'], 1]);
  });
});
