import { loadavg } from 'node:os';
import path from 'node:path';
import { measure, median } from '../measure.ts';
import { markdownTable } from '../table.ts';
import { auditFiles } from './auditFiles.ts';
import type { AuditTaken } from './auditTaken.ts';

const root = path.resolve(import.meta.dirname, '../..');
const peers = path.join(root, 'bench', 'peers');

export const auditTasks = {
  '5m': 'a sample of 5 million rows: all metrics and data rules, and count(DISTINCT) of DuckDB',
  '20m': 'the same with 20 million rows',
} as const;
export type AuditTask = keyof typeof auditTasks;

/** Clicks of the shop; each gives eleven rows. */
const positives: Readonly<Record<AuditTask, number>> = { '5m': 455_000, '20m': 1_818_000 };
/**
 * Metrics that need distinct values, draws by chance, or a join with the log. All others need one pass over the rows.
 * `implied` reads the rows in the log, which are joined once for it, `exposed_requests`, `false_negatives` and
 * `exponent`; `popularity_by_entry` counts the items of the log, and joins them with those of the rows and of the
 * corpus.
 */
const severalPasses = [
  'duplicates',
  'divergence',
  'exponent',
  'false_negatives',
  'exposed_requests',
  'implied',
  'popularity_by_entry',
];
/** Steps that take less are not listed. */
const MIN_SECONDS = 0.1;

type Taken = AuditTaken & { readonly peakMb: number };

export interface AuditBench {
  /** Cache folder for the shops. */
  readonly cache: string;
  readonly repeats: number;
  readonly progress: (text: string) => void;
}

/** Each repetition runs in a new process; the tools take turns. Reports medians. */
export async function benchAudit(task: AuditTask, { cache, repeats, progress }: AuditBench): Promise<string> {
  const before = loadavg()[0] ?? NaN;
  progress(`${task}: making the sample (once)`);
  const { sample, config } = await auditFiles(cache, path.join(root, 'dist', 'cli.cjs'), positives[task]);
  const ourRuns: Taken[] = [];
  const sql: Taken[] = [];
  for (let k = 0; k < repeats; k++) {
    progress(`${task}, ${k + 1} of ${repeats}`);
    ourRuns.push(await measureAudit('recsample audit', 'audit.ts', [sample, config]));
    sql.push(await measureAudit('DuckDB', 'auditSql.ts', [sample]));
  }
  const peer = { cpu: median(sql.map(({ cpu }) => cpu)), clock: median(sql.map(({ clock }) => clock)) };
  const steps = [...stepsOf(ourRuns)];
  const parts = ([1, 2, 3] as const).map((kind) => ({
    name: { 1: 'metrics of one pass', 2: 'distinct and permutation metrics, joins with the log', 3: 'data rules' }[
      kind
    ],
    ...summed(steps.filter(({ step }) => kindOf(step) === kind)),
  }));
  const row = (name: string, cpu: number, clock: number, isPart: boolean): string[] => [
    name,
    cpu.toFixed(2),
    clock.toFixed(2),
    isPart ? (cpu / peer.cpu).toFixed(1) : '',
  ];
  return [
    markdownTable(
      ['part', 'CPU s', 's', 'CPU times DuckDB'],
      ['left', 'right', 'right', 'right'],
      [
        row('DuckDB: count(*), count(DISTINCT (user, item))', peer.cpu, peer.clock, true),
        ...parts.map(({ name, cpu, clock }) => row(name, cpu, clock, true)),
        ...steps.filter(({ cpu }) => cpu >= MIN_SECONDS).map(({ step, cpu, clock }) => row(step, cpu, clock, false)),
      ],
    ),
    `First figures after ${median(ourRuns.map(({ first }) => first)).toFixed(1)} s. Peak ${Math.max(...ourRuns.map(({ peakMb }) => peakMb)).toFixed(0)} MB; DuckDB ${Math.max(...sql.map(({ peakMb }) => peakMb)).toFixed(0)} MB. Load ${before.toFixed(1)} before, ${(loadavg()[0] ?? NaN).toFixed(1)} after.`,
  ].join('\n\n');
}

async function measureAudit(name: string, script: string, args: readonly string[]): Promise<Taken> {
  const { said, peakMb } = await measure(
    name,
    [process.execPath, '--import', 'tsx', path.join(peers, script), ...args],
    { cwd: root },
  );
  return { ...(JSON.parse(said) as AuditTaken), peakMb };
}

/** The medians of each step. Steps with the same name are one. */
function stepsOf(all: readonly Taken[]): readonly { step: string; cpu: number; clock: number }[] {
  const names = [...new Set(all.flatMap(({ steps }) => steps.map(({ step }) => step)))];
  return names.map((step) => {
    const sums = all.map(({ steps }) => summed(steps.filter((one) => one.step === step)));
    return { step, cpu: median(sums.map(({ cpu }) => cpu)), clock: median(sums.map(({ clock }) => clock)) };
  });
}

function summed(steps: readonly { readonly cpu: number; readonly clock: number }[]): { cpu: number; clock: number } {
  return {
    cpu: steps.reduce((sum, { cpu }) => sum + cpu, 0),
    clock: steps.reduce((sum, { clock }) => sum + clock, 0),
  };
}

/** 1: metrics of one pass, with reading the file; 2: other metrics; 3: data rules. */
function kindOf(step: string): 1 | 2 | 3 {
  if (step.startsWith('engine: answer')) return 3;
  return severalPasses.some((metric) => step.split(', ').includes(metric)) ? 2 : 1;
}
