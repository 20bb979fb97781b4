import type { BulkGenerator } from '../../src/core/sampling/rng.ts';
import type { ActionLog } from './actions.ts';
import type { Answer } from './answer.ts';
import { copyWords, setWords } from './block.ts';
import { day, endOfLog, hour, second, traffic } from './calendar.ts';
import type { CandidateLog } from './candidates.ts';
import type { ItemFeatures } from './itemFeatures.ts';
import type { Items } from './items.ts';
import { dislikes, largestRequest, refusals, smallestRequest, type Logs } from './logs.ts';
import { regions } from './places.ts';
import type { RecallSample } from './recallSample.ts';
import { longestRequest, type Retrieval } from './retrieval.ts';
import type { Scale } from './scale.ts';
import type { Sessions } from './sessions.ts';
import { teacherScore } from './teacher.ts';
import type { Users } from './users.ts';

/** How many items of a channel fine ranking chooses from for one place; popular and new items meet less competition. */
const triesOfChannel = [6, 6, 2, 5, 2];

/** Share of the long visits after which the owner refuses the user: about 2 % of the clicks. */
const refused = 0.04;

/** What the days of a world share. */
export interface Shared {
  readonly scale: Scale;
  readonly items: Items;
  readonly users: Users;
  readonly logs: Logs;
  readonly retrieval: Retrieval;
  readonly sessions: Sessions;
  readonly candidates: CandidateLog;
  readonly sample: RecallSample;
  readonly features: ItemFeatures;
  readonly actions: ActionLog;
}

/** A day of traffic, made request by request in order of time. */
export class DayOfRequests {
  readonly #shared: Shared;
  readonly #start: number;
  readonly #index: number;
  readonly #impressions: number;
  readonly #random: BulkGenerator;
  #made = 0;
  #requests = 0;
  #minute = 0;
  /** Traffic before a minute of the day; shares of every region within a minute. */
  readonly #before = new Float64Array(1441);
  readonly #regionTraffic = new Float64Array(1440 * regions.length);
  readonly #answer: Answer = {
    user: 0,
    device: 0,
    time: 0,
    id: new Int32Array(2),
    count: 0,
    items: new Int32Array(largestRequest),
    channels: new Int8Array(largestRequest),
    interests: new Float64Array(largestRequest),
    scores: new Float64Array(largestRequest),
    teachers: new Float64Array(largestRequest),
    viewed: new Int8Array(largestRequest),
    clicked: new Int8Array(largestRequest),
  };

  constructor(
    shared: Shared,
    plan: { readonly index: number; readonly start: number; readonly impressions: number },
    random: BulkGenerator,
  ) {
    this.#shared = shared;
    this.#index = plan.index;
    this.#start = plan.start;
    this.#impressions = plan.impressions;
    this.#random = random;
    shared.features.startDay();
    for (let minute = 0; minute < 1440; minute++) {
      let sum = 0;
      regions.forEach((region, r) => {
        const part = region.weight * traffic(minute, region.offset);
        this.#regionTraffic[minute * regions.length + r] = part;
        sum += part;
      });
      this.#before[minute + 1] = (this.#before[minute] ?? 0) + sum;
    }
  }

  get done(): boolean {
    return this.#made >= this.#impressions;
  }

  /** Impressions made so far, of those of the day. */
  get fraction(): number {
    return this.#made / this.#impressions;
  }

  /** Makes the next requests, at most so many, into the logs. */
  advance(requests: number): void {
    for (let n = 0; n < requests && !this.done; n++) this.#request();
  }

  #request(): void {
    const { sessions, retrieval, candidates, sample, users, actions } = this.#shared;
    const random = this.#random;
    const answer = this.#answer;
    const size = smallestRequest + random.integerBelow(largestRequest - smallestRequest + 1);
    answer.count = Math.min(size, this.#impressions - this.#made);
    answer.time = this.#timeAt((this.#made + random.unit() * answer.count) / this.#impressions);
    retrieval.advance(answer.time);

    const slot = sessions.returning(random, answer.time);
    answer.user = slot < 0 ? this.#someUser() : sessions.user(slot);
    answer.device = users.deviceOf(random, answer.user);
    // Like a snowflake: milliseconds since the epoch above 22 bits that number the requests of the day.
    const milliseconds = Math.floor(answer.time / 1000);
    answer.id[0] = ((milliseconds % 1024) * 4194304 + (this.#requests % 4194304)) | 0;
    answer.id[1] = Math.floor(milliseconds / 1024);

    this.#retrieve(slot);
    this.#rank();
    this.#watch();
    this.#logImpressions();
    actions.afterRequest(answer);
    candidates.offer(answer);
    if (this.#index < this.#shared.scale.days - 1) sample.offer(answer);
    sessions.remember(slot, answer.user, answer.time, answer.items, answer.clicked, answer.count);
    this.#made += answer.count;
    this.#requests++;
  }

  /** Time of a point of the day's traffic in [0, 1); stops early enough that no impression falls into the next day. */
  #timeAt(point: number): number {
    const target = point * (this.#before[1440] ?? 1);
    while (this.#minute < 1439 && (this.#before[this.#minute + 1] ?? 0) <= target) this.#minute++;
    const from = this.#before[this.#minute] ?? 0;
    const part = (target - from) / ((this.#before[this.#minute + 1] ?? 1) - from);
    return this.#start + Math.floor((this.#minute + Math.min(part, 0.999999)) * ((day - longestRequest) / 1440));
  }

  #someUser(): number {
    const { users } = this.#shared;
    const total = (this.#before[this.#minute + 1] ?? 0) - (this.#before[this.#minute] ?? 0);
    let left = this.#random.unit() * total;
    let region = 0;
    while (region < regions.length - 1) {
      left -= this.#regionTraffic[this.#minute * regions.length + region] ?? 0;
      if (left < 0) break;
      region++;
    }
    return users.inRegion.draw(this.#random, users.regionBounds[region] ?? 0, users.regionBounds[region + 1] ?? 0);
  }

  #retrieve(slot: number): void {
    const { retrieval, sessions, items } = this.#shared;
    const random = this.#random;
    const answer = this.#answer;
    let filled = 0;
    const taken = (item: number): boolean => {
      for (let p = 0; p < filled; p++) if (answer.items[p] === item) return true;
      return false;
    };
    while (filled < answer.count) {
      let item = -1;
      let channel = retrieval.channel(random);
      if (slot >= 0 && filled < 2) {
        const again = sessions.passedOver(random, slot);
        if (again >= 0 && !taken(again) && items.alive(again, answer.time, answer.time + longestRequest)) {
          item = again;
          channel = 1;
        }
      }
      if (item < 0)
        item = retrieval.bestOf(random, triesOfChannel[channel] ?? 1, channel, answer.user, answer.time, taken);
      answer.items[filled] = item;
      answer.channels[filled] = channel;
      answer.interests[filled] = retrieval.interest(answer.user, item);
      answer.scores[filled] = (answer.interests[filled] ?? 0) * (0.6 + 0.8 * random.unit());
      filled++;
    }
  }

  /** Puts the answer in order of score (insertion sort: a dozen items). */
  #rank(): void {
    const { items, channels, interests, scores, count } = this.#answer;
    for (let p = 1; p < count; p++) {
      const item = items[p] ?? 0;
      const channel = channels[p] ?? 0;
      const interest = interests[p] ?? 0;
      const score = scores[p] ?? 0;
      let to = p;
      for (; to > 0 && (scores[to - 1] ?? 0) < score; to--) {
        items[to] = items[to - 1] ?? 0;
        channels[to] = channels[to - 1] ?? 0;
        interests[to] = interests[to - 1] ?? 0;
        scores[to] = scores[to - 1] ?? 0;
      }
      items[to] = item;
      channels[to] = channel;
      interests[to] = interest;
      scores[to] = score;
    }
  }

  /** The user scrolls down until patience ends and clicks some of what is seen, less readily further down. */
  #watch(): void {
    const { viewed, clicked, interests, teachers, count } = this.#answer;
    let watching = true;
    for (let p = 0; p < count; p++) {
      teachers[p] = teacherScore(this.#random, interests[p] ?? 0);
      watching &&= p === 0 || this.#random.unit() < 0.93;
      viewed[p] = watching ? 1 : 0;
      clicked[p] = watching && this.#random.unit() < (interests[p] ?? 0) / (1 + 0.09 * p) ? 1 : 0;
    }
  }

  #logImpressions(): void {
    const { logs, items, users, features, actions } = this.#shared;
    const random = this.#random;
    const answer = this.#answer;
    const block = logs.impressions;
    const to = block.data;
    // An item is shown when it is scrolled into sight, the unseen rest a few milliseconds after the last one.
    let time = answer.time;
    for (let p = 0; p < answer.count; p++) {
      const item = answer.items[p] ?? 0;
      const row = block.length++;
      if (p > 0)
        time += Math.floor(
          answer.viewed[p] === 1 ? (0.4 + 2.4 * random.unit()) * second : (1 + 4 * random.unit()) * 1000,
        );
      copyWords(to.user_id, row, users.id, answer.user);
      copyWords(to.item_id, row, items.id, item);
      setWords(to.ts, row, time);
      to.request_id[2 * row] = answer.id[0] ?? 0;
      to.request_id[2 * row + 1] = answer.id[1] ?? 0;
      to.position[row] = p + 1;
      to.is_viewed[row] = answer.viewed[p] ?? 0;
      to.is_click[row] = answer.clicked[p] ?? 0;
      to.play_time[row] = 0;
      to.device[row] = answer.device;
      to.shown_price[row] = features.cents(item, time);
      to.item_ctr[row] = features.rate(item);
      to.teacher_score[row] = answer.teachers[p] ?? Number.NaN;
      features.count(item, answer.clicked[p] === 1);
      if (answer.clicked[p] === 1) {
        // Pareto-tailed seconds with milliseconds: the median is about 7.
        const played =
          Math.floor(Math.min(1800, (2 * (0.5 + (items.quality[item] ?? 1))) / (1 - 0.998 * random.unit())) * 1000) /
          1000;
        to.play_time[row] = played;
        if (played >= 7) actions.afterVisit(answer.user, item, time + Math.floor(played * second));
        if (played >= 7 && random.unit() < refused)
          this.#refuse(item, time + Math.floor((60 + random.unit() * 20_000) * second));
      } else if (answer.viewed[p] === 1 && random.unit() < 0.003) {
        const reason = random.integerBelow(dislikes.length);
        this.#reject(logs.dislikes, item, time + Math.floor((0.8 + 6 * random.unit()) * second), reason);
      }
    }
  }

  /** The owner refuses a user who wanted to book. */
  #refuse(item: number, time: number): void {
    const reason = this.#random.integerBelow(refusals.length);
    if (time < endOfLog && this.#shared.items.alive(item, time, time + hour))
      this.#reject(this.#shared.logs.refusals, item, time, reason);
  }

  #reject(block: Logs['refusals'], item: number, time: number, reason: number): void {
    const row = block.length++;
    copyWords(block.data.user_id, row, this.#shared.users.id, this.#answer.user);
    copyWords(block.data.item_id, row, this.#shared.items.id, item);
    setWords(block.data.ts, row, time);
    block.data.reason[row] = reason;
  }
}
