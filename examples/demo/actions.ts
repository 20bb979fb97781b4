import type { BulkGenerator } from '../../src/core/sampling/rng.ts';
import type { Answer } from './answer.ts';
import { copyWords, setWords } from './block.ts';
import { endOfLog, hour, second } from './calendar.ts';
import type { Items } from './items.ts';
import { actions, type Logs } from './logs.ts';
import { longestRequest, type Retrieval } from './retrieval.ts';
import type { Users } from './users.ts';

/** Share of the requests after which the user also searches and opens a result. */
const searching = 0.06;
/** Results that a user compares. */
const results = 8;
/** Share of the long visits, and of the opened results, that end in an order. */
const ordering = 0.15;
/** An order comes so many hours after the visit at most; one of four comes later than a day. */
const longestWait = 72;

const searchIndex = actions.indexOf('search_click');
const orderIndex = actions.indexOf('order');

/** Logs what users do without an impression: they open results of a search, and they order what they saw before. */
export class ActionLog {
  readonly #items: Items;
  readonly #users: Users;
  readonly #retrieval: Retrieval;
  readonly #logs: Logs;
  readonly #random: BulkGenerator;

  constructor(items: Items, users: Users, retrieval: Retrieval, logs: Logs, random: BulkGenerator) {
    this.#items = items;
    this.#users = users;
    this.#retrieval = retrieval;
    this.#logs = logs;
    this.#random = random;
  }

  /** The searches that follow a request. */
  afterRequest(answer: Answer): void {
    const random = this.#random;
    if (random.unit() >= searching) return;
    const { user } = answer;
    const item = this.#retrieval.bestOf(random, results, 1, user, answer.time, (other) =>
      answer.items.subarray(0, answer.count).includes(other),
    );
    const time = answer.time + Math.floor((40 + 900 * random.unit()) * second);
    if (!this.#write(user, item, time, searchIndex)) return;
    this.afterVisit(user, item, time);
  }

  /** The order that may follow a long visit. */
  afterVisit(user: number, item: number, time: number): void {
    const random = this.#random;
    if (random.unit() >= ordering) return;
    // Most orders come soon: the square of a uniform squeezes them towards the visit.
    const wait = random.unit() * random.unit() * longestWait * hour;
    this.#write(user, item, time + Math.floor(120 * second + wait), orderIndex);
  }

  /** Returns false if the log has ended or the item is gone by then. */
  #write(user: number, item: number, time: number, action: number): boolean {
    if (time >= endOfLog || !this.#items.alive(item, time, time + longestRequest)) return false;
    const block = this.#logs.actions;
    const to = block.data;
    const row = block.length++;
    copyWords(to.user_id, row, this.#users.id, user);
    copyWords(to.item_id, row, this.#items.id, item);
    setWords(to.ts, row, time);
    to.action[row] = action;
    return true;
  }
}
