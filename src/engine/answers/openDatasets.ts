import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fail, failureOf } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import { CountedTables } from '../tables/countedTables.ts';
import { KeptTables } from '../tables/keptTables.ts';
import { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';
import type { OpenSamplingData } from '../preview/openSamplingData.ts';
import { OpenDataset, type DatasetOptions } from '../tables/openDataset.ts';
import { SerialQueue } from '../../core/queue/serialQueue.ts';

/** Number of data sets that stay open. The least recently used one is closed first, and opens again on demand. */
const MAX_SESSIONS = 12;

interface Entry {
  readonly ref: DatasetRef;
  readonly dataset: Promise<OpenDataset>;
}

/** The open data sets, by id. Any request opens a data set if necessary. */
export class OpenDatasets {
  readonly #open = new Map<string, Entry>();
  readonly #series = new SerialQueue();
  readonly #kept = new KeptTables();
  /** Those of the last audit, with its counts. */
  readonly counted = new CountedTables();
  #samplingData: Promise<OpenSamplingData> | undefined;

  constructor(readonly options: DatasetOptions) {}

  /** Data sets for samplers, open together. Their code is loaded by the first sampler. */
  async samplingData(): Promise<OpenSamplingData> {
    this.#samplingData ??= import('../preview/openSamplingData.ts').then(
      (loaded) => new loaded.OpenSamplingData(this.options),
    );
    return await this.#samplingData;
  }

  /**
   * The open data set of a reference. If the reference has a fingerprint and files have changed, fails with `changed`.
   * `fresh` opens the files in their current state, even if an older state is open.
   */
  async get(ref: DatasetRef, work: Work, fresh = false): Promise<OpenDataset> {
    const known = this.#open.get(ref.id);
    if (known !== undefined && (!isSamePlace(known.ref, ref) || (fresh && !(await isCurrent(known.dataset)))))
      await this.close(ref.id, known);
    const dataset = await this.#opened(ref, work);
    this.#touch(ref.id);
    if (!fresh) await dataset.checkUnchanged();
    if (ref.fingerprint !== undefined && dataset.source.state().fingerprint !== ref.fingerprint) {
      throw fail('changed', message('The file has changed since it was opened'), {
        place: { path: ref.path },
        advice: message('Reload it to see the current file.'),
      });
    }
    return dataset;
  }

  /**
   * Opens data sets together for one task and frees them afterwards. One task at a time, so that together they need the
   * memory of only one. `target`: a folder that the task writes to.
   */
  async together<T>(
    refs: readonly DatasetRef[],
    work: Work,
    task: (tables: Tables) => Promise<T>,
    target?: string,
  ): Promise<T> {
    return await this.#series.run(work, async () => {
      await this.#free();
      const tables = await this.#tablesOf(refs, work, target);
      try {
        return await task(tables);
      } finally {
        await tables.close();
      }
    });
  }

  /** Like `together`, but what the task has counted stays open for the questions that follow, unless it fails. */
  async audited<T>(refs: readonly DatasetRef[], work: Work, task: (tables: Tables) => Promise<T>): Promise<T> {
    return await this.#series.run(work, async () => {
      await this.#free();
      const tables = await this.#tablesOf(refs, work);
      let isCounted = false;
      try {
        const answer = await task(tables);
        isCounted = tables.counts.size > 0;
        return answer;
      } finally {
        await (isCounted ? this.counted.keep(tables) : tables.close());
      }
    });
  }

  /**
   * Like `together`, for questions that only read. Small data sets stay open for the next question, for a second, unless
   * this one fails.
   */
  async asked<T>(refs: readonly DatasetRef[], work: Work, task: (tables: Tables) => Promise<T>): Promise<T> {
    return await this.#series.run(work, async () => {
      const counted = await this.#fromCounted(refs, task);
      if (counted) return counted.answer;
      try {
        const tables = (await this.#kept.take(refs)) ?? (await this.#tablesOf(refs, work));
        try {
          const answer = await task(tables.only(refs));
          await this.#kept.keep(tables);
          return answer;
        } catch (error) {
          await tables.close();
          throw error;
        }
      } finally {
        this.#kept.rest();
      }
    });
  }

  /** The answer from the data sets of the last audit; null if they are others, or have no memory left for it. */
  async #fromCounted<T>(
    refs: readonly DatasetRef[],
    task: (tables: Tables) => Promise<T>,
  ): Promise<{ readonly answer: T } | null> {
    const tables = await this.counted.as(refs);
    if (tables === null) return null;
    try {
      return { answer: await task(tables) };
    } catch (error) {
      // The question may have left tables of its own.
      await this.counted.close();
      if (failureOf(error).code !== 'out-of-memory') throw error;
      return null;
    }
  }

  async #free(): Promise<void> {
    await Promise.all([this.counted.close(), this.#kept.closeAll()]);
  }

  /** Closes a data set. With `only`, closes it only if that entry is still the open one. */
  async close(id: string, only?: Entry): Promise<void> {
    const known = this.#open.get(id);
    if (known === undefined || (only !== undefined && only !== known)) return;
    this.#open.delete(id);
    const dataset = await known.dataset.catch(() => null);
    await dataset?.close();
  }

  async closeAll(): Promise<void> {
    await Promise.all([
      ...[...this.#open.keys()].map((id) => this.close(id)),
      this.#samplingData?.then(async (data) => {
        await data.closeAll();
      }),
    ]);
    await this.#series.ended();
    await this.#free();
  }

  async #tablesOf(refs: readonly DatasetRef[], work: Work, target?: string): Promise<Tables> {
    return await Tables.open(refs, join(this.options.temporaryDirectory, randomUUID()), this.options, work, target);
  }

  async #opened(ref: DatasetRef, work: Work): Promise<OpenDataset> {
    for (;;) {
      try {
        return await (this.#open.get(ref.id)?.dataset ?? this.#start(ref, work));
      } catch (error) {
        // Another request started to open it and was cancelled, but this one still needs it.
        if (failureOf(error).code !== 'cancelled' || work.signal?.aborted) throw error;
      }
    }
  }

  #start(ref: DatasetRef, work: Work): Promise<OpenDataset> {
    const dataset = OpenDataset.open(ref, join(this.options.temporaryDirectory, randomUUID()), this.options, work);
    const entry = { ref, dataset };
    this.#open.set(ref.id, entry);
    dataset.catch(() => this.#open.get(ref.id) === entry && this.#open.delete(ref.id));
    return dataset;
  }

  #touch(id: string): void {
    const entry = this.#open.get(id);
    if (entry === undefined) return;
    this.#open.delete(id);
    this.#open.set(id, entry);
    for (const old of this.#open.keys()) {
      if (this.#open.size <= MAX_SESSIONS) break;
      void this.close(old);
    }
  }
}

const isSamePlace = (a: DatasetRef, b: DatasetRef): boolean =>
  a.path === b.path && a.within === b.within && a.format === b.format;

async function isCurrent(dataset: Promise<OpenDataset>): Promise<boolean> {
  try {
    return await (await dataset).isCurrent();
  } catch {
    return false;
  }
}
