import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { changed, directory, recall, run, useDemoFolder } from './demoFolder.ts';

useDemoFolder();

suite('sample', () => {
  test('--out that a link leads out of the project is refused by the name of the link, and nothing is written', async () => {
    const outside = realpathSync(mkdtempSync(join(tmpdir(), 'recsample-outside-')));
    try {
      symlinkSync(outside, join(directory, 'linked'));
      mkdirSync(join(directory, 'real'));
      symlinkSync('real', join(directory, 'inner'));
      for (const command of [
        ['sample', recall, '--out', 'linked/x.csv'],
        ['handover', recall, '--for', 'easyrec', '--out', 'linked/x'],
      ]) {
        const { code, err } = await run(command);
        assert.equal(code, 2);
        assert.ok(
          err.includes(
            `The link ${join(directory, 'linked')} leads out of ${directory}, to ${outside}. To write there, give the path without the link: ${outside}.`,
          ),
          err,
        );
        assert.deepEqual(readdirSync(outside), []);
      }
      assert.equal((await run(['sample', recall, '--out', 'inner/x.csv'])).code, 0);
      assert.ok(existsSync(join(directory, 'real/x.csv')));
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  test('--threads takes a number of threads', async () => {
    for (const threads of ['0', '-1', 'two', '1.5', '100000']) {
      const { code, err } = await run(['sample', recall, '--out', 'made/threads.parquet', '--threads', threads]);
      assert.equal(code, 2);
      assert.match(err, /--threads must be a whole number from 1 to 256/);
    }
  });

  test('a file that would not match its config is not written', async () => {
    const { code, out, err } = await run([
      'sample',
      changed('partly.ratio.yaml', 'global_random: 0.2', 'no_such_source: 0.2'),
      '--out',
      'made/partly.parquet',
    ]);
    assert.deepEqual([code, out, existsSync(join(directory, 'made/partly.parquet'))], [2, '', false]);
    assert.match(err, /^recsample: configs\/partly\.ratio\.yaml: Nothing is written: the config has errors\.?$/m);
    assert.equal(err.match(/recsample lint/g)?.length, 1, err);
    // An error of a rule that planning does not detect.
    const ruled = await run([
      'sample',
      changed('whole.ratio.yaml', /mix:\n(?: {8}.*\n)+ {4}training:.*\n/, 'mix:\n        exposed_unclicked: 1\n'),
      '--out',
      'made/partly.parquet',
    ]);
    assert.deepEqual([ruled.code, existsSync(join(directory, 'made/partly.parquet'))], [2, false]);
    const filtered = await run([
      'sample',
      changed(
        'filtered.ratio.yaml',
        'global_random: 0.2',
        'global_random: {share: 0.2, where: {city: {op: ">", value: 3}}}',
      ),
      '--out',
      'made/partly.parquet',
    ]);
    assert.match(
      filtered.err,
      /^recsample: configs\/filtered\.ratio\.yaml:\d+:\d+: global_random is left out: column city has texts, which > cannot compare with the number 3$/m,
    );
    // As numbers, '12' is at least 7; as texts, it is not.
    const compared = await run([
      'sample',
      changed('texts.ratio.yaml', 'column: play_time', 'column: device'),
      '--out',
      'made/partly.parquet',
    ]);
    assert.deepEqual([compared.code, existsSync(join(directory, 'made/partly.parquet'))], [2, false]);
    assert.match(
      compared.err,
      /^recsample: configs\/texts\.ratio\.yaml:\d+:\d+: .*column device has texts, which >= cannot compare with the number 7\. Store the column as numbers, or put quotes around the number to compare texts\.$/m,
    );
  });

  test('if the chosen users have no positives, the messages do not mention other users', async () => {
    const asked = ['sample', recall, '--out', 'made/nobody.parquet', '--users', 'nobody'];
    const refused = await run(asked);
    assert.deepEqual([refused.code, refused.out, existsSync(join(directory, 'made/nobody.parquet'))], [2, '', false]);
    assert.match(
      refused.err,
      /No file is written because there are no rows: the log has no impressions of these users\. Check the ids of the users\./,
    );
    const { code, out } = await run([...asked, '--allow-empty']);
    assert.equal(code, 0);
    assert.match(out, /The window train has no positives of these users/);
    assert.doesNotMatch(out, /of any user/);
  });

  test('a missing output path and a file name of another format are refused', async () => {
    const nowhere = changed('nowhere.ratio.yaml', /^ {2}samples:\n(?: {4}.*\n)+/m, '');
    for (const [args, said] of [
      [[nowhere], /--out is missing, and data\.samples\.recall\.path does not name a single file in a writable format/],
      [[recall, '--users', '1'], /--users needs --out: otherwise the file of all users would be replaced/],
      [[recall, '--out', 'made/'], /--out must be a file, not the folder made\//],
      [[recall, '--out', recall], /--out is the config itself/],
      [
        [recall, '--out', 'made/x.csv.gz'],
        /No writable format matches the file name x\.csv\.gz\. Writable formats: parquet, arrow, csv, jsonl/,
      ],
      [
        [recall, '--out', 'made/x.csv', '--format', 'parquet'],
        /x\.csv is named like a csv file, but --format is parquet/,
      ],
      [[recall, '--split', 'test'], /--split/],
      [[recall, '--out', ''], /--out is empty\. See recsample sample --help\./],
      [[recall, '--out', 'file:///tmp/x.parquet'], /--out must be a path, not the URL file:\/\/\/tmp\/x\.parquet/],
      [[recall, '--out', 's3://bucket/x.parquet'], /--out must be a path, not the URL s3:\/\/bucket\/x\.parquet/],
      [
        [recall, '--out', `made/${'n'.repeat(300)}.parquet`],
        /^recsample: .*made\/n{300}\.parquet: The name of the file, or of its lock file, is too long for this disk\. Choose a shorter name\.$/m,
      ],
      [
        [recall, '--out', `made/${'n'.repeat(240)}.parquet`],
        /made\/n{240}\.parquet: The name of the file, or of its lock file, is too long for this disk\./,
      ],
      [[recall, '--memory', '4'], /--memory must be a size from 32MB to 1000TB, such as 4GB, not 4/],
      [[recall, '--memory', '1MB'], /--memory must be a size from 32MB to 1000TB, such as 4GB, not 1MB/],
      [[recall, '--memory', '1PB'], /--memory must be a size from 32MB to 1000TB, such as 4GB, not 1PB/],
      [[recall, '--memory', '1001TB'], /--memory must be a size from 32MB to 1000TB, such as 4GB, not 1001TB/],
    ] as const) {
      const { code, err } = await run(['sample', ...args]);
      assert.equal(code, 2, err);
      assert.match(err, said);
    }
    assert.equal(existsSync(join(directory, 'file:')), false);
    const handed = await run(['handover', recall, '--for', 'easyrec', '--out', `folders/${'n'.repeat(300)}`]);
    assert.deepEqual([handed.code, existsSync(join(directory, 'folders'))], [2, false]);
    assert.match(
      handed.err,
      /folders\/n{300}: The name of the folder is too long for this disk\. Choose a shorter name\.$/m,
    );
    assert.match(
      (await run(['handover', recall, '--for', 'easyrec', '--out', 'file:///x'])).err,
      /--out must be a path, not the URL file:\/\/\/x/,
    );
    assert.match(
      (await run(['demo', 'file:///x'])).err,
      /DIR must be a path, not the URL file:\/\/\/x\. See recsample demo --help\./,
    );
  });
});
