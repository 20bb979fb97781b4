import { BulkGenerator } from '../../src/core/sampling/rng.ts';
import { AliasTable } from './alias.ts';
import { threeQuarterPower, zipfMandelbrot } from './arithmetic.ts';
import { day, endOfLog, hour, startOfDay } from './calendar.ts';
import { categories, cities } from './places.ts';
import type { Scale } from './scale.ts';
import { Traits } from './traits.ts';

/** Listings that are not removed have this time. */
export const never = Number.POSITIVE_INFINITY;
export const statuses = ['online', 'paused', 'removed'] as const;

/**
 * The corpus, one entry an index. Items are in the order of the cities, the most popular of each city first; popularity over the
 * whole
 * corpus is Zipf–Mandelbrot.
 */
export class Items {
  readonly count: number;
  /** First index of every city, and the end of the last. */
  readonly cityBounds: readonly number[];
  readonly city: Uint8Array;
  readonly category: Uint8Array;
  /**
   * 64-bit ids as pairs of words. Chinese and foreign listings come from two id services, each numbering in order of
   * creation.
   */
  readonly id: Int32Array;
  readonly created: Float64Array;
  readonly removed: Float64Array;
  readonly status: Int8Array;
  /** How good a listing is, about 0.4 to 2.2; unknown to the recall channels. */
  readonly quality: Float32Array;
  readonly weight: Float64Array;
  readonly traits: Traits;
  readonly cents: Int32Array;
  /** Hundredths of a star; −1 without reviews. */
  readonly rating: Int16Array;
  readonly reviews: Int32Array;
  /** Indices by time of creation. */
  readonly byCreation: Uint32Array;
  /** Draws within a city by popularity. */
  readonly inCity: AliasTable;
  /** Draws from the whole corpus by popularity. */
  readonly overall: AliasTable;
  /** Weights of popularity^0.75 and draws by them. */
  readonly flattened: { readonly weight: Float64Array; readonly total: number; readonly table: AliasTable };

  constructor(scale: Scale, seed: string) {
    const n = scale.items;
    const random = new BulkGenerator(`${seed}/items`);
    this.count = n;
    this.city = new Uint8Array(n);
    this.category = new Uint8Array(n);
    this.id = new Int32Array(2 * n);
    this.created = new Float64Array(n);
    this.removed = new Float64Array(n);
    this.status = new Int8Array(n);
    this.quality = new Float32Array(n);
    this.weight = new Float64Array(n);
    this.cents = new Int32Array(n);
    this.rating = new Int16Array(n);
    this.reviews = new Int32Array(n);
    this.cityBounds = this.#placeByRank(random);
    const start = startOfDay(scale.days, 0);
    for (let i = 0; i < n; i++) this.#fill(random, i, start);
    this.byCreation = Uint32Array.from({ length: n }, (_, i) => i).sort(
      (a, b) => (this.created[a] ?? 0) - (this.created[b] ?? 0) || a - b,
    );
    this.#number(random);
    this.traits = new Traits(n, new BulkGenerator(`${seed}/items/traits`));
    this.inCity = new AliasTable(this.weight, this.cityBounds);
    this.overall = new AliasTable(this.weight, [0, n]);
    const weight = this.weight.map(threeQuarterPower);
    this.flattened = { weight, total: weight.reduce((a, b) => a + b, 0), table: new AliasTable(weight, [0, n]) };
  }

  alive(item: number, from: number, to: number): boolean {
    return (this.created[item] ?? never) <= from && (this.removed[item] ?? 0) > to;
  }

  /** Gives popularity ranks to cities, bigger cities more often, then lays the items out city by city. */
  #placeByRank(random: BulkGenerator): number[] {
    const n = this.count;
    const leastInCity = 12;
    const totalWeight = cities.reduce((sum, c) => sum + c.weight, 0);
    const cityOfRank = new Uint8Array(n);
    const sizes = new Uint32Array(cities.length);
    for (let rank = 0; rank < n; rank++) {
      // The coldest ranks go round, so that no city is empty in a small world.
      const city =
        rank >= n - leastInCity * cities.length
          ? rank % cities.length
          : pickWeighted(random.unit() * totalWeight, cities);
      cityOfRank[rank] = city;
      sizes[city] = (sizes[city] ?? 0) + 1;
    }
    const bounds = [0];
    for (const size of sizes) bounds.push((bounds[bounds.length - 1] ?? 0) + size);
    const next = Uint32Array.from(bounds);
    const q = Math.min(45, 3 + n / 500);
    for (let rank = 0; rank < n; rank++) {
      const city = cityOfRank[rank] ?? 0;
      const i = next[city] ?? 0;
      next[city] = i + 1;
      this.city[i] = city;
      this.weight[i] = zipfMandelbrot(rank, q);
    }
    return bounds;
  }

  #fill(random: BulkGenerator, i: number, start: number): void {
    const city = cities[this.city[i] ?? 0] ?? cities[0];
    const category = pickWeighted(random.unit() * categoryWeight, categories);
    const flagship = this.cityBounds.includes(i);
    this.category[i] = category;

    const age = random.unit();
    const within = random.unit() < 0.08 && !flagship;
    // Most listings are older than the log, up to three years; some are added while it runs.
    this.created[i] = Math.floor(within ? start + age * (endOfLog - start) : start - hour - age * age * 1095 * day);
    this.removed[i] = never;
    this.status[i] = random.unit() < 0.03 && !flagship ? 1 : 0;
    const lifetime = random.unit();
    if (random.unit() < 0.1 && !flagship) {
      // The first listing of a city is always there, so that a draw always ends.
      const from = Math.max((this.created[i] ?? 0) + day, start - 60 * day);
      const removed = Math.floor(from + lifetime * (endOfLog + 20 * day - from));
      if (removed < endOfLog) {
        this.removed[i] = removed;
        this.status[i] = 2;
      }
    }
    this.quality[i] = 0.4 + 1.8 * random.unit() * Math.sqrt(random.unit());
    const nightly = (city?.price ?? 300) * (categories[category]?.price ?? 1) * (0.6 + 0.9 * random.unit());
    const ending = [0, 0, 0, 50, 80, 90, 99][random.integerBelow(7)] ?? 0;
    this.cents[i] = Math.floor(nightly) * 100 + ending;
    const known = random.unit() < 0.88 && !within;
    this.reviews[i] = known ? 1 + Math.floor(400 * random.unit() * random.unit() * random.unit()) : 0;
    this.rating[i] = known ? Math.min(500, 380 + Math.floor((this.quality[i] ?? 0) * 45 + random.unit() * 30)) : -1;
  }

  #number(random: BulkGenerator): void {
    const words = new BigInt64Array(this.id.buffer);
    // Both services have numbers of 11 digits after their prefix.
    const step = Math.floor(90_000_000_000 / this.count);
    const services = [48_201_933n * 100_000_000_000n, 51_902_844n * 100_000_000_000n];
    this.byCreation.forEach((item, order) => {
      const service = cities[this.city[item] ?? 0]?.chinese === true ? 0 : 1;
      words[item] = (services[service] ?? 0n) + BigInt(order * step + Math.floor(random.unit() * step));
    });
  }
}

const categoryWeight = categories.reduce((sum, c) => sum + c.weight, 0);

/** Index of the entry in which a point of [0, sum of weights) falls. */
export function pickWeighted(point: number, list: readonly { readonly weight: number }[]): number {
  let left = point;
  for (let i = 0; i < list.length; i++) {
    left -= list[i]?.weight ?? 0;
    if (left < 0) return i;
  }
  return list.length - 1;
}
