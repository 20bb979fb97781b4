import { guessRoles } from '../table/guessRoles.ts';
import type { Column } from '../table/dataset.ts';
import type { Role } from '../table/role.ts';
import type { LogicalType } from '../table/type.ts';

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

export type AuditLayout = 'long' | 'wide' | 'grouped';

/** A column of a role. `unit`: of an integer time; `type`: of ids in files without types. */
export interface NamedColumn {
  readonly name: string;
  readonly unit?: 's' | 'ms' | 'us';
  readonly type?: 'int64' | 'string';
}

/** Where the values of a role are. In the layout wide, `negatives` is the list of the negatives, if there is one. */
export interface SampleColumn extends Omit<NamedColumn, 'name'> {
  readonly name: string | null;
  readonly negatives: string | null;
}

export interface SampleColumns {
  readonly layout: AuditLayout;
  readonly columns: Readonly<Partial<Record<AuditRole, SampleColumn>>>;
}

/** What is known about the columns, the strongest first. */
export interface KnownColumns {
  /** Roles that the user set, by column name. Null: no role. */
  readonly set: Readonly<Record<string, AuditRole | null>>;
  /** Roles that the user set in the inspector. Columns that the file lacks are ignored. */
  readonly stored?: Readonly<Record<string, AuditRole | null>>;
  /** Names that a config or a lock file gives. Columns that the file lacks are ignored. */
  readonly names: Readonly<Partial<Record<AuditRole, NamedColumn>>>;
  /** Null: to be recognised. */
  readonly layout: AuditLayout | null;
}

const guessed: Readonly<Partial<Record<Role, AuditRole>>> = {
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
/** The role in a sample file of a role of the inspector; null if an audit does not read such a column. */
export const auditRoleOf = (role: Role): AuditRole | null => guessed[role] ?? null;
/** Roles that the inspector does not know; their columns have these names in files of RecSample. */
const ownRoles = ['entry', 'group_id', 'log_q_mix', 'logq_correction', 'logq_correction_batch', 'teacher'] as const;
/** Names of lists with the ids of negatives. */
const negativeItems = /^(negatives?|negs?)(_?(items?|ids?|item_?ids?|list))?$/i;
const negativePrefix = /^(?:negative|neg)_(.+)$/i;

/**
 * Finds the columns of a finished sample by what is known, then by name and type as the inspector does, and recognises
 * the layout. `long`: a row for each sample. `grouped`: a row for each group, with lists of its samples. `wide`: a row for
 * each positive, with lists of its negatives.
 */
export function sampleColumns(
  columns: readonly Pick<Column, 'name' | 'type'>[],
  { set: given, stored = {}, names, layout }: KnownColumns,
): SampleColumns {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const set = { ...Object.fromEntries(Object.entries(stored).filter(([name]) => types.has(name))), ...given };
  const isList = (name: string): boolean => types.get(name)?.kind === 'list';
  const found = new Map<AuditRole, { name: string | null; negatives: string | null } & Omit<NamedColumn, 'name'>>();
  const used = new Set(Object.keys(set));
  const slot = (role: AuditRole): { name: string | null; negatives: string | null } => {
    const own = found.get(role) ?? { name: null, negatives: null };
    found.set(role, own);
    return own;
  };
  const isWide = (role: AuditRole, name: string): boolean =>
    layout !== 'grouped' &&
    isList(name) &&
    (negativeItems.test(name) || negativePrefix.test(name) || hasScalar(role, name));
  const hasScalar = (role: AuditRole, list: string): boolean =>
    Object.entries(set).some(([name, own]) => own === role && name !== list && types.has(name) && !isList(name));
  for (const [name, role] of Object.entries(set)) {
    if (role === null || !types.has(name)) continue;
    const own = slot(role);
    if (isWide(role, name)) own.negatives = name;
    else own.name = name;
  }
  for (const role of auditRoles) {
    const known = names[role];
    if (!known) continue;
    const { name, ...more } = known;
    const own = slot(role);
    Object.assign(own, more);
    const negatives = `negative_${name}`;
    if (own.name === null && types.has(name) && !used.has(name)) own.name = name;
    if (own.negatives === null && isList(negatives) && !used.has(negatives)) own.negatives = negatives;
    used.add(name).add(negatives);
    if (own.name === null && own.negatives === null) found.delete(role);
  }
  guessRest();
  const { name: item = null, negatives = null } = found.get('item') ?? {};
  const seen = item === null ? 'long' : negatives !== null ? 'wide' : isList(item) ? 'grouped' : 'long';
  const recognised = layout ?? seen;
  return {
    layout: recognised,
    columns: Object.fromEntries(
      auditRoles.flatMap((role) => {
        const own = found.get(role);
        if (!own || (own.name === null && own.negatives === null)) return [];
        return [[role, recognised === 'wide' ? own : { ...own, negatives: null }] as const];
      }),
    ),
  };

  function guessRest(): void {
    const free = columns.filter(({ name }) => !used.has(name));
    const isNegative = ({ name }: Pick<Column, 'name'>): boolean =>
      layout !== 'grouped' && isList(name) && (negativeItems.test(name) || negativePrefix.test(name));
    const lists = free.filter(isNegative);
    const others = free.filter((column) => !isNegative(column));
    const guesses = guessRoles(others.map(({ name, type }) => ({ name, type: elementType(type) })));
    for (const [k, { name }] of others.entries()) {
      const guess = guesses[k]?.role;
      const role = ownRoles.find((own) => own === name) ?? (guess && guessed[guess]);
      if (role !== undefined && slot(role).name === null) slot(role).name = name;
    }
    for (const { name, type } of lists) {
      const base = negativeItems.test(name) ? null : (negativePrefix.exec(name)?.[1] ?? null);
      const same = auditRoles.find((role) => base !== null && found.get(role)?.name === base);
      const [guess] = base === null ? [] : guessRoles([{ name: base, type: elementType(type) }]);
      const role =
        base === null
          ? 'item'
          : (same ?? ownRoles.find((own) => own === base) ?? (guess ? guessed[guess.role] : undefined));
      if (role !== undefined && slot(role).negatives === null) slot(role).negatives = name;
    }
  }
}

function elementType(type: LogicalType): LogicalType {
  return type.kind === 'list' ? type.item : type;
}
