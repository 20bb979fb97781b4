import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TrialWord } from '../../src/core/trial/report.ts';
import { worlds, writeConfigs, writeWorld } from './simulatedLog.ts';

interface ReportJson {
  readonly pairs: readonly {
    readonly differences: readonly {
      readonly metric: string;
      readonly low: number;
      readonly high: number;
      readonly word: TrialWord;
    }[];
  }[];
  readonly gates: readonly {
    readonly id: string;
    readonly fired: boolean;
    readonly figures: readonly { readonly value: number | null }[];
  }[];
}

const cli = path.resolve(import.meta.dirname, '../../dist/cli.cjs');
const SEEDS = 3;

/**
 * Simulated logs with a known truth: how many pairs of configs that truly differ does a trial of the log order as the
 * truth does? The truth is the recall on uniform exposures of the same users, after the same training.
 */
export async function benchWorlds(seed: number, progress: (line: string) => void): Promise<string> {
  const lines = [
    '| world | popularity ÷ best NDCG | gate fired | pairs that truly differ | right | no clear difference | wrong |',
    '| --- | --: | --- | --: | --: | --: | --: |',
  ];
  for (const world of worlds) {
    progress(`trial worlds: ${world.name}`);
    const folder = mkdtempSync(path.join(tmpdir(), 'recsample-world-'));
    try {
      writeWorld(folder, world, seed);
      const [log, truth] = [
        trial(folder, writeConfigs(folder, 'log'), []),
        trial(folder, writeConfigs(folder, 'truth'), ['--eval-where', 'random=1']),
      ];
      const pairs = log.pairs.flatMap((pair, k) => {
        const [found, known] = [wordOf(pair, 'ndcg'), wordOf(truth.pairs[k], 'slice_recall')];
        return known === 'higher' || known === 'lower' ? [{ found, known }] : [];
      });
      const count = (keep: (pair: (typeof pairs)[number]) => boolean): number => pairs.filter(keep).length;
      const gate = log.gates.find(({ id }) => id === 'popularity');
      lines.push(
        `| ${[
          world.name,
          gate?.figures[0]?.value?.toFixed(2) ?? '–',
          gate?.fired === true ? 'yes' : 'no',
          pairs.length,
          count(({ found, known }) => found === known),
          count(({ found }) => found === 'no_clear_difference'),
          count(({ found, known }) => found !== known && found !== 'no_clear_difference'),
        ].join(' | ')} |`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return Promise.resolve(lines.join('\n'));
}

function trial(folder: string, configs: readonly string[], options: readonly string[]): ReportJson {
  const args = [cli, 'trial', ...configs, '--seeds', String(SEEDS), '--format', 'json', ...options];
  return JSON.parse(
    execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 }),
  ) as ReportJson;
}

/** The word of the interval, also where a gate withholds it. */
function wordOf(pair: ReportJson['pairs'][number] | undefined, metric: string): TrialWord | null {
  const one = pair?.differences.find((difference) => difference.metric === metric);
  if (!one) return null;
  return one.low > 0 ? 'higher' : one.high < 0 ? 'lower' : 'no_clear_difference';
}
