import type { ColumnComparison, Where } from '../source/where.ts';
import { ownValue } from '../ownValue.ts';
import type { ConfigDraft } from './definition/config.ts';
import type { EventDraft } from './definition/events.ts';
import type { ConfigPath } from './tree.ts';

type Comparison = Extract<Where[string], { readonly op?: unknown }>['op'];

/** When an event holds, without names of other events. */
export type EventCondition =
  | { readonly column: string; readonly op?: NonNullable<Comparison>; readonly value?: string | number | boolean }
  | { readonly all: readonly EventCondition[] }
  | { readonly any: readonly EventCondition[] }
  | { readonly not: EventCondition }
  /** As the part, but never unknown: an unknown part does not hold. */
  | { readonly known: EventCondition }
  /** Holds where it is unknown whether the part holds: a NULL or NaN leaves it open. */
  | { readonly unknown: EventCondition };

/** Most columns in a condition; more would come only from events that repeat each other. */
export const mostColumns = 1000;
/** Most events that name each other in a row; deeper queries are refused by DuckDB. */
export const mostNested = 100;

/**
 * Why an event has no condition. `unknown`: there is no event of that name. `cycle`: it names itself, directly or by
 * other events. `large`: it has too many columns. `deep`: too many events name each other in a row. `incomplete`: it is still being written.
 */
export interface NoCondition {
  readonly lacks: 'unknown' | 'cycle' | 'large' | 'deep' | 'incomplete';
  /** The event that the problem is about. */
  readonly event: string;
}

/** The condition of an event, with the conditions of the events that it names. */
export function conditionOf(event: string, { events = {} }: ConfigDraft): EventCondition | NoCondition {
  const known = new Map<string, EventCondition | NoCondition>();
  /** The events that lead to the one that is being read. */
  const above = new Set<string>();
  const named = (name: string): EventCondition | NoCondition => {
    if (above.has(name)) return { lacks: 'cycle', event: name };
    if (above.size > mostNested) return { lacks: 'deep', event };
    const found = known.get(name);
    if (found) return found;
    const draft = ownValue(events, name);
    above.add(name);
    const made: EventCondition | NoCondition =
      draft === undefined ? { lacks: 'unknown', event: name } : of(draft, name);
    above.delete(name);
    known.set(name, made);
    return made;
  };
  const of = (draft: EventDraft, name: string): EventCondition | NoCondition => {
    if (typeof draft === 'string') return { column: draft };
    if ('event' in draft) {
      const other = named(draft.event);
      return isCondition(other) && isNeverUnknown(draft.event, events) ? { known: other } : other;
    }
    if ('not' in draft) {
      const part = of(draft.not, name);
      return isCondition(part) ? { not: part } : part;
    }
    if ('column' in draft) return isCompared(draft) ? comparedBy(draft, name) : { column: draft.column };
    const [key, drafts] =
      'all' in draft
        ? (['all', draft.all] as const)
        : 'any' in draft
          ? (['any', draft.any] as const)
          : ['all' as const];
    if (drafts === undefined || drafts.length === 0) return { lacks: 'incomplete', event: name };
    const parts: EventCondition[] = [];
    for (const one of drafts) {
      const part = of(one, name);
      if (!isCondition(part)) return part;
      parts.push(part);
    }
    const whole = key === 'all' ? { all: parts } : { any: parts };
    return sizeOf(whole) > mostColumns ? { lacks: 'large', event: name } : whole;
  };
  return named(event);
}

export function isCondition(found: EventCondition | NoCondition): found is EventCondition {
  return !('lacks' in found);
}

/** The parts that a condition is composed of; none for a column. */
function partsIn(condition: EventCondition): readonly EventCondition[] {
  if ('column' in condition) return [];
  if ('all' in condition) return condition.all;
  if ('any' in condition) return condition.any;
  return [partOf(condition)];
}

/** The part of a condition that has one. */
export function partOf(
  condition: Extract<EventCondition, { not: unknown } | { known: unknown } | { unknown: unknown }>,
) {
  return 'not' in condition ? condition.not : 'known' in condition ? condition.known : condition.unknown;
}

/** The distinct columns of a condition, in the order of the config. */
export function conditionColumns(condition: EventCondition): string[] {
  return 'column' in condition
    ? [condition.column]
    : [...new Set(partsIn(condition).flatMap((part) => conditionColumns(part)))];
}

/** The columns of a condition that are not compared. */
export function conditionFlags(condition: EventCondition): string[] {
  if (!('column' in condition)) return partsIn(condition).flatMap((part) => conditionFlags(part));
  return condition.op === undefined ? [condition.column] : [];
}

/** The comparisons of a condition, wherever they are in it. */
export function conditionComparisons(condition: EventCondition): ColumnComparison[] {
  if (!('column' in condition)) return partsIn(condition).flatMap((part) => conditionComparisons(part));
  const { column, op, value } = condition;
  return op === undefined || value === undefined ? [] : [{ column, op, values: [value] }];
}

/**
 * The names under which plans know where it is unknown whether events hold: `click?`. None for events that did not
 * happen there, as the config says. No event of the config has such a name.
 */
export function unknownNames(names: readonly string[], { events = {} }: Pick<ConfigDraft, 'events'>): string[] {
  const marks = unknownMarks(events);
  return names.filter((name) => name !== 'impressions' && !isNeverUnknown(name, events)).map((name) => name + marks);
}

/** The event that a name of `unknownNames` is about; null for other names. */
export function eventOfUnknown(name: string, { events = {} }: Pick<ConfigDraft, 'events'>): string | null {
  const marks = unknownMarks(events);
  return name.endsWith(marks) ? name.slice(0, -marks.length) : null;
}

/** One question mark more than any name of an event ends with. */
function unknownMarks(events: NonNullable<ConfigDraft['events']>): string {
  const most = Object.keys(events).reduce((marks, name) => Math.max(marks, /\?*$/.exec(name)?.[0].length ?? 0), 0);
  return '?'.repeat(most + 1);
}

function isNeverUnknown(event: string, events: NonNullable<ConfigDraft['events']>): boolean {
  const draft = ownValue(events, event);
  return typeof draft === 'object' && draft.unknown === 'negative';
}

/** The columns that decide an event. Empty if it has no condition. */
export function columnsOfEvent(event: string, config: ConfigDraft): string[] {
  const found = conditionOf(event, config);
  return isCondition(found) ? conditionColumns(found) : [];
}

/** A part of an event as the config writes it: a column, or the name of another event. */
export interface EventPart {
  readonly kind: 'column' | 'event';
  readonly name: string;
  readonly path: ConfigPath;
  /** Whether it is a flag: a column that is not compared. */
  readonly isFlag: boolean;
  /** How the column is compared. */
  readonly compared?: Pick<ColumnComparison, 'op' | 'values'>;
}

/** The columns and names that an event has in the text, without those of the events that it names. */
export function partsOfEvent(event: string, { events = {} }: ConfigDraft): EventPart[] {
  const draft = ownValue(events, event);
  return draft === undefined ? [] : partsOf(draft, ['events', event]);
}

function partsOf(draft: EventDraft, path: ConfigPath): EventPart[] {
  if (typeof draft === 'string') return [{ kind: 'column', name: draft, path, isFlag: true }];
  if ('column' in draft) {
    const at = { kind: 'column', name: draft.column, path: [...path, 'column'] } as const;
    if (!isCompared(draft)) return [{ ...at, isFlag: true }];
    const { op, value } = draft;
    const compared = op === undefined || value === undefined ? {} : { compared: { op, values: [value] } };
    return [{ ...at, isFlag: false, ...compared }];
  }
  if ('event' in draft) return [{ kind: 'event', name: draft.event, path: [...path, 'event'], isFlag: false }];
  if ('not' in draft) return partsOf(draft.not, [...path, 'not']);
  const [key, drafts = []] =
    'all' in draft
      ? (['all', draft.all] as const)
      : 'any' in draft
        ? (['any', draft.any] as const)
        : ['all' as const, []];
  return drafts.flatMap((one, k) => partsOf(one, [...path, key, k]));
}

type ColumnDraft = Extract<EventDraft, { readonly column?: unknown }>;
type ComparedDraft = Extract<ColumnDraft, { readonly op?: unknown }>;

/** Whether a column is compared. Else it is a flag. */
function isCompared(draft: ColumnDraft): draft is ComparedDraft {
  return 'op' in draft || 'value' in draft;
}

function comparedBy({ column, op, value }: ComparedDraft, event: string): EventCondition | NoCondition {
  return column === undefined || op === undefined || value === undefined
    ? { lacks: 'incomplete', event }
    : { column, op, value };
}

function sizeOf(condition: EventCondition): number {
  return 'column' in condition ? 1 : partsIn(condition).reduce((sum, one) => sum + sizeOf(one), 0);
}
