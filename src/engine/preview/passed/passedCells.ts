import { message, type Message } from '../../../core/message/message.ts';
import { formatCount } from '../../../core/table/format.ts';
import type { PassedTable } from '../../../core/config/definition/passThrough.ts';
import { isNumeric } from '../../../core/table/type.ts';
import { columnOf } from '../../tables/roleTable.ts';
import type { PassedColumn } from '../../../core/data/passThrough.ts';
import { isAsOf } from '../../../core/data/passThrough.ts';
import { isoTime } from '../../../core/sampling/isoTime.ts';
import type { DrawnRows } from '../../../core/sampling/kernel/rowCounts.ts';
import type {
  NullReason,
  PassedCell,
  PassedValues,
  ShownColumn,
  SourceRow,
} from '../../../core/sampling/passedValues.ts';
import { f64At, i32At, u32At, valueAt } from '../../../core/valueAt.ts';
import type { Work } from '../../database/connections.ts';
import type { LoadedBlock } from '../../groups/block.ts';
import { originsOf } from '../../groups/originsOf.ts';
import type { SampledData } from '../sampledData.ts';
import type { SampledTables } from '../../inputs/sampledTables.ts';
import { passedTables } from '../../write/passThrough.ts';
import { sourceReader } from './sourceReaders.ts';
import { cutMark, mostCharacters, type FoundRow, type RowPlace } from './sourceRows.ts';

/** The values of copied columns in some rows. */
export interface PassedCells {
  readonly values: PassedValues;
  /** Cells, indexed by row, then by column. */
  readonly cells: readonly (readonly PassedCell[])[];
  /** Columns with values that are too long to be shown whole. */
  readonly notices: readonly Message[];
}

/**
 * The values of copied columns, as the file has them.
 * @param rows all rows of the block; `shown`: numbers of those whose values are wanted
 */
export async function passedCells(
  columns: readonly PassedColumn[],
  { rows, shown }: { readonly rows: DrawnRows; readonly shown: readonly number[] },
  block: Pick<LoadedBlock, 'block' | 'origins'>,
  { data, sampled }: { readonly data: SampledData; readonly sampled: SampledTables },
  work: Work,
): Promise<PassedCells> {
  const placesOf = placesByRow(rows, shown, block);
  const sources: SourceRow[] = [];
  const cells = shown.map((): PassedCell[] => []);
  const sides = new Map<string, PassedColumn[]>();
  for (const column of columns) {
    const side = `${column.from} ${column.side}`;
    sides.set(side, [...(sides.get(side) ?? []), column]);
  }
  const bySide = new Map<string, (row: number, column: PassedColumn) => PassedCell>();
  for (const [name, own] of sides) {
    const [first] = own;
    if (!first) continue;
    const { from, side } = first;
    const names = [...new Set(own.map(({ column }) => column))];
    const reader = sourceReader(from, side, sampled);
    const places = placesOf(from === 'impressions' && side !== 'exposure' ? 'context' : 'exposure');
    const found = await data.passed.rows(name, reader, names, places, sampled, work);
    const numbers = new Map<string, number>();
    const numberOf = (key: string, { time, key: ids }: FoundRow): number => {
      const number = numbers.get(key) ?? sources.length;
      if (number === sources.length) sources.push({ from, side, time: time === null ? null : isoTime(time), key: ids });
      numbers.set(key, number);
      return number;
    };
    bySide.set(name, (row, column) => {
      const place = valueAt(places, row);
      const key = reader.key(place);
      const source = key === null ? null : (found.get(key) ?? null);
      if (key === null || source === null)
        return { value: fallbackOf(column), source: null, reason: reasonOf(column, key) };
      if (source.reason) {
        const isFound = source.reason === 'gone' || source.reason === 'too-old';
        return { value: fallbackOf(column), source: isFound ? numberOf(key, source) : null, reason: source.reason };
      }
      const value = source.values[names.indexOf(column.column)] ?? null;
      const isOld = column.maxAge !== null && place.readTime - (source.time ?? -Infinity) > column.maxAge;
      const reason = isOld ? 'too-old' : value === null ? 'empty' : null;
      return { value: reason === null ? value : fallbackOf(column), source: numberOf(key, source), reason };
    });
  }
  for (const [row, own] of cells.entries()) {
    for (const column of columns) {
      const cell = bySide.get(`${column.from} ${column.side}`)?.(row, column);
      if (cell) own.push(cell);
    }
  }
  const cut = columns.filter((_, k) => cells.some((own) => isCut(own[k]?.value ?? '')));
  return {
    notices: cut.map(({ name }) =>
      message(
        'Values of {0} with more than {1} characters are cut here. The file has them whole.',
        name,
        formatCount(mostCharacters),
      ),
    ),
    values: {
      columns: columns.map(({ name, column, from, side, maxAge }) => ({
        name,
        column,
        from,
        side,
        maxAge,
        ...shapeOf(sampled, from, column),
      })),
      sources,
    },
    cells,
  };
}

/** The default in place of NULL. */
function fallbackOf({ fallback }: PassedColumn): string | null {
  return fallback === null ? null : String(fallback);
}

function isCut(value: string): boolean {
  return value.length > mostCharacters && value.endsWith(cutMark);
}

/** How the values of a column are shown. */
function shapeOf(
  { tables, data }: SampledTables,
  from: PassedTable,
  column: string,
): Pick<ShownColumn, 'isNumber' | 'neverCut'> {
  const asked = passedTables(data).find(({ table }) => table === from)?.asked;
  const type = asked && columnOf(tables.table(asked.ref), column).type;
  const isNumber = type !== undefined && isNumeric(type);
  return { isNumber, neverCut: isNumber || ['timestamp', 'date', 'time'].includes(type?.kind ?? '') };
}

/** Why there is no source row. */
function reasonOf({ from, side }: PassedColumn, key: string | null): NullReason {
  if (key !== null || from !== 'impressions' || isAsOf({ from, side })) return 'no-row';
  return side === 'exposure' ? 'no-exposure' : 'no-impression';
}

/** Keys of the source rows: the exposures of the rows, or the log rows of their groups. */
function placesByRow(
  rows: DrawnRows,
  shown: readonly number[],
  { block, origins }: Pick<LoadedBlock, 'block' | 'origins'>,
): (of: 'exposure' | 'context') => readonly RowPlace[] {
  const { groups, users } = block;
  const own = originsOf(rows, groups, origins);
  return (of) => {
    let user = 0;
    return shown.map((row) => {
      const group = u32At(rows.group, row);
      while (u32At(groups.offsets, user + 1) <= group) user++;
      return {
        user: valueAt(users, user),
        item: u32At(rows.item, row),
        request: groups.requestText[group] ?? null,
        readTime: f64At(groups.readTime, group),
        row: i32At(of === 'exposure' ? own : origins.contexts, of === 'exposure' ? row : group),
      };
    });
  };
}
