import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BulkGenerator } from '../../src/core/sampling/rng.ts';
import { trialConfig, type Mix } from './trialConfig.ts';

/** A log whose users and whose old system are known. */
export interface SimulatedWorld {
  readonly name: string;
  readonly users: number;
  readonly items: number;
  readonly shownPerDay: number;
  /** How much the log odds of a click depend on the taste of the user, and on the popularity of the item. */
  readonly taste: number;
  readonly hot: number;
  /** The exponent with which the old system showed popular items. */
  readonly shownExponent: number;
  /** Log odds of a click without taste and popularity. */
  readonly base: number;
  /** True if a user sees an item only once before the evaluation days, like a film that is rated once. */
  readonly once: boolean;
}

const usual = { users: 1000, items: 500, shownPerDay: 10, base: -2.5, once: false };
export const worlds: readonly SimulatedWorld[] = [
  { ...usual, name: 'personal', taste: 3, hot: 0.2, shownExponent: 0.2 },
  { ...usual, name: 'mixed', taste: 2.5, hot: 0.5, shownExponent: 0.4 },
  { ...usual, name: 'mostly popular', taste: 1.5, hot: 1, shownExponent: 0.7 },
  { ...usual, name: 'popular', taste: 0.3, hot: 1, shownExponent: 1.2 },
  // The old system pushes items that users like no more than others: its log praises what it showed.
  { ...usual, name: 'pushed', taste: 1.5, hot: 0, shownExponent: 1.5 },
];
/** Users, items, exposures and clicks are about as many as in ML-100K, if four and five stars are clicks. */
export const likeMovieLens: SimulatedWorld = {
  name: 'like ML-100K',
  users: 943,
  items: 1682,
  shownPerDay: 11,
  taste: 3,
  hot: 0.3,
  shownExponent: 0.8,
  base: 0,
  once: true,
};

const factors = 3;
const [trainDays, evalDays] = [8, 2];
/** Exposures a day of the truth: uniform over the items, so that every item is as likely to be judged. */
const truthPerDay = 60;

/**
 * Writes the same train days twice: with evaluation days of the old system (`log`), and with evaluation days whose
 * exposures are uniform (`truth`). Clicks of the second say how users like items, whatever was shown.
 */
export function writeWorld(folder: string, world: SimulatedWorld, seed: number): void {
  mkdirSync(folder, { recursive: true });
  const { users, items, shownPerDay } = world;
  const generator = new BulkGenerator(`${seed}/${world.name}`);
  const chance = clickChance(world, generator);
  const cumulative: number[] = [];
  for (let k = 0; k < items; k++)
    cumulative.push((cumulative.at(-1) ?? 0) + popularityOf(k, items) ** world.shownExponent);
  const drawItem = (): number => placeIn(cumulative, generator.unit() * (cumulative.at(-1) ?? 0));
  const seen = Array.from({ length: users }, () => new Set<number>());
  const toShow = (user: number): number => {
    let item = drawItem();
    while (world.once && seen[user]?.has(item) === true) item = drawItem();
    seen[user]?.add(item);
    return item;
  };
  const days = (
    from: number,
    count: number,
    perDay: number,
    draw: (user: number) => number,
    isRandom: number,
  ): string[] => {
    const lines: string[] = [];
    for (let day = from; day < from + count; day++)
      for (let user = 0; user < users; user++)
        for (let k = 0; k < perDay; k++) {
          const item = draw(user);
          const click = generator.unit() < chance(user, item) ? 1 : 0;
          const [date, minute] = [day, k].map((value) => String(value).padStart(2, '0'));
          lines.push(`u${user},${item},2026-11-${date ?? ''}T10:${minute ?? ''}:00,${click},${isRandom}`);
        }
    return lines;
  };
  const head = 'user,item,time,click,random';
  const train = days(1, trainDays, shownPerDay, toShow, 0);
  const log = days(trainDays + 1, evalDays, shownPerDay, toShow, 0);
  const truth = days(trainDays + 1, evalDays, truthPerDay, () => generator.integerBelow(items), 1);
  writeFileSync(path.join(folder, 'log.csv'), [head, ...train, ...log, ''].join('\n'));
  writeFileSync(path.join(folder, 'truth.csv'), [head, ...train, ...truth, ''].join('\n'));
  writeFileSync(path.join(folder, 'items.csv'), ['item', ...Array.from({ length: items }, (_, k) => k), ''].join('\n'));
}

/** Falls with the number of an item, from 1/8 to 1/608. */
const popularityOf = (item: number, items: number): number => 1 / ((item * 600) / items + 8);

/** The chance that a user clicks an item that is shown. */
function clickChance(
  { users, items, taste, hot, base }: SimulatedWorld,
  generator: BulkGenerator,
): (user: number, item: number) => number {
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(generator.unit() + 2 ** -33)) * Math.cos(2 * Math.PI * generator.unit());
  const vectors = (count: number): number[][] =>
    Array.from({ length: count }, () => Array.from({ length: factors }, normal));
  const [ofUser, ofItem] = [vectors(users), vectors(items)];
  return (user, item) => {
    const affinity =
      (ofUser[user] ?? []).reduce((sum, x, k) => sum + x * (ofItem[item]?.[k] ?? 0), 0) / Math.sqrt(factors);
    return 1 / (1 + Math.exp(-base - taste * affinity - hot * Math.log(60 * popularityOf(item, items))));
  };
}

/** The first place whose cumulative sum is above a value. */
function placeIn(cumulative: readonly number[], value: number): number {
  let [low, high] = [0, cumulative.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

const drawnMix = (mix: string, logq = false): Mix => ({
  negatives: `{per_positive: 8, exclude: {events: [click], within: train}, mix: {${mix}}}`,
  training: `{loss: sampled_softmax, logq: ${logq}}`,
});
const inBatch = (logq: string): Mix => ({
  negatives: '{per_positive: {global_random: 0}}',
  training: `{loss: sampled_softmax, ${logq}in_batch: {batch_size: 64}}`,
});

/** The first is the reference. */
export const mixes: Readonly<Record<string, Mix>> = {
  uniform: drawnMix('global_random: 1'),
  popularity: drawnMix('popularity: {share: 1, exponent: 1}'),
  'popularity-logq': drawnMix('popularity: {share: 1, exponent: 1}', true),
  exposed: drawnMix('exposed_unclicked: 1'),
  half: drawnMix('exposed_unclicked: 0.5, global_random: 0.5'),
  'popularity-0.5': drawnMix('popularity: {share: 1, exponent: 0.5}'),
};
/** Mixes that take the time of several of the others. */
export const batchMixes: typeof mixes = { 'in-batch': inBatch(''), 'in-batch-logq': inBatch('logq: corpus, ') };

/** Writes the configs for one of the two logs, and returns their names. */
export function writeConfigs(folder: string, log: 'log' | 'truth', all: typeof mixes): string[] {
  return Object.entries(all).map(([name, mix]) => {
    const file = `${name}.${log}.ratio.yaml`;
    writeFileSync(path.join(folder, file), trialConfig(mix, log));
    return file;
  });
}
