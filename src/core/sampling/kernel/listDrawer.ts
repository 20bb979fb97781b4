import { i32At, u32At } from '../../valueAt.ts';
import type { ShortfallCause } from '../drawn.ts';
import type { ListPlan } from '../../source/drawPlan.ts';
import type { Salts } from '../salts.ts';
import type { Items, Lists } from '../world/world.ts';
import type { CurrentGroup } from './currentGroup.ts';
import { Refusal, type Drawer, type Standing } from './drawer.ts';
import { grown } from './grown.ts';
import { refusalOf, type ListAcceptance } from './listAcceptance.ts';
import { RequestTier } from './requestTier.ts';
import { Tier, type Trace } from './trace.ts';
import { UserTier } from './userTier.ts';

export interface ListEntry {
  readonly salts: Salts;
  readonly plan: ListPlan;
  readonly lists: Lists;
  readonly acceptance: ListAcceptance;
  readonly items: Items;
}

/**
 * Takes the first items of an ordered list: the candidates of the request, then those of the user, if the plan has
 * these tiers.
 */
export class ListDrawer implements Drawer {
  rowCount = 0;
  items = new Uint32Array(64);
  readonly acceptable = null;
  readonly refusals: Float64Array;
  readonly #request: RequestTier | null;
  readonly #user: UserTier | null;
  #quota = 0;
  /** Number of rows requested from the user's tier. */
  #rest = 0;

  constructor(private readonly entry: ListEntry) {
    const { lists, plan, salts, items, acceptance } = entry;
    this.#request = lists.request && new RequestTier(lists.request, plan, salts, items.hashWords, acceptance);
    this.#user = lists.user && new UserTier(lists.user, salts, items, acceptance, this.#request);
    this.refusals = this.#user?.refusals ?? new Float64Array(4);
  }

  get attempts(): number {
    return this.#user?.attempts ?? 0;
  }

  startUser(user: number, first: number, last: number): void {
    this.#user?.startUser(user, first, last);
  }

  prepare(group: CurrentGroup, quota: number): void {
    this.rowCount = 0;
    this.#quota = quota;
    this.#request?.prepare(group);
    this.#rest = quota - Math.min(quota, this.#request?.size ?? 0);
    if (this.#rest > 0 || quota === 0) this.#user?.prepare(group);
    else this.#user?.skip();
  }

  draw(group: CurrentGroup, trace: Trace | null, isCancelled: () => boolean): boolean {
    this.#request?.take(group, this.#quota);
    if (this.#rest > 0 && this.#user?.take(group, this.#rest, this.#quota, trace, isCancelled) === false) return false;
    const request = this.#request;
    const user = this.#user;
    const first = request?.takenCount ?? 0;
    const second = user?.takenCount ?? 0;
    if (first + second > this.items.length) this.items = grown(this.items, first + second);
    if (request) for (let k = 0; k < first; k++) this.items[k] = u32At(request.selected, k);
    if (user) for (let k = 0; k < second; k++) this.items[first + k] = u32At(user.selected, k);
    this.rowCount = first + second;
    return true;
  }

  cause(): ShortfallCause {
    return (this.#request?.size ?? 0) + (this.#user?.size ?? 0) < this.#quota ? 'list' : 'attempts';
  }

  chanceOfDraw(k: number): number {
    const inRequest = this.#request !== null && k < this.#request.takenCount;
    if (inRequest) return shareOfList(this.#quota, this.#request.size) / this.rowCount;
    return this.#user ? shareOfList(this.#asked(this.#user), this.#user.size) / this.rowCount : 0;
  }

  logChances(out: Float64Array, mix: Float64Array | null, at: number): void {
    const first = this.#request?.takenCount ?? 0;
    // Rows of one tier have the same chance.
    const ofRequest = first > 0 ? Math.log(this.chanceOfDraw(0)) : NaN;
    const ofUser = this.rowCount > first ? Math.log(this.chanceOfDraw(first)) : NaN;
    for (let k = 0; k < this.rowCount; k++) out[at + k] = k < first ? ofRequest : ofUser;
    if (mix) for (let k = 0; k < this.rowCount; k++) mix[at + k] = k < first ? ofRequest : ofUser;
  }

  chance(item: number, group: CurrentGroup): number {
    if (this.#quota === 0) return this.#chanceOfFirst(item, group);
    return this.rowCount === 0 ? 0 : this.expected(item, group) / this.rowCount;
  }

  /** Chance of the first row if nothing was requested. */
  #chanceOfFirst(item: number, group: CurrentGroup): number {
    const first = this.#request?.size ?? 0;
    if (first > 0) return this.#request?.has(item) === true ? 1 / first : 0;
    return this.#user?.has(item, group) === true ? 1 / this.#user.size : 0;
  }

  /** Probability of being among the taken items. */
  expected(item: number, group: CurrentGroup): number {
    if (this.#request?.has(item) === true) return shareOfList(this.#quota, this.#request.size);
    return this.#rest > 0 && this.#user?.has(item, group) === true
      ? shareOfList(this.#asked(this.#user), this.#user.size)
      : 0;
  }

  chancePutBack(item: number, group: CurrentGroup, ownExposure = false): number {
    if (this.rowCount === 0 || !group.isEligible(item)) return 0;
    // Compute with the item added to the list, which may fill one more row.
    const quota = this.#quota;
    // The positive was exposed in the request of its group.
    const isExposed = ownExposure && this.entry.plan.rows.of === 'exposures';
    const inRequest = isExposed && group.request >= 0;
    if (this.#request && (inRequest || this.#request.isCandidate(item))) {
      const size = inRequest ? this.#request.size + 1 : this.#request.sizeWith(item);
      if (size === 0) return 0;
      const first = Math.min(quota, size);
      const second =
        this.#user && quota > first ? Math.min(quota - first, this.#asked(this.#user), this.#user.size) : 0;
      return shareOfList(quota, size) / (first + second);
    }
    if (this.#rest === 0 || !this.#user || !(isExposed || this.#user.isCandidate(item, group))) return 0;
    const size = this.#user.size + 1;
    const asked = this.#asked(this.#user);
    return shareOfList(asked, size) / (quota - this.#rest + Math.min(asked, size));
  }

  /** Number of rows requested from the user's tier, or the number it returned if its attempts ended early. */
  #asked({ takenCount, size }: UserTier): number {
    return takenCount < Math.min(this.#rest, size) ? takenCount : this.#rest;
  }

  standing(item: number, group: CurrentGroup): Standing {
    const inRequest = this.#request?.isCandidate(item) === true;
    if (!inRequest && this.#user?.isCandidate(item, group) !== true) return 'absent';
    const refusal = refusalOf(this.entry.acceptance, item, group);
    if (refusal >= 0)
      return refusal === Refusal.positive ? 'positive' : refusal === Refusal.excluded ? 'excluded' : 'ineligible';
    // Items below the score cut are in no list. The user's tier is not used if the request's tier fills the quota.
    return this.chance(item, group) > 0 ? 'acceptable' : 'absent';
  }

  describe(k: number, row: number, trace: Trace): void {
    const request = this.#request;
    const first = request?.takenCount ?? 0;
    if (request && k < first) {
      trace.describe(row, Tier.request, -1, k, request.size, i32At(request.channelOf, k));
      return;
    }
    const user = this.#user;
    if (user?.isHeavy !== true) {
      trace.describe(row, Tier.user, -1, k - first, user?.size ?? 0, -1);
      return;
    }
    trace.describe(row, Tier.pool, i32At(user.attemptOf, k - first), k - first, user.candidates, -1);
    trace.weigh(row, 1, user.size);
  }
}

/** Probability that one of `size` items is among `asked`. */
function shareOfList(asked: number, size: number): number {
  return size === 0 ? 0 : Math.min(1, asked / size);
}
