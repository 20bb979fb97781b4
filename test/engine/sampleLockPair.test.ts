import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Target } from '../../src/engine/write/target.ts';
import { engine, failureOf } from './fixture.ts';
import { demo, demoConfig as config, writeDemoBefore } from './lintDemo.ts';
import { output, place } from './sampleLockCase.ts';
import { requestOf } from './samplingCase.ts';

writeDemoBefore();

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
      config('recall').replace('on_shortfall: refill\n      refill_from: global_random', 'on_shortfall: fail'),
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
