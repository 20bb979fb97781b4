import { loadavg } from 'node:os';
import path from 'node:path';
import { groupings } from '../../src/core/table/grouping.ts';
import { auditFiles } from '../audit/auditFiles.ts';
import { measure, median } from '../measure.ts';
import { markdownTable } from '../table.ts';
import type { GroupTaken } from './groupTaken.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Clicks of the shop whose recall sample is grouped; each gives eleven rows. */
const positives = { '5m': 455_000, '20m': 1_818_000 } as const;
export type GroupTask = keyof typeof positives;
export const groupTasks: Readonly<Record<GroupTask, string>> = {
  '5m': 'a sample of 5 million rows by positive, request, user and day: first, middle and last groups, and rows of one',
  '20m': 'the same with 20 million rows',
};

export interface GroupBench {
  /** Cache folder for the shops. */
  readonly cache: string;
  readonly repeats: number;
  readonly progress: (text: string) => void;
}

/** Each grouping of each repetition runs in a new process with an engine of its own. Reports medians. */
export async function benchGroups(task: GroupTask, { cache, repeats, progress }: GroupBench): Promise<string> {
  const before = loadavg()[0] ?? NaN;
  progress(`${task}: making the sample (once)`);
  const { sample } = await auditFiles(cache, path.join(root, 'dist', 'cli.cjs'), positives[task]);
  const rows: string[][] = [];
  for (const grouping of groupings) {
    const all: GroupTaken[] = [];
    for (let k = 0; k < repeats; k++) {
      progress(`${task} by ${grouping}, ${k + 1} of ${repeats}`);
      const script = path.join(root, 'bench', 'peers', 'groups.ts');
      const { said } = await measure(grouping, [process.execPath, '--import', 'tsx', script, sample, grouping], {
        cwd: root,
      });
      all.push(JSON.parse(said) as GroupTaken);
    }
    const peak = Math.max(...all.map(({ peakMb }) => peakMb)).toFixed(0);
    for (const [k, { step }] of (all[0]?.steps ?? []).entries()) {
      const durations = all.flatMap(({ steps }) => steps[k] ?? []);
      rows.push([
        k === 0 ? grouping : '',
        k === 0 ? String(all[0]?.groups ?? '') : '',
        step,
        median(durations.map(({ seconds }) => seconds)).toFixed(2),
        median(durations.map(({ cpu }) => cpu)).toFixed(2),
        k === 0 ? peak : '',
      ]);
    }
  }
  return [
    markdownTable(
      ['group by', 'groups', 'step', 's', 'CPU s', 'peak MB'],
      ['left', 'right', 'left', 'right', 'right', 'right'],
      rows,
    ),
    `Load ${before.toFixed(1)} before, ${(loadavg()[0] ?? NaN).toFixed(1)} after.`,
  ].join('\n\n');
}
