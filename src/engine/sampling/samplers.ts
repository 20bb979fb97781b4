import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { failureOf } from '../../core/report/failure.ts';
import type { SamplingData, SamplingRequest } from '../../protocol/sampling.ts';
import { Tables } from '../answers/tables.ts';
import type { Work } from '../database/connections.ts';
import type { SessionOptions } from '../session.ts';
import { SampledData } from './sampledData.ts';
import { refsOf, SampledTables } from './sampledTables.ts';

/** Configs whose data stay open at once: the two of a comparison. */
const MAX_OPEN = 2;
/** Milliseconds after which data that nobody sampled are closed. */
const IDLE = 15 * 60_000;

interface Entry {
  readonly data: Promise<SampledData>;
  running: number;
  idle?: NodeJS.Timeout;
}

/** What a task is given: the data, the tables of this request, and whether they were read again because files changed. */
export interface Sampling {
  readonly data: SampledData;
  readonly sampled: SampledTables;
  readonly changed: boolean;
}

/** Data sets open for samplers. Equal data are opened once, whatever is drawn from them. */
export class Samplers {
  readonly #open = new Map<string, Entry>();
  /** Data that were closed because their files changed, until somebody is told. */
  readonly #changed = new Set<string>();

  constructor(private readonly options: SessionOptions) {}

  /**
   * Runs a task on the data of a request. Where files changed since they were opened, or change while it runs, they are opened again and the
   * task runs once more; a request that names their former state fails with `changed`.
   */
  async use<T>({ plan, data }: SamplingRequest, work: Work, task: (sampling: Sampling) => Promise<T>): Promise<T> {
    const key = JSON.stringify([withoutState(data), plan.timezone]);
    await this.#closeOutdated(key);
    try {
      return await this.#run(key, { plan, data }, work, task);
    } catch (error) {
      if (failureOf(error).code !== 'changed') throw error;
      await this.#closeOutdated(key);
      if (refsOf(data).some(({ fingerprint }) => fingerprint !== undefined)) throw error;
    }
    return await this.#run(key, { plan, data }, work, task);
  }

  async closeAll(): Promise<void> {
    const all = [...this.#open];
    for (const [key, entry] of all) this.#close(key, entry);
    await Promise.all(
      all.map(
        async ([, { data }]) =>
          await data.then(
            async (one) => await one.tables.close(),
            () => undefined,
          ),
      ),
    );
  }

  async #run<T>(
    key: string,
    { plan, data }: SamplingRequest,
    work: Work,
    task: (sampling: Sampling) => Promise<T>,
  ): Promise<T> {
    const entry = this.#touched(key, data, work);
    entry.running++;
    try {
      const opened = await entry.data.catch((error: unknown) => {
        // Cancelled by another request that had begun to open them: this one still wants them.
        if (failureOf(error).code === 'cancelled' && !work.signal?.aborted) return null;
        throw error;
      });
      if (opened === null) return await this.#run(key, { plan, data }, work, task);
      return await opened.turns.run(work, async () => {
        opened.tables.checkFingerprints(refsOf(data));
        const result = await task({
          data: opened,
          sampled: new SampledTables(opened.tables, data, plan.timezone),
          changed: this.#changed.has(key),
        });
        await opened.tables.checkCurrent();
        this.#changed.delete(key);
        return result;
      });
    } finally {
      entry.running--;
      this.#rest(key, entry);
    }
  }

  #touched(key: string, data: SamplingData, work: Work): Entry {
    const known = this.#open.get(key);
    const entry: Entry = known ?? {
      data: Tables.open(refsOf(data), join(this.options.temporaryDirectory, randomUUID()), this.options, work).then(
        (tables) => new SampledData(tables),
      ),
      running: 0,
    };
    clearTimeout(entry.idle);
    this.#open.delete(key);
    this.#open.set(key, entry);
    // One that could not be opened is tried again by the next request.
    if (!known)
      entry.data.catch(() => {
        if (this.#open.get(key) === entry) this.#open.delete(key);
      });
    for (const [old, other] of this.#open) {
      if (this.#open.size <= MAX_OPEN) break;
      if (other.running === 0 && other !== entry) this.#close(old, other);
    }
    return entry;
  }

  #rest(key: string, entry: Entry): void {
    if (entry.running > 0 || this.#open.get(key) !== entry) return;
    clearTimeout(entry.idle);
    entry.idle = setTimeout(() => {
      this.#close(key, entry);
    }, IDLE);
    entry.idle.unref();
  }

  async #closeOutdated(key: string): Promise<void> {
    const entry = this.#open.get(key);
    if (entry === undefined || (await isCurrent(entry))) return;
    this.#changed.add(key);
    this.#close(key, entry);
  }

  /** Closes what is open under a key, when its tasks have ended, if it is still that. */
  #close(key: string, entry: Entry): void {
    if (this.#open.get(key) !== entry) return;
    this.#open.delete(key);
    clearTimeout(entry.idle);
    void entry.data.then(
      async (data) => {
        await data.close();
      },
      () => undefined,
    );
  }
}

/** The data as they are named, whatever state their files are in and whatever events are looked for. */
function withoutState({ log: { impressions, clicks }, items, users, candidates, rejections }: SamplingData): unknown {
  return [impressions, clicks, items, users, candidates, rejections].map(
    (table) => table && { ...table, ref: { ...table.ref, fingerprint: undefined } },
  );
}

async function isCurrent({ data }: Entry): Promise<boolean> {
  return await data.then(
    async ({ tables }) => await tables.isCurrent(),
    () => false,
  );
}
