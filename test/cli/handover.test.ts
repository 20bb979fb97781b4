import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { handoverCommand } from '../../src/cli/commands/handover.ts';
import { directory, recall, run, useDemoFolder } from './demoFolder.ts';
import { assertGolden } from './golden.ts';

useDemoFolder();

/** The report without the parts that differ between runs. */
async function report(args: readonly string[], width?: number): Promise<string> {
  const { code, out, err } = await run(args, width);
  assert.equal(code, 0, err);
  return out.replace(/· [\d.]+ kB ·/, '· SIZE ·').replace(/\d+\.\d (s|秒)/, 'TIME $1');
}
const read = (path: string): string => readFileSync(join(directory, path), 'utf8');

suite('handover', () => {
  test('the report lists the files and what the trainer format cannot express', async () => {
    assertGolden(
      'handover.easyrec.txt',
      await report(['handover', recall, '--for', 'easyrec', '--out', 'made/easyrec']),
    );
    assertGolden(
      'handover.recbole.txt',
      await report(['handover', recall, '--for', 'recbole', '--out', 'made/recbole']),
    );
    assertGolden(
      'handover.zh-cn.txt',
      await report(
        ['handover', recall, '--for', 'torcheasyrec', '--out', 'made/torcheasyrec', '--locale', 'zh-cn'],
        100,
      ),
    );
  });

  test('labels of further events are not in the files, and the report and the manifest say so', async () => {
    const text = read(recall).replace(
      'output: {',
      'output: {events: [click, {event: long_play, mature_after: 5d}], graded: true, ',
    );
    writeFileSync(join(directory, 'configs/labels.ratio.yaml'), text);
    const notice = 'The files of a trainer have no column label_click, label_long_play, grade';
    for (const trainer of ['recbole', 'torcheasyrec']) {
      const [out, plain] = [`made/labels-${trainer}/files`, `made/plain-${trainer}/files`];
      assert.ok(
        (await report(['handover', 'configs/labels.ratio.yaml', '--for', trainer, '--out', out])).includes(notice),
      );
      assert.ok(!(await report(['handover', recall, '--for', trainer, '--out', plain])).includes('label_click'));
      const { files, notices } = JSON.parse(read(`${out}/handover.json`)) as {
        readonly files: Readonly<Record<string, number | null>>;
        readonly notices: readonly string[];
      };
      assert.ok(notices.some((one) => one.startsWith(notice)));
      for (const [name, rows] of Object.entries(files))
        if (rows !== null) assert.equal(read(`${out}/${name}`), read(`${plain}/${name}`), name);
    }
  });

  test('the written settings and the manifest are complete', async () => {
    await report(['handover', recall, '--for', 'torcheasyrec', '--out', 'made/tables']);
    assertGolden(
      'handover.sampler.config',
      `${read('made/tables/sampler.config')}${read('made/tables/sampler_v2.config')}`,
    );
    await report(['handover', recall, '--for', 'recbole', '--out', 'made/atomic']);
    assertGolden('handover.recbole.yaml', read('made/atomic/atomic.yaml'));
    const manifest = JSON.parse(read('made/atomic/handover.json')) as Readonly<Record<string, unknown>>;
    assert.deepEqual(
      [manifest['trainer'], manifest['stage'], manifest['seed'], Object.keys(manifest['files'] as object)],
      [
        'recbole',
        'recall',
        'demo',
        ['atomic.train.inter', 'atomic.valid.inter', 'atomic.item', 'atomic.user', 'atomic.yaml'],
      ],
    );
  });

  test('seed, users and split are those of the command line', async () => {
    const user = '7203685477535834021';
    await report([
      'handover',
      recall,
      '--for',
      'recbole',
      '--out',
      'made/one',
      '--seed',
      'other',
      '--users',
      user,
      '--split',
      'train',
    ]);
    const rows = read('made/one/one.inter')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t'));
    await report(['sample', recall, '--out', 'made/one.csv', '--seed', 'other', '--users', user]);
    const [head = '', ...lines] = read('made/one.csv').trim().split('\n');
    const [userAt, itemAt, labelAt] = ['user_id', 'item_id', 'label'].map((name) => head.split(',').indexOf(name));
    // The sample file of the config is shuffled.
    assert.deepEqual(
      rows.map((row) => row.slice(0, 3).join()).sort(),
      lines.map((line) => [userAt, itemAt, labelAt].map((at) => line.split(',')[at ?? -1]).join()).sort(),
    );
    assert.ok(rows.length > 5);
  });

  test('a missing option, a config with errors and a folder of other files are refused', async () => {
    for (const [args, said] of [
      [[recall, '--for', 'recbole'], /--out is missing/],
      [[recall, '--out', 'made/x'], /--for is missing/],
      [[recall, '--for', 'keras', '--out', 'made/x'], /--for must be one of easyrec, torcheasyrec, recbole, not keras/],
      [
        [recall, '--for', 'recbole', '--out', 'data'],
        /data: The folder contains actions\.parquet, which was not written by a handover\. Write to a new or an empty folder\./,
      ],
      [
        ['configs/fine_ranking.ratio.yaml', '--for', 'easyrec', '--out', 'made/x'],
        /fine_ranking does not draw from a pool of items/,
      ],
    ] as const) {
      const { code, err } = await run(['handover', ...args]);
      assert.equal(code, 2, err);
      assert.match(err, said);
    }
    assert.equal(existsSync(join(directory, 'made/x')), false);
  });

  test('a sequence is for RecBole, in the config, and in both windows', async () => {
    const text = read(recall).replace('output: {', 'output: {sequences: {clicks: {events: [click], length: 5}}, ');
    writeFileSync(join(directory, 'configs/history.ratio.yaml'), text);
    const noEval = text.replace(/^ {2}eval: .*\n/m, '');
    writeFileSync(join(directory, 'configs/train.ratio.yaml'), noEval);
    const two = /RecBole reads histories only from two files: set window\.eval in the config, and leave out --split/;
    for (const [config, args, said] of [
      ['history', ['easyrec', '--sequence', 'clicks'], /--sequence needs --for recbole/],
      ['history', ['recbole', '--sequence', 'buys'], /output\.sequences has no buys\. It has: clicks/],
      ['history', ['recbole', '--sequence', 'clicks', '--split', 'train'], two],
      ['train', ['recbole', '--sequence', 'clicks'], two],
    ] as const) {
      const { code, err } = await run([
        ...['handover', `configs/${config}.ratio.yaml`, '--out', 'made/refused', '--for'],
        ...args,
      ]);
      assert.equal(code, 2, err);
      assert.match(err, said);
    }
    const args = ['handover', 'configs/history.ratio.yaml', '--for', 'recbole', '--out', 'made/history'];
    const notice = /^The files of a trainer have no histories of clicks\. The files of recsample sample do$/m;
    assert.match(await report(args), notice);
    const written = await report([...args, '--sequence', 'clicks']);
    assert.doesNotMatch(written, notice);
    assert.match(written, /^history\.train\.inter +\d+ rows$/m);
    assert.match(read('made/history/history.train.inter'), /^user_id:token.*\titem_id_list:token_seq/);
  });

  test('every option is in the guide', () => {
    const guide = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
    const section = /## recsample handover\n([\s\S]*?)\n## /.exec(guide)?.[1] ?? '';
    for (const option of Object.keys(handoverCommand.options)) assert.ok(section.includes(`\`--${option} `), option);
  });
});
