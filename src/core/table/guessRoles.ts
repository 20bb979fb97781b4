import { message } from '../message/message.ts';
import type { Column } from './dataset.ts';
import type { DeclaredRole, Role, RoleGuess } from './role.ts';
import { roleRules, type RoleRule } from './roleRules.ts';
import { snakeCase } from './snakeCase.ts';
import { typeName } from './type.ts';

interface Candidate {
  readonly index: number;
  /** In `snake_case`. */
  readonly name: string;
  readonly rule: RoleRule;
  readonly strength: number;
}

const byName = new Map<string, { rule: RoleRule; order: number }[]>();
for (const rule of roleRules) {
  for (const [order, name] of rule.names.entries()) byName.set(name, [...(byName.get(name) ?? []), { rule, order }]);
}

/**
 * Guesses the role of each column from name and type, with the reason; null for no role.
 * A unique role goes to at most one column: the one with the most telling name, then the earlier column.
 * A role that the user `set` (null: no role) overrides a role that a config declares, and that overrides every guess.
 * Both take a unique role away from the guesses.
 */
export function guessRoles(
  columns: readonly Pick<Column, 'name' | 'type'>[],
  set: Readonly<Record<string, Role | null>> = {},
  declared: Readonly<Record<string, DeclaredRole>> = {},
): (RoleGuess | null)[] {
  const result: (RoleGuess | null)[] = columns.map(() => null);
  const decided = columns.map((c) => Object.hasOwn(set, c.name));
  const taken = new Set<Role>();
  for (const [i, column] of columns.entries()) {
    const role = decided[i] ? set[column.name] : undefined;
    if (!role) continue;
    result[i] = { role, reason: message('Set by you'), set: true };
    taken.add(role);
  }
  const uniques = new Set(roleRules.flatMap(({ role, unique }) => (unique ? [role] : [])));
  for (const [i, { name }] of columns.entries()) {
    const found = decided[i] || !Object.hasOwn(declared, name) ? undefined : declared[name];
    if (!found || (uniques.has(found.role) && taken.has(found.role))) continue;
    result[i] = {
      role: found.role,
      reason: message('Declared in {0}, line {1}', found.config, found.line),
      set: false,
    };
    decided[i] = true;
    taken.add(found.role);
  }
  const all = columns.flatMap((column, i) => (decided[i] ? [] : candidatesOf(column, i)));
  const has = (role: Role): boolean => taken.has(role) || all.some(({ rule }) => rule.role === role);
  const pairs = has('user') && has('item');
  const candidates = pairs ? all : all.filter(({ rule, name }) => rule.ofPairs?.includes(name) !== true);
  candidates.sort((a, b) => b.strength - a.strength || a.index - b.index);
  for (const { index, rule } of candidates) {
    const column = columns[index];
    if (!column || result[index] || (rule.unique && taken.has(rule.role))) continue;
    taken.add(rule.role);
    result[index] = {
      role: rule.role,
      reason: message('Guessed from the name {0} and the type {1}', column.name, typeName(column.type)),
      set: false,
    };
  }
  return result;
}

/** The roles that column names indicate, whatever the types of the columns. */
export function rolesOfNames(names: readonly string[]): ReadonlySet<Role> {
  const keys = names.map(snakeCase);
  return new Set(
    roleRules.flatMap(({ role, names: known, pattern }) =>
      keys.some((key) => known.includes(key) || pattern?.test(key) === true) ? [role] : [],
    ),
  );
}

function candidatesOf(column: Pick<Column, 'name' | 'type'>, index: number): Candidate[] {
  const name = snakeCase(column.name);
  const found: Candidate[] = [];
  for (const { rule, order } of byName.get(name) ?? []) {
    if (rule.fits(column.type))
      found.push({ index, name, rule, strength: 1000 - order * 10 + (rule.prefers?.(column.type) ? 15 : 0) });
  }
  if (found.length > 0) return found;
  for (const rule of roleRules) {
    if (rule.pattern?.test(name) && rule.fits(column.type))
      found.push({ index, name, rule, strength: rule.prefers?.(column.type) ? 115 : 100 });
  }
  return found;
}
