import type { AuditAnswer, AuditRequest } from '../../protocol/audit.ts';

/** The results of the last audits, by everything that they depend on: the request with the fingerprints of all files. */
export class AuditCache {
  static readonly #maxEntries = 16;
  readonly #answers = new Map<string, AuditAnswer>();

  get(request: AuditRequest): AuditAnswer | null {
    const key = keyOf(request);
    const answer = this.#answers.get(key);
    if (!answer) return null;
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    return answer;
  }

  keep(request: AuditRequest, answer: AuditAnswer): void {
    this.#answers.set(keyOf(request), answer);
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= AuditCache.#maxEntries) return;
      this.#answers.delete(oldest);
    }
  }
}

const keyOf = (request: AuditRequest): string => JSON.stringify(request);
