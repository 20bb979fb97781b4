import { refuse } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { shardName, shardRanks, type Placement } from '../../core/sampling/placement.ts';
import { formatDay } from '../../core/schema/dayFormat.ts';
import { traitsOf } from '../../core/table/sampleName.ts';
import type { SampleFormat } from '../../protocol/sampling.ts';
import { cancelled } from '../../core/queue/cancelled.ts';
import type { DrawnPart } from './drawnTable.ts';
import type { Ordered, SampleBuffer } from './sampleBuffer.ts';
import { writerOf } from './writers.ts';
import { reportWriting, type Writer, type Writing } from './writing.ts';

/** A file of a sample, while it is written. */
export interface WrittenFile {
  /** Name of the folder of its day; null without partitions. */
  readonly partition: string | null;
  /** Absolute path while it is written. */
  readonly path: string;
  readonly name: string;
  /** Samples. A row of the layouts wide and grouped holds several. */
  readonly rows: number;
}

/** How files are named and written. */
export interface PlacedWriting extends Omit<Writing, 'rows' | 'file'> {
  readonly format: SampleFormat;
  readonly placement: Placement;
  /** Rows that are written at a time. */
  readonly mostRows: number;
  /** Path of a file while it is written; its folder exists. `name`: null if there is only one file. */
  readonly pathOf: (partition: string | null, name: string | null) => Promise<string>;
}

/** A file to write, with the ranks `first` to `end` − 1 of its groups or rows. */
interface Shard {
  readonly partition: string | null;
  readonly name: string | null;
  readonly first: number;
  readonly end: number;
}

/** Collects all parts, puts their groups or rows into order, and cuts them into files. */
export class PlacedWriter implements Writer {
  readonly #files: WrittenFile[] = [];
  readonly #ended = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly writing: PlacedWriting,
    private readonly buffer: SampleBuffer,
  ) {}

  /** The files, after `finish`, in the order of their ranks. */
  get files(): readonly WrittenFile[] {
    return this.#files;
  }

  async add(part: DrawnPart): Promise<void> {
    await this.buffer.add(part);
  }

  /** Writes all files, several at a time. The first failure stops the others. */
  async finish(facts: Readonly<Record<string, string>>): Promise<void> {
    const { work, threads } = this.writing;
    const ordered = await this.buffer.ordered();
    const shards = this.#shards(ordered);
    const total = ordered.days.reduce((sum, { count }) => sum + count, 0);
    // One statement uses all threads for a join, but not for plain columns.
    const atOnce = Math.max(1, Math.min(ordered.rows.joined ? 1 : threads, shards.length));
    const written: WrittenFile[] = [];
    const open = [...shards.entries()];
    const signal = work.signal ? AbortSignal.any([work.signal, this.#ended.signal]) : this.#ended.signal;
    reportWriting(work, 0);
    let done = 0;
    const run = async (): Promise<void> => {
      for (let next = open.shift(); next !== undefined; next = open.shift()) {
        if (signal.aborted) throw cancelled();
        const [k, shard] = next;
        written[k] = await this.#write(shard, ordered, facts, Math.max(1, Math.floor(threads / atOnce)), signal);
        done += shard.end - shard.first;
        reportWriting(work, total === 0 ? 1 : done / total);
      }
    };
    const all = Array.from({ length: atOnce }, async () => {
      try {
        await run();
      } catch (error) {
        this.#ended.abort();
        throw error;
      }
    });
    this.#running = Promise.allSettled(all);
    await Promise.all(all);
    this.#files.push(...written);
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#running;
    await this.buffer.stop();
  }

  #shards({ days }: Ordered): Shard[] {
    const {
      placement: { folder },
      format,
    } = this.writing;
    const ending = traitsOf(format).written[0] ?? format;
    let before = 0;
    return days.flatMap(({ day, count }) => {
      const from = before;
      before += count;
      if (folder === null) return [{ partition: null, name: null, first: from, end: before }];
      const { shards, partitionBy } = folder;
      const partition =
        partitionBy && day !== null ? `${partitionBy.column}=${dayName(day, partitionBy.format)}` : null;
      return Array.from({ length: shards }, (_, shard): Shard => {
        const [first, end] = shardRanks(shard, shards, count);
        return { partition, name: shardName(shard, shards, ending), first: from + first, end: from + end };
      });
    });
  }

  async #write(
    { partition, name, first, end }: Shard,
    ordered: Ordered,
    facts: Readonly<Record<string, string>>,
    threads: number,
    signal: AbortSignal,
  ): Promise<WrittenFile> {
    const { tables, integerIds, format, rowsAtOnce, mostRows, pathOf } = this.writing;
    const { parts, rows } = ordered;
    const path = await pathOf(partition, name);
    const work = { signal };
    const writer = writerOf(format, {
      tables,
      rows,
      integerIds,
      ...(rowsAtOnce === undefined ? {} : { rowsAtOnce }),
      file: path,
      threads,
      work,
    });
    let count = 0;
    try {
      for (const piece of piecesOf(parts, first, end)) {
        const { part, from, to } = piece;
        count += await ordered.rowsIn(part.table, [from, to - 1]);
        const rowsOfRank = part.rows / Math.max(1, part.groups);
        const step = Math.max(1, Math.floor(mostRows / Math.max(1, rowsOfRank)));
        for (let rank = from; rank < to; rank += step) {
          const last = Math.min(to, rank + step) - 1;
          const ranks = last - rank + 1;
          await writer.add({
            table: part.table,
            groups: ranks,
            rows: Math.ceil(ranks * rowsOfRank),
            origins: part.origins,
            ranks: [rank, last],
          });
        }
      }
      await writer.finish(facts);
    } finally {
      await writer.stop();
    }
    return { partition, path, name: name ?? '', rows: count };
  }
}

/** The ranks first … end − 1, by the tables that hold them. */
function* piecesOf(
  parts: readonly DrawnPart[],
  first: number,
  end: number,
): Iterable<{ readonly part: DrawnPart; readonly from: number; readonly to: number }> {
  let before = 0;
  for (const part of parts) {
    const [from, to] = [Math.max(first - before, 0), Math.min(end - before, part.groups)];
    if (from < to) yield { part, from, to };
    before += part.groups;
  }
}

/** The name of the folder of a day. @throws FailureError outside the years 0001 to 9999 */
export function dayName(day: string, format: string): string {
  try {
    return formatDay(day, format);
  } catch {
    throw refuse(
      'output-day',
      message('The day {0} is outside the years 0001 to 9999, so it cannot name a folder', day),
      {
        setting: ['output', 'partition_by'],
        advice: message('Check the times of the log, or remove output.partition_by.'),
      },
    );
  }
}
