import { message } from '../../../core/message/message.ts';
import { compareTexts } from '../../../core/sampling/compareTexts.ts';
import { keySeparator, separatorFailure } from '../../../core/sampling/key.ts';
import { keyedDraw } from '../../../core/sampling/keyedDraw.ts';
import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import { salts } from '../../../core/sampling/salts.ts';
import type { ExcludedItems, UserBlock } from '../../../core/sampling/world/world.ts';
import type { Columnar } from '../../database/columnar.ts';
import type { Work } from '../../database/connections.ts';
import { md5Word } from '../../sql/md5.ts';
import { poolOfUser, type LoadedBlock } from '../block/block.ts';
import { distinctExcludes, excludingTime } from '../block/excluded.ts';
import { NO_EVENT } from '../block/judgedLog.ts';
import { keepOf } from '../block/positiveGroups.ts';
import type { Grouping } from '../block/group.ts';
import { positiveKeySql } from '../facts/positiveSql.ts';
import { dayOf, loadAttributes } from '../users/loadUsers.ts';
import { swapped, swapWords, valuesAt, wordsAt } from '../wordsAt.ts';
import { microseconds, within } from '../world/bounds.ts';
import { anyEvent } from '../world/counts.ts';
import type { LoadedWorld } from '../world/loadedWorld.ts';
import type { Ids } from './ids.ts';
import { storedLog, type StoredTables } from './storedTables.ts';
import type { UserRange } from './userRanges.ts';

/** Integer requests of groups: two words each, low word first. `known` is 1 if the group has a request. */
export interface RequestWords {
  readonly words: Uint32Array;
  readonly known: Uint8Array;
}
/** The parts of a block that a file needs. */
export interface FileBlock extends Pick<LoadedBlock, 'block' | 'origins' | 'tally' | 'standIns'> {
  /** Replaces the request texts if requests are integers. */
  readonly requests?: RequestWords;
}

/**
 * Whether the groups of a plan and their exclusions can be built from columns only, without an object per row or a text
 * per key.
 */
export function isColumnar({ unit, entries }: StagePlan): boolean {
  return unit === 'positive' && entries.every(({ draws }) => draws.kind === 'pool');
}

/**
 * The block of a range of users, for columnar plans. Groups, words and exclusions equal those of `blockOf`.
 * @throws FailureError if an id contains the separator of keys
 */
export async function positiveBlock(
  range: UserRange,
  plan: StagePlan,
  world: LoadedWorld,
  stored: StoredTables,
  { hot, requests }: { readonly hot: Grouping['hot']; readonly requests: Ids['kind'] },
  work: Work,
): Promise<FileBlock> {
  const { distinct, of } = distinctExcludes(plan);
  const log = await LogColumns.load(range, plan, world, stored, requests, work);
  const users = new Uint32Array(range.users.length + 1);
  range.shown.forEach((rows, user) => {
    users[user + 1] = (users[user] ?? 0) + rows;
  });
  const { rows, offsets, tally, keep } = new PositiveRows(plan, world, log, hot).of(users);
  const count = rows.length;
  const keys = swapWords(wordsAt(log.words, rows, count));
  const requestText = requests === 'int64' ? [] : Array.from(rows, (row) => log.request(row));
  refuseSeparator([...(stored.userKind() === 'string' ? range.users : []), ...requestText]);
  const events = valuesAt(log.event, rows, new Uint8Array(count));
  const weights = new Float64Array(count);
  const origins = new Int32Array(count);
  const single = new Uint32Array(count + 1);
  for (let group = 0; group < count; group++) {
    weights[group] = plan.positives.events[events[group] ?? NO_EVENT]?.weight ?? 1;
    origins[group] = range.firstShown + (rows[group] ?? 0);
    single[group + 1] = group + 1;
  }
  const attributes = plan.entries.some(({ draws }) => draws.kind === 'pool' && draws.partition?.by === 'user')
    ? await loadAttributes(stored, range.chosen, work)
    : null;
  const owners = attributes === null ? [] : range.users.map((user) => ({ attributes: attributes(user) }));
  const pools = plan.entries.map(({ draws }, k) => poolOfUser(draws, world.pools[k], owners));
  const block: UserBlock = {
    users: range.users,
    poolOfUser: pools.map((one) => one?.pools ?? null),
    groups: {
      count,
      offsets,
      time: valuesAt(log.time, rows, new Float64Array(count)),
      words: keys,
      keys: [],
      request: new Int32Array(count).fill(-1),
      requestText,
      positives: {
        offsets: single,
        items: valuesAt(log.item, rows, new Uint32Array(count)),
        events,
        keep,
        weights,
      },
    },
    excluded: distinct.map(({ lookback }, k) => ({
      ...excludedItems(users, log.item, log.time, log.excludes[k] ?? new Uint8Array()),
      lookback: lookback ?? Infinity,
    })),
    excludedOf: of,
    // Only lists need these.
    chosen: { offsets: new Uint32Array(users.length), items: new Uint32Array() },
    lists: plan.entries.map(() => null),
  };
  return {
    block,
    origins: { positives: origins, drawn: plan.entries.map(() => null) },
    tally,
    standIns: pools.map((one) => one?.standIns ?? 0),
    ...(requests === 'int64' ? { requests: log.requestsOf(rows) } : {}),
  };
}

/** Rows of the stored log of a range of users, as columns. They are ordered by user, then by time. */
class LogColumns {
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
    requests: Ids['kind'],
    work: Work,
  ): Promise<LogColumns> {
    const { distinct } = distinctExcludes(plan);
    const names = plan.positives.events.map(({ name }) => name);
    const event = `CASE WHEN ${within('time', world.split)} THEN CASE ${names.map((name, k) => `WHEN ${stored.event(name)} THEN ${k}`).join(' ')} END END`;
    const hasRequests = stored.data.log.impressions.columns.request !== undefined;
    const request = hasRequests ? 'CAST(request AS VARCHAR)' : 'CAST(NULL AS VARCHAR)';
    const key = positiveKeySql(plan, {
      user: '"user"',
      item: 'item',
      time: 'time',
      request: `coalesce(${request}, '')`,
      event: 'event',
    });
    const excludes = distinct.map(
      (exclude, k) =>
        `(${anyEvent(stored, exclude.events)}) AND ${within('time', excludingTime(exclude, world))} AS e${k}`,
    );
    const day = plan.positives.maxPerUserPerDay === null ? '0' : dayOf('time', stored.timezone);
    const rows = shown.reduce((sum, one) => sum + one, 0);
    const columns = [
      'number',
      `${microseconds('time')} AS us`,
      'event',
      `CASE WHEN event IS NOT NULL THEN ${md5Word(key)} END AS word`,
      `${day} AS day`,
      `CASE WHEN event IS NOT NULL THEN ${requests === 'int64' ? 'CAST(request AS BIGINT)' : request} END AS request`,
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
    const { words, known } = this.#requests;
    return known[row] === 1
      ? String(BigInt.asIntN(64, (BigInt(words[2 * row + 1] ?? 0) << 32n) | BigInt(words[2 * row] ?? 0)))
      : null;
  }

  /** The requests of some rows; only for integer requests. */
  requestsOf(rows: Uint32Array): RequestWords {
    return {
      words: wordsAt(this.#requests?.words ?? new Uint32Array(), rows, rows.length),
      known: valuesAt(this.#requests?.known ?? new Uint8Array(), rows, new Uint8Array(rows.length)),
    };
  }
}

/**
 * Selects the positives that have groups: equal keys are merged, hot items are downsampled, then the cap per day
 * applies.
 */
class PositiveRows {
  readonly tally: LoadedBlock['tally'] = {
    collapsed: 0,
    thinned: 0,
    capped: 0,
    unseen: 0,
    immature: 0,
    timeless: 0,
    unretrieved: 0,
    repeated: 0,
  };
  readonly #rows: Uint32Array;
  readonly #keep: Float64Array;
  readonly #keepSalts;
  readonly #capSalts;
  #count = 0;

  constructor(
    private readonly plan: StagePlan,
    private readonly world: LoadedWorld,
    private readonly log: LogColumns,
    private readonly hot: Grouping['hot'],
  ) {
    let most = 0;
    for (const event of log.event) if (event !== NO_EVENT) most++;
    this.#rows = new Uint32Array(most);
    this.#keep = new Float64Array(most);
    this.#keepSalts = salts(plan, '@keep');
    this.#capSalts = salts(plan, '@cap');
  }

  /**
   * Ordered by user, then time, then key.
   * @param users offsets of their rows
   */
  of(users: Uint32Array): {
    readonly rows: Uint32Array;
    readonly keep: Float64Array;
    readonly offsets: Uint32Array;
    readonly tally: LoadedBlock['tally'];
  } {
    const offsets = new Uint32Array(users.length);
    for (let user = 0; user + 1 < users.length; user++) {
      this.#addUser(users[user] ?? 0, users[user + 1] ?? 0);
      offsets[user + 1] = this.#count;
    }
    return {
      rows: this.#rows.subarray(0, this.#count),
      keep: this.#keep.subarray(0, this.#count),
      offsets,
      tally: this.tally,
    };
  }

  #addUser(from: number, to: number): void {
    const { event, time } = this.log;
    const first = this.#count;
    for (let row = from, end: number; row < to; row = end) {
      end = row + 1;
      while (end < to && time[end] === time[row]) end++;
      if (end - row === 1) {
        if (event[row] !== NO_EVENT) this.#add(row);
      } else {
        this.#addEqualTimes(row, end);
      }
    }
    const most = this.plan.positives.maxPerUserPerDay;
    if (most !== null && this.#count - first > most) this.#cap(first, most);
  }

  #addEqualTimes(from: number, to: number): void {
    const rows: number[] = [];
    for (let row = from; row < to; row++) if (this.log.event[row] !== NO_EVENT) rows.push(row);
    if (rows.length > 1) rows.sort((a, b) => this.#compareKeys(a, b) || a - b);
    rows.forEach((row, k) => {
      const before = rows[k - 1];
      if (before !== undefined && this.#compareKeys(before, row) === 0) this.tally.collapsed++;
      else this.#add(row);
    });
  }

  #add(row: number): void {
    const { plan, hot } = this;
    const keep = keepOf(this.log.item[row] ?? 0, { plan, hot });
    if (plan.positives.hotThreshold !== null && this.#draw(row, this.#keepSalts) >= keep) {
      this.tally.thinned++;
      return;
    }
    this.#rows[this.#count] = row;
    this.#keep[this.#count++] = keep;
  }

  /**
   * For each day of a user, keeps the `most` rows with the smallest random numbers; ties are broken by key.
   * @param first position of the user's first row
   */
  #cap(first: number, most: number): void {
    const days = new Map<number, number[]>();
    for (let place = first; place < this.#count; place++) {
      const day = this.log.day[this.#rows[place] ?? 0] ?? 0;
      const own = days.get(day);
      if (own) own.push(place);
      else days.set(day, [place]);
    }
    const gone = new Set<number>();
    for (const places of days.values()) {
      if (places.length <= most) continue;
      const drawn = places.map((place) => ({
        place,
        row: this.#rows[place] ?? 0,
        u: this.#draw(this.#rows[place] ?? 0, this.#capSalts),
      }));
      for (const { place } of drawn.sort((a, b) => a.u - b.u || this.#compareKeys(a.row, b.row)).slice(most))
        gone.add(place);
    }
    let count = first;
    for (let place = first; place < this.#count; place++) {
      if (gone.has(place)) continue;
      this.#rows[count] = this.#rows[place] ?? 0;
      this.#keep[count++] = this.#keep[place] ?? NaN;
    }
    this.tally.capped += gone.size;
    this.#count = count;
  }

  #draw(row: number, salted: ReturnType<typeof salts>): number {
    const { words } = this.log;
    return keyedDraw(swapped(words[2 * row] ?? 0), swapped(words[2 * row + 1] ?? 0), salted, 0).u;
  }

  /**
   * Compares keys of one user like their texts. Each part ends with the separator, because an id in the corpus may sort
   * after it.
   */
  #compareKeys(a: number, b: number): number {
    const { item, time, event } = this.log;
    const [left, right] = [item[a] ?? 0, item[b] ?? 0];
    const part = (one: string, other: string): number => compareTexts(one + keySeparator, other + keySeparator);
    if (left !== right) return part(this.world.items.texts.of(left), this.world.items.texts.of(right));
    if (time[a] !== time[b]) return part(String(time[a]), String(time[b]));
    return (
      part(this.log.request(a) ?? '', this.log.request(b) ?? '') ||
      compareTexts(this.#eventName(event[a]), this.#eventName(event[b]))
    );
  }

  #eventName(event = NO_EVENT): string {
    return this.plan.positives.events[event]?.name ?? '';
  }
}

/** Distinct items of the flagged rows of each user, in ascending order, each with its newest time. */
function excludedItems(
  users: Uint32Array,
  item: Uint32Array,
  time: Float64Array,
  flags: Uint8Array,
): Omit<ExcludedItems, 'lookback'> {
  let most = 0;
  for (const flag of flags) most += flag;
  const items = new Uint32Array(most);
  const last = new Float64Array(most);
  const offsets = new Uint32Array(users.length);
  let widest = 0;
  for (let user = 0; user + 1 < users.length; user++)
    widest = Math.max(widest, (users[user + 1] ?? 0) - (users[user] ?? 0));
  const rows = new Uint32Array(widest);
  let count = 0;
  for (let user = 0; user + 1 < users.length; user++) {
    let size = 0;
    for (let row = users[user] ?? 0; row < (users[user + 1] ?? 0); row++) if (flags[row] === 1) rows[size++] = row;
    sortByItem(rows.subarray(0, size), item);
    for (let k = 0; k < size; k++) {
      const row = rows[k] ?? 0;
      if (k > 0 && item[row] === items[count - 1]) {
        last[count - 1] = Math.max(last[count - 1] ?? NaN, time[row] ?? NaN);
      } else {
        items[count] = item[row] ?? 0;
        last[count++] = time[row] ?? NaN;
      }
    }
    offsets[user + 1] = count;
  }
  return { offsets, items: items.subarray(0, count), last: last.subarray(0, count) };
}

/** For this few rows, insertion sort is faster. */
const FEW = 24;

function sortByItem(rows: Uint32Array, item: Uint32Array): void {
  if (rows.length > FEW) {
    rows.sort((a, b) => (item[a] ?? 0) - (item[b] ?? 0));
    return;
  }
  for (let k = 1; k < rows.length; k++) {
    const row = rows[k] ?? 0;
    const own = item[row] ?? 0;
    let place = k;
    for (; place > 0 && (item[rows[place - 1] ?? 0] ?? 0) > own; place--) rows[place] = rows[place - 1] ?? 0;
    rows[place] = row;
  }
}

function refuseSeparator(ids: readonly (string | null)[]): void {
  const wrong = ids.find((id): id is string => id?.includes(keySeparator) === true);
  if (wrong !== undefined) throw separatorFailure(wrong);
}
