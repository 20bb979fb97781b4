import type { Connections, Work } from '../database/connections.ts';
import type { SourceFile } from '../files/fileSet.ts';
import { exactText } from '../sql/cellText.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { parquetMetadata, type FooterFile } from './parquetMetadata.ts';
import type { ParquetShape } from './readShapes.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import { exactCast } from './statisticCast.ts';

/**
 * Smallest and largest values by column, from the statistics of all row groups, as exact text. Times with a zone are in
 * UTC. Statistics of floats ignore NaN.
 * A column is omitted if a row group with values has no statistics, or if files have different types for it. Texts are
 * omitted, because their statistics may be truncated.
 */
export async function parquetRanges(
  connections: Connections,
  files: readonly (SourceFile & FooterFile & { readonly shape: ParquetShape })[],
  columns: readonly SourceColumn[],
  work: Work,
): Promise<Record<string, { min: string; max: string }>> {
  const metadata = parquetMetadata(files);
  const ranges: (readonly [string, { min: string; max: string }])[] = [];
  for (const column of columns) {
    const exact = exactCast(column.type);
    if (column.partition || exact === null) continue;
    const stored = new Set(files.map(({ shape }) => shape.paths.get(column.name)));
    const [name] = stored;
    if (stored.size !== 1 || name === undefined) continue;
    const value = (bound: 'min' | 'max'): string => exact(`coalesce(stats_${bound}_value, stats_${bound})`);
    const { type } = column;
    const text = (bound: string): string =>
      exactText(bound, type.kind === 'timestamp' ? { ...type, zoned: false } : type);
    const [row] = await connections.rows(
      `SELECT ${text(`min(${value('min')})`)}, ${text(`max(${value('max')})`)}, bool_and(${value('min')} IS NOT NULL AND ${value('max')} IS NOT NULL OR coalesce(stats_null_count = num_values, false)) FROM ${metadata} WHERE path_in_schema = ${quoteLiteral(name)}`,
      work,
    );
    const [min, max, whole] = row ?? [];
    if (typeof min === 'string' && typeof max === 'string' && whole === true) ranges.push([column.name, { min, max }]);
  }
  return Object.fromEntries(ranges);
}
