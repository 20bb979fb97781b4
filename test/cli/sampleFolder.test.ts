import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { changed, directory, recall, run, useDemoFolder } from './demoFolder.ts';
import { assertGolden } from './golden.ts';

useDemoFolder();

/** A config of recall that writes a folder. */
const folderConfig = (name: string, output: string): string =>
  changed(
    name,
    '../out/recall.parquet',
    `../out/${name.split('.')[0] ?? ''}`,
    changed(
      name,
      output.includes('order:') ? 'output: {layout: long, order: shuffled' : 'output: {layout: long',
      `output: {${output}, layout: long`,
    ),
  );

async function report(args: readonly string[]): Promise<string> {
  const { code, out, err } = await run(args);
  assert.equal(code, 0, err);
  return out.replace(/· [\d.]+ kB ·/, '· SIZE ·').replace(/\d+\.\d (s|秒)/, 'TIME $1');
}

async function digest(path: string, ...more: string[]): Promise<unknown> {
  const { code, out, err } = await run(['inspect', path, '--digest', '--format', 'json', ...more]);
  assert.equal(code, 0, err);
  return (JSON.parse(out) as { readonly digest: { readonly value: string } }).digest.value;
}

suite('sample into a folder', () => {
  test('shards go to the folder of data.samples, with their lock file', async () => {
    const config = folderConfig('shards.ratio.yaml', 'order: shuffled, shards: 3');
    assertGolden('sample.shards.txt', await report(['sample', config]));
    assert.deepEqual(readdirSync(join(directory, 'out/shards')), [
      '_recsample.json',
      'part-00000-of-00003.parquet',
      'part-00001-of-00003.parquet',
      'part-00002-of-00003.parquet',
    ]);
    await report(['sample', recall, '--out', 'made/plain.parquet']);
    assert.equal(await digest('out/shards'), await digest('made/plain.parquet'));
    const { code, out } = await run(['diff', 'out/shards', 'out/shards/_recsample.json']);
    assert.equal(code, 0, out);
  });

  test('days have folders, in any format, and --digest records the digest of the rows', async () => {
    const config = folderConfig('days.ratio.yaml', 'partition_by: {column: dt, format: yyyyMMdd}');
    assertGolden(
      'sample.days.txt',
      await report(['sample', config, '--out', 'made/days', '--format', 'jsonl', '--digest']),
    );
    const [day = ''] = readdirSync(join(directory, 'made/days'));
    assert.match(day, /^dt=202611\d\d$/);
    assert.deepEqual(readdirSync(join(directory, 'made/days', day)), ['_recsample.json', 'part-00000-of-00001.jsonl']);
    const lock = JSON.parse(readFileSync(join(directory, 'made/days', day, '_recsample.json'), 'utf8')) as {
      readonly digest: { readonly value: string; readonly columns: readonly string[] };
    };
    assert.equal(await digest(`made/days/${day}`), lock.digest.value);
    const { err } = await run(['diff', 'made/days', 'made/days']);
    assert.match(err, /made\/days: The folder has \d+ partitions, each with a lock file of its own\. Give one of them/);
    const same = await run(['diff', `made/days/${day}`, `made/days/${day}`]);
    assert.equal(same.code, 0, same.err);
    appendFileSync(join(directory, 'made/days', day, 'part-00000-of-00001.jsonl'), '{}\n');
    assert.match(
      (await run(['diff', `made/days/${day}`, `made/days/${day}`])).err,
      /part-00000-of-00001\.jsonl changed after its lock file was written/,
    );
    rmSync(join(directory, 'made/days', day, 'part-00000-of-00001.jsonl'));
    assert.match(
      (await run(['diff', `made/days/${day}`, `made/days/${day}`])).err,
      /part-00000-of-00001\.jsonl no longer exists\. The results below describe the original file/,
    );
  });

  test('what cannot be a folder is refused by name', async () => {
    const config = folderConfig('refused.ratio.yaml', 'shards: 2');
    const refused = async (...args: string[]): Promise<string> => {
      const { code, err } = await run(['sample', ...args]);
      assert.equal(code, 2, err);
      return err;
    };
    assert.match(
      await refused(config, '--out', 'made/x.parquet'),
      /x\.parquet is the name of a file, but output\.shards or output\.partition_by of the config writes a folder/,
    );
    assert.ok(!existsSync(join(directory, 'made/x.parquet')));
    const file = changed('file.ratio.yaml', 'output: {', 'output: {shards: 2, ');
    assert.match(await refused(file), /config has errors|data\.samples\.recall\.path does not name a folder/);
    assert.match(await refused(recall, '--out', 'made/folder/'), /--out must be a file, not the folder made\/folder\//);
  });

  test('lint reports a file path, and an order that the layout cannot have', async () => {
    const file = changed('file.ratio.yaml', 'output: {', 'output: {shards: 2, ');
    assert.match((await run(['lint', file])).out, /config\/output-folder/);
    const wide = changed(
      'wide.ratio.yaml',
      /output: \{layout: long(, order: shuffled)?/,
      'output: {layout: wide, order: shuffled_rows',
    );
    assert.match((await run(['lint', wide])).out, /config\/output-order/);
  });
});
