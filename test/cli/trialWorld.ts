import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BulkGenerator } from '../../src/core/sampling/rng.ts';

/** A simulated log: which items a user clicks is known. */
interface SimulatedLog {
  readonly users: number;
  readonly items: number;
  readonly shownPerDay: number;
  /** An item to show to a user, for a number in [0, 1). Three of ten rows show a random item instead. */
  readonly shown: (unit: number, user: number) => number;
  readonly clickRate: (user: number, item: number) => number;
}

const DAYS = 10;

/** Writes `NAME.csv` and `NAME.items.csv`. Days 1 to 8 of November are for training, 9 and 10 for the evaluation. */
export function writeLog(directory: string, name: string, log: SimulatedLog): void {
  const generator = new BulkGenerator(`trial world ${name}`);
  const lines = ['user,item,time,click,random'];
  for (let day = 1; day <= DAYS; day++)
    for (let user = 0; user < log.users; user++)
      for (let k = 0; k < log.shownPerDay; k++) {
        const isRandom = generator.unit() < 0.3;
        const item = isRandom ? generator.integerBelow(log.items) : log.shown(generator.unit(), user);
        const click = generator.unit() < log.clickRate(user, item) ? 1 : 0;
        const time = `2026-11-${String(day).padStart(2, '0')}T10:${String(k).padStart(2, '0')}:00`;
        lines.push(`u${user},${item},${time},${click},${isRandom ? 1 : 0}`);
      }
  writeFileSync(join(directory, `${name}.csv`), `${lines.join('\n')}\n`);
  writeFileSync(
    join(directory, `${name}.items.csv`),
    `item\n${Array.from({ length: log.items }, (_, k) => k).join('\n')}\n`,
  );
}

/** Users are shown and click items of their own kind. */
export const personalised: SimulatedLog = {
  users: 120,
  items: 160,
  shownPerDay: 10,
  shown: (unit, user) => 4 * Math.floor(40 * unit) + (user % 4),
  clickRate: (user, item) => (user % 4 === item % 4 ? 0.4 : 0.02),
};

/** All users click the same items, and those are shown more often. */
export const popular: SimulatedLog = {
  users: 120,
  items: 160,
  shownPerDay: 10,
  shown: (unit) => Math.floor(160 * unit ** 3),
  clickRate: (_, item) => 0.6 / (1 + item / 8),
};

export interface TrialStage {
  readonly log: string;
  readonly unit?: string;
  readonly negatives?: string;
  readonly training?: string;
  readonly window?: string;
  readonly events?: string;
}

/** Writes a config of a simulated log, and returns its name. */
export function writeTrialConfig(
  directory: string,
  name: string,
  {
    log,
    unit = 'positive',
    negatives = '{per_positive: 5, exclude: {events: [click], within: train}, mix: {global_random: 1}}',
    training = '{loss: sampled_softmax}',
    window = '{train: {from: 2026-11-01, to: 2026-11-08}, eval: {from: 2026-11-09, to: 2026-11-10}}',
    events = '{click: click}',
  }: TrialStage,
): string {
  const file = `${name}.ratio.yaml`;
  writeFileSync(
    join(directory, file),
    `version: 1
seed: 7
data:
  impressions: {path: ${log}.csv, columns: {user: user, item: item, time: time}}
  items: {path: ${log}.items.csv, columns: {item: item}}
events: ${events}
window: ${window}
stages:
  recall:
    unit: ${unit}
    positives: {events: {click: 1}}
${negatives === '' ? '' : `    negatives: ${negatives}\n`}    training: ${training}
`,
  );
  return file;
}
