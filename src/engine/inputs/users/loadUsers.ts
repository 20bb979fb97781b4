import { fail } from '../../../core/message/failure.ts';
import { message } from '../../../core/message/message.ts';
import type { Columnar } from '../../database/columnar.ts';
import type { Work } from '../../database/connections.ts';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import { pickOrder } from '../pickOrder.ts';
import { textColumn } from '../columnNames.ts';
import type { SampledTables } from '../sampledTables.ts';
import { microseconds } from '../world/within.ts';
import { dayOf } from './dayOf.ts';
import { Picked } from './picked.ts';
import type { UserCandidates, UserLog, UserRejections, UserRequests, UserRows, UserEvents } from './userRows.ts';
import { eventColumn } from '../../tables/log.ts';

/** Most rows of a table that are read for all users of one request together. */
export const MAX_ROWS = 4_000_000;

/**
 * All rows of some users, in the order in which the caller names them. A user without rows has empty tables.
 * @param chosen SQL condition on a column `"user"` that is true only for these users
 */
export async function loadUsers(
  sampled: SampledTables,
  users: readonly string[],
  work: Work,
  chosen: string = amongUsers(users, sampled.userKind()),
): Promise<UserRows[]> {
  const log = await logRows(sampled, chosen, work);
  const rejections = await rejectionRows(sampled, chosen, work);
  const attributes = await loadAttributes(sampled, chosen, work);
  const unmatched = await unmatchedRows(
    sampled,
    chosen,
    async (columns, from) => await limited(sampled, columns, from, work),
  );
  const eventRequests = await loadEventRequests(sampled, chosen, work);
  const logs = users.map((user) => log(user));
  const candidates = await candidateRows(sampled, chosen, work);
  return users.map((user, k) => {
    const own = logs[k] ?? log(user);
    return {
      user,
      log: own,
      candidates: candidates(user, own),
      rejections: rejections(user),
      unmatched: unmatched(user),
      eventRequests: eventRequests(user),
      attributes: attributes(user),
    };
  });
}

/** An id as a literal of its type; null if no id of that type has this text. */
export function literalOf(id: string, kind: 'integer' | 'string'): string | null {
  if (kind === 'string') return quoteLiteral(id);
  return /^(0|-?[1-9]\d{0,37})$/.test(id) ? id : null;
}

/** SQL condition on a column `"user"` that selects users by id. */
export function amongUsers(users: readonly string[], kind: 'integer' | 'string'): string {
  return `"user" IN (${users.flatMap((user) => literalOf(user, kind) ?? []).join(', ') || 'NULL'})`;
}

/** Place of the row number among the columns of `logRows`, from 1. */
const rowPlace = 8;

async function logRows(sampled: SampledTables, chosen: string, work: Work): Promise<(user: string) => UserLog> {
  const {
    data: {
      log: {
        impressions: { columns, used = [] },
        events,
      },
    },
    timezone,
  } = sampled;
  // Rows of files have no numbers. A teacher and copied columns of the log need the order of a user's rows.
  const isOrdered = (columns.teacher !== undefined || used.length > 0) && !sampled.isStored;
  const pick = isOrdered ? pickOrder(sampled, []) : null;
  const row = pick
    ? `CAST(row_number() OVER (PARTITION BY l."user" ORDER BY l.time, ${pick.terms.join(', ')}) AS UINTEGER)`
    : sampled.rowSql('l');
  const timed = events.flatMap(({ name }) => {
    const at = sampled.eventTime(name);
    return at === null ? [] : [{ name, at }];
  });
  const rows = await limited(
    sampled,
    [
      sampled.idSql('log', 'user', 'l."user"'),
      'l.number',
      microseconds('l.time'),
      dayOf('l.time', timezone),
      columns.request ? sampled.idSql('log', 'request', 'l.request') : 'NULL',
      columns.position ? 'l.position' : 'NULL',
      columns.viewed ? 'l.viewed' : 'NULL',
      row,
      columns.teacher ? `TRY_CAST(l.teacher AS DOUBLE)` : 'NULL',
      ...events.map(({ name }) => `l.${sampled.event(name)}`),
      ...timed.map(({ at }) => microseconds(`l.${at}`)),
    ],
    `${sampled.numbered(sampled.log(pick?.more), chosen)} l${pick ? ` ORDER BY ${rowPlace}` : ''}`,
    work,
  );
  const picked = new Picked(rows.texts(0));
  const [item, time, day, request, position, viewed, number, teacher] = [
    rows.unsigned(1),
    rows.numbers(2),
    rows.numbers(3),
    rows.texts(4),
    rows.texts(5),
    rows.flags(6),
    rows.unsigned(7),
    rows.numbers(8),
  ];
  const held = events.map(({ name }, k) => [name, rows.flags(9 + k)] as const);
  const times = timed.map(({ name }, k) => [name, rows.numbers(9 + events.length + k)] as const);
  return (user) => {
    const own = picked.of(user);
    return {
      item: own.values(item),
      time: own.values(time),
      day: own.values(day),
      request: own.texts(request),
      position: own.texts(position),
      viewed: own.values(viewed),
      row: own.values(number),
      teacher: own.values(teacher),
      events: Object.fromEntries(held.map(([name, flags]) => [name, own.values(flags)])),
      eventTimes: Object.fromEntries(times.map(([name, values]) => [name, own.values(values)])),
    };
  };
}

/** If candidates have no user, they belong to the users whose impressions have the same request. */
async function candidateRows(
  sampled: SampledTables,
  chosen: string,
  work: Work,
): Promise<(user: string, log: UserLog) => UserCandidates> {
  const candidates = sampled.candidates();
  const columns = sampled.data.candidates?.columns;
  const requests = sampled.data.log.impressions.columns.request !== undefined;
  if (candidates === null || columns === undefined || (!columns.user && !requests)) return () => noCandidates;
  const own = columns.user ? chosen : `request IN (SELECT request FROM ${sampled.exposures()} WHERE ${chosen})`;
  const number = (role: 'rank' | 'score' | 'teacher'): string =>
    columns[role] ? `TRY_CAST(c.${role} AS DOUBLE)` : 'NULL';
  const text = (role: 'channel' | 'reached'): string => (columns[role] ? `c.${role}` : 'NULL');
  const rows = await limited(
    sampled,
    [
      columns.user ? sampled.idSql('candidates', 'user', 'c."user"') : 'NULL',
      sampled.idSql('candidates', 'request', 'c.request'),
      'c.number',
      columns.time ? microseconds('c.time') : 'NULL',
      text('channel'),
      number('rank'),
      number('score'),
      number('teacher'),
      text('reached'),
    ],
    `${sampled.numbered(candidates, own)} c`,
    work,
  );
  const request = rows.texts(1);
  const picked = new Picked(columns.user ? rows.texts(0) : request);
  const [item, time, rank, score, teacher] = [
    rows.unsigned(2),
    rows.numbers(3),
    rows.numbers(5),
    rows.numbers(6),
    rows.numbers(7),
  ];
  const [channel, reached] = [rows.texts(4), rows.texts(8)];
  return (user, log) => {
    const own = picked.of(columns.user ? user : [...new Set(log.request)].filter((one) => one !== null));
    return {
      request: own.texts(request),
      item: own.values(item),
      time: own.values(time),
      channel: own.texts(channel),
      rank: own.values(rank),
      score: own.values(score),
      teacher: own.values(teacher),
      reached: own.texts(reached),
    };
  };
}

const noCandidates: UserCandidates = {
  item: new Uint32Array(),
  request: [],
  time: new Float64Array(),
  channel: [],
  rank: new Float64Array(),
  score: new Float64Array(),
  teacher: new Float64Array(),
  reached: [],
};

async function rejectionRows(
  sampled: SampledTables,
  chosen: string,
  work: Work,
): Promise<(user: string) => UserRejections> {
  const rejections = sampled.rejections();
  if (rejections === null) return () => ({ item: new Uint32Array(), time: new Float64Array() });
  const time = sampled.data.rejections?.columns.time ? microseconds('r.time') : 'NULL';
  const rows = await limited(
    sampled,
    [sampled.idSql('rejections', 'user', 'r."user"'), 'r.number', time],
    `${sampled.numbered(rejections, chosen)} r`,
    work,
  );
  const picked = new Picked(rows.texts(0));
  const [item, times] = [rows.unsigned(1), rows.numbers(2)];
  return (user) => {
    const own = picked.of(user);
    return { item: own.values(item), time: own.values(times) };
  };
}

/**
 * The earliest event of each request of some users.
 * @param chosen as for `loadUsers`
 */
export async function loadEventRequests(
  sampled: SampledTables,
  chosen: string,
  work: Work,
): Promise<(user: string) => UserRequests> {
  const requests = sampled.eventRequests();
  if (requests === null) return () => ({ request: [], time: new Float64Array() });
  const rows = await limited(
    sampled,
    ['CAST(e."user" AS VARCHAR)', 'CAST(e.request AS VARCHAR)', microseconds('e.time')],
    `(SELECT * FROM ${requests} WHERE ${chosen}) e`,
    work,
  );
  const picked = new Picked(rows.texts(0));
  const [request, time] = [rows.texts(1), rows.numbers(2)];
  return (user) => {
    const own = picked.of(user);
    return { request: own.texts(request).filter((one) => one !== null), time: own.values(time) };
  };
}

/**
 * The attributes of some users from `data.users`.
 * @param chosen as for `loadUsers`
 */
export async function loadAttributes(
  sampled: SampledTables,
  chosen: string,
  work: Work,
): Promise<(user: string) => UserRows['attributes']> {
  const names = sampled.data.users?.attributes ?? [];
  const users = sampled.users(names);
  if (users === null || names.length === 0) return () => ({});
  const rows = await limited(
    sampled,
    ['CAST("user" AS VARCHAR)', ...names.map((name) => quoteIdentifier(textColumn(name)))],
    `${users} WHERE ${chosen}`,
    work,
  );
  const rowOf = new Map(rows.texts(0).map((user, row) => [user, row]));
  const columns = names.map((_, k) => rows.texts(k + 1));
  return (user) => {
    const row = rowOf.get(user);
    return row === undefined ? {} : Object.fromEntries(names.map((name, k) => [name, columns[k]?.[row] ?? null]));
  };
}

async function limited(
  { tables }: SampledTables,
  columns: readonly string[],
  from: string,
  work: Work,
): Promise<Columnar> {
  const rows = await tables.columnar(
    `SELECT ${columns.join(', ')} FROM ${from} LIMIT ${MAX_ROWS + 1}`,
    message('Reading the rows of the users'),
    work,
  );
  if (rows.rows > MAX_ROWS)
    throw fail('out-of-memory', message('The users have more than {0} rows in total', MAX_ROWS), {
      advice: message('Choose fewer users.'),
    });
  return rows;
}

const noEvents: UserEvents = {
  item: new Uint32Array(),
  time: new Float64Array(),
  shown: new Float64Array(),
  day: new Float64Array(),
  request: [],
  isPositive: new Uint8Array(),
  events: {},
};

/**
 * The events without an impression of some users, by user.
 * @param read reads columns of rows
 */
async function unmatchedRows(
  sampled: SampledTables,
  chosen: string,
  read: (columns: readonly string[], from: string) => Promise<Columnar>,
): Promise<(user: string) => UserEvents> {
  const unmatched = sampled.unmatched();
  if (unmatched === null) return () => noEvents;
  const { events } = sampled.data.log;
  const rows = await read(
    [
      'CAST(e."user" AS VARCHAR)',
      'e.number',
      microseconds('e.time'),
      microseconds('e.shown'),
      dayOf('e.time', sampled.timezone),
      'e.request',
      'e.positive',
      ...events.map((_, k) => `e.${eventColumn(k)}`),
    ],
    `${sampled.numbered(unmatched, chosen)} e`,
  );
  const picked = new Picked(rows.texts(0));
  const [item, time, shown, day] = [rows.unsigned(1), rows.numbers(2), rows.numbers(3), rows.numbers(4)];
  const [request, isPositive] = [rows.texts(5), rows.flags(6)];
  const held = events.map(({ name }, k) => [name, rows.flags(7 + k)] as const);
  return (user) => {
    const own = picked.of(user);
    return {
      item: own.values(item),
      time: own.values(time),
      shown: own.values(shown),
      day: own.values(day),
      request: own.texts(request),
      isPositive: own.values(isPositive),
      events: Object.fromEntries(held.map(([name, flags]) => [name, own.values(flags)])),
    };
  };
}
