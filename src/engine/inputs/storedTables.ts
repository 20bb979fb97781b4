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
 * The tables of a request, read once and stored in the order of users. So reading a block of users does not touch the
 * rest. Log rows of a user are ordered by time; with copied columns, equal times are in the pick order. Their row
 * number is DuckDB's `rowid`.
 */
export class StoredTables extends SampledTables {
  override readonly isStored = true;

  private constructor(
    private readonly read: SampledTables,
    data: SamplingData,
  ) {
    super(read.tables, data, read.timezone, read.matched);
  }

  /**
   * @param users exact text of ids; null: all
   * @param carried columns of the impressions that are stored in addition to those of the roles
   * @throws FailureError like the tables that are read
   */
  static async make(
    read: SampledTables,
    users: readonly string[] | null,
    carried: readonly string[],
    work: Work,
  ): Promise<StoredTables> {
    const { tables, data } = read;
    const chosen = users === null ? 'true' : amongUsers(users, read.userKind());
    const { columns } = data.log.impressions;
    const make = async (name: string, select: string): Promise<void> => {
      await tables.statement(`CREATE TABLE ${name} AS ${select}`, message('Reading the log'), work);
    };
    const role = (table: Readonly<Record<string, AskedColumn | undefined>>, names: readonly string[]): string[] =>
      names.filter((one) => table[one] !== undefined).map((one) => quoteIdentifier(one));

    const kept = carried.map((name) => quoteIdentifier(carriedColumn(name)));
    // Rows of equal times and keys differ only in used columns. The position is part of the key.
    const { used = [] } = data.log.impressions;
    const differ =
      columns.teacher !== undefined || used.length > 0 || carried.some((name) => name !== columns.position?.name);
    const pick = differ ? pickOrder(read, carried) : { more: {}, terms: ['"user" NULLS FIRST', ...kept] };
    const columnsToAdd = { ...carriedAs(tables.table(data.log.impressions.ref), carried), ...pick.more };
    const events = data.log.events.flatMap(({ name }) => [read.event(name), ...asList(read.eventTime(name))]);
    await make(
      storedLog,
      `SELECT ${['"user"', 'item', 'number', 'time', ...role(columns, ['request', 'position', 'viewed', 'teacher']), ...events, ...kept].join(', ')}
      FROM ${read.numbered(read.log(columnsToAdd), chosen)} ORDER BY ${['"user" NULLS FIRST', 'time NULLS FIRST', ...pick.terms.slice(1)].join(', ')}`,
    );

    const all = read.candidates();
    const asked = data.candidates?.columns;
    if (all !== null && asked) {
      const own = asked.user
        ? all
        : `(SELECT o."user", c.* FROM ${all} c JOIN (SELECT DISTINCT "user", request FROM ${columns.request ? storedLog : '(SELECT NULL AS "user", NULL AS request WHERE false)'}) o ON o.request = c.request)`;
      await make(
        candidates,
        `SELECT ${['"user"', 'item', 'number', ...role(asked, ['request', 'time', 'channel', 'rank', 'score', 'teacher', 'reached'])].join(', ')} FROM ${read.numbered(own, chosen)} ORDER BY "user"`,
      );
    }
    // Rejections and attributes of other users are not needed, and there may be many more of them.
    const unmatched = read.unmatched();
    const isGrouped = unmatched !== null && read.matched.hasPositives;
    if (isGrouped) await make(storedUnmatched, `SELECT * FROM ${read.numbered(unmatched, chosen)} ORDER BY "user"`);
    const unexposed = `(SELECT * FROM ${storedUnmatched} WHERE positive)`;
    const stored = [storedLog, ...(all === null ? [] : [candidates]), ...(isGrouped ? [unexposed] : [])];
    const owners = `(${stored.map((name) => `SELECT DISTINCT "user" FROM ${name}`).join(' UNION ')})`;
    const owned = `"user" IN (SELECT "user" FROM ${owners})`;
    const refused = read.rejections();
    if (refused !== null)
      await make(
        rejections,
        `SELECT ${['"user"', 'item', 'number', ...role(data.rejections?.columns ?? {}, ['time'])].join(', ')} FROM ${read.numbered(refused, owned)} ORDER BY "user"`,
      );
    if (unmatched !== null && !isGrouped)
      await make(storedUnmatched, `SELECT * FROM ${read.numbered(unmatched, owned)} ORDER BY "user"`);
    const requests = read.eventRequests();
    if (requests !== null) await make(eventRequests, `SELECT * FROM ${requests} WHERE ${owned} ORDER BY "user"`);
    const names = data.users?.attributes ?? [];
    const described = read.users(names);
    if (described !== null)
      await make(
        attributes,
        `SELECT ${['"user"', ...names.map((name) => quoteIdentifier(textColumn(name)))].join(', ')} FROM ${described} WHERE ${owned} ORDER BY "user"`,
      );

    const counted = stored
      .map(
        (name) =>
          `SELECT "user", count(*) AS n, ${name === storedLog ? 'count(*)' : '0'} AS shown FROM ${name} GROUP BY "user"`,
      )
      .join(' UNION ALL ');
    // A join, because the log and the candidates define the type of ids.
    const further = [
      ...(refused === null ? [] : [rejections]),
      ...(unmatched === null || isGrouped ? [] : [storedUnmatched]),
    ];
    const more = further.map((_, k) => ` + coalesce(more${k}, 0)`).join('');
    const joins = further.map(
      (name, k) => `LEFT JOIN (SELECT "user", count(*) AS more${k} FROM ${name} GROUP BY "user") USING ("user")`,
    );
    await make(
      storedUsers,
      `SELECT row_number() OVER (ORDER BY "user") - 1 AS number, "user", CAST(n${more} AS BIGINT) AS rows, CAST(shown AS BIGINT) AS shown
      FROM (SELECT "user", sum(n) AS n, sum(shown) AS shown FROM (${counted}) GROUP BY "user") ${joins.join(' ')} ORDER BY "user"`,
    );
    const owner = {
      ...data,
      ...(data.candidates
        ? { candidates: { ...data.candidates, columns: { user: columns.user, ...data.candidates.columns } } }
        : {}),
    };
    return new StoredTables(read, owner);
  }

  /** Stored ids have the types that were read. */
  override idSql(...id: Parameters<SampledTables['idSql']>): string {
    return this.read.idSql(...id);
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
    return this.read.eventRequests() === null ? null : eventRequests;
  }

  override users(): string | null {
    return this.data.users ? attributes : null;
  }

  override numbered(rows: string, holds: string): string {
    return `(SELECT *, rowid FROM ${rows} WHERE ${holds})`;
  }

  override rowSql(name: string): string {
    return `CAST(${name}.rowid AS UINTEGER)`;
  }
}

function asList(column: string | null): string[] {
  return column === null ? [] : [column];
}
