import type { BulkGenerator } from '../../src/core/sampling/rng.ts';
import type { Answer } from './answer.ts';
import { sixDecimals } from './arithmetic.ts';
import { copyWords, setWords } from './block.ts';
import type { Items } from './items.ts';
import { channels, type Logs } from './logs.ts';
import { longestRequest, type Retrieval } from './retrieval.ts';
import type { Scale } from './scale.ts';
import { teacherScore } from './teacher.ts';
import type { Users } from './users.ts';

/** How long the list of every channel is, relative to all. */
const lengths = [0.42, 0.27, 0.15, 0.09, 0.07];
/** Share of a request's recalled items that a second channel found too. */
const foundTwice = 0.12;

/**
 * What was not shown is worth this much less than its item suggests: its dates are taken, its price rose, it is far.
 */
const worthOfOthers = 0.4;

/** Share of the candidates before fine ranking that the teacher scores too, to see how coarse ranking does. */
const shadowed = 0.1;

interface Candidate {
  readonly item: number;
  /** Probability of a click, see Retrieval.interest. */
  readonly interest: number;
  readonly channels: number[];
  /** Index into `stages`. */
  stage: number;
  coarse: number;
  fine: number;
  /** Estimate of the teacher; NaN without one. */
  teacher: number;
}

/**
 * Logs what the funnel of some requests held: one seeded request of every `requestsPerLogged` consecutive ones. What
 * was shown is drawn for every request. The candidates that lost against it are generated for the logged ones only,
 * from the same channels, with scores that explain why they lost.
 */
export class CandidateLog {
  readonly #scale: Scale;
  readonly #items: Items;
  readonly #users: Users;
  readonly #retrieval: Retrieval;
  readonly #logs: Logs;
  readonly #random: BulkGenerator;
  #inBlock = 0;
  #chosen: number;

  constructor(scale: Scale, items: Items, users: Users, retrieval: Retrieval, logs: Logs, random: BulkGenerator) {
    this.#scale = scale;
    this.#items = items;
    this.#users = users;
    this.#retrieval = retrieval;
    this.#logs = logs;
    this.#random = random;
    this.#chosen = random.integerBelow(scale.requestsPerLogged);
  }

  offer(answer: Answer): void {
    if (this.#inBlock === this.#chosen) this.#log(answer);
    this.#inBlock++;
    if (this.#inBlock === this.#scale.requestsPerLogged) {
      this.#inBlock = 0;
      this.#chosen = this.#random.integerBelow(this.#scale.requestsPerLogged);
    }
  }

  #log(answer: Answer): void {
    const shown = this.#shown(answer);
    const others = this.#others(answer);
    this.#rankOthers(others, shown);
    this.#write(answer, [...shown, ...others]);
  }

  #shown(answer: Answer): Candidate[] {
    return Array.from({ length: answer.count }, (_, p) => {
      const interest = answer.interests[p] ?? 0;
      return {
        item: answer.items[p] ?? 0,
        interest,
        channels: this.#withSecond(answer.channels[p] ?? 0),
        stage: 3,
        coarse: interest * (0.5 + this.#random.unit()),
        fine: answer.scores[p] ?? 0,
        teacher: answer.teachers[p] ?? Number.NaN,
      };
    });
  }

  /** Recalled and not shown: as many rows as the log of a request still has room for. */
  #others(answer: Answer): Candidate[] {
    const random = this.#random;
    const taken = new Set<number>(answer.items.subarray(0, answer.count));
    const others: Candidate[] = [];
    let rows = 2 * answer.count;
    for (let channel = 0; channel < channels.length; channel++) {
      const end = rows + Math.floor((lengths[channel] ?? 0) * (this.#scale.candidates - 2 * answer.count));
      for (let attempt = 0; rows < end && attempt < 8 * this.#scale.candidates; attempt++) {
        const item = this.#retrieval.draw(random, channel, answer.user);
        if (taken.has(item) || !this.#items.alive(item, answer.time, answer.time + longestRequest)) continue;
        taken.add(item);
        const found = rows + 2 <= end ? this.#withSecond(channel) : [channel];
        rows += found.length;
        const interest = worthOfOthers * this.#retrieval.interest(answer.user, item);
        others.push({
          item,
          interest,
          channels: found,
          stage: 0,
          coarse: interest * (0.4 + 1.2 * random.unit()),
          fine: Number.NaN,
          teacher: Number.NaN,
        });
      }
    }
    return others;
  }

  #withSecond(channel: number): number[] {
    const random = this.#random;
    const second = random.integerBelow(channels.length);
    return random.unit() < foundTwice && second !== channel ? [channel, second] : [channel];
  }

  /**
   * Sends the others as far down the funnel as their coarse scores allow: a tenth is cut off when the channels are
   * merged, the
   * best enter fine ranking and lose there, the rest is dropped by coarse ranking.
   */
  #rankOthers(others: readonly Candidate[], shown: readonly Candidate[]): void {
    const random = this.#random;
    const entrants = others.filter(() => random.unit() >= 0.1).sort((a, b) => b.coarse - a.coarse || a.item - b.item);
    const fineSize = Math.floor(others.length * 0.16);
    // Popular and new items have places of their own, so the bar is not the lowest score that was shown.
    const bar = shown[Math.floor(shown.length * 0.7)]?.fine ?? 1;
    let lowestInFine = 1;
    for (const candidate of entrants.slice(0, fineSize)) {
      candidate.stage = 2;
      const estimate = candidate.interest * (0.6 + 0.8 * random.unit());
      // A few above the bar were put aside for variety.
      candidate.fine = random.unit() < 0.04 ? estimate : Math.min(estimate, bar * (0.4 + 0.6 * random.unit()));
      lowestInFine = candidate.coarse;
    }
    for (const candidate of entrants.slice(fineSize)) candidate.stage = 1;
    for (const candidate of others)
      if (candidate.stage === 2 || random.unit() < shadowed)
        candidate.teacher = teacherScore(random, candidate.interest);
    for (const candidate of others) if (candidate.stage === 0) candidate.coarse = Number.NaN;
    // Whatever was shown has passed coarse ranking.
    for (const candidate of shown)
      if (candidate.coarse < lowestInFine) candidate.coarse = lowestInFine * (1 + random.unit());
  }

  #write(answer: Answer, candidates: readonly Candidate[]): void {
    const block = this.#logs.candidates;
    const to = block.data;
    for (let channel = 0; channel < channels.length; channel++) {
      const list = candidates
        .filter((c) => c.channels.includes(channel))
        .map((candidate) => ({ candidate, similarity: candidate.interest * (0.3 + 1.4 * this.#random.unit()) }))
        .sort((a, b) => b.similarity - a.similarity || a.candidate.item - b.candidate.item);
      list.forEach(({ candidate }, place) => {
        const row = block.length++;
        copyWords(to.user_id, row, this.#users.id, answer.user);
        copyWords(to.item_id, row, this.#items.id, candidate.item);
        to.request_id[2 * row] = answer.id[0] ?? 0;
        to.request_id[2 * row + 1] = answer.id[1] ?? 0;
        setWords(to.ts, row, answer.time);
        to.channel[row] = channel;
        to.recall_rank[row] = place + 1;
        to.reached[row] = candidate.stage;
        to.coarse_score[row] = sixDecimals(candidate.coarse);
        to.fine_score[row] = sixDecimals(candidate.fine);
        to.teacher_score[row] = candidate.teacher;
      });
    }
  }
}
