import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { sampleCommand } from '../../src/cli/commands/sample.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { recsample, type Outcome } from './commandLine.ts';
import { assertGolden } from './golden.ts';

const recall = 'configs/recall.ratio.yaml';
const drawWorker = join(import.meta.dirname, '../engine/drawWorker.mjs');
let directory = '';
before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'recsample-sample-'));
  assert.equal((await run(['demo', directory, '--scale', 'tiny'])).code, 0);
});
after(() => rmSync(directory, { recursive: true, force: true }));

/** Runs with the real engine, in the folder of the tiny demo. */
function run(args: readonly string[], width = 140): Promise<Outcome> {
  return recsample(
    args,
    {},
    {
      directory,
      terminal: { width, colour: false },
      createEngine: () => Promise.resolve(createEngine({ threads: 1 })),
    },
  );
}
/** The report without the parts that differ between runs. */
async function report(args: readonly string[], width?: number): Promise<string> {
  const { code, out, err } = await run(args, width);
  assert.equal(code, 0, err);
  return out.replace(/· [\d.]+ kB ·/, '· SIZE ·').replace(/\d+\.\d (s|秒)/, 'TIME $1');
}
function changed(name: string, from: string | RegExp, to: string, config = recall): string {
  writeFileSync(join(directory, 'configs', name), readFileSync(join(directory, config), 'utf8').replace(from, to));
  return `configs/${name}`;
}

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

  test('another number of threads makes the same rows, of every stage', async () => {
    for (const stage of ['recall', 'coarse_ranking', 'fine_ranking']) {
      const digests: unknown[] = [];
      for (const threads of [1, 2]) {
        const file = `made/${stage}.${threads}.parquet`;
        const { code, err } = await recsample(
          ['sample', `configs/${stage}.ratio.yaml`, '--out', file, '--threads', String(threads)],
          {},
          { directory, createEngine: () => Promise.resolve(createEngine({ drawWorker })) },
        );
        assert.equal(code, 0, err);
        const { out } = await run(['inspect', file, '--digest', '--format', 'json']);
        digests.push((JSON.parse(out) as { digest: unknown }).digest);
      }
      assert.ok(digests[0]);
      assert.deepEqual(digests[1], digests[0], stage);
    }
  });

  test('--threads takes a number of threads', async () => {
    for (const threads of ['0', '-1', 'two', '1.5', '100000']) {
      const { code, err } = await run(['sample', recall, '--out', 'made/threads.parquet', '--threads', threads]);
      assert.equal(code, 2);
      assert.match(err, /--threads must be a whole number from 1 to 256/);
    }
  });

  test('the report names the file, its content and what each entry could draw', async () => {
    assertGolden('sample.recall.txt', await report(['sample', recall, '--out', 'made/recall.parquet']));
    assertGolden(
      'sample.fine_ranking.txt',
      await report(['sample', 'configs/fine_ranking.ratio.yaml', '--out', 'made/fine.csv']),
    );
    assertGolden('sample.narrow.txt', await report(['sample', recall, '--out', 'made/recall.parquet'], 80));
    assertGolden(
      'sample.zh-cn.txt',
      await report(['sample', recall, '--out', 'made/recall.parquet', '--locale', 'zh-cn']),
    );
  });

  test('without --out the file goes to data.samples, and lint then finds nothing', async () => {
    for (const stage of ['recall', 'coarse_ranking', 'fine_ranking'])
      await report(['sample', `configs/${stage}.ratio.yaml`]);
    for (const stage of ['recall', 'coarse_ranking', 'fine_ranking'])
      assert.ok(existsSync(join(directory, `out/${stage}.parquet`)), stage);
    const { code, out } = await run([
      'lint',
      recall,
      'configs/coarse_ranking.ratio.yaml',
      'configs/fine_ranking.ratio.yaml',
      '--facts',
      'data',
      '--policy',
      'strict',
      '--fail-on',
      'info',
    ]);
    assert.equal(code, 0, out);
  });

  test('the rows of a user are those of the preview', async () => {
    await report([
      'sample',
      recall,
      '--out',
      'made/one.jsonl',
      '--seed',
      'other',
      '--epoch',
      '2',
      '--users',
      '7203685477570815477',
    ]);
    const rows = readFileSync(join(directory, 'made/one.jsonl'), 'utf8').trim().split('\n');
    const preview = JSON.parse(
      (
        await run([
          'preview',
          recall,
          '--seed',
          'other',
          '--epoch',
          '2',
          '--users',
          '7203685477570815477',
          '--format',
          'json',
        ])
      ).out,
    ) as {
      readonly users: readonly {
        readonly groups: readonly { readonly rows: readonly { readonly item: string; readonly label: number }[] }[];
      }[];
    };
    const shown = preview.users.flatMap(({ groups }) =>
      groups.flatMap((group) => group.rows.map(({ item, label }) => `${item} ${label}`)),
    );
    // Compared as text, because the numbers are above 2^53.
    assert.deepEqual(
      rows.map((row) => `${/"item_id":(\d+)/.exec(row)?.[1] ?? ''} ${/"label":(\d)/.exec(row)?.[1] ?? ''}`),
      shown,
    );
  });

  test('--split eval draws for the positives of that window', async () => {
    assert.match(
      await report(['sample', recall, '--split', 'eval', '--out', 'made/eval.parquet']),
      /^recall · eval · seed demo/m,
    );
    // Maturity counts up to the end of the log, so the eval window has rows.
    assert.match(
      await report(['sample', 'configs/fine_ranking.ratio.yaml', '--split', 'eval', '--out', 'made/fine.eval.csv']),
      /^[1-9][\d,]* rows · .*\n\n.*seen[^]*dropped by mature_after/m,
    );
  });

  test('a split without rows writes nothing, and names the step that left no rows', async () => {
    const before = readFileSync(join(directory, 'made/fine.eval.csv'));
    const wait = changed('wait.ratio.yaml', 'mature_after: 30m', 'mature_after: 9d', 'configs/fine_ranking.ratio.yaml');
    const { code, out, err } = await run(['sample', wait, '--split', 'eval', '--out', 'made/fine.eval.csv']);
    assert.deepEqual([code, out], [2, '']);
    assert.match(
      err,
      /No file is written because there are no rows: seen drops [\d,]+ and mature_after drops [\d,]+ of the [\d,]+ impressions of window\.eval; outcomes are known until 2026-11-21T/,
    );
    assert.deepEqual(readFileSync(join(directory, 'made/fine.eval.csv')), before);
    const later = changed(
      'later.ratio.yaml',
      'eval: {from: 2026-11-21, to: 2026-11-21}',
      'eval: {from: 2027-01-01, to: 2027-01-02}',
    );
    for (const asked of [
      ['sample', later, '--split', 'eval', '--out', 'made/later.parquet'],
      ['handover', later, '--for', 'recbole', '--out', 'made/later'],
    ]) {
      const refused = await run(asked);
      assert.equal(refused.code, 2);
      assert.match(
        refused.err,
        /none of the [\d,]+ impressions is in window\.eval: they range from 2026-11-17T.* to 2026-11-21T/,
      );
    }
    assert.deepEqual(
      [existsSync(join(directory, 'made/later.parquet')), existsSync(join(directory, 'made/later'))],
      [false, false],
    );
  });

  test('log columns without a value for drawn negatives are counted in the report, and lint warns', async () => {
    const passed = changed('passed.ratio.yaml', 'pass_through: [city, category]', 'pass_through: [city, dt]');
    assert.match(
      await report(['sample', passed, '--out', 'made/passed.parquet']),
      /^[\d,]+ of [\d,]+ negatives have no exposure of their own: their dt from data\.impressions is NULL/m,
    );
    assert.match(
      readFileSync(join(directory, 'made/passed.parquet.recsample.json'), 'utf8'),
      /"without_exposure":[1-9]/,
    );
    const { out } = await run(['lint', passed, '--facts', 'schema']);
    assert.match(out, /warning .*dt is NULL in negatives of popularity, global_random, same_city, host_refused/);
  });

  test('a file that would not match its config is not written', async () => {
    const { code, out, err } = await run([
      'sample',
      changed('partly.ratio.yaml', 'global_random: 0.2', 'no_such_source: 0.2'),
      '--out',
      'made/partly.parquet',
    ]);
    assert.deepEqual([code, out, existsSync(join(directory, 'made/partly.parquet'))], [2, '', false]);
    assert.match(
      err,
      /^recsample: configs\/partly\.ratio\.yaml: Nothing is written: the config has errors\. Run recsample lint configs\/partly\.ratio\.yaml to see what is wrong\.$/m,
    );
    // An error of a rule that planning does not detect.
    const ruled = await run([
      'sample',
      changed('whole.ratio.yaml', /mix:\n(?: {8}.*\n)+ {4}training:.*\n/, 'mix:\n        exposed_unclicked: 1\n'),
      '--out',
      'made/partly.parquet',
    ]);
    assert.deepEqual([ruled.code, existsSync(join(directory, 'made/partly.parquet'))], [2, false]);
  });

  test('an unknown --set variable and users without rows produce warnings', async () => {
    const { code, err, out } = await run([
      'sample',
      recall,
      '--out',
      'made/told.parquet',
      '--set',
      'dat=1',
      '--users',
      'nobody,7203685477570815477',
    ]);
    assert.equal(code, 0);
    assert.match(err, /No config has the variable dat of --set/);
    assert.match(out, /The log has no rows of user nobody/);
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

  test('the layout comes from the config; a format that cannot hold it is refused', async () => {
    const wide = changed('wide.ratio.yaml', 'layout: long', 'layout: wide');
    await report(['sample', wide, '--out', 'made/wide.jsonl']);
    assert.match(
      readFileSync(join(directory, 'made/wide.jsonl'), 'utf8'),
      /^\{"user_id":\d+,.*"negative_item_id":\[\d+,/,
    );
    const { code, err } = await run(['sample', wide, '--out', 'made/wide.csv']);
    assert.equal(code, 2);
    assert.match(
      err,
      /The layout wide needs list columns, which CSV does not support\. Write output: \{layout: long\} in the config, or choose another format\./,
    );
    const grouped = changed('grouped.ratio.yaml', 'layout: long', 'layout: grouped');
    assert.match(
      (await run(['sample', grouped, '--out', 'made/grouped.csv'])).err,
      /The layout grouped needs list columns, which CSV does not support\. Write output: \{layout: long\} in the config, or choose another format\./,
    );
  });

  test('a digest of a file leaves log q out, whatever its layout', async () => {
    for (const layout of ['long', 'wide', 'grouped']) {
      const file = `made/digest.${layout}.parquet`;
      await report(['sample', changed('digest.ratio.yaml', 'layout: long', `layout: ${layout}`), '--out', file]);
      const { columns, digest } = JSON.parse((await run(['inspect', file, '--digest', '--format', 'json'])).out) as {
        readonly columns: readonly { readonly name: string }[];
        readonly digest: { readonly columns: readonly string[] };
      };
      const names = columns.map(({ name }) => name);
      assert.ok(
        names.some((name) => name.endsWith('log_q_mix')),
        layout,
      );
      assert.deepEqual(
        [...digest.columns].sort(),
        names.filter((name) => !/^(negative_)?log_q(_mix)?$/.test(name)).sort(),
        layout,
      );
    }
  });

  test('a JSONL file without rows has no columns: inspect says so, and what to do', async () => {
    await report(['sample', recall, '--out', 'made/none.jsonl', '--users', 'nobody', '--allow-empty']);
    const { code, err } = await run(['inspect', 'made/none.jsonl']);
    assert.equal(code, 2);
    assert.match(
      err,
      /made\/none\.jsonl: The file is empty \(0 bytes\): a JSON Lines file without rows has no columns\. If no rows were drawn, the lock file next to the sample file records this\. Parquet and CSV keep their columns without rows\.$/m,
    );
  });

  test('every command line of the guide runs on the demo, and every option is in it', async () => {
    const [page, guide] = ['samples', 'cli'].map((name) =>
      readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8'),
    );
    const lines =
      /```sampling\n([\s\S]*?)```/
        .exec(page ?? '')?.[1]
        ?.trim()
        .split('\n') ?? [];
    assert.equal(lines.length, 3);
    for (const line of lines) await report(line.split(' ').slice(1));
    const section = /## recsample sample\n([\s\S]*?)\n## /.exec(guide ?? '')?.[1] ?? '';
    for (const option of Object.keys(sampleCommand.options))
      assert.match(section, new RegExp(`\`--${option}[ \`]`), option);
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

  test('the rows that downsample drops are reported, for the chosen users or for all', async () => {
    const fine = 'configs/fine_ranking.ratio.yaml';
    const whole = 'configs/whole-fine.ratio.yaml';
    writeFileSync(
      join(directory, whole),
      readFileSync(join(directory, fine), 'utf8').replace(/downsample: [\d.]+/, 'downsample: 1'),
    );
    const number = (text: string, what: RegExp): number => Number(what.exec(text)?.[1]?.replace(',', ''));
    const [all, thinned] = [
      await report(['sample', whole, '--out', 'made/whole.parquet']),
      await report(['sample', fine, '--out', 'made/thinned.parquet']),
    ];
    assert.equal(
      number(thinned, /([\d,]+) groups/) +
        number(thinned, /^([\d,]+) exposures of all users are left out by downsample$/m),
      number(all, /([\d,]+) groups/),
    );
    assert.doesNotMatch(all, /downsample/);
    assert.doesNotMatch(thinned, /of these users/);
    assert.match(
      (await run(['preview', fine, '--users', '7203685477570815477'])).out,
      /exposures of these users are left out by downsample/,
    );
  });
});
