import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { before, describe, test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { removeAbandonedFolders } from '../../src/engine/files/temporary.ts';
import type { Failure } from '../../src/core/message/failure.ts';
import type { SampleOutput, SampleSummary } from '../../src/protocol/sampling.ts';
import { loaderArguments, quotedModule } from '../ownProcess.ts';
import { engine, failureOf } from './fixture.ts';
import { config, log, outputTo, place, requestOfSmallLog, withEngine, type Asked } from './sampleWithstandCase.ts';
import { requestOf, writeWorld } from './samplingCase.ts';

const posix = { skip: process.platform === 'win32' ? 'Windows has no such limits' : false };
const linux = { skip: process.platform === 'linux' ? false : 'only Linux has these folders' };
let request: Asked;

before(async () => {
  request = await requestOfSmallLog();
});

describe('invalid items found while the log is sorted', () => {
  const sorted = log(200_000, 4);
  // A list of ids alone may repeat them.
  const conditioned = config.replace('{item: item_id}}', '{item: item_id}, where: {item_id: {op: "!=", value: 0}}}');
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
      const asked = await requestOf(await writeWorld(`wrong-items-${k}`, { log: rows, items }), 'recall', conditioned);
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
    import { createEngine } from ${quotedModule('src/engine/process/engine.ts')};
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
    const { stdout } = await promisify(execFile)('sh', [
      '-c',
      shell,
      'sh',
      process.execPath,
      ...loaderArguments,
      '--input-type=module',
      '-e',
      code,
      asked,
    ]);
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
      const temporary = join(directory, '..', `temporary-${basename(directory)}`);
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
        const temporary = join(directory, '..', `temporary-${basename(directory)}`);
        mkdirSync(temporary);
        // In blocks of 512 bytes.
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
