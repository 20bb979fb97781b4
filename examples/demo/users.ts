import { BulkGenerator } from '../../src/core/sampling/rng.ts';
import { AliasTable } from './alias.ts';
import { threeQuarterPower } from './arithmetic.ts';
import { day, startOfDay } from './calendar.ts';
import { pickWeighted } from './items.ts';
import { categories, cities, regions } from './places.ts';
import type { Scale } from './scale.ts';
import { Traits } from './traits.ts';

export const activities = ['high', 'medium', 'low', 'new'] as const;
export const devices = ['ios', 'android', 'mini_program', 'web'] as const;
/** Shares of the devices as a user's usual one. */
const deviceShares = [{ weight: 31 }, { weight: 38 }, { weight: 19 }, { weight: 12 }];
const allDevices = 100;

/** The users, one entry an index, region by region. Few of them make most of the requests. */
export class Users {
  readonly count: number;
  readonly regionBounds: readonly number[];
  readonly region: Uint8Array;
  readonly id: Int32Array;
  /** Index into `activities`. */
  readonly activity: Int8Array;
  /** Days since the epoch. */
  readonly registered: Int32Array;
  /** Year of birth; −1 if unknown. */
  readonly born: Int16Array;
  /** Three cities a user, the favourite first. */
  readonly cities: Uint8Array;
  /** Two categories a user. */
  readonly tastes: Uint8Array;
  /** The usual device of a user: index into `devices`. */
  readonly device: Int8Array;
  readonly traits: Traits;
  readonly inRegion: AliasTable;

  constructor(scale: Scale, seed: string) {
    const n = scale.users;
    const random = new BulkGenerator(`${seed}/users`);
    this.count = n;
    this.region = new Uint8Array(n);
    this.id = new Int32Array(2 * n);
    this.activity = new Int8Array(n);
    this.registered = new Int32Array(n);
    this.born = new Int16Array(n);
    this.cities = new Uint8Array(3 * n);
    this.tastes = new Uint8Array(2 * n);
    this.device = new Int8Array(n);

    const bounds = [0];
    let share = 0;
    for (const region of regions) {
      share += region.weight;
      bounds.push(Math.min(n, Math.floor(share * n + 0.5)));
    }
    bounds[regions.length] = n;
    this.regionBounds = bounds;

    const ranks = shuffled(n, random);
    const numbers = shuffled(n, random);
    const weights = new Float64Array(n);
    const q = Math.min(50, 2 + n / 200);
    const words = new BigInt64Array(this.id.buffer);
    const step = Math.floor(100_000_000 / n);
    const firstDay = Math.floor(startOfDay(scale.days, 0) / day);
    for (let region = 0; region < regions.length; region++) {
      for (let u = bounds[region] ?? 0; u < (bounds[region + 1] ?? 0); u++) {
        const rank = ranks[u] ?? 0;
        this.region[u] = region;
        weights[u] = 1 / threeQuarterPower(rank + 1 + q);
        words[u] = 7_203_685_477_500_000_000n + BigInt((numbers[u] ?? 0) * step + Math.floor(random.unit() * step));
        const isNew = rank >= n * 0.05 && random.unit() < 0.1;
        this.activity[u] = isNew ? 3 : rank < n * 0.05 ? 0 : rank < n * 0.3 ? 1 : 2;
        const age = random.unit();
        this.registered[u] = firstDay - 1 - Math.floor(isNew ? age * 30 : 30 + age * 1800);
        this.born[u] = random.unit() < 0.12 ? -1 : 2006 - Math.floor(46 * random.unit() * Math.sqrt(random.unit()));
        this.#choose(random, u, region);
        this.device[u] = pickWeighted(random.unit() * allDevices, deviceShares);
      }
    }
    this.inRegion = new AliasTable(weights, bounds);
    this.traits = new Traits(n, new BulkGenerator(`${seed}/users/traits`));
  }

  /** The device of a request: mostly the usual one. */
  deviceOf(random: BulkGenerator, user: number): number {
    return random.unit() < 0.85 ? (this.device[user] ?? 0) : random.integerBelow(devices.length);
  }

  /** Favourites: two cities at home and one anywhere; people mostly travel near home. */
  #choose(random: BulkGenerator, u: number, region: number): void {
    const home = citiesOf[region] ?? [];
    const total = home.reduce((sum, c) => sum + c.weight, 0);
    for (let k = 0; k < 2; k++) this.cities[3 * u + k] = home[pickWeighted(random.unit() * total, home)]?.index ?? 0;
    this.cities[3 * u + 2] = pickWeighted(random.unit() * allCities, cities);
    for (let k = 0; k < 2; k++) this.tastes[2 * u + k] = pickWeighted(random.unit() * allCategories, categories);
  }
}

const allCities = cities.reduce((sum, c) => sum + c.weight, 0);
const allCategories = categories.reduce((sum, c) => sum + c.weight, 0);
const citiesOf = regions.map((_, region) =>
  cities.map((c, index) => ({ index, region: c.region, weight: c.weight })).filter((c) => c.region === region),
);

/** 0 … n−1 in a random order (Fisher–Yates). */
function shuffled(n: number, random: BulkGenerator): Uint32Array {
  const list = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.integerBelow(i + 1);
    const kept = list[i] ?? 0;
    list[i] = list[j] ?? 0;
    list[j] = kept;
  }
  return list;
}
