import { f64At } from '../../core/valueAt.ts';

/** Tells the requests of a user apart. */
export type RequestKey = string | number;

/**
 * The read times of a user's groups: the earliest time at which the log knows of the group's request. Everything that
 * is read for a row is read at this time, so all rows of a request know the same, and nothing that follows from it.
 */
export class ReadTimes {
  readonly #earliest = new Map<RequestKey, number>();

  /**
   * @param requests of the user's impressions, null without one
   * @param times of the impressions
   * @param events the requests of events in separate tables
   */
  constructor(
    requests: Iterable<RequestKey | null>,
    times: Float64Array,
    events: { readonly request: readonly RequestKey[]; readonly time: Float64Array },
  ) {
    let [last, least]: [RequestKey | null, number] = [null, Infinity];
    let row = 0;
    for (const request of requests) {
      const time = f64At(times, row++);
      // The exposures of a request often follow each other.
      if (request !== last) {
        this.#add(last, least);
        [last, least] = [request, time];
      } else if (time < least) least = time;
    }
    this.#add(last, least);
    events.request.forEach((request, k) => {
      this.#add(request, f64At(events.time, k));
    });
  }

  /** @param time of the group: it has no earlier one if it has no request */
  of(request: RequestKey | null, time: number): number {
    return request === null ? time : Math.min(time, this.#earliest.get(request) ?? time);
  }

  #add(request: RequestKey | null, time: number): void {
    if (request !== null && time < (this.#earliest.get(request) ?? Infinity)) this.#earliest.set(request, time);
  }
}
