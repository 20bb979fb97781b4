import {
  sampleColumns,
  type AuditRole,
  type SampleColumn,
  type SampleColumns,
  type KnownColumns,
} from '../../core/audit/sampleColumns.ts';
import { hasSampleLists, isBundled } from '../../core/schema/sampleLayout.ts';
import { furtherLabels } from '../../core/audit/furtherLabels.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { itemType } from '../../core/data/columnKinds.ts';
import { isNumeric, typeName, type LogicalType } from '../../core/table/type.ts';
import { instantOf } from '../tables/instant.ts';
import { columnOf } from '../tables/roleTable.ts';
import type { OpenTable } from '../tables/tables.ts';
import { exactText } from '../sql/cellText.ts';
import { orNull } from '../sql/notNan.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { Column } from '../../core/table/dataset.ts';
import { isReservedName } from '../../core/data/outputName.ts';

/** How ids compare: as numbers or as texts. */
export type IdKind = 'integer' | 'string';

const ids = new Set<AuditRole>(['user', 'item', 'positive_item', 'request', 'group_id']);
const texts = new Set<AuditRole>(['source', 'entry', 'split']);
/** Roles with one value for all samples of a row of the layout wide. */
const shared = new Set<AuditRole>([...ids, 'time', 'split'].filter((role) => role !== 'item') as AuditRole[]);

/**
 * A finished sample as one relation of long rows, whatever its layout. Columns are roles: ids compare exactly; `label`
 * is true for positives, false for negatives, and NULL for rows without a label; `label@value` is its value in the
 * file; `time` is the instant in UTC and `time@value` its value in the file; `source`, `entry` and `split` are texts;
 * all others are doubles without NaN. `@row` numbers the rows of the file in the layouts other than long. Further
 * labels are doubles, see `labelColumn`; of copied columns, only NULLs are kept, see `nullColumn`. Columns that the file
 * lacks do not exist.
 */
export class SampleRelation {
  private constructor(
    readonly sql: string,
    readonly found: SampleColumns,
    /** SQL of the file, unchanged. */
    readonly file: string,
    readonly fileColumns: readonly string[],
    private readonly kinds: ReadonlyMap<AuditRole, IdKind>,
    /** Further columns of labels, as `labelColumn`; empty except in the layout long. */
    readonly labels: readonly string[],
    /** Columns without a role; empty except in the layout long. */
    readonly copied: readonly string[],
    /** Type of `label@value`. Null if the place of a sample says what it is. */
    private readonly labelType: LogicalType | null,
    /** Whether `time` is `time@value`, unchanged. */
    readonly hasPlainTime: boolean,
    /** Whether `@class` holds the sources of the negatives, which the file does not name. */
    readonly isInferred = false,
    /** Whether `sql` reads the file, not a table or a part of its rows. */
    readonly isFile = true,
  ) {}

  static of(
    table: OpenTable,
    known: KnownColumns,
    { timezone, by, ids: like }: Pick<RelationOptions, 'timezone' | 'by' | 'ids'>,
  ): SampleRelation {
    const readable = table.columns.filter(({ type }) => type.kind !== 'unreadable');
    for (const name of [...Object.keys(known.set), ...(by === null ? [] : [by])]) columnOf(table, name);
    const found = withIdTypes(sampleColumns(readable, known), table, like);
    if (found.columns.item === undefined)
      throw fail('bad-request', message('No column holds the items of the sample file'), {
        place: { path: table.path },
        advice: message('Name it with {0}.', '--role COLUMN=item'),
        missingRole: 'item',
      });
    const kinds = new Map<AuditRole, IdKind>();
    const isLong = found.layout === 'long';
    const labels = isLong ? furtherLabels(readable, found) : [];
    const copied = isLong ? copiedColumns(readable, found, labels) : [];
    const builder = new Builder(table, found, { timezone, by, labels, copied }, kinds);
    return new SampleRelation(
      builder.sql(),
      found,
      table.relation(),
      readable.map(({ name }) => name),
      kinds,
      labels,
      copied,
      labelType(table, found),
      hasPlainTime(table, found, timezone),
    );
  }

  /** The same columns with other rows. */
  withRows(sql: string, isInferred: boolean): SampleRelation {
    const { found, file, fileColumns, kinds, labels, copied, labelType: type, hasPlainTime: isPlain } = this;
    return new SampleRelation(sql, found, file, fileColumns, kinds, labels, copied, type, isPlain, isInferred, false);
  }

  has(...roles: readonly AuditRole[]): boolean {
    return roles.every((role) => (role === 'label' ? this.hasLabel() : this.found.columns[role] !== undefined));
  }

  /** How the ids of a role compare; undefined if the file has none. */
  kind(role: AuditRole): IdKind | undefined {
    return this.kinds.get(role);
  }

  /** SQL of the exact text of `label@value`. */
  labelText(value: string): string {
    return this.labelType === null ? `CAST(${value} AS VARCHAR)` : exactText(value, this.labelType);
  }

  /** Bits of the values of `label@value`; infinite for texts and decimals. */
  labelBits(): number {
    const type = this.labelType;
    if (type === null || type.kind === 'boolean') return 1;
    return type.kind === 'integer' || type.kind === 'float' ? type.bits : Infinity;
  }

  /** In the layout wide, the place of a sample says whether it is a negative. */
  hasLabel(): boolean {
    return this.found.layout === 'wide' || this.found.columns.label !== undefined;
  }

  /** SQL of the column that names the entry of a negative; null if there is none. */
  entryColumn(): string | null {
    return this.has('entry') ? 'entry' : this.has('source') ? 'source' : this.isInferred ? '"@class"' : null;
  }

  /** Columns that identify the group of a row; null if there are none. */
  groupKey(): readonly string[] | null {
    const { layout } = this.found;
    if (layout !== 'long' && !isBundled(layout)) return ['"@row"'];
    if (this.has('group_id')) return ['group_id'];
    const moment = this.has('request') ? ['request'] : this.has('time') && this.has('user') ? ['time'] : null;
    if (!moment) return null;
    return [
      ...(this.has('user') ? ['"user"'] : []),
      ...moment,
      ...(this.has('positive_item') ? ['positive_item'] : []),
    ];
  }
}

function labelType(table: OpenTable, { layout, columns: { label } }: SampleColumns): LogicalType | null {
  if (layout === 'wide' || !label || label.name === null) return null;
  const { type } = columnOf(table, label.name);
  return hasSampleLists(layout) && type.kind === 'list' ? type.item : type;
}

function hasPlainTime(table: OpenTable, { columns: { time } }: SampleColumns, timezone: string): boolean {
  if (!time || time.name === null) return false;
  const { type } = columnOf(table, time.name);
  return type.kind === 'timestamp' && !type.zoned && type.unit === 'us' && timezone === 'UTC';
}

export interface RelationOptions {
  readonly timezone: string;
  /** How the ids of the log compare, by role. */
  readonly ids: Readonly<Partial<Record<AuditRole, IdKind | undefined>>>;
  /** A column whose exact text becomes the column `@by`; null: none. */
  readonly by: string | null;
  readonly labels: readonly string[];
  readonly copied: readonly string[];
}

/** The SQL name of a further column of labels. It never equals the name of a role. */
export function labelColumn(name: string): string {
  return `label ${name}`;
}

/** The SQL name of whether a copied column is NULL or NaN. It never equals the name of a role. */
export function nullColumn(name: string): string {
  return `null ${name}`;
}

class Builder {
  constructor(
    private readonly table: OpenTable,
    private readonly found: SampleColumns,
    private readonly options: Omit<RelationOptions, 'ids'>,
    private readonly kinds: Map<AuditRole, IdKind>,
  ) {}

  sql(): string {
    const from = this.table.relation();
    const { layout } = this.found;
    if (layout === 'long') return `(SELECT ${this.#list((role, { name }) => this.#scalar(role, name))} FROM ${from})`;
    const numbered = `(SELECT *, row_number() OVER () AS "@row" FROM ${from})`;
    if (hasSampleLists(layout)) {
      const rows = this.#unnested(numbered, ({ name }) => (this.#isList(name) ? name : null));
      return `(SELECT "@row", ${this.#list((role, { name }) => (this.#isList(name) ? this.#element(role, name) : this.#scalar(role, name)))} FROM ${rows})`;
    }
    const positives = `SELECT "@row", ${this.#list((role, { name }) => this.#scalar(role, name), 'true')} FROM ${numbered}`;
    const rows = this.#unnested(numbered, ({ negatives }) => negatives);
    const negatives = `SELECT "@row", ${this.#list((role, { name, negatives: list }) => (list !== null ? this.#element(role, list) : shared.has(role) ? this.#scalar(role, name) : null), 'false')} FROM ${rows}`;
    return `(${positives} UNION ALL BY NAME ${negatives})`;
  }

  /** The lists as one row per element, in columns named after their roles. */
  #unnested(from: string, listOf: (column: SampleColumn) => string | null): string {
    const lists = this.#columns().flatMap(([role, column]) => {
      const list = listOf(column);
      return list === null ? [] : [`unnest(${quoteIdentifier(list)}) AS ${quoteIdentifier(`@${role}`)}`];
    });
    const { by } = this.options;
    if (by !== null && hasSampleLists(this.found.layout) && this.#isList(by))
      lists.push(`unnest(${quoteIdentifier(by)}) AS "@grouped by"`);
    return `(SELECT ${['*', ...lists].join(', ')} FROM ${from})`;
  }

  /** @param wide the label of the rows in the layout wide */
  #list(valueOf: (role: AuditRole, column: SampleColumn) => Sql | null, wide: string | null = null): string {
    const columns = this.#columns().flatMap(([role, column]) => {
      if (wide !== null && role === 'label') return [];
      const value = valueOf(role, column);
      return value === null ? [] : this.#typed(role, column, value);
    });
    if (wide !== null) columns.push(`${wide} AS label`, `${wide === 'true' ? 1 : 0} AS "label@value"`);
    // In the layout wide, the item of the row is the positive of its negatives.
    if (wide !== null && this.found.columns.positive_item === undefined) {
      const { name = null } = this.found.columns.item ?? {};
      const value = this.#scalar('item', name);
      if (value)
        columns.push(...this.#typed('positive_item', this.found.columns.item ?? { name, negatives: null }, value));
    }
    columns.push(...this.#by(), ...this.#labels(), ...this.#nulls());
    return columns.join(', ');
  }

  #labels(): string[] {
    return this.options.labels.map((name) => {
      const value = `CAST(${this.#number(quoteIdentifier(name), columnOf(this.table, name).type, name)} AS DOUBLE)`;
      return `${value} AS ${quoteIdentifier(labelColumn(name))}`;
    });
  }

  #nulls(): string[] {
    return this.options.copied.map((name) => {
      const value = orNull(quoteIdentifier(name), columnOf(this.table, name).type);
      return `${value} IS NULL AS ${quoteIdentifier(nullColumn(name))}`;
    });
  }

  /** The column that rows are grouped by. In the layout grouped, a list gives each row its element. */
  #by(): string[] {
    const { by } = this.options;
    if (by === null) return [];
    const { type } = columnOf(this.table, by);
    if (hasSampleLists(this.found.layout) && type.kind === 'list')
      return [`${exactText('"@grouped by"', type.item)} AS "@by"`];
    return [`${exactText(quoteIdentifier(by), type)} AS "@by"`];
  }

  #typed(role: AuditRole, column: SampleColumn, { x, type, name }: Sql): string[] {
    const as = (sql: string, alias: string = role): string => `${sql} AS ${quoteIdentifier(alias)}`;
    if (ids.has(role)) {
      const { sql, kind } = idSql(x, type, column.type);
      this.kinds.set(role, kind);
      return [as(sql)];
    }
    if (role === 'time') {
      const { from, to } = instantOf(x, type, {
        unit: column.unit,
        timezone: this.options.timezone,
        name,
        path: this.table.path,
      });
      return [as(from), as(to, 'time@to'), as(x, 'time@value')];
    }
    if (texts.has(role)) return [as(exactText(x, type))];
    if (role === 'label') {
      const number = type.kind === 'boolean' ? x : this.#number(x, type, name);
      const holds = type.kind === 'boolean' ? x : `(${number} > 0)`;
      return [as(holds), as(x, 'label@value')];
    }
    return [as(`CAST(${this.#number(x, type, name)} AS DOUBLE)`)];
  }

  #number(x: string, type: LogicalType, name: string): string {
    if (isNumeric(type)) return orNull(x, type);
    if (type.kind === 'boolean') return `CAST(${x} AS INTEGER)`;
    // In a text file, a column without values has the type string.
    if (columnOf(this.table, name).hasValues === false) return 'NULL';
    throw fail('bad-request', message('column {0} must contain numbers, but its type is {1}', name, typeName(type)), {
      place: { path: this.table.path, column: name },
      advice: message('Give the column of another role with {0}.', '--role COLUMN=ROLE'),
    });
  }

  #scalar(_role: AuditRole, name: string | null): Sql | null {
    if (name === null) return null;
    const { type } = columnOf(this.table, name);
    return { x: quoteIdentifier(name), type, name };
  }

  #element(role: AuditRole, list: string | null): Sql | null {
    if (list === null) return null;
    const { type } = columnOf(this.table, list);
    return { x: quoteIdentifier(`@${role}`), type: type.kind === 'list' ? type.item : type, name: list };
  }

  #isList(name: string | null): boolean {
    return name !== null && columnOf(this.table, name).type.kind === 'list';
  }

  #columns(): readonly (readonly [AuditRole, SampleColumn])[] {
    return Object.entries(this.found.columns) as [AuditRole, SampleColumn][];
  }
}

interface Sql {
  readonly x: string;
  readonly type: LogicalType;
  readonly name: string;
}

/** An id as an exact value. */
function idSql(x: string, type: LogicalType, as: 'int64' | 'string' | undefined): { sql: string; kind: IdKind } {
  const kind = idKindOf(type, as);
  if (kind === 'string') return { sql: exactText(x, type), kind };
  if (type.kind === 'integer') return { sql: x, kind };
  return { sql: `CAST(${x} AS ${type.kind === 'decimal' ? 'HUGEINT' : 'BIGINT'})`, kind };
}

/** The columns, with integer ids compared as texts if those of the log are texts: as `sampleIdType` for the rules. */
function withIdTypes(found: SampleColumns, table: OpenTable, log: RelationOptions['ids']): SampleColumns {
  const columns = Object.entries(found.columns).map(([role, column]) => {
    const name = column.name ?? column.negatives;
    const type = name === null ? undefined : itemType(columnOf(table, name).type);
    const isText = column.type === undefined && type?.kind === 'integer' && log[role as AuditRole] === 'string';
    return [role, isText ? { ...column, type: 'string' } : column];
  });
  return { ...found, columns: Object.fromEntries(columns) as SampleColumns['columns'] };
}

/** Integers compare as numbers, all other ids as texts. `as`: the type that a config gives them. */
export function idKindOf(type: LogicalType, as: 'int64' | 'string' | undefined): IdKind {
  if (as !== undefined) return as === 'int64' ? 'integer' : 'string';
  return type.kind === 'integer' || (type.kind === 'decimal' && type.scale === 0) ? 'integer' : 'string';
}

/** More are not counted. */
const most = 200;

/** Columns of a sample file without a role that RecSample does not write itself: features, and other copied columns. */
function copiedColumns(
  columns: readonly Pick<Column, 'name'>[],
  { columns: found }: SampleColumns,
  labels: readonly string[],
): readonly string[] {
  const used = [...labels, ...Object.values(found).flatMap(({ name }) => name ?? [])];
  return columns
    .map(({ name }) => name)
    .filter((name) => !isReservedName(name, used))
    .slice(0, most);
}
