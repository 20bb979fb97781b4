import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { BulkGenerator } from '../../src/core/sampling/rng.ts';
import { measure, median } from '../measure.ts';
import { markdownTable } from '../table.ts';
import type { KernelTaken } from './kernelEpoch.ts';
import { trialConfig } from './trialConfig.ts';

/** Python with PyTorch, and the variables that it needs to find it. */
export interface TorchPython {
  readonly python: string;
  readonly env: Readonly<Record<string, string>>;
}

const root = path.resolve(import.meta.dirname, '../..');

/** Two configs, five seeds, about 100,000 train positives with ten negatives each, 20,000 users and 50,000 items. */
export async function benchWholeTrial(progress: (line: string) => void): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'recsample-trial-'));
  try {
    progress('trial: writing a log of 800,000 exposures');
    writeShop(folder);
    progress('trial: two configs, five seeds, two threads');
    const before = loadavg()[0] ?? NaN;
    const cli = path.join(root, 'dist', 'cli.cjs');
    const args = [cli, 'trial', 'uniform.ratio.yaml', 'popularity.ratio.yaml', '--threads', '2', '--format', 'json'];
    const { seconds, cpuSeconds, peakMb, said } = await measure('recsample trial', [process.execPath, ...args], {
      cwd: folder,
    });
    const { arms, population } = JSON.parse(said) as {
      readonly arms: readonly { readonly epochs: number; readonly runs: readonly { readonly rows: number }[] }[];
      readonly population: { readonly used_positives: number; readonly warm_users: number; readonly corpus: number };
    };
    // Tuning trains two seeds of each config for 20 epochs.
    const epochs = arms.reduce((sum, arm) => sum + arm.epochs * arm.runs.length + 40, 0);
    return markdownTable(
      [
        'positives',
        'rows of a run',
        'users ranked',
        'corpus',
        'epochs, with tuning',
        's',
        'processor s',
        'peak MB',
        'load before',
      ],
      Array.from({ length: 9 }, () => 'right' as const),
      [
        [
          population.used_positives,
          arms[0]?.runs[0]?.rows ?? 0,
          population.warm_users,
          population.corpus,
          `${epochs} (${arms.map((arm) => arm.epochs).join(' and ')} chosen)`,
          seconds.toFixed(0),
          cpuSeconds.toFixed(0),
          peakMb.toFixed(0),
          before.toFixed(1),
        ].map((cell) => cell.toLocaleString('en')),
      ],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const sizes = [
  { positives: 100_000, users: 20_000, items: 50_000 },
  { positives: 1_000_000, users: 200_000, items: 50_000 },
];
const NEGATIVES = 10;
const batches = [1024, 8192];

/** One epoch on one thread: the kernel, and PyTorch with sparse embeddings and Adagrad. They take turns. */
export async function benchEpoch(torch: TorchPython | null, progress: (line: string) => void): Promise<string> {
  const rows: string[][] = [];
  for (const { positives, users, items } of sizes) {
    const numbers = [positives, NEGATIVES, users, items].map(String);
    const name = `${positives.toLocaleString('en')} × ${NEGATIVES}`;
    progress(`epoch: ${name}, the kernel`);
    const script = path.join(root, 'bench', 'trial', 'kernelEpoch.ts');
    const kernelMeasurement = await measure('the kernel', [process.execPath, '--import', 'tsx', script, ...numbers], {
      cwd: root,
    });
    const { epochs } = JSON.parse(kernelMeasurement.said) as KernelTaken;
    // Compare CPU seconds: other programs affect them far less than wall-clock seconds.
    const kernel = median(epochs.map(({ cpuSeconds }) => cpuSeconds));
    const clock = median(epochs.map(({ seconds }) => seconds));
    rows.push([
      name,
      'kernel of the trial',
      clock.toFixed(2),
      kernel.toFixed(2),
      '1',
      kernelMeasurement.peakMb.toFixed(0),
    ]);
    for (const batch of torch === null ? [] : batches) {
      progress(`epoch: ${name}, PyTorch with batches of ${batch}`);
      const file = path.join(root, 'bench', 'peers', 'torchEpoch.py');
      const peer = await measure('PyTorch', [torch?.python ?? '', file, ...numbers, String(batch)], {
        env: { ...torch?.env, OMP_NUM_THREADS: '1', CUDA_VISIBLE_DEVICES: '' },
      });
      const { seconds, cpuSeconds, version } = JSON.parse(peer.said) as {
        readonly seconds: number;
        readonly cpuSeconds: number;
        readonly version: string;
      };
      rows.push([
        name,
        `PyTorch ${version}, batches of ${batch}`,
        seconds.toFixed(2),
        cpuSeconds.toFixed(2),
        (cpuSeconds / kernel).toFixed(1),
        peer.peakMb.toFixed(0),
      ]);
    }
  }
  return markdownTable(
    ['positives × negatives', 'one epoch, one thread', 's', 'processor s', 'times the kernel', 'peak MB'],
    ['left', 'left', 'right', 'right', 'right', 'right'],
    rows,
  );
}

/** Users and items of 100 kinds; users click items of their own kind. */
function writeShop(folder: string): void {
  const [users, items, days, shownPerDay, kinds] = [20_000, 50_000, 10, 4, 100];
  const generator = new BulkGenerator('trial shop');
  const lines = ['user,item,time,click'];
  for (let day = 1; day <= days; day++)
    for (let user = 0; user < users; user++)
      for (let k = 0; k < shownPerDay; k++) {
        const rank = Math.floor((items / kinds) * generator.unit() ** 3);
        const kind = generator.unit() < 0.5 ? user % kinds : generator.integerBelow(kinds);
        const click = generator.unit() < (kind === user % kinds ? 0.3 : 0.04) ? 1 : 0;
        lines.push(`${user},${rank * kinds + kind},2026-11-${String(day).padStart(2, '0')}T10:0${k}:00,${click}`);
      }
  writeFileSync(path.join(folder, 'log.csv'), `${lines.join('\n')}\n`);
  writeFileSync(path.join(folder, 'items.csv'), ['item', ...Array.from({ length: items }, (_, k) => k), ''].join('\n'));
  const mixes = { uniform: ['global_random: 1', 'false'], popularity: ['popularity: 1', 'shares'] } as const;
  for (const [name, [mix, logq]] of Object.entries(mixes))
    writeFileSync(
      path.join(folder, `${name}.ratio.yaml`),
      trialConfig({
        negatives: `{per_positive: ${NEGATIVES}, exclude: {events: [click], within: train}, mix: {${mix}}}`,
        training: `{loss: sampled_softmax, logq: ${logq}}`,
      }),
    );
}
