import { aboveLastClickOf, durationOf } from '../schema/form.ts';
import { message, type Message } from '../message/message.ts';
import type { Where } from './where.ts';
import { millisecondsOfDay } from '../schema/moment.ts';
import type { CountPlan, ListPlan, PoolPlan, Seen } from './drawPlan.ts';

/** What a source must know about a stage to plan an entry. */
export interface PlanContext {
  readonly unit: 'positive' | 'request' | 'impression';
  /** The event of the positives with the largest weight; null without one. */
  readonly heaviestEvent: string | null;
  readonly isEvent: (name: string) => boolean;
}

/** Options of an entry in the config: each is valid or missing. */
export class Options {
  constructor(private readonly values: Readonly<Record<string, unknown>>) {}

  value(name: string): unknown {
    return Object.hasOwn(this.values, name) ? this.values[name] : undefined;
  }
  text(name: string): string | null {
    const value = this.value(name);
    return typeof value === 'string' ? value : null;
  }
  number(name: string): number | null {
    const value = this.value(name);
    return typeof value === 'number' ? value : null;
  }
  is(name: string, value: string): boolean {
    return this.value(name) === value;
  }
  texts(name: string): string[] {
    return this.#list(name).filter((value) => typeof value === 'string');
  }
  numbers(name: string): number[] {
    return this.#list(name).filter((value) => typeof value === 'number');
  }
  /** In microseconds. */
  duration(name: string): number | null {
    return microsecondsOf(this.text(name) ?? undefined);
  }
  #list(name: string): unknown[] {
    const value = this.value(name);
    return Array.isArray(value) ? value : [];
  }
}

/** A duration of a config in microseconds; null if there is none. */
export function microsecondsOf(duration: string | undefined): number | null {
  const milliseconds = duration === undefined ? null : durationOf(duration);
  return milliseconds === null ? null : milliseconds * 1000;
}

export function poolOf(plan: Partial<PoolPlan>): PoolPlan {
  return { kind: 'pool', items: 'corpus', where: null, weight: null, partition: null, ...plan };
}

export function candidatesOf(
  keep: Extract<ListPlan['rows'], { readonly of: 'candidates' }>['keep'],
  byChannel = false,
): ListPlan {
  return { kind: 'list', rows: { of: 'candidates', keep }, byChannel };
}

/**
 * The count of an entry from `count`, `window` and `as_of`; or why it is unknown. If the entry sets its amount with
 * `count`, the heaviest event is counted.
 */
export function countOf(options: Options, { heaviestEvent, isEvent }: PlanContext): CountPlan | Message {
  const event = options.text('count') ?? heaviestEvent;
  if (event === null) return message('no event of the positives can be counted');
  if (event !== 'impressions' && !isEvent(event)) return message('there is no event {0} under events', event);
  const window = options.duration('window');
  const asOf = options.text('as_of');
  if (asOf === 'day' && !isWholeDays(window))
    return message('with as_of: day, the window must be a number of whole days');
  return { of: event, window, asOf: asOf === 'cut' ? null : asOf };
}

/** True for a window of whole days, in microseconds, and for null, which counts everything. */
export function isWholeDays(window: number | null): boolean {
  return window === null || (window > 0 && window % (millisecondsOfDay * 1000) === 0);
}

/** The user attributes by which an entry counts separately; empty if it counts all users together. */
export function groupedBy({ draws }: { readonly draws: PoolPlan | ListPlan }): readonly string[] {
  if (draws.kind !== 'pool' || draws.partition?.by !== 'user') return [];
  return 'attribute' in draws.partition ? [draws.partition.attribute] : draws.partition.groupBy;
}

/** The count of an entry whose weights depend on the day of the group; null for other entries. */
export function dailyCount({ draws }: { readonly draws: PoolPlan | ListPlan }): CountPlan | null {
  if (draws.kind !== 'pool' || draws.weight === null || draws.weight.count === 'exposures') return null;
  return draws.weight.count.asOf === 'day' ? draws.weight.count : null;
}

export function isCount(count: CountPlan | Message): count is CountPlan {
  return 'of' in count;
}

/** The exposures that count, by the options `seen` and `mature_after`. `matureAfter`: microseconds; null without it. */
export function exposureOptions(options: Options): { readonly seen: Seen; readonly matureAfter: number | null } {
  const seen = options.text('seen') ?? 'all';
  const above = aboveLastClickOf(seen);
  return {
    seen: above === null ? (seen === 'viewed' ? 'viewed' : 'all') : { aboveLastClick: above },
    matureAfter: options.duration('mature_after'),
  };
}

/** `where` of an entry; null if there is none. */
export function whereOf(options: Options): Where | null {
  return (options.value('where') as Where | undefined) ?? null;
}
