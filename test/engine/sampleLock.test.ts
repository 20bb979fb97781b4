import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Ajv } from 'ajv';
import { Rows } from '../../src/core/sampling/kernel/rows.ts';
import { lockText } from '../../src/core/sampling/lock/lockText.ts';
import { QTally } from '../../src/core/sampling/lock/qTally.ts';
import { readLock } from '../../src/core/sampling/lock/readLock.ts';
import type { SampleLock } from '../../src/core/sampling/lock/sampleLock.ts';
import { stages } from '../../src/core/schema/stage.ts';
import { digestFile, digestOf, digestSets } from '../../src/engine/digest/digestFiles.ts';
import { Target } from '../../src/engine/sampling/write/target.ts';
import {
  outputRoles,
  type OutputRole,
  type SampleFormat,
  type SampleOutput,
  type SampleRequest,
} from '../../src/protocol/sampling.ts';
import { engine, failureCode, failureOf, folder, parquet } from './fixture.ts';
import { demo, writeDemoBefore } from './lintDemo.ts';
import { requestOf } from './samplingCase.ts';

writeDemoBefore();

const names = Object.fromEntries(outputRoles.map((role) => [role, role])) as Record<OutputRole, string>;
const config = (stage: string): string =>
  readFileSync(join(demo, 'configs', `${stage}.ratio.yaml`), 'utf8')
    .replaceAll('../data', 'data')
    .replaceAll('../out', 'out');
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

const isLock = new Ajv({ allErrors: true }).compile(
  JSON.parse(readFileSync(new URL('../../media/schemas/lock.schema.json', import.meta.url), 'utf8')) as object,
);

function output(path: string, root = demo, format: SampleFormat = 'parquet'): SampleOutput {
  const origin = {
    generator: 'recsample 1.2.3',
    config: { path: 'case.ratio.yaml', sha256: sha256('config'), variables: { dt: '2026-11-20' } },
    folder: root,
  };
  return { layout: 'long', names, passThrough: [], within: null, facts: {}, origin, path, format };
}
function place(): string {
  mkdirSync(join(folder, 'locked'), { recursive: true });
  return mkdtempSync(join(folder, 'locked', 'x'));
}
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
    const at = rows.drawn(k, k % 2, Uint32Array.of(k), 1);
    rows.logQ[at] = q;
    rows.logQMix[at] = k % 10 === 0 ? NaN : q / 2;
  });
  rows.positive(0, 1, 0, 1, NaN, -0.25);
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
    assert.equal(lock.data.items?.files[0]?.sha256, sha256(readFileSync(join(demo, 'data/items.parquet'))));
    assert.deepEqual(
      [lock.data.items.path, lock.data.impressions?.path, lock.data.impressions?.files[0]?.path],
      ['data/items.parquet', 'data/impressions/dt=*/*.parquet', 'dt=2026-11-17/part-0.parquet'],
    );
    assert.equal(lock.plan.settings['popularity.exponent'], '0.75');
    assert.equal(lock.plan.settings['events.long_play'], 'play_time >= 7');
    const popularity = lock.entries.find(({ name }) => name === 'popularity');
    assert.deepEqual(
      [popularity?.asked, popularity?.drawn, popularity?.shortfalls, popularity?.logQ?.rows],
      [260, 256, { attempts: 0, list: 0, pool: 4 }, 256],
    );
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
      other.lock.data.impressions?.files.map(({ path }) => path),
      ['0.parquet', '1.parquet'],
    );
    assert.deepEqual(
      other.lock.data.rejections?.files.map(({ path, sha256: digest }) => [path, digest]),
      [['rejections.csv.gz', sha256(readFileSync(join(root, 'data/rejections.csv.gz')))]],
    );
    assert.equal(other.lock.data.items?.sha256, one.lock.data.items?.sha256);
  });

  test('the lock lists the chosen users', async () => {
    const { lock } = await written(await requestOf(demo, 'recall', config('recall')), {
      users: ['nobody', '7203685477570815477', 'nobody'],
    });
    assert.deepEqual([lock.users, lock.counts.users], [['7203685477570815477', 'nobody'], 1]);
  });
});

describe('the pair of a sample file and its lock', () => {
  const kept = { 'recall.parquet': 'old file', 'recall.parquet.recsample.json': 'old lock' };
  function pair(): string {
    const where = place();
    for (const [name, text] of Object.entries(kept)) writeFileSync(join(where, name), text);
    return where;
  }
  const stands = (where: string): Record<string, string> =>
    Object.fromEntries(
      readdirSync(where)
        .sort()
        .map((name) => [name, readFileSync(join(where, name), 'utf8')]),
    );

  test('the pair is kept if drawing fails or is cancelled, even late', async () => {
    const failing = await requestOf(
      demo,
      'recall',
      config('recall').replace('on_shortfall: keep', 'on_shortfall: fail'),
    );
    const where = pair();
    await failureOf(engine.call('sample', { ...failing, users: null, output: output(join(where, 'recall.parquet')) }));
    assert.deepEqual(stands(where), kept);
    const request = await requestOf(demo, 'recall', config('recall'));
    for (const step of ['Drawing', 'Writing the file', 'Computing digests of the files']) {
      const abort = new AbortController();
      const progress = ({ message }: { readonly message: { readonly text: string } }): void => {
        if (message.text === step) abort.abort();
      };
      const ended = await engine
        .call(
          'sample',
          { ...request, users: null, output: output(join(where, 'recall.parquet')) },
          { signal: abort.signal, progress },
        )
        .then(
          () => 'done',
          () => 'cancelled',
        );
      // A short step may end before its progress is reported.
      assert.equal(ended, abort.signal.aborted ? 'cancelled' : 'done', step);
      if (step === 'Drawing') assert.equal(ended, 'cancelled');
      if (ended === 'cancelled') assert.deepEqual(stands(where), kept, step);
      for (const [name, text] of Object.entries(kept)) writeFileSync(join(where, name), text);
    }
  });

  test('a sample without a lock takes the old lock away with the old file', async () => {
    const where = pair();
    const { origin: _origin, ...plain } = output(join(where, 'recall.parquet'));
    await engine.call('sample', { ...(await requestOf(demo, 'recall', config('recall'))), users: null, output: plain });
    assert.deepEqual(readdirSync(where), ['recall.parquet']);
    assert.notEqual(readFileSync(join(where, 'recall.parquet'), 'utf8'), 'old file');
  });

  test('a folder at the path of the lock is refused before drawing', async () => {
    const where = place();
    const path = join(where, 'recall.parquet');
    mkdirSync(`${path}.recsample.json`);
    const failure = await failureOf(
      engine.call('sample', {
        ...(await requestOf(demo, 'recall', config('recall'))),
        users: null,
        output: output(path),
      }),
    );
    assert.deepEqual(
      [failure.message.text, failure.place?.path],
      ['This is a folder, not a file', `${path}.recsample.json`],
    );
    assert.deepEqual(readdirSync(where), ['recall.parquet.recsample.json']);
  });

  test('where the file cannot take its place, the old lock comes back', async () => {
    const where = pair();
    const path = join(where, 'recall.parquet');
    const target = await Target.open(path, null, ['recall.parquet.recsample.json'], {});
    writeFileSync(target.file, 'new file');
    writeFileSync(`${target.file}.recsample.json`, 'new lock');
    // Meanwhile something was created that a file cannot replace by rename.
    renameSync(path, join(where, 'away'));
    mkdirSync(join(path, 'in the way'), { recursive: true });
    await assert.rejects(target.publish());
    await target.discard();
    assert.equal(readFileSync(`${path}.recsample.json`, 'utf8'), 'old lock');
    assert.ok(existsSync(join(path, 'in the way')));
    assert.deepEqual(readdirSync(where).sort(), ['away', 'recall.parquet', 'recall.parquet.recsample.json']);
  });

  test('a folder that comes in the place of the lock while it is drawn stays, and so does the old file', async () => {
    const where = pair();
    const path = join(where, 'recall.parquet');
    const target = await Target.open(path, null, ['recall.parquet.recsample.json'], {});
    writeFileSync(target.file, 'new file');
    writeFileSync(`${target.file}.recsample.json`, 'new lock');
    rmSync(`${path}.recsample.json`);
    mkdirSync(join(`${path}.recsample.json`, 'of somebody'), { recursive: true });
    assert.equal((await failureOf(target.publish())).message.text, 'This is a folder, not a file');
    await target.discard();
    assert.equal(readFileSync(path, 'utf8'), 'old file');
    assert.ok(existsSync(join(`${path}.recsample.json`, 'of somebody')));
  });

  test('a lock file does not count as data of its folder', async () => {
    const where = place();
    const path = join(where, 'recall.parquet');
    await engine.call('sample', {
      ...(await requestOf(demo, 'recall', config('recall'))),
      users: null,
      output: output(path),
    });
    const { files, notices } = await engine.call('open', { ref: { id: where, path: where } });
    assert.deepEqual([files, notices], [1, []]);
    await engine.call('close', { id: where });
  });
});
