import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Dice } from './dice.ts';
import { folder } from '../engine/fixture.ts';

const events = {
  click: { column: 'is_click', op: '=', value: 1 },
  tap: { column: 'tapped', op: '=', value: 1 },
  order: { column: 'ordered', op: '=', value: 1 },
};
const role = { user: { column: 'user', type: 'int64' }, item: { column: 'item', type: 'int64' }, time: 'time' };

/** A recall config on the files of a world. */
export const configOf = (sequences: Record<string, object>) => ({
  version: 1,
  seed: 'sequences',
  data: {
    impressions: { path: 'impressions.csv', columns: { ...role, request: 'request', position: 'position' } },
    clicks: {
      orders: { path: 'orders.csv', columns: role, events: ['order'], within: '1d' },
      taps: { path: 'taps.csv', columns: { ...role, request: 'request' }, events: ['tap'] },
    },
    items: { path: 'items.csv', columns: { item: role.item, attributes: ['category'] } },
  },
  events,
  window: { train: { from: '2026-03-02', to: '2026-03-04' } },
  timezone: 'Asia/Shanghai',
  stages: {
    recall: {
      unit: 'positive',
      positives: { events: { click: 1, tap: 1 } },
      negatives: { per_positive: 1, mix: { global_random: 1 } },
    },
  },
  output: { layout: 'long', sequences },
});

function randomSequence(dice: Dice): object {
  const isExposures = dice.chance(0.4);
  const delay = dice.pick(['30s', '1m', '15m', '6h']);
  const all = ['click', 'tap', 'order'];
  const names = isExposures ? ['impressions', ...dice.some(all, dice.whole(0, 2))] : dice.some(all, dice.whole(1, 3));
  return {
    events: dice.chance(0.5) ? names : Object.fromEntries(names.map((name, k) => [name, 2 ** k - (k === 0 ? 1 : 0)])),
    length: dice.pick([1, 2, 3, 5, 20]),
    ...(isExposures || dice.chance(0.6) ? { available_after: delay } : {}),
    ...(dice.chance(0.3) ? { as_of: 'day' } : {}),
    ...(dice.chance(0.3) ? { lookback: dice.pick(['5m', '2h', '1d']) } : {}),
    ...(dice.chance(0.2) ? { where: { device: 'ios' } } : {}),
    ...(isExposures && dice.chance(0.5) ? { without: dice.some(all, dice.whole(1, 2)) } : {}),
    ...(dice.chance(0.5) ? { dedup: dice.pick(['consecutive', 'item']) } : {}),
    ...(dice.chance(0.3) ? { newest_first: true } : {}),
    session: { gap: dice.pick(['1m', '30m']), ...(dice.chance(0.4) ? { keep: dice.whole(1, 2) } : {}) },
    columns: ['item', 'time', 'age', 'event', 'actions', 'session', 'device', 'category'],
  };
}

/** Times with many ties, over three days. */
function randomTime(dice: Dice): string {
  const seconds =
    dice.whole(0, 2) * 86_400 + dice.pick([0, 21_600, 36_000]) + dice.whole(0, 40) * dice.pick([1, 30, 60]);
  return new Date(Date.UTC(2026, 2, 2) + seconds * 1000).toISOString().replace('.000Z', 'Z');
}

const later = (time: string, seconds: number): string =>
  new Date(Date.parse(time) + seconds * 1000).toISOString().replace('.000Z', 'Z');

export function csv(name: string, columns: string, rows: readonly (readonly unknown[])[], directory: string): void {
  writeFileSync(path.join(directory, `${name}.csv`), `${[columns, ...rows.map((row) => row.join(','))].join('\n')}\n`);
}

export interface WrittenWorld {
  readonly directory: string;
  readonly names: readonly string[];
}

/** Writes the files of a world for RecSample and for the reference. */
export function writeWorld(seed: number): WrittenWorld {
  const dice = new Dice(`sequences ${seed}`);
  const directory = path.join(folder, `sequences-${seed}`);
  mkdirSync(directory);
  const user = (): number => dice.whole(1, 3);
  const item = (): number => dice.whole(101, 106);
  const dates = new Dice(`dates ${seed}`);
  // Some worlds have dates without a time of day, or nothing else.
  const dated = dates.pick([0, 0, 0.3, 1]);
  const written = <T extends { readonly time: string }>(row: T): T =>
    dates.chance(dated) ? { ...row, time: row.time.slice(0, 10) } : row;
  const request = (): string => (dice.chance(0.2) ? '' : `r${dice.whole(1, 8)}`);
  const many = <T>(count: number, row: () => T): T[] => Array.from({ length: count }, row);
  const exposures = many(dice.whole(5, 60), () => ({
    ...{ user: user(), item: item(), time: randomTime(dice), request: request() },
    ...{ position: dice.whole(1, 3), click: dice.chance(0.5) ? 1 : 0, device: dice.pick(['ios', 'web']) },
  }));
  csv(
    'impressions',
    'user,item,time,request,position,is_click,device',
    exposures.map((row) => Object.values(written(row))),
    directory,
  );
  /** Some events of a random pair, some soon after an impression. Rows without a time repeat other events. */
  const someEvents = (): (typeof exposures)[number][] => {
    const timed = many(dice.whole(1, 12), () => {
      const shown = dice.pick(exposures);
      return dice.chance(0.5)
        ? { ...shown, user: user(), item: item(), time: randomTime(dice), request: request() }
        : { ...shown, time: later(shown.time, dice.pick([-10, 0, 20, 60, 600, 3000])) };
    });
    return timed.flatMap((event) => (dice.chance(0.3) ? [event, { ...event, time: '' }] : [event]));
  };
  csv(
    'orders',
    'user,item,time,ordered',
    someEvents()
      .map(written)
      .map((row) => [row.user, row.item, row.time, 1]),
    directory,
  );
  csv(
    'taps',
    'user,item,time,request,tapped',
    someEvents()
      .map(written)
      .map((row) => [row.user, row.item, row.time, row.request, 1]),
    directory,
  );
  csv(
    'items',
    'item,category',
    many(6, () => 0).map((_, k) => [101 + k, dice.pick(['A', 'B'])]),
    directory,
  );
  const sequences = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, randomSequence(dice)]));
  writeFileSync(path.join(directory, 'world.ratio.json'), JSON.stringify(configOf(sequences)));
  const named = JSON.parse(JSON.stringify(sequences).replaceAll('"click"', '"is_click"')) as object;
  const tables = { orders: { event: 'order', within: '1d' }, taps: { event: 'tap' } };
  const config = { timezone: 'Asia/Shanghai', tables, sequences: named };
  writeFileSync(path.join(directory, 'config.json'), JSON.stringify(config));
  return { directory, names: Object.keys(sequences) };
}
