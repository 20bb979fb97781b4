import { cancelled } from '../../core/queue/cancelled.ts';
import { Pool } from '../../core/queue/pool.ts';
import type { Work as WorkOf } from '../../core/queue/work.ts';
import { setMaxListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type {
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBMaterializedResult,
  DuckDBValue,
} from '@duckdb/node-api';
import type { Message } from '../../core/message/message.ts';
import type { Progress } from '../../protocol/engine.ts';
import { Columnar } from './columnar.ts';

/** Rows of one complete query. Columns are addressed by position. */
export type Rows = DuckDBValue[][];

/** Cancellation and progress, which every statement accepts. */
export type Work = WorkOf<Progress>;

const PROGRESS_MILLISECONDS = 150;
/** Chunks of a result to fetch before other tasks may run: about 10 ms for numbers. */
const CHUNKS_BETWEEN_TURNS = 256;

/**
 * Connections of one instance. Every query has a separate connection, so a page never waits for a profile, and a
 * cancellation interrupts only one query. Long statements queue for the few connections that report progress.
 */
export class Connections {
  readonly #idle: DuckDBConnection[] = [];
  readonly #busy = new Set<DuckDBConnection>();
  readonly #running = new Set<Promise<unknown>>();
  /** Connections that report progress. */
  readonly #reporting: Pool<DuckDBConnection>;
  #state: 'open' | 'closed' = 'open';

  constructor(
    private readonly instance: DuckDBInstance,
    reporting: readonly DuckDBConnection[],
  ) {
    this.#reporting = new Pool(reporting);
  }

  /**
   * Runs one statement to its end and returns all rows. Never streams, because a stream that fails late looks like a
   * complete result.
   * @throws FailureError `cancelled` when the signal aborts; DuckDB's own error otherwise
   */
  async rows(sql: string, work: Work = {}): Promise<Rows> {
    return await this.use(async (connection) => await rowsOf(await connection.run(sql)), work);
  }

  /** Lends a connection to `task` and interrupts it when the signal aborts. */
  async use<T>(task: (connection: DuckDBConnection) => Promise<T>, work: Work = {}): Promise<T> {
    if (this.#isClosed() || work.signal?.aborted) throw cancelled();
    const connection = this.#idle.pop() ?? (await this.#connect());
    try {
      return await this.#run(connection, task, work);
    } finally {
      if (this.#isClosed()) connection.closeSync();
      else this.#idle.push(connection);
    }
  }

  /** Connecting counts as running, so `close` does not free the instance too early. */
  async #connect(): Promise<DuckDBConnection> {
    const connecting = this.instance.connect();
    this.#running.add(connecting);
    try {
      return await connecting;
    } finally {
      this.#running.delete(connecting);
    }
  }

  /**
   * Runs a statement that may take seconds, and reports its progress as `text`. Waits if too many such statements run.
   */
  async long(sql: string, text: Message, work: Work = {}): Promise<Rows> {
    return await this.#long(sql, text, work, rowsOf);
  }

  /** Like `long`, for many rows. */
  async columnar(sql: string, text: Message, work: Work = {}): Promise<Columnar> {
    return await this.#long(sql, text, work, async (result) => new Columnar(await chunksOf(result)));
  }

  async #long<T>(
    sql: string,
    text: Message,
    work: Work,
    read: (result: DuckDBMaterializedResult) => Promise<T>,
  ): Promise<T> {
    if (this.#isClosed() || work.signal?.aborted) throw cancelled();
    const connection = await this.#reporting.take(work);
    const tick = (): void => {
      const { percentage } = connection.progress;
      work.progress?.({ fraction: percentage >= 0 ? percentage / 100 : null, message: text });
    };
    const timer = work.progress === undefined ? undefined : setInterval(tick, PROGRESS_MILLISECONDS);
    try {
      return await this.#run(
        connection,
        async (c) => {
          const running = c.run(sql);
          // Report once at the start, so listeners know about even the shortest statement.
          tick();
          return await read(await running);
        },
        work,
      );
    } finally {
      clearInterval(timer);
      if (this.#isClosed()) connection.closeSync();
      else this.#reporting.giveBack(connection);
    }
  }

  /** A method, not a field, because another caller may close this during an await. */
  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  async #run<T>(
    connection: DuckDBConnection,
    task: (connection: DuckDBConnection) => Promise<T>,
    work: Work,
  ): Promise<T> {
    if (this.#isClosed() || work.signal?.aborted) throw cancelled();
    this.#busy.add(connection);
    const interrupt = (): void => connection.interrupt();
    if (work.signal) {
      // One call runs many statements at once, and each adds a listener. Node reports more than 10 listeners as a leak.
      setMaxListeners(0, work.signal);
      work.signal.addEventListener('abort', interrupt, { once: true });
    }
    const running = task(connection);
    this.#running.add(running);
    try {
      const result = await running;
      if (work.signal?.aborted) throw cancelled();
      return result;
    } catch (error) {
      if (this.#isClosed() || work.signal?.aborted) throw cancelled();
      throw error;
    } finally {
      work.signal?.removeEventListener('abort', interrupt);
      this.#running.delete(running);
      this.#busy.delete(connection);
    }
  }

  /** Interrupts running queries, waits for them, and frees the instance. */
  async close(): Promise<void> {
    if (this.#isClosed()) return;
    this.#state = 'closed';
    const free = this.#reporting.drain();
    for (const connection of this.#busy) connection.interrupt();
    await Promise.allSettled(this.#running);
    for (const connection of [...this.#idle.splice(0), ...free]) connection.closeSync();
    this.instance.closeSync();
  }
}

async function rowsOf(result: DuckDBMaterializedResult): Promise<Rows> {
  const rows: Rows = [];
  for (const chunk of await chunksOf(result)) chunk.appendToRows(rows);
  return rows;
}

/** All chunks of a finished result. Fetching each chunk asynchronously would wait for all other tasks every time. */
async function chunksOf(result: DuckDBMaterializedResult): Promise<DuckDBDataChunk[]> {
  const { chunkCount } = result;
  const chunks: DuckDBDataChunk[] = [];
  while (chunks.length < chunkCount) {
    chunks.push(result.getChunk(chunks.length));
    if (chunks.length % CHUNKS_BETWEEN_TURNS === 0) await setImmediate();
  }
  return chunks;
}
