import { message } from '../../core/message/message.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { u32At } from '../../core/valueAt.ts';
import type { Columnar } from '../database/columnar.ts';
import type { Work } from '../database/connections.ts';
import { md5Word } from '../sql/md5.ts';
import { distinctExcludes, excludingTime } from './distinctExcludes.ts';
import { NO_EVENT } from './noEvent.ts';
import { positiveKeySql } from '../inputs/positiveSql.ts';
import { dayOf } from '../inputs/users/dayOf.ts';
import { valuesAt, wordsAt } from '../inputs/wordsAt.ts';
import { microseconds, within } from '../inputs/world/within.ts';
import { anyEvent } from '../inputs/world/counts.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import type { Ids } from '../inputs/ids.ts';
import { storedLog, type StoredTables } from '../inputs/storedTables.ts';
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

/** Rows of the stored log of a range of users, as columns. They are ordered by user, then by time. */
export class LogColumns {
  readonly item: Uint32Array;
  readonly time: Float64Array;
  /** Event index of a positive of the split, else `NO_EVENT`. */
  readonly event: Uint8Array;
  /** First eight bytes of the MD5 of a positive's key. */
  readonly words: Uint32Array;
  /** 0 if there is no cap per day. */
  readonly day: Uint32Array;
  /** By distinct `exclude`: 1 if the row excludes its item. */
  readonly excludes: readonly Uint8Array[];

  readonly #requests: RequestWords | null;

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
    this.excludes = Array.from({ length: excludes }, (_, k) => rows.flags(7 + k));
  }

  static async load(
    { firstShown, shown }: UserRange,
    plan: StagePlan,
    world: LoadedWorld,
    stored: StoredTables,
    { requests, readTimes }: { readonly requests: Ids['kind']; readonly readTimes: boolean },
    work: Work,
  ): Promise<LogColumns> {
    const { distinct } = distinctExcludes(plan);
    const names = plan.positives.events.map(({ name }) => name);
    const event = `CASE WHEN ${within('time', world.split)} THEN CASE ${names.map((name, k) => `WHEN ${stored.event(name, world.knownUntil)} THEN ${k}`).join(' ')} END END`;
    const hasRequests = stored.data.log.impressions.columns.request !== undefined;
    const request = hasRequests ? 'CAST(request AS VARCHAR)' : 'CAST(NULL AS VARCHAR)';
    const key = positiveKeySql(plan, {
      user: '"user"',
      item: 'item',
      time: 'time',
      request: `coalesce(${request}, '')`,
      event: 'event',
    });
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
      `CASE WHEN event IS NOT NULL THEN ${md5Word(key)} END AS word`,
      `${day} AS day`,
      // Read times depend on all rows of a request.
      `CASE WHEN ${readTimes || 'event IS NOT NULL'} THEN ${requests === 'int64' ? 'CAST(request AS BIGINT)' : request} END AS request`,
      `${hasRequests ? 'request IS NOT NULL' : 'false'} AS known`,
      ...excludes,
    ];
    const found = await stored.tables.columnar(
      `SELECT ${columns.join(', ')} FROM (SELECT *, CAST(${event} AS UTINYINT) AS event FROM ${storedLog} WHERE rowid >= ${firstShown} AND rowid < ${firstShown + rows})`,
      message('Reading the rows of the users'),
      work,
    );
    return new LogColumns(found, excludes.length, requests);
  }

  /** Exact text; null without a request. */
  request(row: number): string | null {
    if (this.#requests === null) return this.rows.text(5, row);
    return requestText(this.#requests, row);
  }

  /** The requests of some rows; only for integer requests. */
  requestsOf(rows: Uint32Array): RequestWords {
    if (this.#requests === null) throw new Error('the requests are not integers');
    const { words, known } = this.#requests;
    return { words: wordsAt(words, rows, rows.length), known: valuesAt(known, rows, new Uint8Array(rows.length)) };
  }
}
