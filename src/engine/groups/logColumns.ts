import { message } from '../../core/message/message.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { u32At, valueAt } from '../../core/valueAt.ts';
import type { Columnar } from '../database/columnar.ts';
import type { Work } from '../database/connections.ts';
import { md5Word } from '../sql/md5.ts';
import { distinctExcludes, excludingTime } from './distinctExcludes.ts';
import { NO_EVENT } from './noEvent.ts';
import { exposureTests } from '../inputs/facts/groupFacts.ts';
import { keySql, positiveKeySql } from '../inputs/positiveSql.ts';
import { dayOf } from '../inputs/users/dayOf.ts';
import { valuesAt, wordsAt } from '../inputs/wordsAt.ts';
import { microseconds, within } from '../inputs/world/within.ts';
import { anyEvent } from '../inputs/world/counts.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import type { Ids } from '../inputs/ids.ts';
import { storedLog, type StoredTables } from '../inputs/storedTables.ts';
import type { RequestKey } from './readTimes.ts';
import type { UserRange } from './userRanges.ts';

/** Integer requests of groups: two words each, low word first. `known` is 1 if the group has a request. */
export interface RequestWords {
  readonly words: Uint32Array;
  readonly known: Uint8Array;
}

/** Exact text of the request of a row; null without a request. */
export function requestText({ words, known }: RequestWords, row: number): string | null {
  if (known[row] !== 1) return null;
  return String(BigInt.asIntN(64, (BigInt(u32At(words, 2 * row + 1)) << 32n) | BigInt(u32At(words, 2 * row))));
}

export function sameRequest({ words, known }: RequestWords, one: number, other: number): boolean {
  return (
    known[one] === known[other] &&
    (known[one] !== 1 || (words[2 * one] === words[2 * other] && words[2 * one + 1] === words[2 * other + 1]))
  );
}

/** Which exposures become groups of the unit impression, and why others do not. */
export const ExposureState = { group: 0, other: 1, unseen: 2, immature: 3, separator: 4 } as const;

/** What blocks of columns read of the log, depending on what they are for. */
export interface LogReading {
  /** Kind in which request ids are stored. */
  readonly requests: Ids['kind'];
  /** True if columns are read at the read times of the groups. */
  readonly readTimes: boolean;
  /** True if something is drawn or ordered by the keys of groups. */
  readonly words: boolean;
}

/** Rows of the stored log of a range of users, as columns. They are ordered by user, then by time. */
export class LogColumns {
  readonly item: Uint32Array;
  readonly time: Float64Array;
  /** Event index of a positive of the split, else `NO_EVENT`. */
  readonly event: Uint8Array;
  /** First eight bytes of the MD5 of the key of a group; 0 for other rows, and if they are not needed. */
  readonly words: Uint32Array;
  /** 0 if there is no cap per day. */
  readonly day: Uint32Array;
  /** `ExposureState` of each row; only in the unit impression. */
  readonly state: Uint8Array;
  /** By distinct `exclude`: 1 if the row excludes its item. */
  readonly excludes: readonly Uint8Array[];

  readonly #requests: RequestWords | null;
  #requestTexts: readonly (string | null)[] | null = null;
  #positions: readonly (string | null)[] | null = null;

  private constructor(
    private readonly rows: Columnar,
    excludes: number,
    requests: Ids['kind'],
  ) {
    this.item = rows.unsigned(0);
    this.time = rows.numbers(1);
    this.event = rows.bytes(2, NO_EVENT);
    this.words = rows.words(3);
    this.day = rows.unsigned(4);
    this.#requests = requests === 'int64' ? { words: rows.words(5), known: rows.flags(6) } : null;
    this.state = rows.bytes(7, ExposureState.other);
    this.excludes = Array.from({ length: excludes }, (_, k) => rows.flags(9 + k));
  }

  static async load(
    { firstShown, shown }: UserRange,
    plan: StagePlan,
    world: LoadedWorld,
    stored: StoredTables,
    { requests, readTimes, words }: LogReading,
    work: Work,
  ): Promise<LogColumns> {
    const { distinct } = distinctExcludes(plan);
    const names = plan.positives.events.map(({ name }) => name);
    const { from, to } = world.split;
    const positiveWithin = within('time', { from, to: Math.min(to, world.knownUntil) });
    const event = `CASE WHEN ${positiveWithin} THEN CASE ${names.map((name, k) => `WHEN ${stored.event(name, world.knownUntil)} THEN ${k}`).join(' ')} END END`;
    const { request: hasRequests, position: hasPositions } = stored.data.log.impressions.columns;
    const request = hasRequests ? 'CAST(request AS VARCHAR)' : 'CAST(NULL AS VARCHAR)';
    const position = hasPositions ? 'position' : 'CAST(NULL AS VARCHAR)';
    const parts = { user: '"user"', item: 'item', time: 'time', request: `coalesce(${request}, '')` };
    const isExposed = plan.unit === 'impression';
    const isGroup = isExposed ? `state = ${ExposureState.group}` : 'event IS NOT NULL';
    const key = isExposed ? keySql(parts, position) : positiveKeySql(plan, { ...parts, event: 'event' });
    const excludes = distinct.map((exclude, k) => {
      const bounds = excludingTime(exclude, world);
      return `(${anyEvent(stored, exclude.events, bounds.to)}) AND ${within('time', bounds)} AS e${k}`;
    });
    const day = plan.positives.maxPerUserPerDay === null ? '0' : dayOf('time', stored.timezone);
    const rows = shown.reduce((sum, one) => sum + one, 0);
    const columns = [
      'number',
      `${microseconds('time')} AS us`,
      'event',
      `${words ? `CASE WHEN ${isGroup} THEN ${md5Word(key)} END` : '0::UBIGINT'} AS word`,
      `${day} AS day`,
      // Read times depend on all rows of a request.
      `CASE WHEN ${readTimes || isGroup} THEN ${requests === 'int64' ? 'CAST(request AS BIGINT)' : request} END AS request`,
      `${hasRequests ? 'request IS NOT NULL' : 'false'} AS known`,
      'state',
      isExposed ? position : 'NULL',
      ...excludes,
    ];
    const state = isExposed ? stateSql(plan, world, stored, position) : '0';
    const found = await stored.tables.columnar(
      `SELECT ${columns.join(', ')} FROM (SELECT *, CAST(${event} AS UTINYINT) AS event, CAST(${state} AS UTINYINT) AS state FROM ${storedLog} WHERE rowid >= ${firstShown} AND rowid < ${firstShown + rows})`,
      message('Reading the rows of the users'),
      work,
    );
    return new LogColumns(found, excludes.length, requests);
  }

  /** Exact text; null without a request. */
  request(row: number): string | null {
    return this.#requests === null ? this.#requestText(row) : requestText(this.#requests, row);
  }

  /** The same for all rows of a request; null without one. */
  requestKey(row: number): RequestKey | null {
    if (this.#requests === null) return this.#requestText(row);
    const { words, known } = this.#requests;
    if (known[row] !== 1) return null;
    const number = (u32At(words, 2 * row + 1) | 0) * 2 ** 32 + u32At(words, 2 * row);
    return Number.isSafeInteger(number) ? number : requestText(this.#requests, row);
  }

  /** The `requestKey` of rows of a request, given its text. */
  keyOfRequest(text: string): RequestKey {
    const number = this.#requests === null ? NaN : Number(text);
    return Number.isSafeInteger(number) && String(number) === text ? number : text;
  }

  /** Text of the position of a row; null without one. */
  position(row: number): string | null {
    return valueAt((this.#positions ??= this.rows.texts(8)), row);
  }

  #requestText(row: number): string | null {
    return valueAt((this.#requestTexts ??= this.rows.texts(5)), row);
  }

  /** The requests of some rows; only for integer requests. */
  requestsOf(rows: Uint32Array): RequestWords {
    if (this.#requests === null) throw new Error('the requests are not integers');
    const { words, known } = this.#requests;
    return { words: wordsAt(words, rows, rows.length), known: valuesAt(known, rows, new Uint8Array(rows.length)) };
  }
}

function stateSql(plan: StagePlan, world: LoadedWorld, stored: StoredTables, position: string): string {
  const { positive, known, mature } = exposureTests(stored, plan, world);
  const { viewed } = stored.data.log.impressions.columns;
  const isSeen =
    plan.exposures?.seen === 'viewed' ? `(${positive} OR ${viewed ? 'coalesce(viewed, false)' : 'false'})` : 'true';
  const states = [
    [`${within('time', world.split)} AND ${known}`, 'other'],
    [isSeen, 'unseen'],
    [mature, 'immature'],
    [`NOT coalesce(contains(${position}, chr(31)), false)`, 'separator'],
  ] as const;
  return `CASE ${states.map(([test, state]) => `WHEN (${test}) IS NOT TRUE THEN ${ExposureState[state]}`).join(' ')} ELSE ${ExposureState.group} END`;
}
