import * as v from 'valibot';
import { auditRoles, type AuditRole } from '../../core/audit/sampleColumns.ts';
import { stages } from '../../core/schema/stage.ts';
import { conditionOps, type View } from '../../core/table/filter.ts';
import { roles, type DeclaredRole, type Role } from '../../core/table/role.ts';

/*
 * Building blocks of messages. An object schema accepts exactly its own keys, so that no unchecked value passes.
 * Lengths are in UTF-16 code units. The limits are far above what a person types and below what would fill the memory.
 */

/** Names, ids, seeds, paths and cell values. */
const SHORT = 1_000_000;
/** Text for the clipboard and for saved files. */
const LONG = 2 ** 28;
/** Elements of a list: columns, users, conditions. */
const LIST = 1_000_000;

export const isPlainObject = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** An object with exactly these keys. */
export const object = <const E extends v.ObjectEntries>(entries: E) =>
  v.pipe(v.custom<Record<string, unknown>>(isPlainObject), v.strictObject(entries));

/** A list whose elements all match. */
export const list = <S extends v.GenericSchema>(element: S) =>
  v.pipe(v.array(element), v.maxLength(LIST), v.readonly());

export const text = v.pipe(v.string(), v.maxLength(SHORT));
export const longText = v.pipe(v.string(), v.maxLength(LONG));
/** An integer from 0 to 2^53 - 1: a row, a count, a column index. */
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const finite = v.pipe(v.number(), v.finite());
/** Milliseconds. */
export const duration = v.pipe(finite, v.minValue(0));

export const view = object({
  filter: object({
    conditions: list(object({ column: text, op: v.picklist(conditionOps), values: list(text) })),
    expression: text,
  }),
  sort: list(object({ column: text, descending: v.boolean() })),
  group: v.exactOptional(list(object({ column: text, byDay: v.boolean() }))),
}) satisfies v.GenericSchema<unknown, View>;

export const stage = v.picklist(stages);

/** The token that a client made for the progress of a request. */
export const progressToken = object({ token: v.exactOptional(text) });

const position = object({ line: count, character: count });
export const range = object({ start: position, end: position });

/** Some of these roles by column name, which may be any text. */
const byColumn = <Known extends string>(known: readonly Known[]) =>
  v.custom<Readonly<Record<string, Known | null>>>(
    (value) =>
      isPlainObject(value) &&
      Object.entries(value as object).every(
        ([name, role]) => name.length <= SHORT && (role === null || known.some((knownRole) => knownRole === role)),
      ),
  );
export const rolesByColumn = byColumn<Role>(roles);
export const auditRolesByColumn = byColumn<AuditRole>(auditRoles);

/** What the user chooses in the inspector for an audit. */
export const auditChoices = {
  /** Roles of columns that the user corrected; null: no role. */
  set: auditRolesByColumn,
  /** True: measure again although no file changed. */
  isFresh: v.boolean(),
} as const;

const declaredRole = object({ role: v.picklist(roles), config: text, line: count });
/** Roles that configs declare, by column name, which may be any text. */
export const declaredByColumn = v.custom<Readonly<Record<string, DeclaredRole>>>(
  (value) =>
    isPlainObject(value) &&
    Object.entries(value as object).every(([name, declared]) => name.length <= SHORT && v.is(declaredRole, declared)),
);
