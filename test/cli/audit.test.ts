import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { Ajv } from 'ajv';
import { metrics } from '../../src/core/audit/metrics.ts';
import { MAX_SUMMARY_LINES } from '../../src/core/report/auditSummary.ts';
import { cellWidth } from '../../src/core/report/cells.ts';
import { stages } from '../../src/core/schema/stage.ts';
import { answerOnce } from './answerOnce.ts';
import type { Outcome } from './commandLine.ts';
import { directory, run as runIn, useDemoFolder } from './demoFolder.ts';
import { assertGolden } from './golden.ts';

const isAudit = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(new URL('../../media/schemas/audit.schema.json', import.meta.url), 'utf8')) as object,
);

interface AuditJson {
  readonly stage: string | null;
  readonly split: string | null;
  readonly config: string | null;
  readonly findings: readonly unknown[];
  readonly baseline: unknown;
  readonly rules: readonly { readonly rule: string; readonly status: string; readonly because: string | null }[];
  readonly metrics: readonly { readonly metric: string; readonly status: string; readonly because: string | null }[];
}

const sampleOf = (stage: string, split: string): string => `out/${stage}.${split}.parquet`;

useDemoFolder();

const run = (args: readonly string[], width?: number): Promise<Outcome> => runIn(args, width, answerOnce);

async function auditJson(args: readonly string[]): Promise<AuditJson> {
  const { code, out, err } = await run(['audit', ...args, '--format', 'json']);
  assert.equal(code, 0, err + out.slice(0, 3000));
  const parsed = JSON.parse(out) as AuditJson;
  assert.ok(isAudit(parsed), JSON.stringify(isAudit.errors, null, 2));
  return parsed;
}

type Figures = Readonly<Record<string, { readonly value: unknown }>>;

/** Sizes differ between versions of DuckDB. */
const steady = (text: string): string => text.replace(/"bytes": \d+/, '"bytes": 0');

suite('audit', () => {
  before(async () => {
    for (const stage of stages)
      for (const split of ['train', 'eval']) {
        const config = `configs/${stage}.ratio.yaml`;
        const { code, err } = await run(['sample', config, '--split', split, '--out', sampleOf(stage, split)]);
        assert.equal(code, 0, err);
      }
  });
  test('the report of a sample: a summary, with --details every metric, and JSON by its schema', async () => {
    const sample = sampleOf('recall', 'train');
    for (const [name, ...options] of [[''], ['.details', '--details']] as const) {
      assertGolden(`audit${name}.txt`, (await run(['audit', sample, ...options])).out);
      assertGolden(`audit${name}.narrow.txt`, (await run(['audit', sample, ...options], 80)).out);
      assertGolden(`audit${name}.zh-cn.txt`, (await run(['audit', sample, ...options, '--locale', 'zh-cn'])).out);
    }
    await auditJson([sample]);
    assertGolden('audit.json', steady((await run(['audit', sample, '--format', 'json'])).out));
  });

  test('the summary of any file has at most 25 lines, also in a terminal of 80 cells', async () => {
    writeFileSync(join(directory, 'plain.csv'), 'uid,iid,y\nu1,i1,1\nu1,i2,0\nu1,i1,0\nu1,i1,0\n');
    const samples = [...stages.map((stage) => sampleOf(stage, 'train')), 'plain.csv'];
    for (const sample of samples)
      for (const width of [80, 120])
        for (const locale of ['en', 'zh-cn']) {
          const { out, err } = await run(['audit', sample, '--locale', locale], width);
          const lines = out.trimEnd().split('\n');
          assert.ok(
            lines.length > 5 && lines.length <= MAX_SUMMARY_LINES,
            `${sample} ${width} ${locale}: ${out}${err}`,
          );
          assert.deepEqual(
            lines.filter((line) => cellWidth(line) > width),
            [],
          );
          assert.match(out.trimEnd().split('\n\n').at(-1) ?? '', /--details|未度量|未运行/);
        }
  });

  test('the report as one HTML page and as SARIF holds every metric and every rule', async () => {
    const sample = sampleOf('recall', 'train');
    const { metrics: measured, rules } = await auditJson([sample]);
    const page = (await run(['audit', sample, '--format', 'html'])).out;
    assert.match(page, /^<!DOCTYPE html>\n<html lang="en">/);
    for (const { metric, status } of measured)
      if (status === 'measured') assert.ok(page.includes(`<section id="metric-${metric}">`), metric);
    const log = JSON.parse((await run(['audit', sample, '--format', 'sarif'])).out) as {
      readonly runs: readonly { readonly tool: { readonly driver: { readonly rules: readonly { id: string }[] } } }[];
    };
    assert.deepEqual(
      log.runs[0]?.tool.driver.rules.map(({ id }) => id),
      rules.map(({ rule }) => rule),
    );
  });

  test('samples of every stage and split of the demo audit clean, and find their config by the lock file', async () => {
    for (const stage of stages)
      for (const split of ['train', 'eval']) {
        const found = await auditJson([sampleOf(stage, split), '--fail-on', 'warning']);
        assert.deepEqual([found.stage, found.split, found.config], [stage, split, `configs/${stage}.ratio.yaml`]);
        assert.deepEqual(
          found.metrics.map(({ metric }) => metric),
          metrics.flatMap(({ id }) => (['by', 'drift', 'sequences'].includes(id) ? [] : [id])),
        );
        assert.deepEqual(
          found.rules.flatMap(({ rule, status }) => (status === 'not-run' ? [rule] : [])),
          [
            // Its lists are no pools.
            ...(stage === 'coarse_ranking' ? ['data/declared-q', 'data/impossible-draw', 'data/missing-choices'] : []),
            // There are few positives, and few users.
            ...(stage === 'coarse_ranking' || split === 'eval' ? ['data/label-leak'] : []),
            'data/user-skew',
          ],
          `${stage} ${split}`,
        );
      }
  });

  test('a config names its sample file; without one, or without its stage, the error says what to do', async () => {
    copyFileSync(join(directory, sampleOf('recall', 'train')), join(directory, 'out/recall.parquet'));
    const found = await auditJson(['configs/recall.ratio.yaml']);
    assert.deepEqual([found.stage, found.split], ['recall', 'train']);
    const refused = async (...args: readonly string[]): Promise<string> => {
      const { code, err } = await run(['audit', ...args]);
      assert.equal(code, 2);
      return err;
    };
    assert.match(
      await refused('configs/fine_ranking.ratio.yaml'),
      /The sample file of the stage fine_ranking does not exist/,
    );
    assert.match(
      await refused('out/recall.parquet', '--config', 'configs/recall.ratio.yaml', '--stage', 'fine_ranking'),
      /Its stages: recall/,
    );
    assert.match(await refused('absent.parquet'), /absent\.parquet/);
    symlinkSync('loop.parquet', join(directory, 'loop.parquet'));
    assert.match(await refused('loop.parquet'), /The symbolic links form a loop/);
    rmSync(join(directory, 'loop.parquet'));
    assert.match(await refused(sampleOf('recall', 'train'), '--role', 'item_id=thing'), /thing is not a role/);
    assert.match(await refused(sampleOf('recall', 'train'), '--role', 'item_id'), /--role must be COLUMN=ROLE/);
    assert.match(await refused(sampleOf('recall', 'train'), '--role', 'none=item'), /none/);
  });

  test('a sample outside of the project is checked by the same rules, also through a link', async () => {
    const outside = realpathSync(mkdtempSync(join(tmpdir(), 'recsample-outside-')));
    const [sample, file, folder] = ['recall.parquet', 'linked.parquet', 'linked'].map((name, k) =>
      join(k === 0 ? outside : directory, name),
    ) as [string, string, string];
    const lock = (place: string): string => `${place}.recsample.json`;
    const checked = async (path: string, ...args: readonly string[]): Promise<readonly string[]> => {
      const { code, out, err } = await run(['audit', path, ...args, '--fail-on', 'warning', '--format', 'json']);
      assert.equal(code, 0, err);
      assert.equal(err.includes(`${sample} is read through a link: ${file}`), path === 'linked.parquet', err);
      const found = JSON.parse(out) as AuditJson;
      assert.equal(found.config, 'configs/recall.ratio.yaml');
      const skipped = found.rules.filter(({ status }) => status === 'not-run');
      assert.ok(found.rules.length > 10 && skipped.length < 4, `${path} ${JSON.stringify(skipped)}`);
      assert.ok(
        skipped.every(({ because }) => !/refused|cannot be read/.test(because ?? '')),
        JSON.stringify(skipped),
      );
      return skipped.map(({ rule }) => rule);
    };
    try {
      copyFileSync(join(directory, sampleOf('recall', 'train')), sample);
      await checked(sample, '--config', 'configs/recall.ratio.yaml');
      // The lock file is next to the target, then only next to the link. Each gives the config and all rules.
      symlinkSync(sample, file);
      symlinkSync(outside, folder);
      copyFileSync(lock(join(directory, sampleOf('recall', 'train'))), lock(sample));
      assert.deepEqual(await checked('linked.parquet'), ['data/split-overlap', 'data/user-skew']);
      for (const path of ['linked.parquet', 'linked/recall.parquet']) {
        const { code, err } = await run(['diff', path, sampleOf('recall', 'train')]);
        assert.equal(code, 0, err);
      }
      renameSync(lock(sample), lock(file));
      assert.deepEqual(await checked('linked.parquet'), ['data/split-overlap', 'data/user-skew']);
    } finally {
      for (const path of [outside, file, lock(file), folder]) rmSync(path, { recursive: true, force: true });
    }
  });

  test("another tool's file, without a config", async () => {
    writeFileSync(join(directory, 'theirs.csv'), 'uid,iid,y\nu1,i1,1\nu1,i2,0\nu2,i3,0\n');
    const found = await auditJson(['theirs.csv']);
    assert.deepEqual([found.stage, found.config, found.findings], [null, null, []]);
    const isUngrouped = 'the columns of the sample file do not distinguish one group from another';
    assert.deepEqual(
      found.rules.map(({ rule, status, because }) => [rule, status, because]),
      [
        ['data/contradiction', 'not-run', isUngrouped],
        ['data/duplicate', 'not-run', isUngrouped],
        ['data/time-order', 'not-run', 'no column of the sample file has the role time'],
        ['data/label-leak', 'not-run', 'the file has no columns of features'],
      ],
    );
    assert.equal(found.metrics[0]?.status, 'measured');
    for (const { metric, status, because } of found.metrics)
      assert.ok(status === 'measured' || (because ?? '') !== '', metric);
  });

  test('a numeric column of a text file may be empty; another text in it is an error', async () => {
    // All negatives come from lists, so no row has a log q.
    const rows = (logQ: string): string =>
      `user_id,item_id,label,source,log_q,ts\n1,10,1,,,2026-11-01 10:00:00\n1,11,0,exposed_unclicked,${logQ},2026-11-01 10:00:00\n`;
    writeFileSync(join(directory, 'lists.csv'), rows(''));
    const { metrics: measured } = await auditJson(['lists.csv', '--role', 'log_q=log_q']);
    assert.equal(measured.find(({ metric }) => metric === 'rows')?.status, 'measured');
    writeFileSync(join(directory, 'lists.csv'), rows('abc'));
    const { code, err } = await run(['audit', 'lists.csv', '--role', 'log_q=log_q']);
    assert.equal(code, 2);
    assert.match(err, /column log_q must contain numbers, but its type is string/);
  });

  test('--by counts the rows by day, split or column; a column that the file lacks is an error', async () => {
    const sample = sampleOf('recall', 'train');
    const values = async (by: string): Promise<readonly unknown[]> => {
      const { metrics: found } = await auditJson([sample, '--by', by]);
      const { tables } = found.find(({ metric }) => metric === 'by') as unknown as {
        readonly tables: { readonly values: { readonly rows: readonly (readonly unknown[])[] } };
      };
      return tables.values.rows.map(([value, rows]) => `${String(value)} ${String(rows)}`);
    };
    assert.deepEqual(await values('day'), ['2026-11-17 165', '2026-11-18 231', '2026-11-19 165', '2026-11-20 275']);
    assert.deepEqual(await values('split'), ['train 836']);
    assert.deepEqual(await values('label'), ['0 760', '1 76']);
    const { metrics: byUser } = await auditJson([sample, '--by', 'users.activity']);
    const mixes = byUser.find(({ metric }) => metric === 'mix') as unknown as { readonly tables: object };
    assert.deepEqual(Object.keys(mixes.tables), ['entries', 'by_value', 'entries_by_value']);
    const { code, err } = await run(['audit', sample, '--by', 'town']);
    assert.equal(code, 2);
    assert.match(err, /There is no column town/);
  });

  test('--baseline shows what has changed, and which findings are new', async () => {
    const [now, then] = [sampleOf('recall', 'train'), sampleOf('recall', 'eval')];
    const { metrics: found, baseline } = await auditJson([now, '--baseline', then]);
    assert.deepEqual(baseline, { path: then, new_findings: [], gone_findings: [] });
    assert.equal(found.find(({ metric }) => metric === 'drift')?.status, 'measured');
    assert.equal((await run(['audit', now, '--baseline', 'absent.parquet'])).code, 2);
  });

  test('integer times without a config: their unit is inferred from their size and reported', async () => {
    const place = 'times.csv';
    const audited = async (first: string, ...args: readonly string[]): Promise<{ err: string; time: unknown }> => {
      writeFileSync(join(directory, place), `user_id,product,label,at\nu1,i1,1,${first}\nu1,i2,0,1\n`);
      const roles = ['--role', 'product=item', '--role', 'at=time'];
      const { code, out, err } = await run(['audit', place, ...roles, '--format', 'json', ...args]);
      if (code !== 0) return { err, time: null };
      const { metrics: measured } = JSON.parse(out) as { metrics: { metric: string; figures?: Figures }[] };
      return { err, time: measured.find(({ metric }) => metric === 'time')?.figures?.['last']?.value };
    };
    for (const [integer, unit] of [
      ['1780000000', 's'],
      ['1780000000123', 'ms'],
      ['1780000000123456', 'us'],
    ] as const) {
      const { err, time } = await audited(integer);
      assert.match(err, new RegExp(`The integers in at are read as ${unit} since 1970, by their size`));
      assert.match(String(time), /^2026-05-28/, unit);
    }
    // Ordinals and nanoseconds are not guessed.
    for (const integer of ['20260528', '1780000000123456789'])
      assert.match((await audited(integer)).err, /the numbers in column at need a unit/);
    rmSync(join(directory, place));
  });

  test('--fail-on gives exit code 1 for findings about this file, whatever file the config names', async () => {
    const rows = (await run(['inspect', sampleOf('fine_ranking', 'eval'), '--format', 'json', '--rows', '1'])).out;
    assert.match(rows, /"rows": \d+/);
    const { code } = await run(['sample', 'configs/fine_ranking.ratio.yaml', '--split', 'eval', '--out', 'twice.csv']);
    assert.equal(code, 0);
    const text = readFileSync(join(directory, 'twice.csv'), 'utf8');
    const [head = '', ...lines] = text.trimEnd().split('\n');
    writeFileSync(join(directory, 'twice.csv'), [head, ...lines, ...lines, ''].join('\n'));
    const audited = await run([
      'audit',
      'twice.csv',
      '--config',
      'configs/fine_ranking.ratio.yaml',
      '--fail-on',
      'warning',
    ]);
    assert.equal(audited.code, 1, audited.err);
    assert.match(audited.out, /data\/duplicate/);
    assert.match(audited.err, /The lock file twice\.csv\.recsample\.json is not used: the sample file changed/);
  });
});
