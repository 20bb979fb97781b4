import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { markdownTable } from '../table.ts';
import {
  batchMixes,
  likeMovieLens,
  mixes,
  worlds,
  writeConfigs,
  writeWorld,
  type SimulatedWorld,
} from './simulatedLog.ts';

interface DifferenceJson {
  readonly metric: string;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

interface ReportJson {
  readonly arms: readonly { readonly name: string; readonly epochs: number }[];
  readonly values: readonly (readonly { readonly metric: string; readonly mean: number }[])[];
  readonly pairs: readonly {
    readonly reference: number;
    readonly arm: number;
    readonly differences: readonly DifferenceJson[];
  }[];
  readonly gates: readonly {
    readonly id: string;
    readonly fired: boolean;
    readonly figures: readonly { readonly value: number | null }[];
    readonly pairs: readonly (readonly [reference: number, arm: number])[];
  }[];
}

type Order = 'higher' | 'lower' | 'unclear';

/** Results of trials on the pairs of configs that truly differ. */
interface Tally {
  readonly ratios: number[];
  fired: number;
  differing: number;
  right: number;
  unclear: number;
  wrong: number;
  /** Wrong pairs that NDCG and GAUC disagree about, so that the report has no verdict. */
  contradicted: number;
}

export interface WorldsBench {
  readonly firstSeed: number;
  /** Worlds of each kind. */
  readonly repeats: number;
  /** Seeds of each trial. */
  readonly seeds: number;
  readonly progress: (line: string) => void;
}

const cli = path.resolve(import.meta.dirname, '../../dist/cli.cjs');
const run = promisify(execFile);

/**
 * Simulated logs with a known truth: how many pairs of configs that truly differ does a trial of the log order as the
 * truth does? The truth is the recall on uniform exposures of the same users, after the same training.
 */
export async function benchWorlds(bench: WorldsBench): Promise<string> {
  const { firstSeed, repeats, seeds, progress } = bench;
  const rows: string[][] = [];
  for (const world of worlds) {
    const tally: Tally = { ratios: [], fired: 0, differing: 0, right: 0, unclear: 0, wrong: 0, contradicted: 0 };
    for (let seed = firstSeed; seed < firstSeed + repeats; seed++) {
      progress(`trial worlds: ${world.name}, seed ${seed}`);
      await inWorld(world, seed, async (folder) => {
        const log = await trial(folder, writeConfigs(folder, 'log', mixes), seeds, []);
        const truth = await trial(folder, writeConfigs(folder, 'truth', mixes), seeds, ['--eval-where', 'random=1']);
        count(tally, log, truth);
      });
    }
    const shareText = (pairs: number): string =>
      `${pairs}${tally.differing === 0 ? '' : ` (${((100 * pairs) / tally.differing).toFixed(0)} %)`}`;
    rows.push([
      world.name,
      tally.ratios.map((ratio) => ratio.toFixed(2)).join(', '),
      `${tally.fired} of ${repeats}`,
      String(tally.differing),
      shareText(tally.right),
      shareText(tally.unclear),
      shareText(tally.wrong),
      String(tally.contradicted),
    ]);
    progress(rows.at(-1)?.join(' | ') ?? '');
  }
  return [
    `Seeds of the worlds: ${firstSeed} to ${firstSeed + repeats - 1}. Seeds of a trial: ${seeds}.`,
    markdownTable(
      [
        'world',
        'popularity ÷ best NDCG',
        'gate fired',
        'pairs that differ',
        'right',
        'no clear difference',
        'wrong',
        'of them, GAUC disagrees',
      ],
      ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'right'],
      rows,
    ),
  ].join('\n\n');
}

/** The differences of the mixes to uniform negatives in one log of the size of ML-100K. */
export async function benchMovieLens({ firstSeed, seeds, progress }: WorldsBench): Promise<string> {
  progress(`trial worlds: ${likeMovieLens.name}`);
  return await inWorld(likeMovieLens, firstSeed, async (folder) => {
    const report = await trial(folder, writeConfigs(folder, 'log', { ...mixes, ...batchMixes }), seeds, []);
    const metrics = ['ndcg', 'recall_head', 'recall_middle', 'recall_tail', 'head_share'];
    const ratio = report.gates.find(({ id }) => id === 'popularity')?.figures[0]?.value ?? NaN;
    return [
      `Popularity ÷ best NDCG: ${ratio.toFixed(2)}. Seeds of the trial: ${seeds}.`,
      markdownTable(
        ['mix', 'epochs', 'NDCG@20', 'head recall@100', 'middle', 'tail', 'head share'],
        ['left', ...Array.from({ length: 6 }, () => 'right' as const)],
        report.arms.map(({ name, epochs }, arm) => [
          name.replace(/\.log$/, ''),
          String(epochs),
          ...metrics.map((metric) => (arm === 0 ? valueText(report, metric) : differenceText(report, arm, metric))),
        ]),
      ),
    ].join('\n\n');
  });
}

function count(tally: Tally, log: ReportJson, truth: ReportJson): void {
  const gate = log.gates.find(({ id }) => id === 'popularity');
  tally.ratios.push(gate?.figures[0]?.value ?? NaN);
  if (gate?.fired === true) tally.fired++;
  const contradicted = log.gates.find(({ id }) => id === 'agreement')?.pairs ?? [];
  log.pairs.forEach((pair, k) => {
    const [logOrder, trueOrder] = [orderOf(pair, 'ndcg'), orderOf(truth.pairs[k], 'slice_recall')];
    if (trueOrder === 'unclear') return;
    tally.differing++;
    if (logOrder === trueOrder) tally.right++;
    else if (logOrder === 'unclear') tally.unclear++;
    else {
      tally.wrong++;
      if (contradicted.some(([reference, arm]) => reference === pair.reference && arm === pair.arm))
        tally.contradicted++;
    }
  });
}

async function inWorld<T>(world: SimulatedWorld, seed: number, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'recsample-world-'));
  try {
    writeWorld(folder, world, seed);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function trial(
  folder: string,
  configs: readonly string[],
  seeds: number,
  options: readonly string[],
): Promise<ReportJson> {
  const args = [cli, 'trial', ...configs, '--seeds', String(seeds), '--format', 'json', ...options];
  const { stdout } = await run(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 });
  return JSON.parse(stdout) as ReportJson;
}

/** The order that the interval implies, even if a gate withholds the verdict. */
function orderOf(pair: ReportJson['pairs'][number] | undefined, metric: string): Order {
  const entry = pair?.differences.find((difference) => difference.metric === metric);
  if (!entry) return 'unclear';
  return entry.low > 0 ? 'higher' : entry.high < 0 ? 'lower' : 'unclear';
}

function valueText(report: ReportJson, metric: string): string {
  return (report.values[0]?.find((one) => one.metric === metric)?.mean ?? NaN).toFixed(3);
}

/** A difference to the first config; in brackets if its interval contains 0. */
function differenceText(report: ReportJson, arm: number, metric: string): string {
  const pair = report.pairs.find((one) => one.reference === 0 && one.arm === arm);
  const entry = pair?.differences.find((difference) => difference.metric === metric);
  if (!entry) return '';
  const text = `${entry.difference < 0 ? '−' : '+'}${Math.abs(entry.difference).toFixed(3)}`;
  return entry.low > 0 || entry.high < 0 ? text : `(${text})`;
}
