import type { BulkGenerator } from '../../src/core/sampling/rng.ts';
import type { Answer } from './answer.ts';
import { naturalLog } from './arithmetic.ts';
import { copyWords, setWords } from './block.ts';
import { day, endOfLog, hour } from './calendar.ts';
import type { Items } from './items.ts';
import type { Logs } from './logs.ts';
import type { Scale } from './scale.ts';
import type { Users } from './users.ts';

/** Negatives of a positive by source, in the order of `sources` from index 1: exposed, popular, random, hard. */
const quotas = [3, 4, 2, 1];
/** A hard negative stands in ranks 101 to 500 of a list. */
const hardRanks = 400;
/** An exposure after this time is too young at the cut: the config sets `mature_after: 30m`. */
const lastMature = endOfLog - day - hour / 2;

/**
 * A finished recall sample, as a sampler of some other make would leave it: each positive followed by its negatives.
 * Negatives were alive at the time and had not been clicked by the user before.
 */
export class RecallSample {
  readonly #scale: Scale;
  readonly #items: Items;
  readonly #users: Users;
  readonly #logs: Logs;
  readonly #random: BulkGenerator;
  /** user · items + item of every click so far. */
  readonly #clicks = new Set<number>();
  #clicked = 0;
  #row = 0;

  constructor(scale: Scale, items: Items, users: Users, logs: Logs, random: BulkGenerator) {
    this.#scale = scale;
    this.#items = items;
    this.#users = users;
    this.#logs = logs;
    this.#random = random;
  }

  offer(answer: Answer): void {
    for (let p = 0; p < answer.count; p++)
      if (answer.clicked[p] === 1) this.#clicks.add(answer.user * this.#items.count + (answer.items[p] ?? 0));
    for (let p = 0; p < answer.count; p++) {
      if (answer.clicked[p] === 1 && this.#clicked++ % this.#scale.clicksPerPositive === 0)
        this.#group(answer, answer.items[p] ?? 0);
    }
  }

  #group(answer: Answer, positive: number): void {
    const taken = new Set([positive]);
    this.#write(answer, positive, positive, 0, -1, Number.NaN);
    this.#exposed(answer, positive, taken);
    const { flattened, count } = this.#items;
    this.#drawn(
      answer,
      positive,
      taken,
      2,
      () => flattened.table.draw(this.#random, 0, count),
      (i) => (flattened.weight[i] ?? 0) / flattened.total,
    );
    this.#drawn(
      answer,
      positive,
      taken,
      3,
      () => this.#random.integerBelow(count),
      () => 1 / count,
    );
    const city = this.#users.cities[3 * answer.user] ?? 0;
    const from = this.#items.cityBounds[city] ?? 0;
    const to = this.#items.cityBounds[city + 1] ?? 0;
    this.#drawn(
      answer,
      positive,
      taken,
      4,
      () => this.#items.inCity.draw(this.#random, from, to),
      () => 1 / hardRanks,
    );
  }

  /** Seen in the same request and passed over. Young ones are drawn and left out, so that other draws stay the same. */
  #exposed(answer: Answer, positive: number, taken: Set<number>): void {
    const list: number[] = [];
    for (let p = 0; p < answer.count; p++) {
      const item = answer.items[p] ?? 0;
      if (answer.viewed[p] === 1 && !this.#wanted(answer.user, item)) list.push(item);
    }
    const quota = Math.min(quotas[0] ?? 0, list.length);
    for (let draw = 0; draw < quota; draw++) {
      const at = draw + this.#random.integerBelow(list.length - draw);
      const item = list[at] ?? 0;
      list[at] = list[draw] ?? 0;
      list[draw] = item;
      taken.add(item);
      if (answer.time <= lastMature) this.#write(answer, item, positive, 1, draw, naturalLog(1 / list.length));
    }
  }

  #drawn(
    answer: Answer,
    positive: number,
    taken: Set<number>,
    source: number,
    draw: () => number,
    q: (item: number) => number,
  ): void {
    const quota = quotas[source - 1] ?? 0;
    for (let attempt = 0, found = 0; found < quota && attempt < 8 * quota + 64; attempt++) {
      const item = draw();
      if (taken.has(item) || this.#wanted(answer.user, item) || !this.#items.alive(item, answer.time, answer.time))
        continue;
      taken.add(item);
      found++;
      this.#write(answer, item, positive, source, attempt, naturalLog(q(item)));
    }
  }

  #wanted(user: number, item: number): boolean {
    return this.#clicks.has(user * this.#items.count + item);
  }

  #write(answer: Answer, item: number, positive: number, source: number, draw: number, logQ: number): void {
    const block = this.#logs.sample;
    const to = block.data;
    const row = block.length++;
    copyWords(to.user_id, row, this.#users.id, answer.user);
    to.item[row] = item;
    to.label[row] = source === 0 ? 1 : 0;
    to.source[row] = source;
    to.positive[row] = positive;
    setWords(to.ts, row, answer.time);
    to.draw[row] = draw;
    to.log_q[row] = logQ;
    to.row[row] = this.#row++;
  }
}
