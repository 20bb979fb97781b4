import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { scales, type Scale } from '../../../examples/demo/scale.ts';
import { stages } from '../../../src/core/schema/stage.ts';
import { render } from '../../../src/core/message/message.ts';
import { createEngine } from '../../../src/engine/engine.ts';
import { markdownTable } from '../../table.ts';
import { defects, type Defect } from './defects.ts';
import { HealthyWorld } from './healthyWorld.ts';

/** About 5,000 groups of recall. */
const cleanScale: Scale = {
  ...scales.small,
  name: 'clean',
  impressions: 140_000,
  users: 4_000,
  items: 6_000,
  dimensions: 8,
  sampleEmbeddings: false,
};
/** About 2,500 groups. */
const defectScale: Scale = { ...cleanScale, name: 'defects', impressions: 70_000, users: 2_000, items: 3_000 };
/** A strength is found if this share of its worlds is reported. */
const FOUND = 0.95;

export interface DefectBench {
  /** Number of clean worlds, and of worlds with each defect. */
  readonly clean: number;
  readonly planted: number;
  /** Seeds 1 to 20 are for choosing limits. */
  readonly firstSeed: number;
  readonly progress: (text: string) => void;
}

/** In how many worlds a strength is reported. */
interface Tally {
  found: number;
  worlds: number;
}

/** False alarms in healthy worlds, and the smallest strength of each defect that is found. */
export async function benchDefects({ clean, planted, firstSeed: first, progress }: DefectBench): Promise<string> {
  const tallies = new Map(defects.map((defect) => [defect, defect.strengths.map(() => ({ found: 0, worlds: 0 }))]));
  const alarms: string[] = [];
  const [groups, planting]: [number[], number[]] = [[], []];
  const root = mkdtempSync(path.join(tmpdir(), 'recsample-defects-'));
  try {
    for (let seed = first; seed < first + clean; seed++) {
      await inWorld(root, { scale: cleanScale, seed }, async (world) => {
        groups.push(await world.groups('recall'));
        for (const stage of stages)
          for (const { rule, message } of await world.alarms(stage))
            alarms.push(`seed ${seed}, ${stage}: ${rule}: ${render(message)}`);
      });
      progress(`clean world ${seed}: ${alarms.length} alarms so far`);
    }
    for (let seed = first; seed < first + planted; seed++) {
      await inWorld(root, { scale: defectScale, seed }, async (world) => {
        planting.push(await world.groups('recall'));
        for (const [defect, own] of tallies)
          await count(world, defect, own, (text) => progress(`seed ${seed}: ${text}`));
      });
      progress(`world with defects ${seed}`);
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  const bad = new Set(alarms.map((text) => text.split(',')[0])).size;
  return [
    `Clean worlds: ${bad} of ${clean} with an alarm (seeds ${first} to ${first + clean - 1}, ${rangeOf(groups)} groups of recall, three stages); one-sided 95 % bound ${(100 * upperBound(bad, clean)).toFixed(1)} %.`,
    ...(alarms.length === 0 ? [] : [alarms.map((text) => `- ${text}`).join('\n')]),
    `Worlds with defects: seeds ${first} to ${first + planted - 1}, ${rangeOf(planting)} groups of recall.`,
    markdownTable(
      ['defect', 'rule', 'strength: found in worlds', 'smallest found', 'target', 'met'],
      ['left', 'left', 'left', 'right', 'right', 'left'],
      [...tallies].map(([defect, own]) => rowOf(defect, own)),
    ),
  ].join('\n\n');
}

const rangeOf = (groups: readonly number[]): string => `${Math.min(...groups)} to ${Math.max(...groups)}`;

/** Writes a healthy world, and removes it after `use`. */
async function inWorld(
  root: string,
  { scale, seed }: { readonly scale: Scale; readonly seed: number },
  use: (world: HealthyWorld) => Promise<void>,
): Promise<void> {
  const engine = createEngine({ temporaryDirectory: root, threads: 2 });
  const world = await HealthyWorld.write(engine, path.join(root, `${scale.name}-${seed}`), { scale, seed });
  await use(world);
  world.close();
  await engine.dispose();
}

/** Plants a defect in each strength. */
async function count(
  world: HealthyWorld,
  defect: Defect,
  tallies: readonly Tally[],
  progress: (text: string) => void,
): Promise<void> {
  for (const [k, tally] of tallies.entries()) {
    const strength = defect.strengths[k] ?? NaN;
    const outcome = await defect.find(world, strength);
    if (outcome === 'not-planted') continue;
    const isFound = outcome === 'error' || outcome === 'warning';
    tally.worlds++;
    if (isFound) tally.found++;
    else if (defect.target !== null && strength >= defect.target) progress(`not found: ${defect.name}, ${strength}`);
  }
}

function rowOf({ name, rule, stage, unit, strengths, target }: Defect, tallies: readonly Tally[]): string[] {
  const shown = (strength: number): string =>
    unit === 'share' ? `${Number((100 * strength).toPrecision(3))} %` : String(strength);
  const isFound = ({ found, worlds }: Tally): boolean => found >= FOUND * worlds;
  const smallest = strengths.find((_, k) => tallies.slice(k).every(isFound));
  return [
    `${name} (${stage})`,
    `\`${rule}\``,
    strengths.map((s, k) => `${shown(s)}: ${tallies[k]?.found ?? 0}/${tallies[k]?.worlds ?? 0}`).join(', '),
    smallest === undefined ? 'none' : shown(smallest),
    target === null ? '' : shown(target),
    target === null ? '' : smallest !== undefined && smallest <= target ? 'yes' : '**no**',
  ];
}

/** The largest rate with which at most `count` of `total` happen with a probability of 5 % (Clopper and Pearson). */
export function upperBound(count: number, total: number): number {
  if (count >= total) return 1;
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step++) {
    const rate = (low + high) / 2;
    let [sum, term] = [0, (1 - rate) ** total];
    for (let k = 0; k <= count; k++) {
      sum += term;
      term *= ((total - k) / (k + 1)) * (rate / (1 - rate));
    }
    if (sum > 0.05) low = rate;
    else high = rate;
  }
  return low;
}
