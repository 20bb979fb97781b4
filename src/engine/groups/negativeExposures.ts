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
interface CandidateExposures {
  readonly items: Uint32Array;
  readonly times: Float64Array;
  /** Request number within the block; -1 for a request without a group. */
  readonly requests: Int32Array;
  readonly rows: Int32Array;
}

/**
 * Chooses the exposure of a negative of `exposed_unclicked`, among those that made its item a candidate:
 * 1. the earliest in the request of the group;
 * 2. else the latest before the read time of the group;
 * 3. else the earliest.
 * For equal times, the first one in the stored log wins.
 */
export class NegativeExposures {
  readonly #users: readonly CandidateExposures[];
  readonly #scope: 'request_then_user' | 'request' | 'user';

  private constructor({ scope, ...rows }: ExposureList, logs: readonly LabelledLog[], requests: Requests) {
    this.#scope = scope;
    this.#users = logs.map((log, user) => exposuresOf({ scope, ...rows }, log, user, requests));
  }

  /** Null for entries of other sources, because only list entries over exposures have one. */
  static forEntry({ draws }: PlanEntry, logs: readonly LabelledLog[], requests: Requests): NegativeExposures | null {
    return draws.kind === 'list' && draws.rows.of === 'exposures'
      ? new NegativeExposures(draws.rows, logs, requests)
      : null;
  }

  /**
   * Row of the matched exposure in the stored log; -1 without one.
   * @param user index within the block
   * @param group number of its request, and its read time
   */
  exposureRow(
    user: number,
    item: number,
    { request, readTime }: { readonly request: number; readonly readTime: number },
  ): number {
    const exposures = this.#users[user];
    if (!exposures) return -1;
    const { items, times, requests, rows } = exposures;
    let best = -1;
    for (let k = indexIn(items, 0, items.length, item); items[k] === item; k++) {
      if (this.#scope !== 'user' && requests[k] === request) return i32At(rows, k);
      // A later exposure wins if it is before the read time. Equal times keep the first.
      const isLater = f64At(times, k) < readTime && times[k] !== times[best];
      if (best < 0 || isLater) best = k;
    }
    return this.#scope === 'request' || best < 0 ? -1 : i32At(rows, best);
  }
}

type ExposureList = Extract<Extract<PlanEntry['draws'], { kind: 'list' }>['rows'], { of: 'exposures' }>;

function exposuresOf(list: ExposureList, log: LabelledLog, user: number, requests: Requests): CandidateExposures {
  const makesCandidate = isCandidate(list, log);
  const rows: number[] = [];
  for (let row = 0; row < log.rows; row++) if (makesCandidate(row)) rows.push(row);
  rows.sort((a, b) => log.item(a) - log.item(b) || log.row(a) - log.row(b));
  return {
    items: Uint32Array.from(rows, (row) => log.item(row)),
    times: Float64Array.from(rows, (row) => log.time(row)),
    requests: Int32Array.from(rows, (row) => (list.scope === 'user' ? -1 : requests.find(user, log.requestKey(row)))),
    rows: Int32Array.from(rows, (row) => log.row(row)),
  };
}
