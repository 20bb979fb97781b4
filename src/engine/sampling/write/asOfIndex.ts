import { fail } from '../../../core/message/failure.ts';
import { message } from '../../../core/message/message.ts';
import type { DrawnRows } from '../../../core/sampling/kernel/rowCounts.ts';
import type { Groups } from '../../../core/sampling/world/world.ts';
import { formatBytes, formatCount } from '../../../core/table/format.ts';
import { f64At, u32At } from '../../../core/valueAt.ts';
import type { Tables } from '../../answers/tables.ts';
import type { Work } from '../../database/connections.ts';
import { asOfRows } from './carriedTables.ts';

/** Bytes for each time of an item: the time, and its item number while the index is built. */
const ROW_BYTES = 12;

/**
 * Finds rows of the table `asOfRows` by item and time. A binary search for each drawn row costs less than a join that
 * sorts the table for every part of the file.
 */
export class AsOfIndex {
  private constructor(
    private readonly offsets: Uint32Array,
    private readonly times: Float64Array,
  ) {}

  /**
   * @param items number of all items
   * @throws FailureError if the times do not fit into half of the memory limit
   */
  static async load(tables: Tables, items: number, work: Work): Promise<AsOfIndex> {
    const [[rows] = []] = await tables.rows(`SELECT count(*) FROM ${asOfRows}`, work);
    const bytes = Number(rows ?? 0) * ROW_BYTES;
    if (bytes > tables.memoryBytes / 2)
      throw fail(
        'out-of-memory',
        message(
          'The as-of columns need {0} of memory for {1} times of items, but the limit is {2}',
          formatBytes(bytes),
          formatCount(Number(rows)),
          formatBytes(tables.memoryBytes / 2),
        ),
        { advice: message('Raise the memory limit with --memory, or choose fewer days.') },
      );
    const found = await tables.columnar(
      `SELECT number, us FROM ${asOfRows} ORDER BY rowid`,
      message('Reading the log'),
      work,
    );
    const numbers = found.unsigned(0);
    const offsets = new Uint32Array(items + 1);
    for (const number of numbers) offsets[number + 1] = u32At(offsets, number + 1) + 1;
    for (let item = 0; item < items; item++) offsets[item + 1] = u32At(offsets, item + 1) + u32At(offsets, item);
    return new AsOfIndex(offsets, found.numbers(1));
  }

  /** For each row, the number of the newest row of its item up to the time of its group; -1 without one. */
  rows({ count, group, item }: Pick<DrawnRows, 'count' | 'group' | 'item'>, { time }: Groups): Int32Array {
    const found = new Int32Array(count);
    for (let row = 0; row < count; row++) found[row] = this.#row(u32At(item, row), f64At(time, u32At(group, row)));
    return found;
  }

  #row(item: number, time: number): number {
    const first = u32At(this.offsets, item);
    let [low, high] = [first, u32At(this.offsets, item + 1)];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (f64At(this.times, middle) <= time) low = middle + 1;
      else high = middle;
    }
    return low > first ? low - 1 : -1;
  }
}
