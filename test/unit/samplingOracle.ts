import { fmix32 } from '../../src/core/sampling/fmix32.ts';
import { keyedDraw } from '../../src/core/sampling/keyedDraw.ts';
import { negativesPerPositive } from '../../src/core/sampling/plan/inBatchWeight.ts';
import { aliasTable } from '../../src/core/sampling/alias.ts';
import { quotaCuts, quotasOf } from '../../src/core/sampling/quota.ts';
import { salts } from '../../src/core/sampling/salts.ts';
import { hashWords } from '../../src/core/sampling/words.ts';
import {
  candidatesOf,
  channels,
  itemText,
  keyOf,
  planOf,
  type PlainEntry,
  type PlainUser,
  type PlainWorld,
} from './samplingWorld.ts';

/**
 * The rows of a group, computed the slow way: every rule separately, over all items, with nothing kept between groups.
 */
export interface OracleGroup {
  readonly key: string;
  readonly rows: readonly {
    readonly item: number;
    readonly entry: number | null;
    readonly logQ: number | null;
    readonly logQMix: number | null;
    /** Only for worlds with `logq`. */
    readonly correction?: number | null;
    readonly batchCorrection?: number | null;
  }[];
  readonly short: readonly {
    readonly entry: number;
    readonly asked: number;
    readonly drawn: number;
    readonly cause: string;
  }[];
}

/** The items of an entry, and the probability of an item in one of its draws: without or with replacement. */
interface Taken {
  readonly items: readonly number[];
  readonly acceptable: number;
  /** `exposed`: with a put back item, whether its exposure is one more candidate. */
  readonly chance: (item: number, putBack: boolean, exposed?: boolean) => number;
}

export function oracle(world: PlainWorld): OracleGroup[] {
  return world.users.flatMap((user, u) =>
    user.groups.map((group, g) => new GroupOracle(world, user, group, keyOf(u, g)).group()),
  );
}

type PlainGroup = PlainUser['groups'][number];

class GroupOracle {
  private readonly plan;
  private readonly k: readonly [number, number];

  constructor(
    private readonly world: PlainWorld,
    private readonly user: PlainUser,
    private readonly own: PlainGroup,
    private readonly key: string,
  ) {
    this.plan = planOf(world);
    this.k = hashWords(key);
  }

  group(): OracleGroup {
    const { entries, perGroup, refillFrom } = this.world;
    const quotas = new Float64Array(entries.length);
    if (perGroup === null) entries.forEach(({ amount }, e) => (quotas[e] = amount));
    else
      quotasOf(
        quotaCuts(
          perGroup,
          this.plan.entries.map(({ amount }) => amount),
        ),
        keyedDraw(...this.k, salts(this.plan, '@quota'), 0).a,
        quotas,
      );
    const taken = entries.map((entry, e) => (e === refillFrom ? null : this.take(entry, e, quotas[e] ?? 0)));
    const missing = taken.reduce((sum, one, e) => sum + (one ? (quotas[e] ?? 0) - one.items.length : 0), 0);
    if (refillFrom !== null) quotas[refillFrom] = (quotas[refillFrom] ?? 0) + missing;
    const all = entries.map((entry, e) => taken[e] ?? this.take(entry, e, quotas[e] ?? 0));
    const total = all.reduce((sum, { items }) => sum + items.length, 0);
    const mix = (item: number, putBack: boolean): number | null => {
      const chance = all.reduce(
        (sum, { items, chance: of }) => sum + (items.length === 0 ? 0 : items.length * of(item, putBack)),
        0,
      );
      return chance > 0 ? Math.log(chance / total) : null;
    };
    return {
      key: this.key,
      rows: [
        ...this.own.positives.map((item) => ({
          item,
          entry: null,
          logQ: null,
          logQMix: mix(item, true),
          ...this.corrected(all, item, true),
        })),
        ...all.flatMap(({ items, chance }, e) =>
          items.map((item) => ({
            item,
            entry: e,
            logQ: Math.log(chance(item, false)),
            logQMix: mix(item, false),
            ...this.corrected(all, item, false),
          })),
        ),
      ],
      short: all.flatMap(({ items, acceptable }, e) => {
        const asked = quotas[e] ?? 0;
        const cause = acceptable >= asked ? 'attempts' : entries[e]?.draws.kind === 'pool' ? 'pool' : 'list';
        return items.length < asked ? [{ entry: e, asked, drawn: items.length, cause }] : [];
      }),
    };
  }

  /** The corrections of a row: m, and what divides it, summed over the entries with rows. */
  private corrected(
    all: readonly Taken[],
    item: number,
    putBack: boolean,
  ): Pick<OracleGroup['rows'][number], 'correction' | 'batchCorrection'> {
    const { logq, entries } = this.world;
    if (!logq) return {};
    const { batch } = logq;
    const p = batch ? (batch.counts[item] ?? 0) / batch.counts.reduce((sum, count) => sum + count, 0) : 0;
    const weight = batch?.weight;
    const asked = negativesPerPositive(planOf(this.world));
    const extra =
      !batch || (weight !== undefined && !putBack)
        ? 0
        : weight === undefined
          ? batch.size - 1
          : (asked * weight) / (1 - weight);
    const distinct = batch?.counts.filter((count) => count > 0).length ?? 1;
    const value = (lists: boolean): number | null => {
      let [m, even, rows] = [extra * p, p > 0 ? extra / distinct : 0, 0];
      all.forEach(({ items, acceptable, chance }, e) => {
        rows += items.length;
        const isPool = entries[e]?.draws.kind === 'pool';
        if (items.length === 0 || (!isPool && !lists)) return;
        const expected = items.length * chance(item, putBack, logq.mode === 'shares');
        m += expected;
        if (expected > 0) even += isPool ? items.length / (acceptable + (putBack ? 1 : 0)) : expected;
      });
      return m > 0 ? Math.log(m / (logq.mode === 'corpus' ? rows + extra : even)) : null;
    };
    const alone =
      weight === undefined || !batch
        ? value(false)
        : p > 0
          ? Math.log((p * distinct * (batch.size - 1)) / extra)
          : null;
    return { correction: value(true), batchCorrection: batch && putBack ? alone : null };
  }

  private isEligible(item: number): boolean {
    const { created = Infinity, removed = Infinity } = this.world.items[item] ?? {};
    return created <= this.own.time && this.own.time < removed;
  }
  private isAcceptable(item: number, entry: PlainEntry): boolean {
    const excluded = this.user.excluded[entry.exclude]?.events.some(
      ([one, last]) => one === item && last >= this.own.time - (this.user.excluded[entry.exclude]?.lookback ?? 0),
    );
    const chosen = entry.draws.kind === 'list' && entry.draws.of === 'exposures' && this.user.chosen.includes(item);
    return this.isEligible(item) && excluded !== true && !chosen && !this.own.positives.includes(item);
  }

  private take(entry: PlainEntry, e: number, quota: number): Taken {
    return entry.draws.kind === 'pool'
      ? this.fromPool(entry, entry.draws, quota)
      : this.fromList(entry, entry.draws, e, quota);
  }

  private fromPool(entry: PlainEntry, draws: Extract<PlainEntry['draws'], { kind: 'pool' }>, quota: number): Taken {
    const which =
      draws.by === 'all'
        ? 0
        : draws.by === 'user'
          ? this.user.pool
          : draws.pools.findIndex((each) => each.some(([item]) => item === this.own.positives[0]));
    const pool = draws.pools[which] ?? [];
    const weight = (item: number): number => {
      const found = pool.find(([one]) => one === item);
      return found ? (draws.weighted ? found[1] : 1) : 0;
    };
    const acceptable = pool.map(([item]) => item).filter((item) => this.isAcceptable(item, entry));
    const total = acceptable.reduce((sum, item) => sum + weight(item), 0);
    const table = draws.weighted && pool.length > 0 ? aliasTable(Float64Array.from(pool, ([, each]) => each)) : null;
    const items: number[] = [];
    for (let k = 0; k < 8 * quota + 64 && items.length < quota && pool.length > 0; k++) {
      const { a, b, u } = keyedDraw(...this.k, salts(this.plan, entry.name), k);
      const column = table ? Math.floor(a / 2 ** (32 - table.bits)) : 0;
      const index = table
        ? b < (table.columns[2 * column] ?? 0)
          ? column
          : table.columns[2 * column + 1]
        : Math.min(pool.length - 1, Math.floor(u * pool.length));
      const item = pool[index ?? 0]?.[0] ?? -1;
      if (acceptable.includes(item) && !items.includes(item)) items.push(item);
    }
    const chance = (item: number, putBack: boolean): number => {
      if (putBack) return this.isEligible(item) && weight(item) > 0 ? weight(item) / (total + weight(item)) : 0;
      return acceptable.includes(item) ? weight(item) / total : 0;
    };
    return { items, acceptable: acceptable.length, chance };
  }

  private fromList(
    entry: PlainEntry,
    { of, scope, skip, top }: Extract<PlainEntry['draws'], { kind: 'list' }>,
    e: number,
    quota: number,
  ): Taken {
    const rows =
      scope === 'user' && of === 'exposures'
        ? []
        : candidatesOf(of, this.own.request < 0 ? [] : (this.user.requests[e]?.[this.own.request] ?? []));
    const ofUser = of === 'exposures' && scope !== 'request' ? (this.user.rows[e] ?? []) : [];
    const first = (putBack: number | null): number[] => {
      const fine = rows.filter(
        ({ item }) => this.isAcceptable(item, entry) || (item === putBack && this.isEligible(item)),
      );
      if (of !== 'score') return [...new Set(fine.map(({ item }) => item))];
      const value = (score: number): number => (Number.isNaN(score) ? -Infinity : score);
      return [...fine]
        .sort((a, b) =>
          value(b.score) === value(a.score) ? a.item - b.item : value(b.score) > value(a.score) ? 1 : -1,
        )
        .slice(skip, skip + top)
        .map(({ item }) => item);
    };
    const one = first(null);
    const two = ofUser.filter((item) => this.isAcceptable(item, entry) && !one.includes(item));
    const ordered =
      of === 'channels'
        ? this.turns(
            entry,
            rows.filter(({ item }) => one.includes(item)),
          )
        : this.ordered(entry, one);
    const asked = quota - Math.min(quota, one.length);
    const second =
      ofUser.length > 1024
        ? this.attempts(entry, ofUser, two, asked, 8 * quota + 64)
        : this.ordered(entry, two).slice(0, asked);
    const items = [...ordered.slice(0, quota), ...second];
    // If the attempts ended early, the items taken count as the number asked for.
    const rest = second.length < Math.min(asked, two.length) ? second.length : asked;
    const within = (asked: number, size: number, filled = items.length): number =>
      size === 0 ? 0 : Math.min(1, asked / size) / filled;
    const filledWith = (first: number): number =>
      Math.min(quota, first) + Math.min(Math.max(0, quota - first), rest, two.length);
    const chance = (item: number, putBack: boolean, exposed = false): number => {
      if (!putBack)
        return one.includes(item) ? within(quota, one.length) : two.includes(item) ? within(rest, two.length) : 0;
      if (!this.isEligible(item)) return 0;
      const isExposed = exposed && of === 'exposures';
      if (isExposed && scope !== 'user' && this.own.request >= 0)
        return within(quota, one.length + 1, filledWith(one.length + 1));
      if (rows.some((row) => row.item === item)) {
        const with1 = first(item);
        return with1.includes(item) ? within(quota, with1.length, filledWith(with1.length)) : 0;
      }
      return ofUser.includes(item) || (isExposed && scope !== 'request')
        ? within(rest, two.length + 1, quota - asked + Math.min(rest, two.length + 1))
        : 0;
    };
    return { items, acceptable: one.length + two.length, chance };
  }

  /** Uniform draws from all candidates; only the acceptable ones count. */
  private attempts(
    entry: PlainEntry,
    candidates: readonly number[],
    acceptable: readonly number[],
    count: number,
    limit: number,
  ): number[] {
    const items: number[] = [];
    for (let k = 0; k < limit && items.length < count; k++) {
      const { u } = keyedDraw(...this.k, salts(this.plan, entry.name), k);
      const item = candidates[Math.min(candidates.length - 1, Math.floor(u * candidates.length))] ?? -1;
      if (acceptable.includes(item) && !items.includes(item)) items.push(item);
    }
    return items;
  }

  private ordered(entry: PlainEntry, items: readonly number[]): number[] {
    const { s0, s1 } = salts(this.plan, entry.name);
    const hash = (item: number): readonly [number, number] => {
      const [i0, i1] = hashWords(itemText(item));
      return [fmix32(this.k[0] ^ s0 ^ i0), fmix32(this.k[1] ^ s1 ^ i1)];
    };
    return [...items].sort((a, b) => hash(a)[0] - hash(b)[0] || hash(a)[1] - hash(b)[1] || a - b);
  }

  /** All pairs by rank in the channel, then by the channel's hash; an item counts at its first place. */
  private turns(entry: PlainEntry, rows: readonly { readonly item: number; readonly channel: number }[]): number[] {
    const { s0 } = salts(this.plan, entry.name);
    const hash = (channel: number): number => fmix32(this.k[0] ^ s0 ^ hashWords(channels[channel] ?? '')[0]);
    const ranked = channels.flatMap((_, channel) =>
      this.ordered(
        entry,
        rows.filter((row) => row.channel === channel).map(({ item }) => item),
      ).map((item, rank) => ({ item, rank, channel })),
    );
    return [
      ...new Set(
        ranked
          .sort((a, b) => a.rank - b.rank || hash(a.channel) - hash(b.channel) || a.channel - b.channel)
          .map(({ item }) => item),
      ),
    ];
  }
}
