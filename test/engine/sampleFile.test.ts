import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import type { SampleOutput } from '../../src/protocol/sampling.ts';
import { render } from '../../src/core/message/message.ts';
import { recoverUnfinished } from '../../src/engine/files/unfinished.ts';
import { engine, failureCode, failureOf, folder } from './fixture.ts';
import { demo, demoConfig as config, writeDemoBefore } from './lintDemo.ts';
import { plainOutput as plain, requestOf } from './samplingCase.ts';
import { ownNames as names } from '../../src/core/data/outputName.ts';

writeDemoBefore();

const posix = { skip: process.platform === 'win32' ? 'Windows has no such links' : false };

describe('whole or not at all', () => {
  const folderOf = (name: string): string => join(folder, 'kept', name);
  const output = (path: string): SampleOutput => ({ ...plain, path, format: 'parquet' });

  test('a shortfall under on_shortfall: fail keeps the old file and names the user', async () => {
    const request = await requestOf(
      demo,
      'recall',
      config('recall').replace('on_shortfall: refill\n      refill_from: global_random', 'on_shortfall: fail'),
    );
    const path = join(folderOf('short'), 'recall.parquet');
    mkdirSync(folderOf('short'), { recursive: true });
    writeFileSync(path, 'as it was');
    const failure = await failureOf(engine.call('sample', { ...request, users: null, output: output(path) }));
    assert.match(render(failure.message), /^\w+ finds only \d+ of \d+ rows for user \d+, and on_shortfall is fail$/);
    assert.equal(readFileSync(path, 'utf8'), 'as it was');
    assert.deepEqual(readdirSync(folderOf('short')), ['recall.parquet']);
  });

  test('cancelling while drawing leaves no file, and removes the folders it created', async () => {
    const request = await requestOf(demo, 'recall', config('recall'));
    const abort = new AbortController();
    const path = join(folderOf('cancelled'), 'deep', 'recall.parquet');
    const progress = ({ message }: { readonly message: { readonly text: string } }): void => {
      if (message.text === 'Drawing') abort.abort();
    };
    assert.equal(
      await failureCode(
        engine.call('sample', { ...request, users: null, output: output(path) }, { signal: abort.signal, progress }),
      ),
      'cancelled',
    );
    assert.equal(existsSync(folderOf('cancelled')), false);
  });

  test('a folder as target, or a folder without write permission, is refused', async () => {
    const request = await requestOf(demo, 'recall', config('recall'));
    mkdirSync(folderOf('folder'), { recursive: true });
    const failure = await failureOf(
      engine.call('sample', { ...request, users: null, output: output(folderOf('folder')) }),
    );
    assert.deepEqual([failure.code, failure.message.text], ['bad-request', 'This is a folder, not a file']);
    assert.equal(
      await failureCode(engine.call('sample', { ...request, users: null, output: output('/proc/recall.parquet') })),
      'not-found',
    );
  });

  test('a file that the config reads is never replaced', async () => {
    const root = join(folder, 'own');
    cpSync(demo, root, { recursive: true });
    const items = join(root, 'data/items.parquet');
    const before = readFileSync(items);
    const request = await requestOf(root, 'recall', config('recall'));
    symlinkSync(join(root, 'data/impressions'), join(root, 'linked'));
    // New files in a folder that the config reads, in a new partition, and the same through a link.
    for (const path of [
      items,
      join(root, 'data/impressions/dt=2026-11-20/more.parquet'),
      join(root, 'data/impressions/dt=2026-11-30/more.parquet'),
      join(root, 'linked/dt=2026-11-30/more.parquet'),
    ]) {
      const failure = await failureOf(engine.call('sample', { ...request, users: null, output: output(path) }));
      assert.equal(
        failure.message.text,
        'The config reads this file or its folder: the samples would be read as its data',
      );
    }

    assert.ok(before.equals(readFileSync(items)));
    assert.equal(existsSync(join(root, 'data/impressions/dt=2026-11-30')), false);
    // The pattern of the log does not match it.
    const beside = join(root, 'data/impressions/sample.parquet');
    await engine.call('sample', { ...request, users: null, output: output(beside) });
    for (const place of ['data', 'data/impressions/dt=2026-11-20'])
      assert.deepEqual(
        readdirSync(join(root, place)).filter((name) => name.startsWith('.') || name === 'more.parquet'),
        [],
      );
  });

  test('a path of the config cannot leave the workspace through a link', posix, async () => {
    const root = join(folder, 'fenced');
    cpSync(demo, root, { recursive: true });
    mkdirSync(folderOf('outside'), { recursive: true });
    symlinkSync(folderOf('outside'), join(root, 'made'));
    const request = await requestOf(root, 'recall', config('recall'));
    const path = join(root, 'made/recall.parquet');
    assert.equal(
      await failureCode(engine.call('sample', { ...request, users: null, output: { ...output(path), within: root } })),
      'refused-path',
    );
    await engine.call('sample', { ...request, users: null, output: output(path) });
    assert.deepEqual(readdirSync(folderOf('outside')), ['recall.parquet']);
  });

  test('two columns of one name are refused before anything is drawn', async () => {
    const request = await requestOf(demo, 'recall', config('recall'));
    for (const more of [{ passThrough: ['Label', 'title'] }, { names: { ...names, entry: 'source' } }]) {
      const failure = await failureOf(
        engine.call('sample', {
          ...request,
          users: null,
          output: { ...output(join(folderOf('twice'), 'x.parquet')), ...more },
        }),
      );
      assert.match(
        render(failure.message),
        /^(The file would have two columns with the name source|output\.pass_through names Label, )/,
      );
    }
  });

  test('data that change while drawing are refused', async () => {
    const root = join(folder, 'changing');
    cpSync(demo, root, { recursive: true });
    const request = await requestOf(root, 'recall', config('recall'));
    const path = join(folderOf('changed'), 'recall.parquet');
    const touch = (): void => utimesSync(join(root, 'data/items.parquet'), 1, 1);
    let touched = false;
    const progress = ({ message }: { readonly message: { readonly text: string } }): void => {
      if (message.text === 'Drawing' && !touched) touch();
      touched ||= message.text === 'Drawing';
    };
    assert.equal(
      await failureCode(engine.call('sample', { ...request, users: null, output: output(path) }, { progress })),
      'changed',
    );
    assert.equal(existsSync(path), false);
  });

  test('what a killed engine left is removed by the next one', async () => {
    const request = await requestOf(demo, 'recall', config('recall'));
    const path = join(folderOf('killed'), 'recall.parquet');
    // No process has this id, because it is above the system's maximum.
    mkdirSync(join(folderOf('killed'), `.recsample-unfinished-${hostname()}-99999999-x`), { recursive: true });
    await engine.call('sample', { ...request, users: null, output: output(path) });
    assert.deepEqual(readdirSync(folderOf('killed')), ['recall.parquet']);
  });

  test('a link in place of a killed engine’s leftover moves no files from the link’s target', async () => {
    const request = await requestOf(demo, 'recall', config('recall'));
    const [folder, elsewhere] = [folderOf('forged'), folderOf('elsewhere')];
    mkdirSync(join(elsewhere, 'replaced', 'mine'), { recursive: true });
    mkdirSync(join(folder, `.recsample-unfinished-${hostname()}-99999999-a`), { recursive: true });
    symlinkSync(
      join(elsewhere, 'replaced'),
      join(folder, `.recsample-unfinished-${hostname()}-99999999-a`, 'replaced'),
    );
    symlinkSync(elsewhere, join(folder, `.recsample-unfinished-${hostname()}-99999999-b`));
    await engine.call('sample', { ...request, users: null, output: output(join(folder, 'recall.parquet')) });
    assert.deepEqual(
      readdirSync(folder).filter((name) => !name.endsWith('-b')),
      ['recall.parquet'],
    );
    assert.deepEqual(readdirSync(join(elsewhere, 'replaced')), ['mine']);
  });

  test('a cancelled recovery is completed by the next one', async () => {
    const folder = folderOf('recovered');
    const unfinished = join(folder, `.recsample-unfinished-${hostname()}-99999999-a`);
    mkdirSync(join(unfinished, 'replaced'), { recursive: true });
    writeFileSync(join(folder, 'recall.parquet'), 'rows');
    const lock = JSON.stringify({ output: { sha256: createHash('sha256').update('rows').digest('hex') } });
    writeFileSync(join(unfinished, 'replaced', 'recall.parquet.recsample.json'), lock);
    assert.equal((await failureOf(recoverUnfinished(folder, { signal: AbortSignal.abort() }))).code, 'cancelled');
    assert.deepEqual(readdirSync(folder).sort(), [basename(unfinished), 'recall.parquet']);
    await recoverUnfinished(folder);
    assert.deepEqual(readdirSync(folder).sort(), ['recall.parquet', 'recall.parquet.recsample.json']);
  });
});
