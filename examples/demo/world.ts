import { BulkGenerator } from '../../src/core/sampling/rng.ts';
import { ActionLog } from './actions.ts';
import { dayWeight, startOfDay } from './calendar.ts';
import { CandidateLog } from './candidates.ts';
import { DayOfRequests } from './day.ts';
import { ItemFeatures } from './itemFeatures.ts';
import { Items } from './items.ts';
import { Logs } from './logs.ts';
import { RecallSample } from './recallSample.ts';
import { Retrieval } from './retrieval.ts';
import { Sessions } from './sessions.ts';
import type { Scale } from './scale.ts';
import { Users } from './users.ts';

/** Raised whenever equal arguments no longer give equal files. */
export const demoVersion = 4;
/** Raised whenever equal arguments no longer give equal rows. */
const worldVersion = 2;

/** Requests that a day makes at most before its logs must be emptied. */
export const requestsPerTurn = 1024;

/**
 * A synthetic recommender: its corpus, its users and, day by day in order, its logs. A pure function of scale and seed.
 * It uses integer and exactly rounded operations only, so that it is the same on every machine.
 */
export class World {
  readonly items: Items;
  readonly users: Users;
  readonly logs: Logs;
  readonly seedText: string;
  readonly #retrieval: Retrieval;
  readonly #sessions: Sessions;
  readonly #candidates: CandidateLog;
  readonly #sample: RecallSample;
  readonly #features: ItemFeatures;
  readonly #actions: ActionLog;
  /** Impressions up to the end of every day. */
  readonly #totals: readonly number[];

  constructor(
    readonly scale: Scale,
    seed: string,
  ) {
    this.seedText = `recsample-demo/${worldVersion}/${scale.name}/${seed}`;
    this.items = new Items(scale, this.seedText);
    this.users = new Users(scale, this.seedText);
    this.logs = new Logs(
      requestsPerTurn,
      (Math.ceil(requestsPerTurn / scale.requestsPerLogged) + 1) * scale.candidates,
    );
    this.#retrieval = new Retrieval(this.items, this.users);
    this.#sessions = new Sessions(scale);
    this.#candidates = new CandidateLog(
      scale,
      this.items,
      this.users,
      this.#retrieval,
      this.logs,
      new BulkGenerator(`${this.seedText}/candidates`),
    );
    this.#sample = new RecallSample(
      scale,
      this.items,
      this.users,
      this.logs,
      new BulkGenerator(`${this.seedText}/sample`),
    );
    this.#features = new ItemFeatures(this.items);
    this.#actions = new ActionLog(
      this.items,
      this.users,
      this.#retrieval,
      this.logs,
      new BulkGenerator(`${this.seedText}/actions`),
    );
    this.#totals = dailyTotals(scale);
  }

  /** The day's requests; days must be run to their end in order, 0 to scale.days − 1. */
  day(index: number): DayOfRequests {
    const impressions = (this.#totals[index] ?? 0) - (this.#totals[index - 1] ?? 0);
    return new DayOfRequests(
      {
        scale: this.scale,
        items: this.items,
        users: this.users,
        logs: this.logs,
        retrieval: this.#retrieval,
        sessions: this.#sessions,
        candidates: this.#candidates,
        sample: this.#sample,
        features: this.#features,
        actions: this.#actions,
      },
      { index, start: startOfDay(this.scale.days, index), impressions },
      new BulkGenerator(`${this.seedText}/day/${index}`),
    );
  }
}

function dailyTotals(scale: Scale): number[] {
  const weights = Array.from({ length: scale.days }, (_, i) => dayWeight(startOfDay(scale.days, i), i));
  const sum = weights.reduce((a, b) => a + b, 0);
  let running = 0;
  const totals = weights.map((w) => {
    running += w;
    return Math.floor((running / sum) * scale.impressions + 0.5);
  });
  totals[scale.days - 1] = scale.impressions;
  return totals;
}
