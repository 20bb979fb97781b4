import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { FailureCode } from '../../src/core/message/failure.ts';
import { writeFailure } from '../../src/engine/files/writeFailure.ts';
import { writeDemo } from '../../src/engine/demo/write.ts';
import type { DemoScale } from '../../src/protocol/demo.ts';
import type { Progress } from '../../src/protocol/engine.ts';
import { demo, failsWith, hashes, root, write } from './demoCase.ts';
import { quotedModule } from '../ownProcess.ts';
import { runUnprivileged } from './unprivileged.ts';

before(async () => {
  await write(demo);
});

describe('other people’s files are safe', () => {
  test('a cancelled demo leaves nothing, neither in a new folder nor in an empty one', async () => {
    for (const existing of [false, true]) {
      const top = join(root, `cancelled-${existing}`);
      const directory = join(top, 'deep', 'demo');
      if (existing) await mkdir(directory, { recursive: true });
      for (const at of [0, 0.3, 0.94]) {
        const controller = new AbortController();
        const progress = (p: Progress): void => {
          if ((p.fraction ?? 0) >= at) controller.abort();
        };
        await failsWith(
          'cancelled',
          writeDemo({ directory, scale: 'small', seed: 's' }, { signal: controller.signal, progress }),
        );
        assert.deepEqual(
          await readdir(existing ? directory : root).then((list) =>
            list.filter((name) => existing || name === `cancelled-${existing}`),
          ),
          [],
        );
      }
    }
  });

  test('a former demo is replaced, other files in it stay', async () => {
    const directory = join(root, 'replaced');
    await write(directory, 'tiny', 'one');
    await writeFile(join(directory, 'mine.ratio.yaml'), 'version: 1\n');
    await writeFile(join(directory, 'data', 'notes.txt'), 'mine');
    await write(directory);
    assert.deepEqual(await hashes(directory), await hashes(demo));
    assert.equal(await readFile(join(directory, 'mine.ratio.yaml'), 'utf8'), 'version: 1\n');
    assert.equal(await readFile(join(directory, 'data', 'notes.txt'), 'utf8'), 'mine');
  });

  test('files of the former demo that the new one lacks are removed', async () => {
    const directory = join(root, 'smaller');
    await write(directory, 'small');
    await write(directory, 'tiny');
    assert.equal((await readdir(join(directory, 'data', 'impressions'))).length, 5);
  });

  test('a folder that is not a demo is refused and not changed', async () => {
    const directory = join(root, 'foreign');
    await mkdir(directory);
    await writeFile(join(directory, 'README.md'), 'mine');
    await failsWith('bad-request', write(directory));
    assert.deepEqual(await readdir(directory), ['README.md']);
    assert.equal(await readFile(join(directory, 'README.md'), 'utf8'), 'mine');
  });

  test('a changed file of a former demo is refused', async () => {
    const directory = join(root, 'changed');
    await write(directory);
    await writeFile(join(directory, 'README.md'), 'my notes');
    await failsWith('bad-request', write(directory));
    assert.equal(await readFile(join(directory, 'README.md'), 'utf8'), 'my notes');
  });

  test('a file of the user at the path of a demo file is refused', async () => {
    const directory = join(root, 'in-the-way');
    await write(directory);
    await mkdir(join(directory, 'data', 'impressions', 'dt=2026-11-01'), { recursive: true });
    const mine = join(directory, 'data', 'impressions', 'dt=2026-11-01', 'part-0.parquet');
    await writeFile(mine, 'mine');
    await failsWith('bad-request', write(directory, 'small'));
    assert.equal(await readFile(mine, 'utf8'), 'mine');
    assert.deepEqual(await hashes(directory), await hashes(demo));
    assert.deepEqual(
      (await readdir(directory)).filter((name) => name.startsWith('.recsample-demo-unfinished')),
      [],
    );
  });

  test('a marker that names files elsewhere is refused', async () => {
    const directory = join(root, 'forged', 'demo');
    await mkdir(directory, { recursive: true });
    const victim = join(root, 'forged', 'victim');
    await writeFile(victim, '');
    await writeFile(
      join(directory, '.recsample-demo'),
      JSON.stringify({
        files: [
          { path: '../victim', bytes: 0, sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
        ],
      }),
    );
    await failsWith('bad-request', write(directory));
    assert.equal(await readFile(victim, 'utf8'), '');
  });

  test('a linked folder inside a former demo is not written through', async () => {
    const directory = join(root, 'linked');
    const elsewhere = join(root, 'elsewhere');
    await write(directory);
    await rm(join(directory, 'out'), { recursive: true });
    await mkdir(elsewhere);
    await symlink(elsewhere, join(directory, 'out'));
    await failsWith('refused-path', write(directory));
    assert.deepEqual(await readdir(elsewhere), []);
  });

  test('a former demo never deletes a file that a link leads to', async () => {
    const directory = join(root, 'deleting');
    const elsewhere = join(root, 'mine');
    await write(directory);
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, 'victim'), '');
    await symlink(elsewhere, join(directory, 'away'));
    const marker = join(directory, '.recsample-demo');
    const { files, ...rest } = JSON.parse(await readFile(marker, 'utf8')) as { files: object[] };
    const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    await writeFile(marker, JSON.stringify({ ...rest, files: [...files, { path: 'away/victim', bytes: 0, sha256 }] }));
    await failsWith('refused-path', write(directory));
    assert.deepEqual(await readdir(elsewhere), ['victim']);
  });

  test('recovering an unfinished demo moves no files out of a linked folder', async () => {
    const directory = join(root, 'forged-unfinished');
    const elsewhere = join(root, 'own-files');
    const staging = join(directory, `.recsample-demo-unfinished-${hostname()}-99999999`);
    await mkdir(staging, { recursive: true });
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, 'mine'), '');
    await symlink(elsewhere, join(staging, 'data'));
    await writeFile(
      join(staging, '.recsample-demo'),
      JSON.stringify({
        files: [
          { path: 'data/mine', bytes: 0, sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
        ],
      }),
    );
    await failsWith('bad-request', write(directory));
    assert.deepEqual([await readdir(elsewhere), await readdir(directory)], [['mine'], [basename(staging)]]);
  });

  test('an unfinished demo is named, not removed', async () => {
    const directory = join(root, 'unfinished');
    await mkdir(join(directory, '.recsample-demo-unfinished'), { recursive: true });
    await failsWith('bad-request', write(directory));
    assert.deepEqual(await readdir(directory), ['.recsample-demo-unfinished']);
  });
});

describe('clear failures', () => {
  test('an unknown scale', async () => {
    await failsWith('bad-request', write(join(root, 'scale'), 'huge' as DemoScale));
    await failsWith('bad-request', write(join(root, 'scale'), 'toString' as DemoScale));
    assert.ok(!(await readdir(root)).includes('scale'));
  });

  test('a file in the place of the folder or of its parent', async () => {
    const file = join(root, 'file');
    await writeFile(file, 'mine');
    await failsWith('bad-request', write(file));
    await failsWith('bad-request', write(join(file, 'demo')));
    assert.equal(await readFile(file, 'utf8'), 'mine');
  });

  test(
    'a folder without permission',
    { skip: process.platform === 'win32' ? 'Windows has no modes' : false },
    async () => {
      const directory = join(root, 'locked');
      await mkdir(directory);
      await chmod(root, 0o755);
      await chmod(directory, 0o555);
      const said = await runUnprivileged(
        `import { writeDemo } from ${quotedModule('src/engine/demo/write.ts')};\nconst quiet = { signal: new AbortController().signal, progress: () => undefined };\nconst write = (directory) => writeDemo({ directory, scale: 'tiny', seed: 'demo' }, quiet).then(() => 'written', (error) => error.failure.code);`,
        'console.log(JSON.stringify(await Promise.all(process.argv.slice(1).map(write))));',
        [directory, join(directory, 'demo')],
      );
      await chmod(directory, 0o755);
      assert.deepEqual(JSON.parse(said), ['no-permission', 'no-permission']);
    },
  );

  test('error messages of the system and of DuckDB map to failure codes', () => {
    const cases: [Error, FailureCode][] = [
      [Object.assign(new Error('write'), { code: 'ENOSPC' }), 'disk-full'],
      [new Error('IO Error: Could not write to file "/x": No space left on device'), 'disk-full'],
      [Object.assign(new Error('mkdir'), { code: 'EACCES' }), 'no-permission'],
      [Object.assign(new Error('mkdir'), { code: 'EROFS' }), 'no-permission'],
      [new Error('IO Error: Cannot open file "/x": Permission denied'), 'no-permission'],
      [Object.assign(new Error('Unknown file extension'), { code: 'ERR_UNKNOWN_FILE_EXTENSION' }), 'internal'],
      [Object.assign(new Error('mkdir'), { code: 'ENOTDIR' }), 'bad-request'],
      [new Error('surprise'), 'internal'],
    ];
    for (const [error, code] of cases) assert.equal(writeFailure(error, '/x').failure.code, code, error.message);
  });
});
