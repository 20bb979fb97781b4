import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Defect } from '../../../examples/demo/defects/defect.ts';
import { defects, strengthText } from '../../../examples/demo/defects/defects.ts';
import { scales, type Scale } from '../../../examples/demo/scale.ts';
import type { RuleId } from '../../../src/core/policy/ruleId.ts';
import { stages } from '../../../src/core/schema/stage.ts';
import { render } from '../../../src/core/message/message.ts';
import { createEngine } from '../../../src/engine/process/engine.ts';
import { markdownTable } from '../../table.ts';
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
  /** Number of clean worlds, of worlds with each defect, and of demos as users get them. */
  readonly clean: number;
  readonly planted: number;
  readonly demos: number;
  /** The defects that are planted; null: all. */
  readonly names: readonly string[] | null;
  /** Seeds 1 to 20 are for choosing limits. */
  readonly firstSeed: number;
  readonly progress: (text: string) => void;
  /** Ends after the present world, with the report of the worlds so far. */
  readonly signal: AbortSignal;
}

/** In how many worlds a strength is reported. */
interface Tally {
  found: number;
  worlds: number;
  /** Other rules of sequences that report it too. */
  readonly others: Set<RuleId>;
}

/** Healthy worlds, and what is reported about them. */
interface Alarms {
  readonly groups: number[];
  readonly found: string[];
  bad: number;
}

/** False alarms in healthy worlds, and the smallest strength of each defect that is found. */
export async function benchDefects(bench: DefectBench): Promise<string> {
  const { clean, planted, demos, names, firstSeed: first, progress, signal } = bench;
  const selectedDefects = defects.filter(({ name }) => names?.includes(name) ?? true);
  const tallies = new Map(
    selectedDefects.map((defect) => [
      defect,
      defect.strengths.map(() => ({ found: 0, worlds: 0, others: new Set<RuleId>() })),
    ]),
  );
  const planting: number[] = [];
  const root = mkdtempSync(path.join(tmpdir(), 'recsample-defects-'));
  const eachWorld = async (
    worlds: number,
    scale: Scale | null,
    use: (world: HealthyWorld, seed: number) => Promise<void>,
  ): Promise<void> => {
    for (let seed = first; seed < first + worlds && !signal.aborted; seed++)
      await inWorld(root, { scale, seed }, (world) => use(world, seed));
  };
  const healthy = async (worlds: number, scale: Scale | null, name: string): Promise<Alarms> => {
    const alarms: Alarms = { groups: [], found: [], bad: 0 };
    await eachWorld(worlds, scale, async (world, seed) => {
      const before = alarms.found.length;
      for (const stage of stages)
        for (const { rule, message } of await world.alarms(stage))
          alarms.found.push(`seed ${seed}, ${stage}: ${rule}: ${render(message)}`);
      for (const { sample, rule, message } of await world.alarmsOfHistories())
        alarms.found.push(`seed ${seed}, ${sample}: ${rule}: ${render(message)}`);
      if (scale === null)
        for (const { rule, message } of await world.alarmsOfDemo())
          alarms.found.push(`seed ${seed}, its own sample: ${rule}: ${render(message)}`);
      alarms.groups.push(await world.groups());
      if (alarms.found.length > before) alarms.bad++;
      progress([`${name} ${seed}: ${alarms.bad} with an alarm so far`, ...alarms.found.slice(before)].join('\n'));
    });
    return alarms;
  };
  try {
    const cleanAlarms = await healthy(clean, cleanScale, 'clean world');
    const demoAlarms = await healthy(demos, null, 'demo');
    await eachWorld(planted, defectScale, async (world, seed) => {
      planting.push(await world.groups());
      for (const [defect, own] of tallies) await count(world, defect, own, (text) => progress(`seed ${seed}: ${text}`));
      progress(`world with defects ${seed}`);
    });
    return [
      ...alarmText('Clean worlds', cleanAlarms, first),
      ...alarmText('Demos', demoAlarms, first),
      ...(planting.length === 0
        ? []
        : [
            `Worlds with defects: seeds ${first} to ${first + planting.length - 1}, ${rangeOf(planting)} groups of recall.`,
            markdownTable(
              ['defect', 'rule', 'strength: found in worlds', 'smallest found', 'target', 'met'],
              ['left', 'left', 'left', 'right', 'right', 'left'],
              [...tallies].map(([defect, own]) => rowOf(defect, own)),
            ),
          ]),
    ].join('\n\n');
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function alarmText(name: string, { groups, found, bad }: Alarms, first: number): string[] {
  const worlds = groups.length;
  if (worlds === 0) return [];
  return [
    `${name}: ${bad} of ${worlds} with an alarm (seeds ${first} to ${first + worlds - 1}, ${rangeOf(groups)} groups of recall, three stages); one-sided 95 % bound ${(100 * upperBound(bad, worlds)).toFixed(1)} %.`,
    ...(found.length === 0 ? [] : [found.map((text) => `- ${text}`).join('\n')]),
  ];
}

const rangeOf = (groups: readonly number[]): string => `${Math.min(...groups)} to ${Math.max(...groups)}`;

/** Writes a healthy world, and removes it after `use`. */
async function inWorld(
  root: string,
  { scale, seed }: { readonly scale: Scale | null; readonly seed: number },
  use: (world: HealthyWorld) => Promise<void>,
): Promise<void> {
  const engine = createEngine({ temporaryDirectory: root, threads: 2 });
  const world = await HealthyWorld.write(engine, path.join(root, `${scale?.name ?? 'demo'}-${seed}`), { scale, seed });
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
    const { outcome, others } = await world.find(defect, strength);
    if (outcome === 'not-planted') continue;
    tally.worlds++;
    for (const rule of others) tally.others.add(rule);
    if (outcome === 'found') tally.found++;
    else if (defect.target !== null && strength >= defect.target) progress(`not found: ${defect.name}, ${strength}`);
  }
}

function rowOf(defect: Defect, tallies: readonly Tally[]): string[] {
  const { title, rule, stage, strengths, target } = defect;
  const textOf = (strength: number): string => strengthText(defect, strength);
  const isFound = ({ found, worlds }: Tally): boolean => found >= FOUND * worlds;
  const others = new Set(tallies.flatMap((tally) => [...tally.others]));
  const smallest = strengths.find((_, k) => tallies.slice(k).every(isFound));
  return [
    `${title} (${stage})`,
    [`\`${rule}\``, ...[...others].sort().map((other) => `also \`${other}\``)].join(', '),
    strengths.map((s, k) => `${textOf(s)}: ${tallies[k]?.found ?? 0}/${tallies[k]?.worlds ?? 0}`).join(', '),
    smallest === undefined ? 'none' : textOf(smallest),
    target === null ? '' : textOf(target),
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
