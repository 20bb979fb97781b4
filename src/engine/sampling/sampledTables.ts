import { fail } from '../../core/report/failure.ts';
import { message } from '../../core/report/message.ts';
import { typeName } from '../../core/table/type.ts';
import type { AskedColumn, AskedTable } from '../../protocol/askedTable.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { SamplingData } from '../../protocol/sampling.ts';
import { eventColumn, logTable } from '../answers/log.ts';
import { columnOf, roleTable, whereSql, type RoleOptions } from '../answers/roleTable.ts';
import type { OpenTable, Tables } from '../answers/tables.ts';
import { exactText } from '../sql/cellText.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { Where } from '../../core/sampling/where.ts';

/** The table of item numbers that `numberItems` makes: `number` and `item`. */
export const itemNumbers = '"sampled items"';
const ids = new Set(['user', 'item', 'request']);

/** SQL that holds where a row of the log has a time: an infinite one is none, and would put the end of the log beyond all others. */
export const hasTime = '(time IS NOT NULL AND isfinite(time))';

/** The data sets of a config that sampling reads. */
export function refsOf({ log, items, users, candidates, rejections }: SamplingData): DatasetRef[] {
  return [log.impressions, log.clicks, items, users, candidates, rejections].flatMap((table) =>
    table ? [table.ref] : [],
  );
}

/** The data sets of a request as SQL by roles: FROM items whose rows have all that a row must have to count. */
export class SampledTables {
  constructor(
    readonly tables: Tables,
    readonly data: SamplingData,
    readonly timezone: string,
  ) {}

  /** Impressions that count, with the columns of `logTable`, and further ones: SQL over the file. */
  log(further: RoleOptions['more'] = {}): string {
    const { impressions, clicks, events } = this.data.log;
    const asked = { events, impressions: this.#named(impressions), ...(clicks ? { clicks: this.#named(clicks) } : {}) };
    return `(SELECT * FROM ${logTable(this.tables, asked, this.timezone, further)} WHERE "user" IS NOT NULL AND item IS NOT NULL AND ${hasTime})`;
  }

  /** Impressions that count, without events. */
  exposures(): string {
    return `(SELECT * FROM ${this.everyImpression()} WHERE "user" IS NOT NULL AND item IS NOT NULL AND ${hasTime})`;
  }

  /** Of the rows of one of these tables those that hold, with the `number` of their items. */
  numbered(rows: string, holds: string): string {
    return `(SELECT r.*, n.number FROM (SELECT * FROM ${rows} WHERE ${holds}) r JOIN ${itemNumbers} n ON n.item = r.item)`;
  }

  /** SQL of the number of a row of `log()`, under a name of the log in SQL. */
  rowSql(_log: string): string {
    return '0';
  }

  /** All rows of the impressions that `where` leaves. */
  everyImpression(): string {
    const { impressions } = this.data.log;
    return roleTable(this.tables.table(impressions.ref), this.#named(impressions), { timezone: this.timezone });
  }

  /** SQL of an event of a row of `log()`, true or false; every row is an impression. */
  event(name: string): string {
    return name === 'impressions' ? 'true' : eventColumn(this.#eventIndex(name));
  }

  /** The definition of an event: equal ones count equally. */
  eventKey(name: string): string {
    return name === 'impressions'
      ? name
      : JSON.stringify({ ...this.data.log.events[this.#eventIndex(name)], name: '' });
  }

  /**
   * The corpus, offline items included: `item`, `created`, `removed@to` where the file has them, `listed` where `data.items.where` holds; `holds` with a further
   * condition, the attributes and the title under the names of their columns, and columns that are `carried` along as they are. Null without a corpus. Rows without an id have a NULL `item`.
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

  /** `user`, the attributes of each, and columns that are carried along as they are, one row a user. */
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

  /** Candidates that count. Null where the config has none. */
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

  /** Rejections that count. Null where the config has none. */
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

  /** How the texts of user ids are to be read. */
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

  /** Ids are integers or texts: others, whose texts could differ between readers, are refused. */
  #named<T extends AskedTable>(asked: T): T {
    const table = this.tables.table(asked.ref);
    const columns = Object.entries<AskedColumn>(asked.columns).map(
      ([role, column]) => [role, ids.has(role) ? idColumn(table, column) : column] as const,
    );
    return { ...asked, columns: Object.fromEntries(columns) };
  }
}

/** The name of a text column of the corpus or the users in SQL, apart from the roles. */
export function textColumn(name: string): string {
  return `text ${name}`;
}

/** The name in SQL of a column that is carried along as it is. */
export function carriedColumn(name: string): string {
  return `carried ${name}`;
}

/** Columns to carry along: SQL over the file by their names in SQL. */
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
  throw fail('unsupported', message('The ids of column {0} are of the type {1}', name, typeName(type)), {
    place: { path: table.path, column: name },
    advice: message('Ids are integers or texts; write the column again as one of them.'),
  });
}
