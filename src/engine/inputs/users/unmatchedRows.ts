import { eventColumn } from '../../tables/log.ts';
import type { Columnar } from '../../database/columnar.ts';
import type { SampledTables } from '../sampledTables.ts';
import { microseconds } from '../world/within.ts';
import { dayOf } from './dayOf.ts';
import { Picked } from './picked.ts';
import type { UserEvents } from './userRows.ts';

const noEvents: UserEvents = {
  item: new Uint32Array(),
  time: new Float64Array(),
  shown: new Float64Array(),
  day: new Float64Array(),
  request: [],
  isPositive: new Uint8Array(),
  events: {},
};

/**
 * The events without an impression of some users, by user.
 * @param read reads columns of rows
 */
export async function unmatchedRows(
  sampled: SampledTables,
  chosen: string,
  read: (columns: readonly string[], from: string) => Promise<Columnar>,
): Promise<(user: string) => UserEvents> {
  const unmatched = sampled.unmatched();
  if (unmatched === null) return () => noEvents;
  const { events } = sampled.data.log;
  const rows = await read(
    [
      'CAST(e."user" AS VARCHAR)',
      'e.number',
      microseconds('e.time'),
      microseconds('e.shown'),
      dayOf('e.time', sampled.timezone),
      'e.request',
      'e.positive',
      ...events.map((_, k) => `e.${eventColumn(k)}`),
    ],
    `${sampled.numbered(unmatched, chosen)} e`,
  );
  const picked = new Picked(rows.texts(0));
  const [item, time, shown, day] = [rows.unsigned(1), rows.numbers(2), rows.numbers(3), rows.numbers(4)];
  const [request, isPositive] = [rows.texts(5), rows.flags(6)];
  const held = events.map(({ name }, k) => [name, rows.flags(7 + k)] as const);
  return (user) => {
    const own = picked.of(user);
    return {
      item: own.values(item),
      time: own.values(time),
      shown: own.values(shown),
      day: own.values(day),
      request: own.texts(request),
      isPositive: own.values(isPositive),
      events: Object.fromEntries(held.map(([name, flags]) => [name, own.values(flags)])),
    };
  };
}
