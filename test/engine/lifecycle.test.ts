import './twoThreads.ts';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { everything, type View } from '../../src/core/table/filter.ts';
import { createEngine } from '../../src/engine/process/engine.ts';
import { removeAbandonedFolders } from '../../src/engine/files/temporary.ts';
import type { Progress } from '../../src/protocol/engine.ts';
import { engine, failureCode, file, folder, opened, parquet, ref } from './fixture.ts';
import { loaderArguments, quotedModule } from '../ownProcess.ts';
import { runUnprivileged } from './unprivileged.ts';

const sorted: View = { ...everything, sort: [{ column: 'x', descending: false }] };

test('a cancelled sort ends as cancelled, and the data set still answers', async () => {
  const path = await parquet('cancel.parquet', 'SELECT hash(i) AS x FROM range(3000000) t(i)');
  await opened(path);
  const abort = new AbortController();
  const call = engine.call(
    'page',
    { ref: ref(path), view: sorted, first: 2_000_000, count: 10, columns: [0] },
    { signal: abort.signal },
  );
  abort.abort();
  assert.equal(await failureCode(call), 'cancelled');
  assert.equal(
    (await engine.call('page', { ref: ref(path), view: everything, first: 2_000_000, count: 10, columns: [0] })).count,
    10,
  );
  assert.equal(
    (await engine.call('page', { ref: ref(path), view: sorted, first: 2_000_000, count: 10, columns: [0] })).count,
    10,
  );
});

test('a request that waits for another one to open a data set survives its cancellation', async () => {
  const path = file('shared.csv', `a,b\n${'1234567,abcdefgh\n'.repeat(300_000)}`);
  const abort = new AbortController();
  const first = failureCode(
    engine.call('profile', { ref: ref(path), view: everything, columns: [0] }, { signal: abort.signal }),
  );
  const second = engine.call('profile', { ref: ref(path), view: everything, columns: [0] });
  abort.abort();
  assert.equal(await first, 'cancelled');
  assert.equal((await second).columns[0]?.rows, 300_000);
});

test('a cancelled profile ends while it runs', async () => {
  const path = await parquet('cancel2.parquet', 'SELECT hash(i) AS x, hash(i * 7) AS y FROM range(3000000) t(i)');
  await opened(path);
  const abort = new AbortController();
  // The first progress message means that the statement is running.
  const call = engine.call(
    'profile',
    { ref: ref(path), view: everything, columns: [0, 1] },
    { signal: abort.signal, progress: () => abort.abort() },
  );
  assert.equal(await failureCode(call), 'cancelled');
});

test('reading a large text file reports its progress', async () => {
  const path = file('progress.csv', `a,b\n${'1234567,abcdefgh\n'.repeat(3_000_000)}`);
  await engine.call('open', { ref: ref(path) });
  const seen: Progress[] = [];
  const { rows } = await engine.call('settle', { ref: ref(path) }, { progress: (p) => seen.push(p) });
  assert.equal(rows, 3_000_000);
  assert.ok(seen.some((p) => p.fraction !== null && p.fraction > 0 && p.fraction <= 1));
  await engine.call('close', { id: path });
});

test('closing while a query runs ends it, and the next request opens the file again', async () => {
  const path = await parquet('close.parquet', 'SELECT hash(i) AS x FROM range(2000000) t(i)');
  await opened(path);
  const call = failureCode(
    engine.call('page', { ref: ref(path), view: sorted, first: 1_000_000, count: 10, columns: [0] }),
  );
  await engine.call('close', { id: path });
  assert.equal(await call, 'cancelled');
  assert.equal(
    (await engine.call('page', { ref: ref(path), view: everything, first: 5, count: 2, columns: [0] })).count,
    2,
  );
});

test('any request opens the data set, and two requests at once open it once', async () => {
  const path = file('lazy.csv', 'a\n1\n2\n');
  const [page, dataset, facts] = await Promise.all([
    engine.call('page', { ref: ref(path), view: everything, first: 1, count: 5, columns: [0] }),
    engine.call('open', { ref: ref(path) }),
    engine.call('facts', { ref: ref(path) }),
  ]);
  assert.deepEqual([page.count, dataset.rows, facts.files.list[0]?.rows], [1, 2, 2]);
});

test('roles set by the user are in every answer', async () => {
  const path = file('roles.csv', 'user_id,item_id\n1,2\n');
  const { columns } = await engine.call('open', { ref: { ...ref(path), roles: { user_id: null, item_id: 'user' } } });
  assert.deepEqual(
    columns.map((c) => [c.role?.role, c.role?.set]),
    [
      [undefined, undefined],
      ['user', true],
    ],
  );
});

test('more data sets than may stay open are still all answered', async () => {
  const paths = Array.from({ length: 15 }, (_, k) => file(`many-${k}.csv`, `a\n${k}\n`));
  for (const path of paths) await opened(path);
  for (const path of paths)
    assert.equal(
      (await engine.call('page', { ref: ref(path), view: everything, first: 0, count: 1, columns: [0] })).count,
      1,
    );
});

test('after dispose no temporary file is left', async () => {
  const temporaryDirectory = mkdtempSync(join(folder, 'temporary-'));
  const own = createEngine({ temporaryDirectory });
  await own.call('open', { ref: ref(file('left.csv', 'a\n1\n')) });
  assert.equal(readdirSync(temporaryDirectory).length, 1);
  await own.dispose();
  assert.deepEqual(readdirSync(temporaryDirectory), []);
});

test('the temporary files of an engine that was killed are removed by the next one', async () => {
  const root = mkdtempSync(join(folder, 'killed-'));
  const code = `import { createEngine } from ${quotedModule('src/engine/process/engine.ts')}; const e = createEngine({ temporaryDirectory: process.argv[1] }); await e.call('open', { ref: { id: 'x', path: process.argv[2] } }); process.kill(process.pid, 'SIGKILL');`;
  await assert.rejects(
    promisify(execFile)(process.execPath, [
      ...loaderArguments,
      '--input-type=module',
      '-e',
      code,
      root,
      file('killed.csv', 'a\n1\n'),
    ]),
    { signal: 'SIGKILL' },
  );
  const [abandoned = ''] = readdirSync(root);
  assert.match(abandoned, /^recsample-engine-/);
  await removeAbandonedFolders(root);
  assert.deepEqual(readdirSync(root), []);
});

test(
  'a file without read permission is named, tested as an unprivileged user',
  { skip: process.platform === 'win32' ? 'Windows has no modes' : false },
  async () => {
    const place = mkdtempSync(join(tmpdir(), 'recsample-denied-'));
    try {
      chmodSync(place, 0o755);
      const [open, secret] = [join(place, 'open.csv'), join(place, 'secret.csv')];
      for (const path of [open, secret]) writeFileSync(path, 'a\n1\n');
      chmodSync(secret, 0);
      const said = await runUnprivileged(
        `import { createEngine } from ${quotedModule('src/engine/process/engine.ts')};\nconst engine = createEngine();\nconst [open, secret] = process.argv.slice(1);\nawait engine.call('open', { ref: { id: 'open', path: open } });`,
        "const failure = await engine.call('open', { ref: { id: 'secret', path: secret } }).then(() => null, (error) => error.failure);\nconsole.log(JSON.stringify([failure?.code, failure?.place?.path]));\nprocess.exit(0);",
        [open, secret],
      );
      assert.deepEqual(JSON.parse(said), ['no-permission', secret]);
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  },
);
