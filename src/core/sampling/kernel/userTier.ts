import { f64At, i32At, u32At } from '../../valueAt.ts';
import type { Salts } from '../salts.ts';
import type { DatedItems, Items } from '../world/world.ts';
import { AttemptBlock, attemptLimit, attemptsFor } from './attemptBlock.ts';
import type { CurrentGroup } from './currentGroup.ts';
import { Refusal } from './drawer.ts';
import { grown } from './grown.ts';
import { ItemSet } from './itemSet.ts';
import { KeyedOrder } from './keyedOrder.ts';
import type { ListAcceptance } from './listAcceptance.ts';
import type { RequestTier } from './requestTier.ts';
import { indexIn } from './search.ts';
import { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';

/**
 * A user with more distinct candidates is drawn from like a uniform pool. Otherwise each of the user's groups would
 * scan all candidates.
 */
const MAX_ORDERED = 1024;

/** The candidates of a user, without those of the tier before. */
export class UserTier {
  /** Number of acceptable candidates. */
  size = 0;
  selected = new Uint32Array(64);
  /** Attempt of each taken item, for heavy users. */
  attemptOf = new Int32Array(64);
  takenCount = 0;
  attempts = 0;
  isHeavy = false;
  /** Refused attempts by `Refusal`. */
  readonly refusals = new Float64Array(4);
  readonly #order: KeyedOrder;
  readonly #block = new AttemptBlock();
  readonly #seen = new ItemSet();
  /** Acceptable candidates of a heavy user, judged by the user's events and the corpus only. */
  readonly #acceptable = new Timeline(1);
  /** Time at which the exclusion of each candidate has ended, µs. Infinity: never. */
  #until = new Float64Array(64);
  /** Places of the candidates of a heavy user by the time of their first row; empty if all are always candidates. */
  #bySince = new Uint32Array();
  #start = 0;
  #end = 0;

  constructor(
    private readonly rows: DatedItems,
    private readonly salts: Salts,
    private readonly items: Items,
    private readonly acceptance: ListAcceptance,
    private readonly before: RequestTier | null,
  ) {
    this.#order = new KeyedOrder(salts, items.hashWords);
  }

  startUser(user: number, first: number, last: number): void {
    const { offsets, items, since } = this.rows;
    const { exclusion, positiveItems } = this.acceptance;
    this.#start = u32At(offsets, user);
    this.#end = u32At(offsets, user + 1);
    const count = this.#end - this.#start;
    this.isHeavy = count > MAX_ORDERED;
    this.#until = grown(this.#until, count);
    this.#acceptable.start(first, last);
    for (let k = 0; k < count; k++) {
      const item = u32At(items, this.#start + k);
      const until = Math.max(exclusion?.endOf(item) ?? -Infinity, positiveItems?.endOf(item) ?? -Infinity);
      this.#until[k] = until;
      if (!this.isHeavy) continue;
      // Times are whole microseconds. The groups whose request came earlier are set right one by one.
      const known = since === null ? -Infinity : f64At(since, this.#start + k) + 1;
      const from = Math.max(until, known, f64At(this.items.created, item));
      this.#acceptable.add(0, 1, from, f64At(this.items.removed, item));
    }
    this.#bySince = new Uint32Array(this.isHeavy && since !== null ? count : 0);
    if (since !== null && this.#bySince.length > 0) {
      for (let k = 0; k < count; k++) this.#bySince[k] = k;
      this.#bySince.sort((a, b) => f64At(since, this.#start + a) - f64At(since, this.#start + b));
    }
    this.#acceptable.ready();
  }

  /** Number of the user's candidates, acceptable or not. */
  get candidates(): number {
    return this.#end - this.#start;
  }

  prepare(group: CurrentGroup): void {
    this.takenCount = 0;
    this.attempts = 0;
    if (this.isHeavy) this.#count(group);
    else this.#collect(group);
  }

  /** Takes nothing, because the tier before fills the quota. */
  skip(): void {
    this.size = 0;
    this.takenCount = 0;
    this.attempts = 0;
  }

  #collect(group: CurrentGroup): void {
    const { items } = this.rows;
    const { before } = this;
    this.#order.start(group);
    let earlier = 0;
    for (let k = this.#start; k < this.#end; k++) {
      const item = u32At(items, k);
      // Both lists are ascending.
      while (before && earlier < before.size && u32At(before.members, earlier) < item) earlier++;
      if (before && earlier < before.size && before.members[earlier] === item) continue;
      if (this.#refusal(item, k - this.#start, group) < 0) this.#order.add(item);
    }
    this.size = this.#order.size;
  }

  #count(group: CurrentGroup): void {
    this.#acceptable.advance(group.time);
    this.size = f64At(this.#acceptable.count, 0) - this.#shownDuring(group);
    for (let k = group.from; k < group.to; k++) {
      const item = u32At(group.positives, k);
      const place = this.#placeOf(item);
      if (place >= 0 && this.#isAcceptable(item, place, group)) this.size--;
    }
    const { before } = this;
    if (!before) return;
    for (let k = 0; k < before.size; k++) if (this.isCandidate(u32At(before.members, k), group)) this.size--;
  }

  /**
   * Number of otherwise acceptable candidates first shown between the request and the group: they are no candidates.
   */
  #shownDuring(group: CurrentGroup): number {
    const { since } = this.rows;
    if (since === null || group.readTime >= group.time) return 0;
    const sinceOf = (k: number): number => f64At(since, this.#start + u32At(this.#bySince, k));
    let [low, high] = [0, this.#bySince.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sinceOf(middle) < group.readTime) low = middle + 1;
      else high = middle;
    }
    let count = 0;
    for (let k = low; k < this.#bySince.length && sinceOf(k) < group.time; k++) {
      const place = u32At(this.#bySince, k);
      const item = u32At(this.rows.items, this.#start + place);
      if (f64At(this.#until, place) <= group.time && group.isEligible(item)) count++;
    }
    return count;
  }

  /**
   * Takes the first `count` acceptable candidates.
   * @param quota of the whole entry: it limits the attempts
   * @returns false if it was cancelled
   */
  take(group: CurrentGroup, count: number, quota: number, trace: Trace | null, isCancelled: () => boolean): boolean {
    const target = Math.min(count, this.size);
    if (target > this.selected.length) {
      this.selected = grown(this.selected, target);
      this.attemptOf = grown(this.attemptOf, target);
    }
    if (this.isHeavy) return this.#attempt(group, target, attemptLimit(quota), trace, isCancelled);
    this.#order.select(0, this.size, target);
    for (let k = 0; k < target; k++) this.selected[k] = this.#order.itemAt(k);
    this.takenCount = target;
    return true;
  }

  #attempt(
    group: CurrentGroup,
    target: number,
    limit: number,
    trace: Trace | null,
    isCancelled: () => boolean,
  ): boolean {
    const { items } = this.rows;
    const seen = this.#seen;
    const length = this.#end - this.#start;
    const { before } = this;
    const earlier = before?.size ?? 0;
    seen.clear(earlier + target);
    if (before) for (let k = 0; k < earlier; k++) seen.add(u32At(before.members, k));
    const h0 = group.k0 ^ this.salts.s0;
    const h1 = group.k1 ^ this.salts.s1;
    let filled = 0;
    let k = 0;
    while (filled < target && k < limit) {
      if (k > 0 && isCancelled()) return false;
      const count = Math.min(attemptsFor(target - filled), limit - k);
      this.#block.uniform(h0, h1, k, count, 0, length);
      for (let j = 0; j < count && filled < target; j++, k++) {
        const place = i32At(this.#block.places, j);
        const item = u32At(items, this.#start + place);
        const refusal = this.#refusal(item, place, group);
        if (refusal < 0 && seen.add(item)) {
          this.selected[filled] = item;
          this.attemptOf[filled] = k;
          filled++;
          continue;
        }
        const reason = refusal < 0 ? Refusal.repeated : refusal;
        this.refusals[reason] = f64At(this.refusals, reason) + 1;
        trace?.refused(earlier + filled, k, item, reason);
      }
    }
    this.takenCount = filled;
    this.attempts = k;
    return true;
  }

  /** True if an item is acceptable, and not in the tier before. */
  has(item: number, group: CurrentGroup): boolean {
    const place = this.#placeOf(item);
    return place >= 0 && this.#refusal(item, place, group) < 0 && this.before?.has(item) !== true;
  }

  /** True if an item is a candidate of a group, acceptable or not. */
  isCandidate(item: number, group: CurrentGroup): boolean {
    const place = this.#placeOf(item);
    return place >= 0 && this.#isKnown(place, group);
  }

  /** True if a candidate has a row before the request of a group. */
  #isKnown(place: number, { readTime }: CurrentGroup): boolean {
    const { since } = this.rows;
    return since === null || f64At(since, this.#start + place) < readTime;
  }

  #placeOf(item: number): number {
    const at = indexIn(this.rows.items, this.#start, this.#end, item);
    return at < 0 ? -1 : at - this.#start;
  }

  #refusal(item: number, place: number, group: CurrentGroup): number {
    if (group.isPositive(item)) return Refusal.positive;
    if (!this.#isKnown(place, group) || f64At(this.#until, place) > group.time) return Refusal.excluded;
    return group.isEligible(item) ? -1 : Refusal.ineligible;
  }

  #isAcceptable(item: number, place: number, group: CurrentGroup): boolean {
    return this.#isKnown(place, group) && f64At(this.#until, place) <= group.time && group.isEligible(item);
  }
}
