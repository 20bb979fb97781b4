import { message } from '../../core/message/message.ts';
import type { AskedColumn } from '../../protocol/askedTable.ts';
import type { SamplingData } from '../../protocol/sampling.ts';
import type { Work } from '../database/connections.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { pickOrder } from './pickOrder.ts';
import { carriedColumn, textColumn } from './columnNames.ts';
import { carriedAs, SampledTables } from './sampledTables.ts';
import { amongUsers } from './users/loadUsers.ts';

/** The log with the columns of `SampledTables.log`, and copied columns. */
export const storedLog = '"stored log"';
const candidates = '"stored candidates"';
const rejections = '"stored rejections"';
const attributes = '"stored attributes"';
const storedUnmatched = '"stored unmatched"';
const eventRequests = '"stored event requests"';
/**
 * The users of the log and of the candidates, ordered by id. Columns: `number` from 0, `"user"`, `rows` in all tables,
 * and `shown`, the rows in the log.
 */
export const storedUsers = '"stored users"';

/**
 * The tables of a request, read once and stored in the order of users, so that a block of users can be read without the
 * other users. Log rows of a user are ordered by time; if columns are copied, equal times are in the pick order. Their
 * row number is DuckDB's `rowid`.
 */
export class StoredTables extends SampledTables {
  override readonly isStored = true;

  private constructor(
    private readonly source: SampledTables,
    data: SamplingData,
  ) {
    super(source.tables, data, source.timezone, source.matched);
  }

  /**
   * @param users exact texts of the ids of the users to store; null: all users
   * @param copied columns of the impressions that are stored in addition to those with a role
   * @throws FailureError like the tables that are read
   */
  static async make(
    source: SampledTables,
    users: readonly string[] | null,
    copied: readonly string[],
    work: Work,
  ): Promise<StoredTables> {
    const { tables, data } = source;
    const isRequested = users === null ? 'true' : amongUsers(users, source.userKind());
    const store = async (name: string, select: string): Promise<void> => {
      await tables.statement(`CREATE TABLE ${name} AS ${select}`, message('Reading the log'), work);
    };

    await store(storedLog, logSelect(source, copied, isRequested));
    const candidateRows = candidatesSelect(source, isRequested);
    if (candidateRows !== null) await store(candidates, candidateRows);
    const unmatched = source.unmatched();
    const isGrouped = unmatched !== null && source.matched.hasPositives;
    if (isGrouped)
      await store(storedUnmatched, `SELECT * FROM ${source.numbered(unmatched, isRequested)} ORDER BY "user"`);

    const unmatchedPositives = `(SELECT * FROM ${storedUnmatched} WHERE positive)`;
    const userTables = [
      storedLog,
      ...(candidateRows === null ? [] : [candidates]),
      ...(isGrouped ? [unmatchedPositives] : []),
    ];
    const userRows = userTables.map((name) => `SELECT DISTINCT "user" FROM ${name}`).join(' UNION ');
    const isStoredUser = `"user" IN (SELECT "user" FROM (${userRows}))`;
    // The remaining tables may have many more users. Their rows are not needed.
    const rejectionRows = rejectionsSelect(source, isStoredUser);
    if (rejectionRows !== null) await store(rejections, rejectionRows);
    const hasOtherUnmatched = unmatched !== null && !isGrouped;
    if (hasOtherUnmatched)
      await store(storedUnmatched, `SELECT * FROM ${source.numbered(unmatched, isStoredUser)} ORDER BY "user"`);
    const requests = source.eventRequests();
    if (requests !== null)
      await store(eventRequests, `SELECT * FROM ${requests} WHERE ${isStoredUser} ORDER BY "user"`);
    const attributeRows = attributesSelect(source, isStoredUser);
    if (attributeRows !== null) await store(attributes, attributeRows);

    const furtherTables = [
      ...(rejectionRows === null ? [] : [rejections]),
      ...(hasOtherUnmatched ? [storedUnmatched] : []),
    ];
    await store(storedUsers, usersSelect(userTables, furtherTables));
    const storedData = {
      ...data,
      ...(data.candidates
        ? {
            candidates: {
              ...data.candidates,
              columns: { user: data.log.impressions.columns.user, ...data.candidates.columns },
            },
          }
        : {}),
    };
    return new StoredTables(source, storedData);
  }

  /** Stored ids keep the types that they have in the files. */
  override idSql(...id: Parameters<SampledTables['idSql']>): string {
    return this.source.idSql(...id);
  }

  override log(): string {
    return storedLog;
  }

  override exposures(): string {
    return storedLog;
  }

  override candidates(): string | null {
    return this.data.candidates ? candidates : null;
  }

  override rejections(): string | null {
    return this.data.rejections ? rejections : null;
  }

  override unmatched(): string | null {
    return this.matched.unmatched === null ? null : storedUnmatched;
  }

  override eventRequests(): string | null {
    return this.source.eventRequests() === null ? null : eventRequests;
  }

  override users(): string | null {
    return this.data.users ? attributes : null;
  }

  override numbered(rows: string, condition: string): string {
    return `(SELECT *, rowid FROM ${rows} WHERE ${condition})`;
  }

  override rowSql(name: string): string {
    return `CAST(${name}.rowid AS UINTEGER)`;
  }
}

/** @param condition SQL that is true for the rows to store, here and below */
function logSelect(source: SampledTables, copied: readonly string[], condition: string): string {
  const { impressions, events } = source.data.log;
  const { columns, used = [] } = impressions;
  const copiedColumns = copied.map((name) => quoteIdentifier(carriedColumn(name)));
  // Without these columns, rows of equal times and keys are equal. The position is part of the key.
  const needsPickOrder =
    columns.teacher !== undefined || used.length > 0 || copied.some((name) => name !== columns.position?.name);
  const pick = needsPickOrder
    ? pickOrder(source, copied)
    : { more: {}, terms: ['"user" NULLS FIRST', ...copiedColumns] };
  const log = source.log({ ...carriedAs(source.tables.table(impressions.ref), copied), ...pick.more });
  const names = [
    ...['"user"', 'item', 'number', 'time'],
    ...quotedRoles(columns, ['request', 'position', 'viewed', 'teacher']),
    ...events.flatMap(({ name }) => [source.event(name), ...asList(source.eventTime(name))]),
    ...copiedColumns,
  ];
  const order = ['"user" NULLS FIRST', 'time NULLS FIRST', ...pick.terms.slice(1)];
  return `SELECT ${names.join(', ')} FROM ${source.numbered(log, condition)} ORDER BY ${order.join(', ')}`;
}

/** Candidates with their user. If the file has no users, those of the log that have the request. Null without candidates. */
function candidatesSelect(source: SampledTables, condition: string): string | null {
  const rows = source.candidates();
  const columns = source.data.candidates?.columns;
  if (rows === null || !columns) return null;
  const log = source.data.log.impressions.columns.request
    ? storedLog
    : '(SELECT NULL AS "user", NULL AS request WHERE false)';
  const userRows = columns.user
    ? rows
    : `(SELECT o."user", c.* FROM ${rows} c JOIN (SELECT DISTINCT "user", request FROM ${log}) o ON o.request = c.request)`;
  const roles = quotedRoles(columns, ['request', 'time', 'channel', 'rank', 'score', 'teacher', 'reached']);
  return `SELECT ${['"user"', 'item', 'number', ...roles].join(', ')} FROM ${source.numbered(userRows, condition)} ORDER BY "user"`;
}

function rejectionsSelect(source: SampledTables, condition: string): string | null {
  const rows = source.rejections();
  if (rows === null) return null;
  const roles = quotedRoles(source.data.rejections?.columns ?? {}, ['time']);
  return `SELECT ${['"user"', 'item', 'number', ...roles].join(', ')} FROM ${source.numbered(rows, condition)} ORDER BY "user"`;
}

function attributesSelect(source: SampledTables, condition: string): string | null {
  const names = source.data.users?.attributes ?? [];
  const rows = source.users(names);
  if (rows === null) return null;
  const columns = ['"user"', ...names.map((name) => quoteIdentifier(textColumn(name)))];
  return `SELECT ${columns.join(', ')} FROM ${rows} WHERE ${condition} ORDER BY "user"`;
}

/**
 * @param userTables the stored tables that decide which users are stored
 * @param furtherTables other stored tables, whose rows count too
 */
function usersSelect(userTables: readonly string[], furtherTables: readonly string[]): string {
  const counts = userTables.map((name) => {
    const shown = name === storedLog ? 'count(*)' : '0';
    return `SELECT "user", count(*) AS n, ${shown} AS shown FROM ${name} GROUP BY "user"`;
  });
  const extraRows = furtherTables.map((_, k) => ` + coalesce(n${k}, 0)`).join('');
  // A left join instead of a union, because the log and the candidates define the type of ids.
  const joins = furtherTables.map(
    (name, k) => `LEFT JOIN (SELECT "user", count(*) AS n${k} FROM ${name} GROUP BY "user") USING ("user")`,
  );
  return `SELECT row_number() OVER (ORDER BY "user") - 1 AS number, "user",
      CAST(n${extraRows} AS BIGINT) AS rows, CAST(shown AS BIGINT) AS shown
    FROM (SELECT "user", sum(n) AS n, sum(shown) AS shown FROM (${counts.join(' UNION ALL ')}) GROUP BY "user")
    ${joins.join(' ')} ORDER BY "user"`;
}

/** The roles that a table has, as SQL names of its columns. */
function quotedRoles(columns: Readonly<Record<string, AskedColumn | undefined>>, roles: readonly string[]): string[] {
  return roles.filter((role) => columns[role] !== undefined).map((role) => quoteIdentifier(role));
}

function asList(column: string | null): string[] {
  return column === null ? [] : [column];
}
