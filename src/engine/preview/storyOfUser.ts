import { isoTime } from '../../core/sampling/isoTime.ts';
import { f64At, u32At, valueAt } from '../../core/valueAt.ts';
import { dailyCount } from '../../core/source/options.ts';
import type { StoryCount, StoryEvent, StoryExposure, StoryRequest, UserStory } from '../../protocol/sampling.ts';
import type { Work } from '../database/connections.ts';
import type { UserRows } from '../inputs/users/userRows.ts';
import { eventNames } from './eventNames.ts';
import type { Sampling } from './openSamplingData.ts';

/** A row of the log or an event: its item number, its time in microseconds and the place of its row. */
interface Mark {
  readonly item: number;
  readonly time: number;
  readonly row: number;
}
interface EventMark extends Mark {
  readonly event: string;
  /** The time of its exposure; null for an event without one. */
  readonly shown: number | null;
}

/** The log rows of a user, in the order of time. */
export async function storyOfUser(
  { plan, user, limit }: StoryRequest,
  { data, sampled }: Sampling,
  work: Work,
): Promise<UserStory> {
  const world = await data.worlds.world(sampled, plan, work);
  const { split, train, knownUntil } = await data.worlds.windows(sampled, plan, work);
  const counts: StoryCount[] = [];
  for (const { name, draws } of plan.entries)
    if (draws.kind === 'pool' && draws.weight && dailyCount({ draws }) === null) {
      const count = await data.worlds.countOf(sampled, draws.weight.count, train, work);
      counts.push({ entry: name, of: count.any, from: endOf(count.from), to: endOf(count.to) });
    }
  const [rows] = await data.users(sampled, [user], work);
  const exposures = rows ? exposuresOf(rows) : [];
  const kinds = eventNames(sampled);
  const all = rows ? eventsOf(rows, kinds, knownUntil) : [];
  const events = all.filter(({ time }) => !Number.isNaN(time));
  const newest = <M extends Mark>(marks: readonly M[]): M[] =>
    [...marks].sort((a, b) => a.time - b.time).slice(Math.max(0, marks.length - limit));
  const [shownRows, shownEvents] = [newest(exposures), newest(events)];
  const numbers = [...new Set([...shownRows, ...shownEvents].map(({ item }) => item))];
  const texts = await data.facts.texts.texts(sampled, numbers, work);
  const id = (item: number): string => world.items.texts.textOf(item);
  return {
    known: exposures.length > 0 || all.length > 0,
    exposures: shownRows.map(({ item, time, row }): StoryExposure => ({
      item: id(item),
      time: isoTime(time),
      request: rows?.log.request[row] ?? null,
      position: rows?.log.position[row] ?? null,
      isChosen: kinds.some((event) => rows?.log.events[event]?.[row] === 1),
    })),
    events: shownEvents.map(({ item, time, event, shown }): StoryEvent => ({
      event,
      item: id(item),
      time: isoTime(time),
      shown: shown === null ? null : isoTime(shown),
    })),
    total: { exposures: exposures.length, events: events.length },
    timeless: all.length - events.length,
    kinds,
    window: { from: endOf(split.from), to: endOf(split.to) },
    train: { from: endOf(train.from), to: endOf(train.to) },
    knownUntil: endOf(knownUntil),
    counts,
    titles: Object.fromEntries(
      numbers.flatMap((number) => {
        const title = texts.get(number)?.title ?? null;
        return title === null ? [] : [[id(number), title]];
      }),
    ),
  };
}

/** Exposures at one time are in the order of their positions; those without a number as position come last. */
function exposuresOf({ log: { item, time, position } }: UserRows): Mark[] {
  const places = Array.from(time, (_, row) => {
    const place = Number(valueAt(position, row) ?? NaN);
    return Number.isNaN(place) ? Infinity : place;
  });
  const order = Array.from(time, (_, row) => row).sort(
    (a, b) => f64At(time, a) - f64At(time, b) || valueAt(places, a) - valueAt(places, b) || a - b,
  );
  return order.map((row) => ({ item: u32At(item, row), time: f64At(time, row), row }));
}

/**
 * Each of these events once: those that get an impression until outcomes are known are at that impression. A mark of
 * an event without a time has the time NaN.
 */
export function eventsOf(
  { log, unmatched }: Pick<UserRows, 'log' | 'unmatched'>,
  events: readonly string[],
  knownUntil: number,
): EventMark[] {
  const marks: EventMark[] = [];
  for (const event of events) {
    const times = log.eventTimes[event];
    log.events[event]?.forEach((flag, row) => {
      const own = times ? f64At(times, row) : NaN;
      if (flag === 1)
        marks.push({
          event,
          item: u32At(log.item, row),
          time: Number.isNaN(own) ? f64At(log.time, row) : own,
          row,
          shown: f64At(log.time, row),
        });
    });
  }
  for (const event of events)
    unmatched.events[event]?.forEach((flag, row) => {
      if (flag === 1 && !(f64At(unmatched.shown, row) <= knownUntil))
        marks.push({ event, item: u32At(unmatched.item, row), time: f64At(unmatched.time, row), row, shown: null });
    });
  return marks;
}

const endOf = (time: number): string | null => (Number.isFinite(time) ? isoTime(time) : null);
