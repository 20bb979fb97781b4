import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BulkGenerator } from '../../src/core/sampling/rng.ts';

/** A log whose users and whose old system are known. */
export interface SimulatedWorld {
  readonly name: string;
  /** How much a click depends on the taste of the user; the rest is the popularity of the item. */
  readonly taste: number;
  /** The exponent with which the old system showed popular items. */
  readonly shownExponent: number;
}

export const worlds: readonly SimulatedWorld[] = [
  { name: 'personal', taste: 3, shownExponent: 0.3 },
  { name: 'mixed', taste: 1.5, shownExponent: 0.7 },
  { name: 'popular', taste: 0.3, shownExponent: 1.2 },
];

const [users, items, factors] = [1200, 600, 6];
const [trainDays, evalDays, shownPerDay] = [8, 2, 10];
/** Exposures a day of the truth: uniform over the items, so that every item is as likely to be judged. */
const truthPerDay = 60;

/**
 * Writes the same train days twice: with evaluation days of the old system (`log`), and with evaluation days whose
 * exposures are uniform (`truth`). Clicks of the second say how users like items, whatever was shown.
 */
export function writeWorld(folder: string, { name, taste, shownExponent }: SimulatedWorld, seed: number): void {
  mkdirSync(folder, { recursive: true });
  const generator = new BulkGenerator(`${seed}/${name}`);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(generator.unit() + 2 ** -33)) * Math.cos(2 * Math.PI * generator.unit());
  const vectors = (count: number): number[][] =>
    Array.from({ length: count }, () => Array.from({ length: factors }, normal));
  const [user, item] = [vectors(users), vectors(items)];
  const popularity = Array.from({ length: items }, (_, k) => 1 / (k + 8));
  const chance = (u: number, i: number): number => {
    const own = (user[u] ?? []).reduce((sum, x, k) => sum + x * (item[i]?.[k] ?? 0), 0) / Math.sqrt(factors);
    const hot = Math.log((popularity[i] ?? 0) * 60);
    return 1 / (1 + Math.exp(2.5 - taste * own - hot));
  };
  const cumulative: number[] = [];
  for (const weight of popularity) cumulative.push((cumulative.at(-1) ?? 0) + weight ** shownExponent);
  const shown = (): number => {
    const place = generator.unit() * (cumulative.at(-1) ?? 0);
    return cumulative.findIndex((sum) => sum > place);
  };
  const rows = (day: number, count: number, draw: () => number, isRandom: number): string[] => {
    const lines: string[] = [];
    for (let u = 0; u < users; u++)
      for (let k = 0; k < count; k++) {
        const i = draw();
        const click = generator.unit() < chance(u, i) ? 1 : 0;
        lines.push(
          `u${u},${i},2026-11-${String(day).padStart(2, '0')}T10:${String(k).padStart(2, '0')}:00,${click},${isRandom}`,
        );
      }
    return lines;
  };
  const days = (from: number, count: number, perDay: number, draw: () => number, isRandom: number): string[] =>
    Array.from({ length: count }, (_, k) => rows(from + k, perDay, draw, isRandom)).flat();
  const head = 'user,item,time,click,random';
  const train = days(1, trainDays, shownPerDay, shown, 0);
  const log = days(trainDays + 1, evalDays, shownPerDay, shown, 0);
  const truth = days(trainDays + 1, evalDays, truthPerDay, () => generator.below(items), 1);
  writeFileSync(path.join(folder, 'log.csv'), [head, ...train, ...log, ''].join('\n'));
  writeFileSync(path.join(folder, 'truth.csv'), [head, ...train, ...truth, ''].join('\n'));
  writeFileSync(path.join(folder, 'items.csv'), ['item', ...popularity.keys(), ''].join('\n'));
}

/** Mixes of six configs, by name. */
const mixes: Readonly<Record<string, readonly [mix: string, logq: boolean]>> = {
  uniform: ['global_random: 1', false],
  popularity: ['popularity: {share: 1, exponent: 1}', false],
  'popularity-logq': ['popularity: {share: 1, exponent: 1}', true],
  exposed: ['exposed_unclicked: 1', false],
  half: ['exposed_unclicked: 0.5, global_random: 0.5', false],
  'popularity-0.5': ['popularity: {share: 1, exponent: 0.5}', false],
};

/** Writes the configs for one of the two logs, and returns their names. */
export function writeConfigs(folder: string, log: 'log' | 'truth'): string[] {
  return Object.entries(mixes).map(([name, [mix, logq]]) => {
    const file = `${name}.${log}.ratio.yaml`;
    writeFileSync(
      path.join(folder, file),
      `version: 1
seed: 7
data:
  impressions: {path: ${log}.csv, columns: {user: user, item: item, time: time}}
  items: {path: items.csv, columns: {item: item}}
events: {click: click}
window: {train: {from: 2026-11-01, to: 2026-11-08}, eval: {from: 2026-11-09, to: 2026-11-10}}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}}
    negatives: {per_positive: 8, exclude: {events: [click], within: train}, mix: {${mix}}}
    training: {loss: sampled_softmax, logq: ${logq}}
`,
    );
    return file;
  });
}
