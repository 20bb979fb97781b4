import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sequencesOf } from '../../src/core/data/sequences.ts';
import { render } from '../../src/core/message/message.ts';
import { machineCapacity, type CapacityProbe } from '../../src/engine/files/capacityProbe.ts';
import type { Failure } from '../../src/core/message/failure.ts';
import type { SampleOutput } from '../../src/protocol/sampling.ts';
import { drawFailure } from '../../src/engine/write/drawFailure.ts';
import { engine, failureOf, folder, parquet } from './fixture.ts';
import {
  config,
  items,
  log,
  outputTo,
  place,
  requestOfSmallLog,
  withEngine,
  type Asked,
} from './sampleWithstandCase.ts';
import { requestOf, writeWorld } from './samplingCase.ts';
import { withConnection } from './testDatabase.ts';

let request: Asked;
/** About 120 MB as a table. */
let large: Asked;

before(async () => {
  request = await requestOfSmallLog();
  const world = await writeWorld('large', { items });
  // A row group is read completely; large ones alone would fill such a small memory.
  await parquet('large/data/log.parquet', log(500_000, 20), 'COMPRESSION zstd, ROW_GROUP_SIZE 8192');
  large = await requestOf(world, 'recall', config);
});

/** The failure of an engine with this much memory. */
async function refused(
  room: Partial<{ readonly free: number; readonly memory: number }>,
  asked: Asked = request,
  output: Partial<SampleOutput> = {},
): Promise<Failure> {
  const { path, unchanged } = place();
  const probe: CapacityProbe = {
    disk: async () => Promise.resolve({ free: room.free ?? 1e12, device: 1 }),
    memory: () => room.memory ?? 1e12,
  };
  const seen: string[] = [];
  const failure = await withEngine(
    { capacity: probe },
    async (own) =>
      await failureOf(
        own.call(
          'sample',
          { ...asked, users: null, output: outputTo(path, output) },
          {
            progress: ({ message: { text } }) => {
              seen.push(text);
            },
          },
        ),
      ),
  );
  unchanged();
  assert.ok(!seen.includes('Drawing'), 'nothing was drawn');
  return failure;
}

describe('a sample that does not fit is refused before drawing', () => {
  test('too little disk space: the message has both sizes, the place and advice', async () => {
    const { code, message, place: at, advice } = await refused({ free: 100_000 });
    assert.equal(code, 'disk-full');
    assert.match(render(message), /^The file needs about \d+ kB, but this disk has only 100 kB left$/);
    assert.match(at?.path ?? '', /withstand-written/);
    assert.match(
      render(advice ?? message),
      /^Free some space, write to another disk, .* Use Spark on a cluster if the data does not fit on one machine\.$/,
    );
  });

  test('the lists of sequences count', async () => {
    const draft = { shown: { events: ['impressions'], length: 30 } };
    const sizeOf = (text: string): number => {
      const [, size, unit] = /needs about ([\d.]+) ([kM])B/.exec(text) ?? [];
      return Number(size) * (unit === 'M' ? 1000 : 1);
    };
    const [without = 0, withLists = 0] = await Promise.all(
      [undefined, sequencesOf({ output: { sequences: draft } })].map(async (sequences) =>
        sizeOf(render((await refused({ free: 1000 }, request, sequences && { sequences })).message)),
      ),
    );
    // Two columns of 25,000 rows with 2 bytes each, and 17.2 values in each list: with 1 byte in the first row of 5,000
    // requests, else with 0.2 bytes.
    assert.deepEqual([without, withLists], [600, 1010]);
  });

  test('too little memory is refused', async () => {
    const { code, message } = await refused({ memory: 1_000_000 });
    assert.equal(code, 'out-of-memory');
    assert.match(render(message), /^Drawing needs about [\d.]+ MB of memory, but only 1\.00 MB is free$/);
  });

  test('too little space for temporary files is refused before the logs are read', async () => {
    const { path, unchanged } = place();
    const seen: string[] = [];
    const probe: CapacityProbe = {
      disk: async (at) =>
        Promise.resolve(at.includes('withstand-temporary') ? { free: 1000, device: 1 } : { free: 1e12, device: 2 }),
      memory: () => null,
    };
    const failure = await withEngine(
      { capacity: probe, memoryBytes: 64e6 },
      async (own) =>
        await failureOf(
          own.call(
            'sample',
            { ...large, users: null, output: outputTo(path) },
            {
              progress: ({ message: { text } }) => {
                seen.push(text);
              },
            },
          ),
        ),
    );
    unchanged();
    assert.match(
      render(failure.message),
      /^The temporary files need about [\d.]+ [kM]B, but this disk has only 1\.00 kB left$/,
    );
    assert.match(failure.place?.path ?? '', /withstand-temporary/);
    assert.ok(!seen.includes('Drawing'));
  });
});

test('a user whose rows are too many is refused by name', async () => {
  const heavy = await writeWorld('heavy', {
    log: "SELECT 7 AS user_id, i % 500 AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (i) SECOND AS ts, i % 5 = 0 AS is_click FROM range(4000001) t(i)",
    items: 'SELECT i AS item_id FROM range(600) t(i)',
  });
  const asked = await requestOf(heavy, 'recall', config.replace(', request: request_id', ''));
  const { code, message, place: at } = await refused({}, asked);
  assert.deepEqual(
    [code, render(message), at?.path],
    [
      'out-of-memory',
      'User 7 has 4,000,001 rows, but at most 4,000,000 are kept in memory at a time',
      join(heavy, 'data/log.parquet'),
    ],
  );
});

/** Bytes of the files, below a folder, to which DuckDB moves what does not fit in memory. */
const spilledBytes = (below: string): number =>
  readdirSync(below, { recursive: true, withFileTypes: true })
    .filter(({ name }) => name.startsWith('duckdb_temp'))
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);

/** A disk of a few megabytes; null if it cannot be mounted. */
function smallDisk(name: string, size: string): string | null {
  const at = join(folder, name);
  mkdirSync(at);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', at], { stdio: 'ignore' });
    return at;
  } catch {
    return null;
  }
}
const plenty: CapacityProbe = { disk: async () => Promise.resolve(null), memory: () => null };

describe('a disk that is full', () => {
  const disks: string[] = [];
  after(() => {
    for (const disk of disks) execFileSync('umount', [disk]);
  });
  const disk = process.platform === 'linux' ? smallDisk('small-disk', '1m') : null;
  if (disk !== null) disks.push(disk);
  const mounted = { skip: disk === null ? 'no small disk can be mounted here' : false };

  test('a full target disk is reported before drawing, and when it fills up meanwhile', mounted, async () => {
    const path = join(disk ?? '', 'recall.csv');
    writeFileSync(path, 'as it was');
    const asked = { ...request, users: null, output: outputTo(path, { format: 'csv', passThrough: ['note'] }) };
    const known = await failureOf(engine.call('sample', asked));
    assert.match(render(known.message), /^The file needs about [\d.]+ MB, but this disk has only 1\.0\d MB left$/);
    const found = await withEngine({ capacity: plenty }, async (own) => await failureOf(own.call('sample', asked)));
    assert.deepEqual(
      [found.code, found.place?.path, found.message.text],
      ['disk-full', path, 'There is no space left on the disk'],
    );
    assert.equal(readFileSync(path, 'utf8'), 'as it was');
    assert.deepEqual(readdirSync(disk ?? ''), ['recall.csv']);
  });

  test('a full temporary disk is reported', mounted, async () => {
    const { path, unchanged } = place();
    const failure = await withEngine(
      { capacity: plenty, temporaryDirectory: disk === null ? '' : join(disk, 'temporary'), memoryBytes: 64e6 },
      async (own) =>
        await failureOf(
          own.call('sample', { ...large, users: null, output: outputTo(path, { passThrough: ['note'] }) }),
        ),
    );
    assert.deepEqual(
      [failure.code, failure.message.text],
      ['disk-full', 'There is no space left on the disk for temporary files'],
    );
    assert.match(render(failure.advice ?? failure.message), /TMPDIR/);
    unchanged();
    rmSync(join(disk ?? '', 'temporary'), { recursive: true });
  });

  test('a read-only disk is reported', mounted, async () => {
    execFileSync('mount', ['-o', 'remount,ro', disk ?? '']);
    const failure = await failureOf(
      engine.call('sample', { ...request, users: null, output: outputTo(join(disk ?? '', 'recall.parquet')) }),
    );
    assert.deepEqual([failure.code, failure.message.text], ['no-permission', 'The folder is not writable']);
  });
});

describe('logs of twice the memory size', () => {
  const memoryBytes = 64e6;
  interface Written {
    readonly rows: number;
    readonly sha256: string;
    /** Bytes that were on the disk when the logs had been read. */
    readonly spilled: number;
  }
  const written = async (memory: number, output: Partial<SampleOutput>): Promise<Written> => {
    const { directory, path } = place();
    const temporaryDirectory = join(directory, 'temporary');
    let spilled = 0;
    const capacity: CapacityProbe = {
      ...machineCapacity,
      // The engine asks before it reads the logs, and again before it draws.
      disk: async (at) => {
        if (at === temporaryDirectory) spilled = spilledBytes(at);
        return await machineCapacity.disk(at);
      },
    };
    const { rows } = await withEngine(
      { memoryBytes: memory, temporaryDirectory, capacity },
      async (own) =>
        await own.call('sample', {
          ...large,
          users: null,
          output: outputTo(path, { passThrough: ['note'], ...output }),
        }),
    );
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
    rmSync(directory, { recursive: true });
    return { rows, sha256, spilled };
  };
  let kept: Promise<Written> | undefined;
  /** The sample of an engine with enough memory, which is drawn once. */
  const inMemory = async (): Promise<Written> => await (kept ??= written(2e9, { format: 'csv' }));

  test('they do not fit in this memory', async () => {
    const log = join(folder, 'large/data/log.parquet');
    // The other four columns have 25 bytes in a row.
    const size = `SELECT CAST(sum(strlen(note) + strlen(request_id) + 25) AS DOUBLE) FROM '${log}'`;
    const bytes = await withConnection(async (connection) =>
      Number((await connection.runAndReadAll(size)).getRows()[0]?.[0]),
    );
    assert.ok(bytes > 1.5 * memoryBytes, `${bytes} bytes`);
  });

  for (const [format, layout] of [
    ['csv', 'long'],
    ['parquet', 'wide'],
    ['arrow', 'grouped'],
  ] as const) {
    test(`logs of twice the memory size give the same rows, through the disk: ${format}, ${layout}`, async () => {
      const expected = await inMemory();
      assert.ok(expected.rows > 100_000);
      assert.equal(expected.spilled, 0);
      const { rows, sha256, spilled } = await written(memoryBytes, { format, layout });
      assert.ok(spilled > memoryBytes, `${spilled} bytes on the disk`);
      assert.equal(rows, expected.rows);
      if (format === 'csv') assert.equal(sha256, expected.sha256);
    });
  }
});

test('a row group that does not fit in memory is reported with its column, size and advice', async () => {
  const world = await writeWorld('wide', { items });
  // Two row groups with one page per column: each is in memory as a whole.
  await parquet(
    'wide/data/log.parquet',
    `SELECT * REPLACE (repeat(note, 40) AS note) FROM (${log(20_480, 4)})`,
    'COMPRESSION uncompressed, ROW_GROUP_SIZE 10240',
  );
  const wide = await requestOf(world, 'recall', config);
  const { path, unchanged } = place();
  const refused = async (threads: number, passThrough: string[]): Promise<Failure> =>
    await withEngine(
      { memoryBytes: 128e6 },
      async (own) =>
        await failureOf(own.call('sample', { ...wide, users: null, threads, output: outputTo(path, { passThrough }) })),
    );
  const { code, place: at, message, advice } = await refused(2, ['note']);
  assert.deepEqual([code, at?.path, at?.column], ['out-of-memory', join(world, 'data/log.parquet'), 'note']);
  assert.match(
    render(message),
    /^A row group has 15\d MB \(compressed plus uncompressed\), 15\d MB of it in the column note\. This is probably too much for 128 MB of memory$/,
  );
  assert.match(
    advice ? render(advice) : '',
    /^Give the engine about 5\d\d MB \(.*\), or 3\d\d MB with one thread \(.*\)\. Or leave out the column, or write the file with smaller row groups\. .* Spark on a cluster .*\.$/,
  );
  const alone = await refused(1, ['note']);
  assert.match(alone.advice ? render(alone.advice) : '', /^Give the engine about 3\d\d MB \([^)]*\), leave out/);
  unchanged();
  // Without the column it fits, and the advised setting is enough.
  for (const [memoryBytes, passThrough] of [
    [128e6, []],
    [600e6, ['note']],
  ] as const) {
    await withEngine(
      { memoryBytes },
      async (own) =>
        await own.call('sample', {
          ...wide,
          users: null,
          threads: 2,
          output: outputTo(join(place().directory, 'out.parquet'), { passThrough }),
        }),
    );
  }
});

test('failures of an append or a thread are reported like those of a statement', () => {
  const told = (error: Error): readonly string[] => {
    const {
      failure: {
        code,
        message: { text },
      },
    } = drawFailure(error, '/out/recall.parquet', '/tmp/recsample');
    return [code, text];
  };
  const full =
    "Out of Memory Error: failed to offload data block of size 256.0 KiB (1.0 MiB/1.0 MiB used).\nThis limit was set by the 'max_temp_directory_size' setting.";
  assert.deepEqual(told(new Error(full)), ['disk-full', 'There is no space left on the disk for temporary files']);
  assert.deepEqual(told(new Error('Out of Memory Error: could not allocate block of size 256.0 KiB')), [
    'out-of-memory',
    'The engine has too little memory for this file',
  ]);
  const thread = Object.assign(new Error('Worker terminated due to reaching memory limit: JS heap out of memory'), {
    code: 'ERR_WORKER_OUT_OF_MEMORY',
  });
  assert.deepEqual(told(thread), ['out-of-memory', 'The engine has too little memory for this file']);
  assert.deepEqual(told(new Error('a drawing thread ended with code 1')), ['internal', 'Writing failed: {0}']);
});
