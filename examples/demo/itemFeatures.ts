import { fmix32 } from '../../src/core/sampling/fmix32.ts';
import { sixDecimals } from './arithmetic.ts';
import { day } from './calendar.ts';
import type { Items } from './items.ts';

/** Weight that yesterday's counts keep. */
const kept = 0.8;
/** Exposures and rate of a prior, so that a new item has a rate too. */
const priorExposures = 30;
const priorRate = 0.035;
/** Prices move between anchors that are so many days apart. */
const anchorDays = 5;

/**
 * Features of items that drift by day, as a feature store serves them: the click rate of the past days, refreshed at
 * the start of each day, and the price of the night.
 */
export class ItemFeatures {
  readonly #items: Items;
  readonly #exposures: Float64Array;
  readonly #clicks: Float64Array;
  readonly #rate: Float64Array;

  constructor(items: Items) {
    this.#items = items;
    this.#exposures = new Float64Array(items.count);
    this.#clicks = new Float64Array(items.count);
    this.#rate = new Float64Array(items.count);
  }

  /** Starts a day: the rates then come from the days before it only. */
  startDay(): void {
    for (let i = 0; i < this.#items.count; i++) {
      const exposures = this.#exposures[i] ?? 0;
      const clicks = this.#clicks[i] ?? 0;
      this.#rate[i] = sixDecimals((clicks + priorExposures * priorRate) / (exposures + priorExposures));
      this.#exposures[i] = exposures * kept;
      this.#clicks[i] = clicks * kept;
    }
  }

  count(item: number, clicked: boolean): void {
    this.#exposures[item] = (this.#exposures[item] ?? 0) + 1;
    if (clicked) this.#clicks[item] = (this.#clicks[item] ?? 0) + 1;
  }

  /** Smoothed clicks an exposure on the days before. */
  rate(item: number): number {
    return this.#rate[item] ?? 0;
  }

  /** Price in hundredths of a yuan on the day of a time: within 15 % of the usual one, and more on Friday and Saturday. */
  cents(item: number, time: number): number {
    const date = Math.floor(time / day);
    const before = Math.floor(date / anchorDays);
    const part = (date - before * anchorDays) / anchorDays;
    const drift = anchor(item, before) * (1 - part) + anchor(item, before + 1) * part;
    const weekday = (date + 4) % 7;
    const usual = this.#items.cents[item] ?? 0;
    return Math.floor(usual * (0.85 + 0.3 * drift) * (weekday >= 5 ? 1.12 : 1));
  }
}

/** A number of [0, 1) for an item and an anchor. */
function anchor(item: number, index: number): number {
  return fmix32(Math.imul(item + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0xc2b2ae35)) / 4294967296;
}
