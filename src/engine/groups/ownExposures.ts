import { indexIn } from '../../core/sampling/kernel/search.ts';
import type { PlanEntry } from '../../core/sampling/plan/stagePlan.ts';
import { f64At, i32At } from '../../core/valueAt.ts';
import type { LabelledLog } from './labelledLog.ts';
import { isCandidate } from './lists.ts';
import type { Requests } from './requests.ts';

/**
 * Exposures of a user that make an item a candidate, ordered by item, then by row of the stored log. There, the rows of
 * a user are ordered by time.
 */
interface Exposures {
  readonly items: Uint32Array;
  readonly times: Float64Array;
  /** Request number within the block; -1 for a request without a group. */
  readonly requests: Int32Array;
  readonly rows: Int32Array;
}

/**
 * The own exposure of a negative of `exposed_unclicked`, among the exposures that made its item a candidate. It is the
 * earliest one in the request of the group. If there is none, it is the latest one before the read time of the group,
 * else the earliest one. For equal times, the first one in the stored log wins.
 */
export class OwnExposures {
  readonly #users: readonly Exposures[];
  readonly #scope: 'request_then_user' | 'request' | 'user';

  private constructor({ scope, ...rows }: ExposureList, logs: readonly LabelledLog[], requests: Requests) {
    this.#scope = scope;
    this.#users = logs.map((log, user) => exposuresOf({ scope, ...rows }, log, user, requests));
  }

  /** Null for entries of other sources, because what they draw has no own exposure. */
  static of({ draws }: PlanEntry, logs: readonly LabelledLog[], requests: Requests): OwnExposures | null {
    return draws.kind === 'list' && draws.rows.of === 'exposures' ? new OwnExposures(draws.rows, logs, requests) : null;
  }

  /**
   * Row of the stored log; -1 if there is no own exposure.
   * @param user index within the block
   * @param group number of its request, and its read time
   */
  row(
    user: number,
    item: number,
    { request, readTime }: { readonly request: number; readonly readTime: number },
  ): number {
    const own = this.#users[user];
    if (!own) return -1;
    let found = -1;
    for (let k = indexIn(own.items, 0, own.items.length, item); own.items[k] === item; k++) {
      if (this.#scope !== 'user' && own.requests[k] === request) return i32At(own.rows, k);
      // The first one is kept unless a later one replaces it. The later one must be before the read time, and its time
      // must differ.
      const isLater = f64At(own.times, k) < readTime && own.times[k] !== own.times[found];
      if (found < 0 || isLater) found = k;
    }
    return this.#scope === 'request' || found < 0 ? -1 : i32At(own.rows, found);
  }
}

type ExposureList = Extract<Extract<PlanEntry['draws'], { kind: 'list' }>['rows'], { of: 'exposures' }>;

function exposuresOf(list: ExposureList, log: LabelledLog, user: number, requests: Requests): Exposures {
  const isOne = isCandidate(list, log);
  const found: number[] = [];
  for (let row = 0; row < log.rows; row++) if (isOne(row)) found.push(row);
  found.sort((a, b) => log.item(a) - log.item(b) || log.row(a) - log.row(b));
  return {
    items: Uint32Array.from(found, (row) => log.item(row)),
    times: Float64Array.from(found, (row) => log.time(row)),
    requests: Int32Array.from(found, (row) => (list.scope === 'user' ? -1 : requests.find(user, log.requestKey(row)))),
    rows: Int32Array.from(found, (row) => log.row(row)),
  };
}
