import { fmix32 } from '../../src/core/sampling/fmix32.ts';
import type { BulkGenerator } from '../../src/core/sampling/rng.ts';
import type { Items } from './items.ts';
import { affinity } from './traits.ts';
import type { Users } from './users.ts';

/** Share of every recall channel in what is shown: i2i, u2i, hot, geo, new. */
const channelShares = [0.3, 0.29, 0.19, 0.13, 0.09];

/** A request's longest life: an item must stay alive so long to be returned. */
export const longestRequest = 60_000_000;

/** How recall channels find items, and how much a user really wants one. */
export class Retrieval {
  readonly #items: Items;
  readonly #users: Users;
  /** Items of `byCreation` that exist at the time of the last call. */
  #existing = 0;
  readonly #createdInOrder: Float64Array;

  constructor(items: Items, users: Users) {
    this.#items = items;
    this.#users = users;
    this.#createdInOrder = Float64Array.from(items.byCreation, (i) => items.created[i] ?? 0);
  }

  /** Moves the clock of the channel of new items. Times never fall. */
  advance(time: number): void {
    while (this.#existing < this.#createdInOrder.length && (this.#createdInOrder[this.#existing] ?? 0) <= time)
      this.#existing++;
  }

  channel(random: BulkGenerator): number {
    let left = random.unit();
    for (let c = 0; c < 4; c++) {
      left -= channelShares[c] ?? 0;
      if (left < 0) return c;
    }
    return 4;
  }

  /** One item of a channel for a user at the time of `advance`, dead or alive. */
  draw(random: BulkGenerator, channel: number, user: number): number {
    const items = this.#items;
    switch (channel) {
      case 0:
        // Items like those of the past: mostly in the favourite city, sometimes alike and far away.
        return random.unit() < 0.85
          ? this.#fromCity(random, this.#users.cities[3 * user] ?? 0)
          : items.overall.draw(random, 0, items.count);
      case 1: {
        const u = random.unit();
        return this.#fromCity(random, this.#users.cities[3 * user + (u < 0.5 ? 0 : u < 0.8 ? 1 : 2)] ?? 0);
      }
      case 2:
        return items.overall.draw(random, 0, items.count);
      case 3: {
        const city = this.#users.cities[3 * user + random.integerBelow(2)] ?? 0;
        const from = items.cityBounds[city] ?? 0;
        return from + random.integerBelow((items.cityBounds[city + 1] ?? 0) - from);
      }
      default: {
        const newest = Math.min(this.#existing, 40 + Math.floor(items.count / 50));
        return items.byCreation[this.#existing - 1 - random.integerBelow(newest)] ?? 0;
      }
    }
  }

  /** The best of several alive items that are not yet in `taken`; any alive item when the channel finds none. */
  bestOf(
    random: BulkGenerator,
    tries: number,
    channel: number,
    user: number,
    time: number,
    taken: (item: number) => boolean,
  ): number {
    let best = -1;
    let bestInterest = -1;
    for (let found = 0, attempt = 0; found < tries && attempt < tries + 8; attempt++) {
      const item = this.draw(random, channel, user);
      if (!this.#items.alive(item, time, time + longestRequest) || taken(item)) continue;
      found++;
      const interest = this.interest(user, item);
      if (interest > bestInterest) {
        best = item;
        bestInterest = interest;
      }
    }
    if (best >= 0) return best;
    let item = random.integerBelow(this.#items.count);
    while (!this.#items.alive(item, time, time + longestRequest) || taken(item)) item = (item + 1) % this.#items.count;
    return item;
  }

  /**
   * Probability that the user clicks the item once it is seen at the top. Lasting: the same for every exposure of the
   * pair, so
   * that a later exposure may well be the one that is clicked.
   */
  interest(user: number, item: number): number {
    const { cities, tastes } = this.#users;
    const city = this.#items.city[item] ?? 0;
    const category = this.#items.category[item] ?? 0;
    const place =
      city === cities[3 * user]
        ? 1.5
        : city === cities[3 * user + 1]
          ? 1.2
          : city === cities[3 * user + 2]
            ? 1.1
            : 0.45;
    const taste = category === tastes[2 * user] ? 1.8 : category === tastes[2 * user + 1] ? 1.3 : 0.7;
    const own = 0.7 + 0.6 * (fmix32(Math.imul(user + 1, 0x9e3779b1) ^ Math.imul(item + 1, 0x85ebca6b)) / 4294967296);
    const suits = affinity(this.#users.traits, user, this.#items.traits, item);
    return Math.min(0.5, baseInterest * (this.#items.quality[item] ?? 1) * place * taste * suits * own);
  }

  #fromCity(random: BulkGenerator, city: number): number {
    return this.#items.inCity.draw(random, this.#items.cityBounds[city] ?? 0, this.#items.cityBounds[city + 1] ?? 0);
  }
}

const baseInterest = 0.0225;
