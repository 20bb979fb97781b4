import { fail } from '../../../core/message/failure.ts';
import { message } from '../../../core/message/message.ts';
import { typeName } from '../../../core/table/type.ts';
import type { AskedColumn, AskedTable } from '../../../protocol/askedTable.ts';
import type { DatasetRef } from '../../../protocol/datasetRef.ts';
import type { SamplingData } from '../../../protocol/sampling.ts';
import { eventColumn, logTable } from '../../answers/log.ts';
import { columnOf, roleTable, whereSql, type RoleOptions } from '../../answers/roleTable.ts';
import type { OpenTable, Tables } from '../../answers/tables.ts';
import { exactText } from '../../sql/cellText.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import type { Where } from '../../../core/source/where.ts';

/** The table of item numbers that `numberItems` creates, with the columns `number` and `item`. */
export const itemNumbers = '"sampled items"';
const ids = new Set(['user', 'item', 'request']);

/**
 * SQL that is true if a log row has a time. An infinite time does not count, because it would move the end of the log
 * beyond all other rows.
 */
export const hasTime = '(time IS NOT NULL AND isfinite(time))';

/** SQL over a file, by name of the column. */
type Columns = NonNullable<RoleOptions['more']>;

/** The data sets of a config that sampling reads. */
export function refsOf({ log, items, users, candidates, passedCandidates, rejections }: SamplingData): DatasetRef[] {
  return [log.impressions, log.clicks, items, users, candidates, passedCandidates, rejections].flatMap((table) =>
    table ? [table.ref] : [],
  );
}

/** The data sets of a request as SQL by roles. The FROM items contain only rows that have all required values. */
export class SampledTables {
  /** Whether the log is stored in the order of users. */
  readonly isStored: boolean = false;

  constructor(
    readonly tables: Tables,
    readonly data: SamplingData,
    readonly timezone: string,
  ) {}

  /** Valid impressions, with the columns of `logTable`. `further`: additional columns as SQL over the file. */
  log(further: RoleOptions['more'] = {}): string {
    const { impressions, clicks, events } = this.data.log;
    const asked = { events, impressions: this.#named(impressions), ...(clicks ? { clicks: this.#named(clicks) } : {}) };
    return `(SELECT * FROM ${logTable(this.tables, asked, this.timezone, further)} WHERE "user" IS NOT NULL AND item IS NOT NULL AND ${hasTime})`;
  }

  /** Valid impressions, without events. `further`: as for `log`. */
  exposures(further: RoleOptions['more'] = {}): string {
    return `(SELECT * FROM ${this.everyImpression(further)} WHERE "user" IS NOT NULL AND item IS NOT NULL AND ${hasTime})`;
  }

  /** The rows of `data.clicks` that have a time. Null if there are no clicks, or if they have no times. */
  clicks(): string | null {
    const { clicks } = this.data.log;
    if (!clicks?.columns.time) return null;
    const rows = roleTable(this.tables.table(clicks.ref), this.#named(clicks), { timezone: this.timezone });
    return `(SELECT * FROM ${rows} WHERE ${hasTime})`;
  }

  /** Rows of one of these tables for which the condition `holds` is true, with the `number` of their items. */
  numbered(rows: string, holds: string): string {
    return `(SELECT r.*, n.number FROM (SELECT * FROM ${rows} WHERE ${holds}) r JOIN ${itemNumbers} n ON n.item = r.item)`;
  }

  /** SQL of the row number of a row of `log()`. The argument is the SQL name of the log. */
  rowSql(_log: string): string {
    return '0';
  }

  /** All rows of the impressions that pass `where`. */
  everyImpression(more: RoleOptions['more'] = {}): string {
    const { impressions } = this.data.log;
    return roleTable(this.tables.table(impressions.ref), this.#named(impressions), { timezone: this.timezone, more });
  }

  /** SQL of an event of a row of `log()`, true or false. Every row is an impression. */
  event(name: string): string {
    return name === 'impressions' ? 'true' : eventColumn(this.#eventIndex(name));
  }

  /** Key of the definition of an event. Equal definitions give equal counts. */
  eventKey(name: string): string {
    return name === 'impressions'
      ? name
      : JSON.stringify({ ...this.data.log.events[this.#eventIndex(name)], name: '' });
  }

  /**
   * The corpus, including offline items. Columns: `item`; `created` and `removed@to` if the file has them; `listed`,
   * which is true if `data.items.where` is true; `holds` for a further condition.
   * It also has the attributes and the title by column name, and `carried` columns unchanged. Null without a corpus.
   * Rows without an id have a NULL `item`.
   */
  corpus({
    where: further,
    texts = [],
    carried = [],
  }: { readonly where?: Where; readonly texts?: readonly string[]; readonly carried?: readonly string[] } = {}):
    string | null {
    const { items } = this.data;
    if (!items) return null;
    const table = this.tables.table(items.ref);
    const { where, ...every } = this.#named(items);
    const holds = (condition: Where | undefined): string =>
      condition ? `coalesce(${whereSql(condition, table.columns)}, false)` : 'true';
    const more = {
      ...carriedAs(table, carried),
      ...Object.fromEntries(texts.map((name) => [textColumn(name), textOf(table, name)])),
    };
    return roleTable(table, every, {
      timezone: this.timezone,
      more: { ...more, listed: holds(where), holds: holds(further) },
    });
  }

  /** One row per user: `user`, the attributes, and copied columns unchanged. */
  users(attributes: readonly string[], carried: readonly string[] = []): string | null {
    const { users } = this.data;
    if (!users) return null;
    const table = this.tables.table(users.ref);
    const more = {
      ...carriedAs(table, carried),
      ...Object.fromEntries(attributes.map((name) => [textColumn(name), textOf(table, name)])),
    };
    const rows = roleTable(table, this.#named(users), { timezone: this.timezone, more });
    const each = [...attributes.map(textColumn), ...carried.map(carriedColumn)].map(
      (name) => `min(${quoteIdentifier(name)}) AS ${quoteIdentifier(name)}`,
    );
    return `(SELECT ${['"user"', ...each].join(', ')} FROM ${rows} WHERE "user" IS NOT NULL GROUP BY "user")`;
  }

  /** Every row of the users, with further columns. Null without users. */
  everyUser(more: Columns): string | null {
    const { users } = this.data;
    return users
      ? roleTable(this.tables.table(users.ref), this.#named(users), { timezone: this.timezone, more })
      : null;
  }

  /** Valid candidates that are only copied, or drawn from, with further columns. Null without candidates. */
  passedCandidates(more: Columns): string | null {
    const candidates = this.data.candidates ?? this.data.passedCandidates;
    if (!candidates) return null;
    const rows = roleTable(this.tables.table(candidates.ref), this.#named(candidates), {
      timezone: this.timezone,
      more,
    });
    return `(SELECT * FROM ${rows} WHERE item IS NOT NULL AND request IS NOT NULL)`;
  }

  /** Valid candidates. Null if the config has no candidates. */
  candidates(): string | null {
    const all = this.everyCandidate();
    return all === null ? null : `(SELECT * FROM ${all} WHERE ${this.candidateCounts()})`;
  }

  everyCandidate(): string | null {
    const { candidates } = this.data;
    return candidates
      ? roleTable(this.tables.table(candidates.ref), this.#named(candidates), { timezone: this.timezone })
      : null;
  }

  candidateCounts(): string {
    return `item IS NOT NULL AND request IS NOT NULL${this.data.candidates?.columns.user ? ' AND "user" IS NOT NULL' : ''}`;
  }

  /** Valid rejections. Null if the config has no rejections. */
  rejections(): string | null {
    const all = this.everyRejection();
    return all === null ? null : `(SELECT * FROM ${all} WHERE "user" IS NOT NULL AND item IS NOT NULL)`;
  }

  everyRejection(): string | null {
    const { rejections } = this.data;
    return rejections
      ? roleTable(this.tables.table(rejections.ref), this.#named(rejections), { timezone: this.timezone })
      : null;
  }

  /** How to interpret the texts of user ids. */
  userKind(): 'integer' | 'string' {
    const { impressions } = this.data.log;
    const table = this.tables.table(impressions.ref);
    const { name, type } = idColumn(table, impressions.columns.user);
    if (type !== undefined) return type === 'int64' ? 'integer' : 'string';
    return columnOf(table, name).type.kind === 'string' ? 'string' : 'integer';
  }

  #eventIndex(name: string): number {
    const k = this.data.log.events.findIndex((event) => event.name === name);
    if (k < 0) throw fail('bad-request', message('there is no event {0} under events', name));
    return k;
  }

  /** Ids must be integers or texts. Other types are refused, because their texts could differ between readers. */
  #named<T extends AskedTable>(asked: T): T {
    const table = this.tables.table(asked.ref);
    const columns = Object.entries<AskedColumn>(asked.columns).map(
      ([role, column]) => [role, ids.has(role) ? idColumn(table, column) : column] as const,
    );
    return { ...asked, columns: Object.fromEntries(columns) };
  }
}

/** The SQL name of a text column of the corpus or the users. It never equals the name of a role. */
export function textColumn(name: string): string {
  return `text ${name}`;
}

/** The SQL name of a column that is copied unchanged. */
export function carriedColumn(name: string): string {
  return `carried ${name}`;
}

/** Columns to copy: SQL over the file, by SQL name. */
export function carriedAs(table: OpenTable, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [carriedColumn(name), quoteIdentifier(columnOf(table, name).name)]));
}

function textOf(table: OpenTable, name: string): string {
  const column = columnOf(table, name);
  return exactText(quoteIdentifier(column.name), column.type);
}

function idColumn(table: OpenTable, asked: AskedColumn): AskedColumn {
  const { type, name } = columnOf(table, asked.name);
  if (asked.type !== undefined || type.kind === 'integer' || type.kind === 'string') return asked;
  if (type.kind === 'enum' || type.kind === 'uuid') return { ...asked, type: 'string' };
  if (type.kind === 'decimal' && type.scale === 0) return asked;
  throw fail('unsupported', message('The ids of column {0} have the unsupported type {1}', name, typeName(type)), {
    place: { path: table.path, column: name },
    advice: message('Ids must be integers or strings. Write the column again as one of these types.'),
  });
}
