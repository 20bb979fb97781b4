import { guessRoles } from '../table/guessRoles.ts';
import type { Column } from '../table/dataset.ts';
import type { Role } from '../table/role.ts';
import { hasSampleLists, type SampleLayout } from '../schema/sampleLayout.ts';
import type { LogicalType } from '../table/type.ts';
import { sequenceList } from './sequenceList.ts';

/** Roles of the columns of a finished sample file, named as in `data.samples` of a config. */
export const auditRoles = [
  'user',
  'item',
  'label',
  'source',
  'entry',
  'positive_item',
  'request',
  'time',
  'group_id',
  'position',
  'log_q',
  'log_q_mix',
  'logq_correction',
  'logq_correction_batch',
  'weight',
  'teacher',
  'split',
] as const;
export type AuditRole = (typeof auditRoles)[number];

/** Roles that a config can declare in `data.samples`, and that the rules read. */
export const declaredSampleRoles = [
  'user',
  'item',
  'label',
  'source',
  'entry',
  'positive_item',
  'request',
  'time',
  'position',
  'log_q',
  'weight',
] as const satisfies readonly AuditRole[];

/** A column of a role. `unit`: of integer times. `type`: of ids, for files without types. */
export interface NamedColumn {
  readonly name: string;
  readonly unit?: 's' | 'ms' | 'us';
  readonly type?: 'int64' | 'string';
}

/** Lists of a file that the config declares to be one sequence. Roles: `item`, `time` and `event`. */
export interface DeclaredSequence {
  readonly name: string;
  readonly columns: readonly (NamedColumn & { readonly role: string })[];
  /** The text between two steps, for columns of texts; null for lists. */
  readonly separator: string | null;
}

/**
 * The column of a role. In the layout wide, `negatives` is the column with the list of negatives. Null: no such column.
 */
export interface SampleColumn extends Omit<NamedColumn, 'name'> {
  readonly name: string | null;
  readonly negatives: string | null;
}

export interface SampleColumns {
  readonly layout: SampleLayout;
  readonly columns: Readonly<Partial<Record<AuditRole, SampleColumn>>>;
  /** Sequences of lists that are declared, or that their values tell. Missing: none. */
  readonly sequences?: readonly DeclaredSequence[];
}

/** What is known about the columns. `set` overrides `stored`, which overrides `names`. */
export interface KnownColumns {
  /** Roles that the user set, by column name. Null: no role. */
  readonly set: Readonly<Record<string, AuditRole | null>>;
  /** Roles that the user set in the inspector. Columns that the file lacks are ignored. */
  readonly stored?: Readonly<Record<string, AuditRole | null>>;
  /** Names that a config or a lock file gives. Columns that the file lacks are ignored. */
  readonly names: Readonly<Partial<Record<AuditRole, NamedColumn>>>;
  /** The layout; null: detect it. */
  readonly layout: SampleLayout | null;
  /** Sequences that a config or the user declares, or that values tell. Their lists have no role. */
  readonly sequences?: readonly DeclaredSequence[];
}

const auditRoleByRole: Readonly<Partial<Record<Role, AuditRole>>> = {
  user: 'user',
  item: 'item',
  label: 'label',
  source: 'source',
  time: 'time',
  request: 'request',
  position: 'position',
  'positive-item': 'positive_item',
  'log-q': 'log_q',
  weight: 'weight',
  score: 'teacher',
  split: 'split',
};
/** The role in a sample file for a role of the inspector; null if an audit does not read such a column. */
export const auditRoleOf = (role: Role): AuditRole | null => auditRoleByRole[role] ?? null;
/** Roles that the inspector does not have. Files of RecSample name the column like the role. */
const rolesByName = ['entry', 'group_id', 'log_q_mix', 'logq_correction', 'logq_correction_batch', 'teacher'] as const;
/** Names of lists with the ids of negatives. */
const negativeItems = /^(negatives?|negs?)(_?(items?|ids?|item_?ids?|list))?$/i;
const negativePrefix = /^(?:negative|neg)_(.+)$/i;
/** True for the name of a list of negatives. */
export const isNegativeName = (name: string): boolean => negativeItems.test(name) || negativePrefix.test(name);
/** The other end of a slice of the layout user: `clicks__to` for `clicks__from`. Empty for other names. */
const endOfSlice = (name: string): string => (name.endsWith('__from') ? name.replace(/from$/, 'to') : '');

/** A column whose names are still being looked for. */
type OpenColumn = { -readonly [K in keyof SampleColumn]: SampleColumn[K] };

/**
 * Finds the columns of a finished sample: first by what is known, then by name and type as the inspector does. Detects
 * the layout: `long` has a row for each sample; `wide` a row for each positive, with lists of its negatives; `grouped`,
 * `request` and `user` a row for each group, request or user, with lists of its samples.
 */
export function sampleColumns(
  columns: readonly Pick<Column, 'name' | 'type'>[],
  { set: explicit, stored = {}, names, layout, sequences = [] }: KnownColumns,
): SampleColumns {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const set = { ...Object.fromEntries(Object.entries(stored).filter(([name]) => types.has(name))), ...explicit };
  const isList = (name: string): boolean => types.get(name)?.kind === 'list';
  const columnByRole = new Map<AuditRole, OpenColumn>();
  const stepLists = sequences.flatMap((sequence) => sequence.columns.map(({ name }) => name));
  const used = new Set([...Object.keys(set), ...stepLists]);
  const columnOf = (role: AuditRole): OpenColumn => {
    const column = columnByRole.get(role) ?? { name: null, negatives: null };
    columnByRole.set(role, column);
    return column;
  };
  const mayBeWide = layout === null || !hasSampleLists(layout);
  const isWide = (role: AuditRole, name: string): boolean =>
    mayBeWide && isList(name) && (isNegativeName(name) || hasScalar(role, name));
  const hasScalar = (role: AuditRole, list: string): boolean =>
    Object.entries(set).some(([name, other]) => other === role && name !== list && types.has(name) && !isList(name));
  for (const [name, role] of Object.entries(set)) {
    if (role === null || !types.has(name)) continue;
    const column = columnOf(role);
    if (isWide(role, name)) column.negatives = name;
    else column.name = name;
  }
  for (const role of auditRoles) {
    const declared = names[role];
    if (!declared) continue;
    const { name, ...typing } = declared;
    const column = columnOf(role);
    Object.assign(column, typing);
    const negatives = `negative_${name}`;
    if (column.name === null && types.has(name) && !used.has(name)) column.name = name;
    if (column.negatives === null && isList(negatives) && !used.has(negatives)) column.negatives = negatives;
    used.add(name).add(negatives);
    if (column.name === null && column.negatives === null) columnByRole.delete(role);
  }
  guessRemaining();
  const { name: item = null, negatives = null } = columnByRole.get('item') ?? {};
  const listRoles = new Set(auditRoles.filter((role) => isList(columnByRole.get(role)?.name ?? '')));
  const hasSlices = columns.some(({ name }) => isList(name) && isList(endOfSlice(name)));
  const detected = item !== null && negatives !== null ? 'wide' : layoutOfLists(listRoles, hasSlices);
  const recognised = layout ?? detected;
  return {
    layout: recognised,
    ...(sequences.length === 0 ? {} : { sequences }),
    columns: Object.fromEntries(
      auditRoles.flatMap((role) => {
        const column = columnByRole.get(role);
        if (!column || (column.name === null && column.negatives === null)) return [];
        return [[role, recognised === 'wide' ? column : { ...column, negatives: null }] as const];
      }),
    ),
  };

  function guessRemaining(): void {
    const unassigned = columns.filter((column) => !used.has(column.name) && sequenceList(column)?.isSure !== true);
    const isNegative = ({ name }: Pick<Column, 'name'>): boolean => mayBeWide && isList(name) && isNegativeName(name);
    const lists = unassigned.filter(isNegative);
    const others = unassigned.filter((column) => !isNegative(column));
    const guesses = guessRoles(others.map(({ name, type }) => ({ name, type: elementType(type) })));
    for (const [k, { name }] of others.entries()) {
      const guess = guesses[k]?.role;
      const role = rolesByName.find((named) => named === name) ?? (guess && auditRoleByRole[guess]);
      if (role !== undefined && columnOf(role).name === null) columnOf(role).name = name;
    }
    for (const { name, type } of lists) {
      const base = negativeItems.test(name) ? null : (negativePrefix.exec(name)?.[1] ?? null);
      const positiveRole = auditRoles.find((role) => base !== null && columnByRole.get(role)?.name === base);
      const [guess] = base === null ? [] : guessRoles([{ name: base, type: elementType(type) }]);
      const role =
        base === null
          ? 'item'
          : (positiveRole ??
            rolesByName.find((named) => named === base) ??
            (guess ? auditRoleByRole[guess.role] : undefined));
      if (role !== undefined && columnOf(role).negatives === null) columnOf(role).negatives = name;
    }
  }
}

/** The layout of a file without lists of negatives. @param lists roles whose columns are lists */
function layoutOfLists(lists: ReadonlySet<AuditRole>, hasSlices: boolean): SampleLayout {
  if (!lists.has('item')) return 'long';
  if (lists.has('request') || hasSlices) return 'user';
  return lists.has('positive_item') || lists.has('group_id') ? 'request' : 'grouped';
}

function elementType(type: LogicalType): LogicalType {
  return type.kind === 'list' ? type.item : type;
}
