import { message, type Message } from '../../../core/message/message.ts';
import type { EventCounts } from '../../../core/sampling/eventCounts.ts';
import type { CountPlan, Period, PoolPlan, StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import { dailyCount, groupedBy } from '../../../core/source/options.ts';
import type { EntryPools, World } from '../../../core/sampling/world/world.ts';
import { f64At, valueAt } from '../../../core/valueAt.ts';
import type { Work } from '../../database/connections.ts';
import { machineCapacity } from '../../files/capacityProbe.ts';
import { Kept } from '../kept.ts';
import type { SampledTables } from '../sampledTables.ts';
import { boundsOf } from './bounds.ts';
import { microseconds, type Bounds } from './within.ts';
import { countKey, loadCounts, loadGroupCounts, type CountOf, type GroupCounts } from './counts.ts';
import { DayCounts } from './dayCounts.ts';
import { dayTablesOf, type DayTables, type FreeMemory } from './dayTables.ts';
import { ExtractedPools } from './extracted.ts';
import { numberItems, type NumberedItems } from './itemNumbers.ts';
import { loadItems, type LoadedItems } from './items.ts';
import { loadHolding, loadMatches, type Matches } from './matches.ts';
import { suspectEvents } from './suspectEvents.ts';
import { unknownEvents } from './unknownEvents.ts';
import type { UnknownCounts } from '../../../core/sampling/unknownCounts.ts';
import { countOf, poolsOf } from './pools.ts';
import type { Windows } from './windows.ts';
import { numberIn } from '../../database/numberIn.ts';

/** Most items over all cached pools: 12 bytes each. */
const MAX_POOL_ITEMS = 20_000_000;

/** Most counts by day, bucket and item that are cached: 16 bytes each. */
const MAX_DAY_COUNTS = 20_000_000;

/** A world with additional facts about its items. */
export interface LoadedWorld extends World, Windows {
  readonly items: LoadedItems;
  /** Day tables of each entry; null if its counts do not move with the day. */
  readonly dayTables: readonly (DayTables | null)[];
  /** What the user must know about the data: rows that do not fit, were dropped, or have NaN instead of an event. */
  readonly notices: readonly Message[];
  /** Counts of the event tables; empty if there are none. */
  readonly events: readonly EventCounts[];
  /** Impressions of the split without a known label; empty if all are known. */
  readonly unknown: readonly UnknownCounts[];
}

/**
 * Loads worlds of the same data. Everything is cached by what it depends on. So another share or seed loads nothing,
 * and another exponent only recomputes weights from known counts. Allows one call at a time.
 */
export class Worlds {
  #numbers: NumberedItems | null = null;
  #items: LoadedItems | null = null;
  #extracted: ExtractedPools | null = null;
  readonly #bounds = new Kept<Bounds>(64);
  readonly #counts = new Kept<Float64Array>(32);
  readonly #groups = new Kept<readonly GroupCounts[]>(8);
  readonly #matches = new Kept<Matches>(8);
  readonly #holding = new Kept<Uint8Array>(16);
  readonly #pools = new Kept<EntryPools>(MAX_POOL_ITEMS, ({ pools }) =>
    pools.reduce((sum, { items }) => sum + items.length, 1),
  );
  readonly #dayCounts = new Kept<DayCounts>(MAX_DAY_COUNTS, ({ rows }) => rows + 1);
  readonly #dayTables = new Kept<DayTables>(MAX_POOL_ITEMS, ({ pools }) =>
    pools.reduce((sum, { items }) => sum + items.length, 1),
  );
  readonly #newest = new Kept<number>(2);
  readonly #eventCounts = new Kept<readonly EventCounts[]>(8);
  readonly #suspectEvents = new Kept<readonly Message[]>(8);
  readonly #unknownEvents = new Kept<readonly UnknownCounts[]>(8);
  readonly #untimed = new Kept<readonly Message[]>(1);

  constructor(private readonly freeMemory: FreeMemory = () => machineCapacity.memory()) {}

  /** `further`: counts that are needed later, so that one scan computes all of them. */
  async world(
    sampled: SampledTables,
    plan: StagePlan,
    work: Work,
    further: readonly CountOf[] = [],
  ): Promise<LoadedWorld> {
    const items = await this.items(sampled, work);
    const windows = await this.windows(sampled, plan, work);
    const { train } = windows;
    const { extract } = sampled.data;
    const wanted = [...further];
    for (const { draws } of extract ? [] : plan.entries)
      if (draws.kind === 'pool' && draws.weight && dailyCount({ draws }) === null)
        wanted.push(await this.countOf(sampled, draws.weight.count, train, work));
    await this.counts(sampled, wanted, work);
    const pools: EntryPools[] = [];
    const dayTables: (DayTables | null)[] = [];
    for (const [k, entry] of plan.entries.entries()) {
      const { draws } = entry;
      const byDay = await this.#dayTablesOf(sampled, plan, k, windows, work);
      dayTables.push(byDay);
      pools.push(
        // Threads get the pools alone: counts of days read on request and cannot be sent.
        byDay
          ? { pools: byDay.pools, ofItem: byDay.ofItem }
          : draws.kind === 'pool'
            ? extract
              ? await this.#extractedOf(sampled, k, entry, work)
              : await this.#poolsOf(sampled, draws, train, work)
            : { pools: [], ofItem: null },
      );
    }
    // An extract has no rows of other users to say something about.
    const nan = extract
      ? []
      : await this.#suspectEvents.get(
          JSON.stringify(sampled.data.log.events),
          async () => await suspectEvents(sampled, work),
        );
    const events = extract
      ? []
      : await this.#eventCounts.get(
          JSON.stringify([sampled.data.log.events, String(windows.knownUntil)]),
          async () => await sampled.matched.counts(sampled.tables, windows.knownUntil, work),
        );
    const unknown = extract
      ? []
      : await this.#unknownEvents.get(
          JSON.stringify([
            plan.positives,
            sampled.data.log.events,
            [windows.split.from, windows.split.to, windows.knownUntil].map(String),
          ]),
          async () => await unknownEvents(sampled, plan, windows, work),
        );
    const untimed =
      extract || !hasBefore(plan)
        ? []
        : await this.#untimed.get(
            JSON.stringify(sampled.data.rejections),
            async () => await untimedRejections(sampled, work),
          );
    return {
      items,
      events,
      unknown,
      notices: [...items.notices, ...nan, ...untimed],
      pools,
      dayTables,
      cut: train.to,
      start: train.from,
      ...windows,
    };
  }

  async windows(sampled: SampledTables, { window, split }: StagePlan, work: Work): Promise<Windows> {
    const written = await this.bounds(sampled, window.train, work);
    const { extract } = sampled.data;
    const newestTime = async (): Promise<number> =>
      extract
        ? (extract.newest ?? -Infinity)
        : await this.#newest.get('', async () => await newest(sampled, sampled.exposures(), work));
    const train = { ...written, to: written.to === Infinity ? await newestTime() : written.to };
    // Without an end, also include requests whose candidates are younger than the newest impression.
    if (split === 'train') return { train, split: written, knownUntil: train.to };
    const evaluated = await this.bounds(sampled, window.eval, work);
    if (window.knownUntil === null && extract)
      return { train, split: evaluated, knownUntil: extract.knownUntil ?? -Infinity };
    if (window.knownUntil === null)
      return {
        train,
        split: evaluated,
        knownUntil: Math.max(await newestTime(), await this.#newestEvent(sampled, work)),
      };
    const { to } = await this.bounds(sampled, { to: window.knownUntil }, work);
    return { train, split: { from: evaluated.from, to: Math.min(evaluated.to, to) }, knownUntil: to };
  }

  /** The time of the newest event in `data.clicks`; -Infinity if it has no times. */
  async #newestEvent(sampled: SampledTables, work: Work): Promise<number> {
    const clicks = sampled.clicks();
    return clicks === null
      ? -Infinity
      : await this.#newest.get('clicks', async () => await newest(sampled, clicks, work));
  }

  /** Numbers the items. All other data is read by these numbers. */
  async numbers(sampled: SampledTables, work: Work): Promise<NumberedItems> {
    this.#numbers ??= await numberItems(sampled, work);
    return this.#numbers;
  }

  async items(sampled: SampledTables, work: Work): Promise<LoadedItems> {
    this.#items ??= await loadItems(sampled, await this.numbers(sampled, work), work);
    return this.#items;
  }

  /** Counts by item. Missing counts are loaded together. */
  async counts(sampled: SampledTables, wanted: readonly CountOf[], work: Work): Promise<Float64Array[]> {
    const { count } = await this.items(sampled, work);
    const missing = new Map(
      wanted
        .map((one) => [countKey(sampled, one), one] as const)
        .filter(([key]) => this.#counts.peek(key) === undefined),
    );
    if (missing.size > 0) {
      const loaded = await loadCounts(sampled, [...missing.values()], count, work);
      [...missing.keys()].forEach((key, k) => {
        this.#counts.keep(key, loaded[k] ?? new Float64Array(count));
      });
    }
    return wanted.map((one) => this.#counts.peek(countKey(sampled, one)) ?? new Float64Array(count));
  }

  /**
   * The name of what an entry counts, if it counts none of an item, so that its pools do not have it. Else null, also
   * for counts that move with the day, because the item may have events on other days.
   */
  async noneOf(
    sampled: SampledTables,
    { draws }: StagePlan['entries'][number],
    item: number,
    train: Bounds,
    work: Work,
  ): Promise<string | null> {
    if (draws.kind !== 'pool' || draws.weight === null || draws.weight.smoothing > 0) return null;
    if (dailyCount({ draws }) !== null) return null;
    const [counts] = await this.counts(sampled, [await this.countOf(sampled, draws.weight.count, train, work)], work);
    if (!counts || f64At(counts, item) > 0) return null;
    return draws.weight.count === 'exposures' ? 'impressions' : draws.weight.count.of;
  }

  async bounds(sampled: SampledTables, period: Period | null, work: Work): Promise<Bounds> {
    return await this.#bounds.get(JSON.stringify(period), async () => await boundsOf(sampled, period, work));
  }

  /** The rows that a count counts. */
  async countOf(sampled: SampledTables, count: CountPlan | 'exposures', train: Bounds, work: Work): Promise<CountOf> {
    if (count === 'exposures') return { any: ['impressions'], ...train };
    return countOf(count, count.asOf === null ? train.to : (await this.bounds(sampled, { to: count.asOf }, work)).to);
  }

  async #poolsOf(sampled: SampledTables, plan: PoolPlan, train: Bounds, work: Work): Promise<EntryPools> {
    const count = plan.weight ? await this.countOf(sampled, plan.weight.count, train, work) : null;
    const key = JSON.stringify([
      plan,
      plan.items === 'exposed' ? train : null,
      count ? countKey(sampled, count) : null,
    ]);
    return await this.#pools.get(key, async () => {
      const items = await this.items(sampled, work);
      const [counts] = count ? await this.counts(sampled, [count], work) : [];
      const { partition } = plan;
      const groups =
        partition?.by === 'user' && count
          ? await this.#groups.get(
              JSON.stringify([groupedBy({ draws: plan }), countKey(sampled, count)]),
              async () => await loadGroupCounts(sampled, count, groupedBy({ draws: plan }), work),
            )
          : null;
      const matches =
        partition?.by === 'positive'
          ? await this.#matches.get(
              JSON.stringify(partition.attributes),
              async () => await loadMatches(sampled, partition.attributes, items.count, work),
            )
          : null;
      return poolsOf(plan, {
        members: await this.#members(sampled, plan, train, work),
        counts: counts ?? null,
        groups,
        matches,
      });
    });
  }

  /** The pools of an entry, as an extract has them. */
  async #extractedOf(
    sampled: SampledTables,
    k: number,
    entry: StagePlan['entries'][number],
    work: Work,
  ): Promise<EntryPools> {
    const { count } = await this.items(sampled, work);
    const { draws } = entry;
    const partition = draws.kind === 'pool' ? draws.partition : null;
    const matches = partition?.by === 'positive' ? await loadMatches(sampled, partition.attributes, count, work) : null;
    return await (await this.#extract(sampled, work)).of(k, entry, matches, work);
  }

  async #extract(sampled: SampledTables, work: Work): Promise<ExtractedPools> {
    return (this.#extracted ??= await ExtractedPools.open(sampled, work));
  }

  /** The tables of an entry whose counts move with the day; null for other entries. */
  async #dayTablesOf(
    sampled: SampledTables,
    plan: StagePlan,
    k: number,
    windows: Windows,
    work: Work,
  ): Promise<DayTables | null> {
    const entry = valueAt(plan.entries, k);
    const count = dailyCount(entry);
    if (count === null || entry.draws.kind !== 'pool') return null;
    if (sampled.data.extract) return await (await this.#extract(sampled, work)).byDay(k, entry, plan, windows, work);
    const { draws } = entry;
    const attributes = groupedBy(entry);
    const { unit, positives } = plan;
    const { split, train } = windows;
    const key = JSON.stringify([
      [unit, positives.events.map(({ name }) => sampled.eventKey(name)), sampled.data.candidates !== undefined],
      [split.from, split.to, train.to].map(String),
      [sampled.eventKey(count.of), count.window, attributes],
    ]);
    const counts = await this.#dayCounts.get(
      key,
      async () => await DayCounts.load(sampled, plan, windows, count, attributes, work),
    );
    return await this.#dayTables.get(
      JSON.stringify([key, draws]),
      async () =>
        await dayTablesOf(
          entry.name,
          draws,
          counts,
          { members: await this.#members(sampled, draws, train, work), attributes, free: this.freeMemory },
          work,
        ),
    );
  }

  async #members(
    sampled: SampledTables,
    { items: from, where }: PoolPlan,
    train: Bounds,
    work: Work,
  ): Promise<Uint8Array> {
    const items = await this.items(sampled, work);
    const holding = where
      ? await this.#holding.get(JSON.stringify(where), async () => await loadHolding(sampled, where, items.count, work))
      : null;
    const [shown] = from === 'exposed' ? await this.counts(sampled, [{ any: ['impressions'], ...train }], work) : [];
    return items.listed.map((listed, k) =>
      listed === 1 && (!holding || holding[k] === 1) && (!shown || f64At(shown, k) > 0) ? 1 : 0,
    );
  }
}

/** The newest time of rows; -Infinity without rows. */
async function newest(sampled: SampledTables, rows: string, work: Work): Promise<number> {
  const row = await sampled.tables.columnar(
    `SELECT ${microseconds('max(time)')} FROM ${rows}`,
    message('Reading the log'),
    work,
  );
  const [time = NaN] = row.numbers(0);
  return Number.isNaN(time) ? -Infinity : time;
}

/** True if an entry draws only rejections from before the request. */
function hasBefore({ entries }: StagePlan): boolean {
  return entries.some(
    ({ draws }) => draws.kind === 'list' && draws.rows.of === 'rejections' && draws.rows.before === true,
  );
}

/** How many rejections have no time, so that nobody knows whether they came before the request. */
async function untimedRejections(sampled: SampledTables, work: Work): Promise<Message[]> {
  const rejections = sampled.rejections();
  if (rejections === null) return [];
  const [row] = await sampled.tables.rows(`SELECT count(*) FROM ${rejections} WHERE time IS NULL`, work);
  const count = numberIn(row);
  return count > 0 ? [message('Rejections without time, not taken by entries with before: true: {0}', count)] : [];
}
