import { refuse } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { typeName } from '../../core/table/type.ts';
import { hasItems, type AskedColumn, type AskedFeatures, type AskedTable } from '../../protocol/askedTable.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { SamplingData } from '../../protocol/sampling.ts';
import { eventColumn, eventTimeColumn, firstTimeColumn, logTable } from '../tables/log.ts';
import { requestTimes } from '../tables/readTimes.ts';
import { columnOf, roleTable, whereSql, type RoleOptions } from '../tables/roleTable.ts';
import type { OpenTable, Tables } from '../tables/tables.ts';
import { exactText } from '../sql/cellText.ts';
import type { Work } from '../database/connections.ts';
import { fitsInt64 } from '../database/fitsInt64.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { MatchedEvents } from './events/matchedEvents.ts';
import { carriedColumn, textColumn } from './columnNames.ts';
import { pickOrder } from './pickOrder.ts';
import { within } from './world/within.ts';
import type { Where } from '../../core/source/where.ts';

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
export function refsOf({
  log,
  items,
  users,
  candidates,
  passedCandidates,
  rejections,
  features = [],
  extract,
}: SamplingData): DatasetRef[] {
  const { pools, poolUsers, trainingPositives, batchItems } = extract ?? {};
  return [
    ...[log.impressions, ...(log.clicks ?? []), items, users, ...features, candidates, passedCandidates, rejections],
    ...[pools, poolUsers, trainingPositives, batchItems],
  ].flatMap((table) => (table ? [table.ref] : []));
}

/** What a reader of the corpus needs: whether a condition holds, columns as texts, and unchanged columns. */
interface CorpusNeeds {
  readonly where?: Where;
  readonly texts?: readonly string[];
  readonly carried?: readonly string[];
}

/** The data sets of a request as SQL by roles. The FROM items contain only rows that have all required values. */
export class SampledTables {
  /** Whether the log is stored in the order of users. */
  readonly isStored: boolean = false;
  /** False once no id of a list of items was found twice: to group it costs about 15 times as much as to read it. */
  mayRepeatItems = true;

  constructor(
    readonly tables: Tables,
    readonly data: SamplingData,
    readonly timezone: string,
    /** The events of separate tables. */
    readonly matched: MatchedEvents,
  ) {}

  /** Matches the events of separate tables. */
  static async open(tables: Tables, data: SamplingData, timezone: string, work: Work): Promise<SampledTables> {
    if (!data.log.clicks) return new SampledTables(tables, data, timezone, MatchedEvents.none);
    const bare = new SampledTables(tables, data, timezone, MatchedEvents.none);
    const { clicks, impressions, events } = data.log;
    const log = { events, impressions: bare.#named(impressions), clicks: clicks.map((table) => bare.#named(table)) };
    const matched = await MatchedEvents.open(tables, log, { exposures: bare.exposures(), timezone }, work);
    return new SampledTables(tables, data, timezone, matched);
  }

  /** Valid impressions, with the columns of `logTable`. `further`: additional columns as SQL over the file. */
  log(further: RoleOptions['more'] = {}): string {
    return `(SELECT * FROM ${this.allLogRows(further)} WHERE "user" IS NOT NULL AND item IS NOT NULL AND ${hasTime})`;
  }

  /** All rows of `log`, also those without user, item or time. */
  allLogRows(further: RoleOptions['more'] = {}): string {
    const { impressions, events } = this.data.log;
    const { joined } = this.matched;
    const pick = joined.isPicked ? pickOrder(this, []) : { more: {}, terms: [] };
    return logTable(this.tables, { events, impressions: this.#named(impressions) }, this.timezone, joined, {
      further: { ...pick.more, ...further },
      pick: pick.terms,
    });
  }

  /** Valid impressions, without events. `further`: as for `log`. */
  exposures(further: RoleOptions['more'] = {}): string {
    return `(SELECT * FROM ${this.everyImpression(further)} WHERE "user" IS NOT NULL AND item IS NOT NULL AND ${hasTime})`;
  }

  /** The times of the separate events. Null if none of their tables has times. */
  clicks(): string | null {
    const timed = (this.data.log.clicks ?? []).filter((table) => hasItems(table) && table.columns.time !== undefined);
    if (timed.length === 0) return null;
    const rows = timed.map(
      (table) =>
        `SELECT time FROM ${roleTable(this.tables.table(table.ref), this.#named(table), { timezone: this.timezone })} WHERE ${hasTime}`,
    );
    return `(${rows.join(' UNION ALL ')})`;
  }

  /**
   * The earliest time of the events of each user and request, of the separate tables that have times and requests. Null
   * if there is no such table.
   */
  eventRequests(): string | null {
    const tables = (this.data.log.clicks ?? []).map((table) => this.#named(table));
    return requestTimes(this.tables, tables, this);
  }

  /** Events without an impression, with the columns of `MatchedEvents.unmatched`. Null if there are none. */
  unmatched(): string | null {
    return this.matched.unmatched;
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

  /**
   * SQL of an event of a row of `log()`, true or false. Every row is an impression.
   * @param until events of separate tables after this time, in microseconds, do not exist
   */
  event(name: string, until = Infinity): string {
    if (name === 'impressions') return 'true';
    const column = eventColumn(this.#eventIndex(name));
    const at = this.eventTime(name);
    return at === null || until === Infinity
      ? column
      : `(${column} AND (${at} IS NULL OR ${within(at, { from: -Infinity, to: until })}))`;
  }

  /** SQL of the time of an event of a row of `log()`: NULL if it has none. Null if no event of that name has one. */
  eventTime(name: string): string | null {
    if (name === 'impressions') return null;
    const k = this.#eventIndex(name);
    return this.matched.isTimed(k) ? eventTimeColumn(k) : null;
  }

  /** SQL of the earliest known time of an event of a row of `log()`. Null if no event of that name has one. */
  firstEventTime(name: string): string | null {
    return this.eventTime(name) === null ? null : firstTimeColumn(this.#eventIndex(name));
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
   * Rows without an id have a NULL `item`. With `corpus: log`, the items of the impressions. Of a list of ids, the
   * smallest row of each.
   */
  corpus(needs: CorpusNeeds = {}): string | null {
    const { items, corpus } = this.data;
    if (!items) return corpus === 'log' ? this.#itemsOfLog() : null;
    return items.isList && this.mayRepeatItems
      ? `(SELECT DISTINCT ON (item) * FROM ${this.everyItem(needs)} ORDER BY ALL)`
      : this.everyItem(needs);
  }

  /** Every row of the items, as for `corpus`, also repeated ones. Without a table of items, the corpus. */
  everyItem({ where: further, texts = [], carried = [] }: CorpusNeeds = {}): string | null {
    const { items } = this.data;
    if (!items) return this.corpus();
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

  /** The columns of the corpus that say when an item is eligible. */
  corpusTimes(): ReadonlySet<'created' | 'removed'> {
    if (this.data.corpus === 'log') return new Set(['created']);
    const { created, removed } = this.data.items?.columns ?? {};
    return new Set([...(created ? (['created'] as const) : []), ...(removed ? (['removed'] as const) : [])]);
  }

  /**
   * Each item of the impressions of all users. It is eligible from the time of the first request that shows it; the other
   * items of that request may have later times.
   */
  #itemsOfLog(): string {
    const { impressions } = this.data.log;
    const table = this.tables.table(impressions.ref);
    const rows = roleTable(table, this.#named(impressions), { timezone: this.timezone });
    const first = impressions.columns.request
      ? 'CASE WHEN request IS NULL THEN time ELSE min(time) OVER (PARTITION BY "user", request) END'
      : 'time';
    return `(SELECT item, min(first) AS created, true AS listed, true AS holds FROM (SELECT item, ${first} AS first FROM ${rows} WHERE "user" IS NOT NULL AND item IS NOT NULL AND ${hasTime}) GROUP BY item)`;
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

  /** Every row of a table of features, with further columns and copied columns unchanged. */
  features(asked: AskedFeatures, more: Columns, carried: readonly string[]): string {
    const table = this.tables.table(asked.ref);
    const { deleted: _flag, ...columns } = asked.columns;
    const { days } = asked.time.period;
    return roleTable(table, this.#named({ ref: asked.ref, columns }), {
      timezone: this.timezone,
      more: { ...carriedAs(table, carried), ...more },
      periods: { time: days, snapshot: days },
    });
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

  /**
   * SQL of ids for `Columnar.texts`. 64-bit integers stay unchanged: to read their texts row by row takes much longer.
   * @param sql the SQL of the id of a row
   */
  idSql(of: 'log' | 'candidates' | 'rejections', role: 'user' | 'request', sql: string): string {
    const { log, candidates, rejections } = this.data;
    const columnIn = (table: AskedTable | undefined): AskedColumn | undefined => {
      const columns: Readonly<Record<string, AskedColumn | undefined>> = table?.columns ?? {};
      return columns[role];
    };
    const asked = { log: log.impressions, candidates, rejections }[of];
    // Candidates without users belong to those of the log.
    const table = asked !== undefined && columnIn(asked) !== undefined ? asked : log.impressions;
    const open = this.tables.table(table.ref);
    const column = columnIn(table);
    return `CAST(${sql} AS ${column && isInt64(open, idColumn(open, column)) ? 'BIGINT' : 'VARCHAR'})`;
  }

  #eventIndex(name: string): number {
    const k = this.data.log.events.findIndex((event) => event.name === name);
    if (k < 0) throw refuse('event-undeclared', message('there is no event {0} under events', name));
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

/** Columns to copy: SQL over the file, by SQL name. */
export function carriedAs(table: OpenTable, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [carriedColumn(name), quoteIdentifier(columnOf(table, name).name)]));
}

function textOf(table: OpenTable, name: string): string {
  const column = columnOf(table, name);
  return exactText(quoteIdentifier(column.name), column.type);
}

/** Whether `roleTable` gives only signed 64-bit integers for a column of ids. It leaves all integers unchanged. */
function isInt64(table: OpenTable, { name, type: as }: AskedColumn): boolean {
  const { type, sqlType } = columnOf(table, name);
  return type.kind === 'integer' ? as !== 'string' && fitsInt64(sqlType) : as === 'int64';
}

function idColumn(table: OpenTable, asked: AskedColumn): AskedColumn {
  const { type, name } = columnOf(table, asked.name);
  if (asked.type !== undefined || type.kind === 'integer' || type.kind === 'string') return asked;
  if (type.kind === 'enum' || type.kind === 'uuid') return { ...asked, type: 'string' };
  if (type.kind === 'decimal' && type.scale === 0) return asked;
  throw refuse('id-type', message('The ids of column {0} have the unsupported type {1}', name, typeName(type)), {
    code: 'unsupported',
    place: { path: table.path, column: name },
    advice: message('Ids must be integers or strings. Write the column again as one of these types.'),
  });
}
