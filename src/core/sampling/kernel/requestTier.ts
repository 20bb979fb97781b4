import type { ListPlan } from '../../source/drawPlan.ts';
import { f64At, u16At, u32At } from '../../valueAt.ts';
import type { Salts } from '../salts.ts';
import type { RequestItems } from '../world/world.ts';
import type { CurrentGroup } from './currentGroup.ts';
import { Channels } from './channels.ts';
import { grown } from './grown.ts';
import { KeyedOrder } from './keyedOrder.ts';
import { refusalOf, type ListAcceptance } from './listAcceptance.ts';
import { ScoreCut } from './scoreCut.ts';
import { indexIn } from './search.ts';

/** The acceptable candidates of a group's request, and the first of them in keyed order. */
export class RequestTier {
  /** Distinct acceptable candidates, ascending. */
  members = new Uint32Array(0);
  size = 0;
  /** The taken items, and the channel whose turn it was; -1 without turns. */
  selected = new Uint32Array(64);
  channelOf = new Int32Array(64);
  takenCount = 0;
  readonly #order: KeyedOrder;
  readonly #cut: ScoreCut | null;
  readonly #channels: Channels | null;
  #sorted = new Uint32Array(64);
  #from = 0;
  #to = 0;

  constructor(
    private readonly rows: RequestItems,
    plan: ListPlan,
    private readonly salts: Salts,
    itemWords: Uint32Array,
    private readonly acceptance: ListAcceptance,
  ) {
    this.#order = new KeyedOrder(salts, itemWords);
    const keep = plan.rows.of === 'candidates' ? plan.rows.keep : null;
    this.#cut = keep?.by === 'score' || keep?.by === 'teacher' ? new ScoreCut(keep.skip, keep.top) : null;
    this.#channels = rows.channel ? new Channels(rows.channels) : null;
  }

  /** Determines what is acceptable for a group. */
  prepare(group: CurrentGroup): void {
    const { items, offsets, score, channel } = this.rows;
    this.#from = group.request < 0 ? 0 : u32At(offsets, group.request);
    this.#to = group.request < 0 ? 0 : u32At(offsets, group.request + 1);
    this.takenCount = 0;
    this.#order.start(group);
    this.#channels?.start();
    this.#cut?.start();
    for (let k = this.#from; k < this.#to; k++) {
      const item = u32At(items, k);
      if (refusalOf(this.acceptance, item, group) >= 0) continue;
      if (this.#cut) {
        this.#cut.add(item, score ? f64At(score, k) : NaN);
      } else {
        if (channel) this.#channels?.add(u16At(channel, k), this.#order.size);
        this.#order.add(item);
      }
    }
    if (this.#cut) {
      this.#cut.cut();
      for (let k = 0; k < this.#cut.size; k++) this.#order.add(u32At(this.#cut.selected, k));
    }
    this.#channels?.end(this.#order.size);
    this.#collect();
  }

  #collect(): void {
    const { size, items } = this.#order;
    if (!this.#channels) {
      this.members = items;
      this.size = size;
      return;
    }
    this.#sorted = grown(this.#sorted, size);
    const sorted = this.#sorted;
    for (let k = 0; k < size; k++) sorted[k] = u32At(items, k);
    sorted.subarray(0, size).sort();
    this.members = sorted;
    this.size = 0;
    for (let k = 0; k < size; k++) if (k === 0 || sorted[k] !== sorted[k - 1]) sorted[this.size++] = u32At(sorted, k);
  }

  /** Takes the first `quota` acceptable candidates. */
  take(group: CurrentGroup, quota: number): void {
    const count = Math.min(quota, this.size);
    this.selected = grown(this.selected, count);
    this.channelOf = grown(this.channelOf, count);
    this.takenCount = count;
    if (this.#channels) {
      this.#channels.take(this.#order, group.k0 ^ this.salts.s0, count, this.selected, this.channelOf);
      return;
    }
    this.#order.select(0, this.#order.size, count);
    for (let k = 0; k < count; k++) {
      this.selected[k] = this.#order.itemAt(k);
      this.channelOf[k] = -1;
    }
  }

  has(item: number): boolean {
    return indexIn(this.members, 0, this.size, item) >= 0;
  }

  /** True if an item is a candidate, acceptable or not. */
  isCandidate(item: number): boolean {
    return this.#rowOf(item) >= 0;
  }

  /** Number of acceptable candidates if `item` were one; 0 if it is not a candidate, or below the score cut. */
  sizeWith(item: number): number {
    const row = this.#rowOf(item);
    if (row < 0) return 0;
    const { score } = this.rows;
    return this.#cut ? this.#cut.sizeWith(item, score ? f64At(score, row) : NaN) : this.size + 1;
  }

  #rowOf(item: number): number {
    const { items } = this.rows;
    if (!this.#channels) return indexIn(items, this.#from, this.#to, item);
    for (let k = this.#from; k < this.#to; k++) if (items[k] === item) return k;
    return -1;
  }
}
