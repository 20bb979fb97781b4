import type { StoryLane } from './storyLanes.ts';

/** Milliseconds without a mark that separate two visits. */
const VISIT_GAP = 30 * 60_000;
/** Widths in slots: between two times of a visit, and between two visits. */
const STEP = 0.6;
const GAP = 2.5;
/** Maximum width of a slot, in pixels. */
const WIDEST_SLOT = 14;
/** Minimum distance of two axis labels, and width of a label, in pixels. */
const LABEL_SPACE = 112;
const LABEL_WIDTH = 72;

/** `compressed`: time without marks takes little space. `scaled`: equal times have equal widths. */
export type AxisKind = 'compressed' | 'scaled';

/** The visible part of the axis, as shares of its length. */
export interface Extent {
  readonly from: number;
  readonly to: number;
}
export const wholeExtent: Extent = { from: 0, to: 1 };

/** Smallest part of the axis that is shown. */
const MIN_EXTENT = 0.002;

/** A time in milliseconds since 1970 and its position in slots. */
type Stop = [time: number, place: number];

/** A visit: the times from a mark on, until nothing happens for half an hour. */
interface Visit {
  readonly from: number;
  readonly to: number;
  /** First and last slot. */
  readonly start: number;
  readonly end: number;
}

/** Places of times on the axis of all lanes. */
export class StoryAxis {
  /** First slot by time, in the order of time. */
  readonly #starts = new Map<number, number>();
  /** The same as a list, to find the neighbours of a time. */
  readonly #stops: readonly Stop[];
  readonly #visits: Visit[] = [];
  /** First and last time with a mark, in milliseconds since 1970. */
  readonly first: number;
  readonly last: number;
  /** Places of exposures by time and item. */
  readonly #slots = new Map<string, number>();
  /** Length in slots. */
  readonly #length: number;
  readonly #slot: number;

  constructor(
    lanes: readonly StoryLane[],
    readonly kind: AxisKind,
    readonly extent: Extent,
    readonly width: number,
  ) {
    const slots = slotsByTime(lanes);
    const times = [...slots.keys()].sort((a, b) => a - b);
    const [first = 0] = times;
    this.first = first;
    this.last = times.at(-1) ?? 0;
    for (const { at, item, slot } of lanes.find(({ kind }) => kind === 'shown')?.marks ?? [])
      this.#slots.set(`${at} ${item}`, slot);
    let position = 0;
    times.forEach((time, k) => {
      const before = times[k - 1];
      const isNew = before === undefined || time - before > VISIT_GAP;
      if (before !== undefined) position += isNew ? GAP : STEP;
      this.#starts.set(time, position);
      const end = position + (slots.get(time) ?? 1);
      const visit = this.#visits.at(-1);
      if (isNew || !visit) this.#visits.push({ from: time, to: time, start: position, end });
      else this.#visits[this.#visits.length - 1] = { ...visit, to: time, end };
      position = end;
    });
    this.#stops = [...this.#starts];
    this.#length = Math.max(1, position);
    const share = Math.max(1e-6, extent.to - extent.from);
    this.#slot = kind === 'scaled' ? 0 : Math.min(WIDEST_SLOT, this.width / (this.#length * share));
  }

  /** Pixels of a slot. */
  get slot(): number {
    return this.#slot;
  }

  /** The middle of a mark, in pixels. */
  x(at: number, slot: number): number {
    const { from, to } = this.extent;
    if (this.kind === 'scaled') return ((this.share(at, 0) - from) / (to - from)) * (this.width - 12) + 6;
    const start = this.#starts.get(at) ?? 0;
    return (start + slot + 0.5 - from * this.#length) * this.#slot;
  }

  /** Position of a mark on the axis, as a share of its length. */
  share(at: number, slot: number): number {
    if (this.kind === 'scaled') return this.last === this.first ? 0.5 : (at - this.first) / (this.last - this.first);
    return ((this.#starts.get(at) ?? 0) + slot) / this.#length;
  }

  /** The place of an item at a time in pixels, whether or not the time has a mark. */
  placeOf(at: number, item: string): number {
    if (this.kind === 'scaled' || this.#starts.has(at)) return this.x(at, this.#slots.get(`${at} ${item}`) ?? 0);
    return (this.#shareAt(at) - this.extent.from) * this.#length * this.#slot;
  }

  /** The share of the time from the first to the last mark at which a time is, from 0 to 1. */
  shareOfTime(at: number): number {
    if (this.last === this.first) return 0;
    return Math.max(0, Math.min(1, (at - this.first) / (this.last - this.first)));
  }

  /** Converts a share of the axis into a share of the time range. */
  timeShare(share: number): number {
    if (this.kind === 'scaled' || this.last === this.first) return share;
    const slot = share * this.#length;
    const stops = this.#stops;
    const k = stops.findIndex(([, at]) => at >= slot);
    if (k < 0) return 1;
    const [[fromTime, fromPlace], [toTime, toPlace]] = [stops[Math.max(0, k - 1)], stops[k]] as [Stop, Stop];
    const fraction = toPlace === fromPlace ? 1 : (slot - fromPlace) / (toPlace - fromPlace);
    return this.shareOfTime(fromTime + fraction * (toTime - fromTime));
  }

  /** The part of the axis between two shares of the time; never too small to see. */
  extentOf(from: number, to: number): Extent {
    const share = (part: number): number => this.#shareAt(this.first + part * (this.last - this.first));
    const [start, end] = [share(from), to >= 1 ? 1 : share(to)];
    return end - start < MIN_EXTENT ? zoomed({ from: start, to: end }, 1, (start + end) / 2) : { from: start, to: end };
  }

  /** Position of a time on the axis, as a share of its length; interpolated between two marks. */
  #shareAt(at: number): number {
    if (this.kind === 'scaled') return this.shareOfTime(at);
    const stops = this.#stops;
    const k = stops.findIndex(([time]) => time >= at);
    if (k < 0) return 1;
    const [[fromTime, fromPlace], [toTime, toPlace]] = [stops[Math.max(0, k - 1)], stops[k]] as [Stop, Stop];
    const fraction = toTime === fromTime ? 1 : (at - fromTime) / (toTime - fromTime);
    return Math.max(0, fromPlace + fraction * (toPlace - fromPlace)) / this.#length;
  }

  /**
   * The end of a window after a time, whether or not it has a mark: infinite if all marks are on one side, so that
   * nothing of the axis is outside, or everything.
   */
  edge(at: number): number {
    if (at < this.first) return -Infinity;
    if (at >= this.last) return Infinity;
    if (this.kind === 'scaled') return this.x(at, 0);
    const later = this.#visits.find(({ to }) => to > at);
    if (!later) return this.width;
    if (later.from > at) return (later.start - GAP / 2 - this.extent.from * this.#length) * this.#slot;
    const [, next] = this.#stops.find(([time]) => time > at) ?? [0, Infinity];
    return (next - STEP / 2 - this.extent.from * this.#length) * this.#slot;
  }

  /** Visits in the visible part, in pixels; only for the compressed axis. */
  get bands(): { readonly x: number; readonly width: number }[] {
    if (this.kind === 'scaled') return [];
    return this.#visits
      .map(({ start, end }) => ({
        x: (start - this.extent.from * this.#length) * this.#slot,
        width: (end - start) * this.#slot,
      }))
      .filter(({ x, width }) => x + width > 0 && x < this.width);
  }

  /** Times to write under the axis, with their places, as many as fit. */
  get labels(): { readonly x: number; readonly at: number }[] {
    const { width } = this;
    if (this.kind === 'scaled') {
      const count = Math.max(1, Math.floor(width / LABEL_SPACE));
      const { from, to } = this.extent;
      return Array.from({ length: count }, (_, k) => {
        const share = from + ((to - from) * k) / count;
        return { x: (k / count) * (width - 12) + 6, at: this.first + share * (this.last - this.first) };
      });
    }
    const fitting: { x: number; at: number }[] = [];
    for (const { from, start } of this.#visits) {
      const x = (start - this.extent.from * this.#length) * this.#slot;
      if (x >= 0 && x <= width - LABEL_WIDTH && x - (fitting.at(-1)?.x ?? -Infinity) >= LABEL_SPACE)
        fitting.push({ x, at: from });
    }
    return fitting;
  }
}

/** Slots needed at each time: the number of marks on the lane that has most. */
function slotsByTime(lanes: readonly StoryLane[]): Map<number, number> {
  const slots = new Map<number, number>();
  for (const { marks } of lanes)
    for (const { at, slot } of marks) slots.set(at, Math.max(slots.get(at) ?? 1, slot + 1));
  return slots;
}

/** A larger or smaller part of the axis around a share of it. */
export function zoomed({ from, to }: Extent, factor: number, around: number): Extent {
  const length = Math.max(MIN_EXTENT, Math.min(1, (to - from) / factor));
  return withinAxis({ from: around - length / 2, to: around + length / 2 });
}

/** The part moved inside the axis. */
function withinAxis({ from, to }: Extent): Extent {
  const length = to - from;
  const start = Math.max(0, Math.min(1 - length, from));
  return { from: start, to: start + length };
}

/** The same part, moved so that a share of the axis is visible. */
export function revealing(extent: Extent, share: number): Extent {
  const { from, to } = extent;
  const length = to - from;
  return share >= from && share < to ? extent : withinAxis({ from: share - length / 2, to: share + length / 2 });
}
