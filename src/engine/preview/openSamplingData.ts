import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { failureOf } from '../../core/message/failure.ts';
import type { SamplingData, SamplingRequest } from '../../protocol/sampling.ts';
import { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';
import type { DatasetOptions } from '../tables/openDataset.ts';
import { SampledData } from './sampledData.ts';
import { refsOf, SampledTables } from '../inputs/sampledTables.ts';

/** Configs whose data stays open at the same time: the two of a comparison. */
const MAX_OPEN = 2;
/** Milliseconds after which unused data is closed. */
const IDLE = 15 * 60_000;

interface Entry {
  readonly data: Promise<SampledData>;
  running: number;
  idle?: NodeJS.Timeout;
}

/**
 * The input of a task: the data, the tables of this request, and whether they were read again because files changed.
 */
export interface Sampling {
  readonly data: SampledData;
  readonly sampled: SampledTables;
  readonly changed: boolean;
}

/** Data sets that are open for sampling. Equal data is opened once, for all plans. */
export class OpenSamplingData {
  readonly #open = new Map<string, Entry>();
  /** Data that was closed because its files changed, until the change is reported. */
  readonly #changed = new Set<string>();

  constructor(private readonly options: DatasetOptions) {}

  /**
   * Runs a task on the data of a request. If files changed since they were opened, or change during the task, they are
   * opened again and the task runs once more. A request that names their previous state fails with `changed`.
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
        // Another request started to open the data and was cancelled, but this one still needs it.
        if (failureOf(error).code === 'cancelled' && !work.signal?.aborted) return null;
        throw error;
      });
      if (opened === null) return await this.#run(key, { plan, data }, work, task);
      return await opened.queue.run(work, async () => {
        opened.tables.checkFingerprints(refsOf(data));
        const result = await task({
          data: opened,
          sampled: await SampledTables.open(opened.tables, data, plan.timezone, work),
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
    // If opening failed, the next request tries again.
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

  /** Closes the data of a key after its tasks have ended, if the entry is still current. */
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

/** The data as named, independent of the state of its files and of the events. */
function withoutState({
  log: { impressions, clicks },
  items,
  users,
  candidates,
  rejections,
  extract,
}: SamplingData): unknown {
  return [
    ...[impressions, ...(clicks ?? []), items, users, candidates, rejections].map(
      (table) => table && { ...table, ref: { ...table.ref, fingerprint: undefined } },
    ),
    ...(extract ? [extract] : []),
  ];
}

async function isCurrent({ data }: Entry): Promise<boolean> {
  return await data.then(
    async ({ tables }) => await tables.isCurrent(),
    () => false,
  );
}
