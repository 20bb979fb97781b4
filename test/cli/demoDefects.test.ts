import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { defects, strengthText, usualStrength } from '../../examples/demo/defects/defects.ts';
import { rules } from '../../src/core/policy/rules.ts';
import { createEngine } from '../../src/engine/process/engine.ts';
import { recsample, type Outcome } from './commandLine.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'recsample-defects-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const run = (...args: readonly string[]): Promise<Outcome> =>
  recsample(args, {}, { directory, createEngine: () => Promise.resolve(createEngine({ threads: 1 })) });
const demo = (...args: readonly string[]): Promise<Outcome> => run('demo', 'd', '--scale', 'tiny', ...args);
const at = (file: string): string => path.join(directory, 'd', file);

interface Report {
  readonly findings: readonly { readonly rule: string; readonly message: string }[];
  readonly metrics: readonly {
    readonly metric: string;
    readonly tables: { readonly entries: { readonly rows: readonly (readonly unknown[])[] } };
  }[];
}

test('every rule about rows has a defect', () => {
  // No sample file exists where sampling refuses: test/engine/refusals.test.ts has a world for each reason.
  const planted = new Set<string>([...defects.map(({ rule }) => rule), 'data/refused']);
  assert.deepEqual(
    rules.flatMap(({ id, kind }) => (kind === 'data' && !planted.has(id) ? [id] : [])),
    [],
  );
  assert.equal(new Set(defects.map(({ name }) => name)).size, defects.length);
});

test('docs/cli.md lists every defect with its rule and its usual strength', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/cli.md'), 'utf8');
  const [, section = ''] = page.split('## recsample demo\n');
  const rows = [...section.matchAll(/^\| `([a-z-]+)` +\| (.*?) +\| \[(.*?)\]\(.*?\) +\| (.*?) +\|$/gm)];
  assert.deepEqual(
    rows.map((row) => row.slice(1)),
    defects.map((one) => [one.name, one.title, one.rule, strengthText(one, usualStrength(one))]),
  );
});

test('recsample demo --defects writes samples with defects, and the audit reports each by its rule', async () => {
  // One changes rows, the other changes how they are drawn. test/engine/auditDefects.test.ts plants more.
  const { code, out, err } = await demo('--defects', 'false-negative=0.05,mix=0.1');
  assert.equal(code, 0, err);
  assert.match(out, /^\d+ files, .*\n2 samples with defects: .*defects\n$/s);
  for (const { name, rule, stage } of defects.filter((one) => existsSync(at(`defects/${one.name}`)))) {
    const audited = await run('audit', `d/defects/${name}/${stage}.ratio.yaml`, '--format', 'json');
    const { findings, metrics } = JSON.parse(audited.out) as Report;
    const finding = findings.find((one) => one.rule === rule);
    assert.ok(finding, `${name}: ${audited.out}${audited.err}`);
    if (name === 'false-negative') {
      // Rule and metric tell the same numbers.
      const entries = metrics.find(({ metric }) => metric === 'false_negatives')?.tables.entries.rows ?? [];
      const sum = (column: number): number => entries.reduce((all, row) => all + Number(row[column]), 0);
      assert.ok(sum(2) > 0);
      assert.equal(
        finding.message.split('\n')[0],
        `${sum(2)} of ${sum(1)} negatives are items that their users had chosen before`,
      );
    }
    assert.match(readFileSync(at('defects/README.md'), 'utf8'), new RegExp(`${name}/${stage}.*\`${rule}\``));
  }
  assert.ok(existsSync(at('defects/healthy/recall.parquet')));
  // They belong to the demo: the next one in this folder replaces them, and leaves other files alone.
  assert.equal((await demo()).code, 0);
  assert.ok(!existsSync(at('defects')));
  writeFileSync(at('defects'), 'mine');
  assert.match((await demo('--defects', 'mix')).err, /defects: .*does not belong to the demo/);
  assert.equal(readFileSync(at('defects'), 'utf8'), 'mine');
});

test('a wrong list of defects is refused before anything is written', async () => {
  const refused = async (list: string): Promise<string> => {
    const { code, err } = await run('demo', 'new', '--defects', list);
    assert.equal(code, 2);
    assert.ok(!existsSync(path.join(directory, 'new')));
    return err;
  };
  assert.match(await refused('mixx'), /no defect mixx.*Did you mean mix\?/s);
  assert.match(await refused('mix=a lot'), /a lot is not a strength of the defect mix.*mix=0\.02/s);
  assert.match(await refused('duplicate=0.5'), /0\.5 is not a strength of the defect duplicate/);
  assert.match(await refused('false-negative=2'), /2 is not a strength of the defect false-negative/);
});
