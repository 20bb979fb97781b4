import type { ColumnComparison, Where } from '../source/where.ts';
import { ownValue } from '../ownValue.ts';
import type { ConfigDraft } from './definition/config.ts';
import type { EventDraft } from './definition/events.ts';
import type { ConfigPath } from './tree.ts';

type Comparison = Extract<Where[string], { readonly op?: unknown }>['op'];

/** When an event happened. References to other events are replaced by their conditions. */
export type EventCondition =
  | { readonly column: string; readonly op?: NonNullable<Comparison>; readonly value?: string | number | boolean }
  | { readonly all: readonly EventCondition[] }
  | { readonly any: readonly EventCondition[] }
  | { readonly not: EventCondition }
  /** `coalesce(operand, false)`: NULL counts as false. */
  | { readonly known: EventCondition }
  /** `operand IS NULL`: true if a NULL or NaN makes the result of the operand unknown. */
  | { readonly unknown: EventCondition };

/** Maximum number of columns in a condition. Only events that repeatedly refer to the same events exceed it. */
export const MAX_COLUMNS = 1000;
/** Maximum depth of events that refer to events. DuckDB rejects deeper queries. */
export const MAX_NESTING = 100;

/**
 * Why an event has no condition. `unknown`: there is no event of that name. `cycle`: it refers to itself, directly or
 * through other events. `large`: it has too many columns. `deep`: its references are nested too deeply. `incomplete`:
 * it is still being written.
 */
export interface NoCondition {
  readonly lacks: 'unknown' | 'cycle' | 'large' | 'deep' | 'incomplete';
  /** The event with the problem. */
  readonly event: string;
}

/** The condition of an event; references to other events are replaced by their conditions. */
export function conditionOf(event: string, { events = {} }: ConfigDraft): EventCondition | NoCondition {
  const resolved = new Map<string, EventCondition | NoCondition>();
  /** Events that are being resolved, to detect cycles. */
  const ancestors = new Set<string>();
  const resolveEvent = (name: string): EventCondition | NoCondition => {
    if (ancestors.has(name)) return { lacks: 'cycle', event: name };
    if (ancestors.size > MAX_NESTING) return { lacks: 'deep', event };
    const cached = resolved.get(name);
    if (cached) return cached;
    const draft = ownValue(events, name);
    ancestors.add(name);
    const condition: EventCondition | NoCondition =
      draft === undefined ? { lacks: 'unknown', event: name } : resolveDraft(draft, name);
    ancestors.delete(name);
    resolved.set(name, condition);
    return condition;
  };
  const resolveDraft = (draft: EventDraft, name: string): EventCondition | NoCondition => {
    if (typeof draft === 'string') return { column: draft };
    if ('event' in draft) {
      const other = resolveEvent(draft.event);
      return isCondition(other) && isNeverUnknown(draft.event, events) ? { known: other } : other;
    }
    if ('not' in draft) {
      const operand = resolveDraft(draft.not, name);
      return isCondition(operand) ? { not: operand } : operand;
    }
    if ('column' in draft) return isCompared(draft) ? comparedBy(draft, name) : { column: draft.column };
    const [key, drafts] =
      'all' in draft
        ? (['all', draft.all] as const)
        : 'any' in draft
          ? (['any', draft.any] as const)
          : ['all' as const];
    if (drafts === undefined || drafts.length === 0) return { lacks: 'incomplete', event: name };
    const operands: EventCondition[] = [];
    for (const operandDraft of drafts) {
      const operand = resolveDraft(operandDraft, name);
      if (!isCondition(operand)) return operand;
      operands.push(operand);
    }
    const condition = key === 'all' ? { all: operands } : { any: operands };
    return columnCount(condition) > MAX_COLUMNS ? { lacks: 'large', event: name } : condition;
  };
  return resolveEvent(event);
}

export function isCondition(result: EventCondition | NoCondition): result is EventCondition {
  return !('lacks' in result);
}

/** The direct operands of a condition; empty for a column. */
function operandsOf(condition: EventCondition): readonly EventCondition[] {
  if ('column' in condition) return [];
  if ('all' in condition) return condition.all;
  if ('any' in condition) return condition.any;
  return [operandOf(condition)];
}

/** The operand of `not`, `known` or `unknown`. */
export function operandOf(
  condition: Extract<EventCondition, { not: unknown } | { known: unknown } | { unknown: unknown }>,
) {
  return 'not' in condition ? condition.not : 'known' in condition ? condition.known : condition.unknown;
}

/** The distinct columns of a condition, in the order of the config. */
export function conditionColumns(condition: EventCondition): string[] {
  return 'column' in condition
    ? [condition.column]
    : [...new Set(operandsOf(condition).flatMap((operand) => conditionColumns(operand)))];
}

/** The columns of a condition that are not compared. */
export function conditionFlags(condition: EventCondition): string[] {
  if (!('column' in condition)) return operandsOf(condition).flatMap((operand) => conditionFlags(operand));
  return condition.op === undefined ? [condition.column] : [];
}

/** All comparisons in a condition, at any depth. */
export function conditionComparisons(condition: EventCondition): ColumnComparison[] {
  if (!('column' in condition)) return operandsOf(condition).flatMap((operand) => conditionComparisons(operand));
  const { column, op, value } = condition;
  return op === undefined || value === undefined ? [] : [{ column, op, values: [value] }];
}

/**
 * Names of the flags "outcome unknown" in a plan, such as `click?`. Events with `unknown: negative` have no such flag.
 * The suffix cannot clash with the name of an event.
 */
export function unknownNames(names: readonly string[], { events = {} }: Pick<ConfigDraft, 'events'>): string[] {
  const marks = unknownMarks(events);
  return names.filter((name) => name !== 'impressions' && !isNeverUnknown(name, events)).map((name) => name + marks);
}

/** The event of a name from `unknownNames`; null for other names. */
export function eventOfUnknown(name: string, { events = {} }: Pick<ConfigDraft, 'events'>): string | null {
  const marks = unknownMarks(events);
  return name.endsWith(marks) ? name.slice(0, -marks.length) : null;
}

/** The suffix of `unknownNames`: one question mark more than any event name ends with. */
function unknownMarks(events: NonNullable<ConfigDraft['events']>): string {
  const longest = Object.keys(events).reduce((marks, name) => Math.max(marks, /\?*$/.exec(name)?.[0].length ?? 0), 0);
  return '?'.repeat(longest + 1);
}

function isNeverUnknown(event: string, events: NonNullable<ConfigDraft['events']>): boolean {
  const draft = ownValue(events, event);
  return typeof draft === 'object' && draft.unknown === 'negative';
}

/** The columns in the condition of an event; empty if it has no condition. */
export function columnsOfEvent(event: string, config: ConfigDraft): string[] {
  const condition = conditionOf(event, config);
  return isCondition(condition) ? conditionColumns(condition) : [];
}

/** A column or another event that the definition of an event mentions. */
export interface EventPart {
  readonly kind: 'column' | 'event';
  readonly name: string;
  readonly path: ConfigPath;
  /** True for a flag: a boolean column that is not compared with a value. */
  readonly isFlag: boolean;
  /** How the column is compared; absent for flags, events and incomplete comparisons. */
  readonly compared?: Pick<ColumnComparison, 'op' | 'values'>;
}

/** Columns and events that the definition of an event mentions directly. */
export function partsOfEvent(event: string, { events = {} }: ConfigDraft): EventPart[] {
  const draft = ownValue(events, event);
  return draft === undefined ? [] : draftParts(draft, ['events', event]);
}

function draftParts(draft: EventDraft, path: ConfigPath): EventPart[] {
  if (typeof draft === 'string') return [{ kind: 'column', name: draft, path, isFlag: true }];
  if ('column' in draft) {
    const column = { kind: 'column', name: draft.column, path: [...path, 'column'] } as const;
    if (!isCompared(draft)) return [{ ...column, isFlag: true }];
    const { op, value } = draft;
    const compared = op === undefined || value === undefined ? {} : { compared: { op, values: [value] } };
    return [{ ...column, isFlag: false, ...compared }];
  }
  if ('event' in draft) return [{ kind: 'event', name: draft.event, path: [...path, 'event'], isFlag: false }];
  if ('not' in draft) return draftParts(draft.not, [...path, 'not']);
  const [key, drafts = []] =
    'all' in draft
      ? (['all', draft.all] as const)
      : 'any' in draft
        ? (['any', draft.any] as const)
        : ['all' as const, []];
  return drafts.flatMap((operand, k) => draftParts(operand, [...path, key, k]));
}

type ColumnDraft = Extract<EventDraft, { readonly column?: unknown }>;
type ComparedDraft = Extract<ColumnDraft, { readonly op?: unknown }>;

/** True if the column is compared with a value; false for a flag. */
function isCompared(draft: ColumnDraft): draft is ComparedDraft {
  return 'op' in draft || 'value' in draft;
}

function comparedBy({ column, op, value }: ComparedDraft, event: string): EventCondition | NoCondition {
  return column === undefined || op === undefined || value === undefined
    ? { lacks: 'incomplete', event }
    : { column, op, value };
}

function columnCount(condition: EventCondition): number {
  return 'column' in condition ? 1 : operandsOf(condition).reduce((sum, operand) => sum + columnCount(operand), 0);
}
