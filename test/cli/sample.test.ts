import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { sampleCommand } from '../../src/cli/commands/sample.ts';
import { createEngine } from '../../src/engine/process/engine.ts';
import { drawWorkerFile } from '../engine/drawWorkerFile.ts';
import { recsample } from './commandLine.ts';
import { changed, demoId, directory, recall, run, useDemoFolder } from './demoFolder.ts';
import { assertGolden } from './golden.ts';

useDemoFolder();

/** The report without the parts that differ between runs. */
async function report(args: readonly string[], width?: number): Promise<string> {
  const { code, out, err } = await run(args, width);
  assert.equal(code, 0, err);
  return out.replace(/· [\d.]+ kB ·/, '· SIZE ·').replace(/\d+\.\d (s|秒)/, 'TIME $1');
}

suite('sample', () => {
  test('another number of threads makes the same rows, of every stage', async () => {
    for (const stage of ['recall', 'coarse_ranking', 'fine_ranking']) {
      const digests: unknown[] = [];
      for (const threads of [1, 2]) {
        const file = `made/${stage}.${threads}.parquet`;
        const { code, err } = await recsample(
          ['sample', `configs/${stage}.ratio.yaml`, '--out', file, '--threads', String(threads)],
          {},
          { directory, createEngine: () => Promise.resolve(createEngine({ drawWorker: drawWorkerFile })) },
        );
        assert.equal(code, 0, err);
        const { out } = await run(['inspect', file, '--digest', '--format', 'json']);
        digests.push((JSON.parse(out) as { digest: unknown }).digest);
      }
      assert.ok(digests[0]);
      assert.deepEqual(digests[1], digests[0], stage);
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
      '7203685477535834021',
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
          '7203685477535834021',
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
      /^[1-9][\d,]* rows · .*\n\nTeacher, [^]*seen[^]*dropped by mature_after/m,
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
    const ambiguous = changed(
      'several.ratio.yaml',
      'pass_through: [city, category, activity',
      'pass_through: [city, dt',
    );
    assert.match(
      (await run(['lint', ambiguous, '--facts', 'schema'])).out,
      /error .*dt is a column of several data sets: impressions, candidates/,
    );
    const passed = changed(
      'passed.ratio.yaml',
      'pass_through: [city, category, activity',
      'pass_through: [city, {column: dt, from: impressions}',
    );
    assert.match(
      await report(['sample', passed, '--out', 'made/passed.parquet']),
      /^[\d,]+ of [\d,]+ negatives have no exposure of their own: their dt from data\.impressions is NULL/m,
    );
    assert.match(
      readFileSync(join(directory, 'made/passed.parquet.recsample.json'), 'utf8'),
      /"without_exposure":[1-9]/,
    );
    const { out } = await run(['lint', passed, '--facts', 'schema']);
    assert.match(out, /warning .*dt is a column of the log, but its side is not set/);
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
      'nobody,7203685477535834021',
    ]);
    assert.equal(code, 0);
    assert.match(err, /No config has the variable dat of --set/);
    assert.match(out, /The log has no rows of user nobody/);
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
        names.filter((name) => !/^(negative_)?log_?q(_|$)/.test(name)).sort(),
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

  test('the command lines of the guide run on the demo, and every option is in it', async () => {
    const [page, guide] = ['samples', 'cli'].map((name) =>
      readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8'),
    );
    const lines =
      /```sampling\n([\s\S]*?)```/
        .exec(page ?? '')?.[1]
        ?.trim()
        .split('\n') ?? [];
    assert.equal(lines.length, 3);
    for (const line of lines.filter((one) => !demoId.test(one))) await report(line.split(' ').slice(1));
    const section = /## recsample sample\n([\s\S]*?)\n## /.exec(guide ?? '')?.[1] ?? '';
    for (const option of Object.keys(sampleCommand.options))
      assert.match(section, new RegExp(`\`--${option}[ \`]`), option);
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
      (await run(['preview', fine, '--users', '7203685477535834021'])).out,
      /exposures of these users are left out by downsample/,
    );
  });
});
