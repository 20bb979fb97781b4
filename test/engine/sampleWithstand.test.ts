import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { after, before, describe, test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { createEngine, type EngineOptions } from '../../src/engine/engine.ts';
import type { CapacityProbe } from '../../src/engine/capacityProbe.ts';
import { removeAbandonedFolders } from '../../src/engine/temporary.ts';
import type { Failure } from '../../src/core/message/failure.ts';
import type { SampleOutput, SampleRequest, SampleSummary } from '../../src/protocol/sampling.ts';
import { drawFailure } from '../../src/engine/sampling/write/drawFailure.ts';
import { engine, failureOf, folder, parquet } from './fixture.ts';
import { ownNames, recallConfig, requestOf, writeWorld } from './samplingCase.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const posix = { skip: process.platform === 'win32' ? 'Windows has no such limits' : false };
const linux = { skip: process.platform === 'linux' ? false : 'only Linux has these folders' };
const config = recallConfig('{per_positive: 4, mix: {global_random: 0.5, exposed_unclicked: 0.5}}');
/** Rows with a text that does not compress. */
const log = (
  rows: number,
  click: number,
): string => `SELECT i // 40 AS user_id, (i * 7919) % 5000 AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (i % 4000) MINUTE AS ts, 'request ' || (i // 4) AS request_id,
  i % ${click} = 0 AS is_click, md5('a' || i) || md5('b' || i) || md5('c' || i) || md5('d' || i) || md5('e' || i) || md5('f' || i) AS note FROM range(${rows}) t(i)`;
type Asked = Omit<SampleRequest, 'users' | 'output'>;
let request: Asked;
/** About 120 MB as a table. */
let large: Asked;
let places = 0;

before(async () => {
  const items = 'SELECT i AS item_id FROM range(6000) t(i)';
  request = await requestOf(await writeWorld('withstand', { log: log(20_000, 4), items }), 'recall', config);
  const world = await writeWorld('large', { items });
  // A row group is read completely; large ones alone would fill such a small memory.
  await parquet('large/data/log.parquet', log(500_000, 20), 'COMPRESSION zstd, ROW_GROUP_SIZE 8192');
  large = await requestOf(world, 'recall', config);
});

/** A new folder with a file that must be kept. */
function place(): { readonly directory: string; readonly path: string; readonly unchanged: () => void } {
  const directory = join(folder, 'withstand-written', String(++places));
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'recall.parquet');
  writeFileSync(path, 'as it was');
  return {
    directory,
    path,
    unchanged: () => {
      assert.equal(readFileSync(path, 'utf8'), 'as it was');
      assert.deepEqual(readdirSync(directory), ['recall.parquet']);
    },
  };
}
const outputTo = (path: string, more: Partial<SampleOutput> = {}): SampleOutput => ({
  path,
  format: 'parquet',
  layout: 'long',
  names: ownNames,
  passThrough: [],
  within: null,
  facts: {},
  ...more,
});

/** Samples with a separate engine, and checks that its temporary files are removed. */
async function withEngine<T>(
  options: EngineOptions,
  work: (own: ReturnType<typeof createEngine>) => Promise<T>,
): Promise<T> {
  const temporaryDirectory = options.temporaryDirectory ?? join(folder, 'withstand-temporary', String(++places));
  mkdirSync(temporaryDirectory, { recursive: true });
  const own = createEngine({ threads: 2, ...options, temporaryDirectory });
  try {
    return await work(own);
  } finally {
    const left = readdirSync(temporaryDirectory).flatMap((name) => readdirSync(join(temporaryDirectory, name)));
    await own.dispose();
    assert.deepEqual([left, readdirSync(temporaryDirectory)], [[], []]);
  }
}

/** The failure of an engine with this much memory. */
async function refused(
  room: Partial<{ readonly free: number; readonly memory: number }>,
  asked: Asked = request,
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
          { ...asked, users: null, output: outputTo(path) },
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

describe('invalid items found while the log is sorted', () => {
  const sorted = log(200_000, 4);
  const wrongs: readonly (readonly [string, string, string, RegExp])[] = [
    // Fewer rows than the log has items.
    ['two rows of one item', sorted, 'SELECT 1 AS item_id FROM range(2)', /^The corpus has 2 rows of the item 1$/],
    [
      'an id with the separator',
      sorted.replace('(i * 7919) % 5000', "'item ' || (i * 7919) % 5000"),
      "SELECT 'item ' || i || CASE i WHEN 9 THEN chr(31) ELSE '' END AS item_id FROM range(5000) t(i)",
      /U\+001F/,
    ],
  ];
  for (const [k, [what, rows, items, expected]] of wrongs.entries()) {
    test(`${what}: reported with the file; no file is left`, async () => {
      const asked = await requestOf(await writeWorld(`wrong-items-${k}`, { log: rows, items }), 'recall', config);
      const { path, unchanged } = place();
      const failure = await withEngine(
        { memoryBytes: 2e9 },
        async (own) => await failureOf(own.call('sample', { ...asked, users: null, output: outputTo(path) })),
      );
      assert.match(render(failure.message), expected);
      assert.match(failure.place?.path ?? '', /data\/items\.parquet$/);
      unchanged();
    });
  }
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

test('cancelled at any time: the old file stays, and nothing else', async () => {
  const phases = new Set<string>();
  const note = ({ message: { text } }: { readonly message: { readonly text: string } }): void => {
    phases.add(text);
  };
  await engine.call(
    'sample',
    { ...request, users: null, output: outputTo(place().path, { passThrough: ['note'], rowsAtOnce: 5000 }) },
    { progress: note },
  );
  assert.ok(
    ['Reading the items', 'Drawing', 'Writing the file'].every((one) => phases.has(one)),
    [...phases].join(),
  );
  for (const phase of phases) {
    const { path, unchanged } = place();
    const abort = new AbortController();
    const failure = await withEngine(
      {},
      async (own) =>
        await failureOf(
          own.call(
            'sample',
            { ...request, users: null, output: outputTo(path, { passThrough: ['note'], rowsAtOnce: 5000 }) },
            {
              signal: abort.signal,
              progress: ({ message: { text } }) => {
                if (text === phase) abort.abort();
              },
            },
          ),
        ),
    );
    assert.equal(failure.code, 'cancelled', phase);
    unchanged();
  }
});

/** Samples in a separate process, below a shell command. `at`: kills it with SIGKILL at this progress message. */
async function inProcess(
  path: string,
  temporary: string,
  {
    shell = 'exec "$@"',
    at = '',
    more = {},
  }: { readonly shell?: string; readonly at?: string; readonly more?: Partial<SampleOutput> },
): Promise<{ readonly signal: string | null; readonly failure: Failure | null }> {
  const code = `
    import { createEngine } from './src/engine/engine.ts';
    const { request, temporaryDirectory, at } = JSON.parse(process.argv[1]);
    const engine = createEngine({ temporaryDirectory, threads: 1 });
    const progress = ({ message }) => { if (message.text === at) process.kill(process.pid, 'SIGKILL'); };
    const failure = await engine.call('sample', request, { progress }).then(() => null, (error) => error.failure);
    await engine.dispose();
    console.log(JSON.stringify(failure));`;
  const asked = JSON.stringify({
    request: { ...request, users: null, output: outputTo(path, more) },
    temporaryDirectory: temporary,
    at,
  });
  try {
    const { stdout } = await promisify(execFile)(
      'sh',
      ['-c', shell, 'sh', process.execPath, '--import', 'tsx', '--input-type=module', '-e', code, asked],
      { cwd: root },
    );
    return { signal: null, failure: JSON.parse(stdout.trim()) as Failure | null };
  } catch (error) {
    if (error instanceof Error && 'signal' in error && typeof error.signal === 'string')
      return { signal: error.signal, failure: null };
    throw error;
  }
}

describe('the engine is killed', posix, () => {
  for (const at of ['Drawing', 'Writing the file']) {
    test(`at “${at}”: the old file stays; the next engine removes what was left`, async () => {
      const { directory, path } = place();
      const temporary = join(directory, '..', `temporary-${places}`);
      mkdirSync(temporary);
      assert.equal((await inProcess(path, temporary, { at })).signal, 'SIGKILL');
      assert.equal(readFileSync(path, 'utf8'), 'as it was');
      assert.deepEqual([readdirSync(directory).length, readdirSync(temporary).length], [2, 1]);
      await removeAbandonedFolders(temporary);
      assert.deepEqual(readdirSync(temporary), []);
      await engine.call('sample', { ...request, users: null, output: outputTo(path) });
      assert.deepEqual(readdirSync(directory), ['recall.parquet']);
      assert.equal(readFileSync(path).subarray(0, 4).toString(), 'PAR1');
    });
  }
});

describe('the disk refuses the file', () => {
  test(
    'a limit of the size of files, in every format: the old file stays, the temporary files are gone',
    posix,
    async () => {
      // Also in parts that are small enough one by one: the file as a whole grows too large.
      for (const more of [
        { format: 'parquet' },
        { format: 'arrow' },
        { format: 'csv' },
        { format: 'parquet', rowsAtOnce: 2000 },
        { format: 'csv', rowsAtOnce: 2000 },
      ] as const) {
        const { directory, path, unchanged } = place();
        const temporary = join(directory, '..', `temporary-${places}`);
        mkdirSync(temporary);
        // In blocks of 512 bytes. The compiled sources that tsx caches are smaller.
        const { failure } = await inProcess(path, temporary, {
          shell: 'ulimit -f 600; exec "$@"',
          more: { ...more, passThrough: ['note'] },
        });
        assert.deepEqual([failure?.code, failure?.place?.path], ['disk-full', path], JSON.stringify(more));
        assert.equal(failure?.message.text, 'The file exceeds the size limit of this disk or of the process');
        unchanged();
        assert.deepEqual(readdirSync(temporary), []);
      }
    },
  );

  test('no folder is left where the database cannot be started', async () => {
    const { path, unchanged } = place();
    await withEngine(
      {},
      async (own) =>
        await failureOf(own.call('sample', { ...request, users: null, output: outputTo(path), threads: 0 })),
    );
    unchanged();
  });

  test('among system files nothing can be written', linux, async () => {
    const failure = await failureOf(
      engine.call('sample', { ...request, users: null, output: outputTo('/sys/recall.parquet') }),
    );
    assert.deepEqual([failure.code, failure.message.text], ['no-permission', 'The folder is not writable']);
  });

  test('below a file no folder is made', async () => {
    const { path, unchanged } = place();
    const failure = await failureOf(
      engine.call('sample', { ...request, users: null, output: outputTo(join(path, 'recall.parquet')) }),
    );
    assert.deepEqual([failure.code, failure.message.text], ['bad-request', 'Expected a folder, found a file']);
    unchanged();
  });
});

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

describe('another process uses the file', posix, () => {
  test('a process that has the old file open reads it to its end', async () => {
    const { path } = place();
    const reader = openSync(path, 'r');
    await engine.call('sample', { ...request, users: null, output: outputTo(path) });
    assert.equal(readFileSync(reader, 'utf8'), 'as it was');
    closeSync(reader);
    assert.equal(readFileSync(path).subarray(-4).toString(), 'PAR1');
  });

  test('a file changed or removed meanwhile is written whole; a removed folder gets no file', async () => {
    const meanwhile = async (path: string, act: () => void): Promise<SampleSummary> => {
      let done = false;
      const progress = ({ message: { text } }: { readonly message: { readonly text: string } }): void => {
        if (text === 'Drawing' && !done) act();
        done ||= text === 'Drawing';
      };
      return await engine.call('sample', { ...request, users: null, output: outputTo(path) }, { progress });
    };
    for (const act of [(path: string) => writeFileSync(path, 'of another'), (path: string) => rmSync(path)]) {
      const { directory, path } = place();
      const { bytes } = await meanwhile(path, () => act(path));
      assert.equal(readFileSync(path).length, bytes);
      assert.deepEqual(readdirSync(directory), ['recall.parquet']);
    }
    const { directory, path } = place();
    const failure = await failureOf(meanwhile(path, () => rmSync(directory, { recursive: true })));
    assert.equal(failure.code, 'not-found');
    assert.equal(existsSync(directory), false);
  });
});

test('logs of twice the memory size give the same rows, through the disk', async () => {
  const written = async (
    memoryBytes: number,
    output: Partial<SampleOutput>,
  ): Promise<{ readonly rows: number; readonly sha256: string }> => {
    const { directory, path } = place();
    const { rows } = await withEngine(
      { memoryBytes },
      async (own) =>
        await own.call('sample', {
          ...large,
          users: null,
          output: outputTo(path, { passThrough: ['note'], ...output }),
        }),
    );
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
    rmSync(directory, { recursive: true });
    return { rows, sha256 };
  };
  const [much, little] = [await written(2e9, { format: 'csv' }), await written(64e6, { format: 'csv' })];
  assert.ok(much.rows > 100_000);
  assert.deepEqual(little, much);
  for (const [format, layout] of [
    ['parquet', 'wide'],
    ['arrow', 'grouped'],
  ] as const)
    assert.equal((await written(64e6, { format, layout })).rows, much.rows);
});

test('a row group that does not fit in memory is reported with its column, size and advice', async () => {
  const items = 'SELECT i AS item_id FROM range(6000) t(i)';
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
