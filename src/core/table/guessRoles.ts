import { message } from '../message/message.ts';
import type { Column } from './dataset.ts';
import type { DeclaredRole, Role, RoleGuess } from './role.ts';
import { roleRules, type RoleRule } from './roleRules.ts';
import { snakeCase } from './snakeCase.ts';
import { typeName } from './type.ts';

interface Candidate {
  readonly index: number;
  /** The column name in `snake_case`. */
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
  const assigned = new Set<Role>();
  for (const [i, column] of columns.entries()) {
    const role = decided[i] ? set[column.name] : undefined;
    if (!role) continue;
    result[i] = { role, reason: message('Set by you'), set: true };
    assigned.add(role);
  }
  const uniques = new Set(roleRules.flatMap(({ role, unique }) => (unique ? [role] : [])));
  for (const [i, { name }] of columns.entries()) {
    const declaration = decided[i] || !Object.hasOwn(declared, name) ? undefined : declared[name];
    if (!declaration || (uniques.has(declaration.role) && assigned.has(declaration.role))) continue;
    result[i] = {
      role: declaration.role,
      reason: message('Declared in {0}, line {1}', declaration.config, declaration.line),
      set: false,
    };
    decided[i] = true;
    assigned.add(declaration.role);
  }
  const all = columns.flatMap((column, i) => (decided[i] ? [] : candidatesOf(column, i)));
  const isPresent = (role: Role): boolean => assigned.has(role) || all.some(({ rule }) => rule.role === role);
  const pairs = isPresent('user') && isPresent('item');
  const candidates = pairs ? all : all.filter(({ rule, name }) => rule.ofPairs?.includes(name) !== true);
  candidates.sort((a, b) => b.strength - a.strength || a.index - b.index);
  for (const { index, rule } of candidates) {
    const column = columns[index];
    if (!column || result[index] || (rule.unique && assigned.has(rule.role))) continue;
    assigned.add(rule.role);
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
    roleRules.flatMap(({ role, names: roleNames, pattern }) =>
      keys.some((key) => roleNames.includes(key) || pattern?.test(key) === true) ? [role] : [],
    ),
  );
}

function candidatesOf(column: Pick<Column, 'name' | 'type'>, index: number): Candidate[] {
  const name = snakeCase(column.name);
  const candidates: Candidate[] = [];
  for (const { rule, order } of byName.get(name) ?? []) {
    if (rule.fits(column.type))
      candidates.push({ index, name, rule, strength: 1000 - order * 10 + (rule.prefers?.(column.type) ? 15 : 0) });
  }
  if (candidates.length > 0) return candidates;
  for (const rule of roleRules) {
    if (rule.pattern?.test(name) && rule.fits(column.type))
      candidates.push({ index, name, rule, strength: rule.prefers?.(column.type) ? 115 : 100 });
  }
  return candidates;
}
