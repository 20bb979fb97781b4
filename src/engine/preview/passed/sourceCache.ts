import type { Work } from '../../database/connections.ts';
import type { SampledTables } from '../../inputs/sampledTables.ts';
import type { FoundRow, RowPlace, SourceReader } from './sourceRows.ts';

/** Most rows that are cached, some hundred bytes each. */
const MAX_ROWS = 200_000;

/** Source rows of earlier previews. A slider draws mostly the same items again, so few rows are read. */
export class SourceCache {
  /** Cached rows by the columns of a side. Null if the data set has no such row. */
  readonly #sides = new Map<string, Map<string, FoundRow | null>>();

  /**
   * The source rows of places, by key.
   * @param side what the rows depend on, besides their key
   */
  async rows(
    side: string,
    { key, read }: SourceReader,
    columns: readonly string[],
    places: readonly RowPlace[],
    sampled: SampledTables,
    work: Work,
  ): Promise<ReadonlyMap<string, FoundRow | null>> {
    const known = this.#side(JSON.stringify([side, columns]));
    const missing = new Map<string, RowPlace>();
    for (const place of places) {
      const id = key(place);
      if (id !== null && !known.has(id)) missing.set(id, place);
    }
    if (missing.size > 0) {
      if (known.size + missing.size > MAX_ROWS) known.clear();
      // After clearing, rows of this request that were known before have to be read again.
      for (const place of known.size === 0 ? places : []) {
        const id = key(place);
        if (id !== null) missing.set(id, place);
      }
      const found = await read(sampled, columns, [...missing.values()], work);
      for (const id of missing.keys()) known.set(id, found.get(id) ?? null);
    }
    return known;
  }

  #side(name: string): Map<string, FoundRow | null> {
    const known = this.#sides.get(name) ?? new Map<string, FoundRow | null>();
    this.#sides.set(name, known);
    return known;
  }
}
