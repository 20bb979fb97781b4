import { rowColumns, type RowColumn } from '../../src/core/report/rowColumns.ts';
import type { StagePlan } from '../../src/core/sampling/plan/stagePlan.ts';
import type { Preview, PreviewUser } from '../../src/protocol/sampling.ts';
import { t } from '../strings.ts';
import { attributeOf } from './attribute.ts';

/** A column between the item and the reason. */
export interface DrawColumn {
  readonly id: string;
  readonly label: string;
  /** The column of the file; null for a column that only describes the item. */
  readonly file: RowColumn | null;
}

export const attributeId = ':attribute';
export const percentileId = ':percentile';
export const logId = 'log_q';

/** All columns that the draws can show, in the order in which they are shown. */
export function drawColumns(plan: StagePlan | null | undefined, preview: Preview | null): DrawColumn[] {
  const attribute = attributeOf(preview?.facts ?? null);
  const files = plan ? rowColumns(plan, preview?.passed) : [];
  const copied = files.some((one) => one.copiedColumn?.from === 'items' && one.copiedColumn.column === attribute);
  const columnOf = (file: RowColumn): DrawColumn => ({
    id: file.id,
    label: file.id === logId ? 'log q' : file.name,
    file,
  });
  return [
    // A copied column that has the attribute shows it. Items may have none.
    ...(copied || (preview !== null && attribute === null)
      ? []
      : [{ id: attributeId, label: attribute ?? t('attribute'), file: null }]),
    ...files.filter(({ id }) => id !== logId).map(columnOf),
    { id: percentileId, label: t('percentile'), file: null },
    ...files.filter(({ id }) => id === logId).map(columnOf),
  ];
}

/** How the lines of the draws are divided. */
export interface DrawLayout {
  readonly columns: readonly DrawColumn[];
  /** Columns of a grid, from the item to the reason. */
  readonly template: string;
  /** CSS width of a line below which it would be cut, so the list scrolls. Null: the columns fit. */
  readonly least: string | null;
}

/** Inputs of the layout. */
interface Space {
  /** Width of the list in CSS pixels. */
  readonly width: number;
  /** True if lines are exposures, which have no groups and no log q. */
  readonly exposures: boolean;
  /** True if items without a title show their id. */
  readonly ids: boolean;
}

const gap = 6;
/** Padding of a line, and its first column. */
const edges = 24 + 18;
/** At least the pixels of a digit. */
const character = 7.6;
/** Pixels of the icon of a side. */
const icon = 18;

/**
 * The columns to show: those chosen, else those that always fit, and as many copied columns as fit.
 * @param chosen ids; null: none were chosen
 * @param longest characters of the longest value of a column
 */
export function drawLayout(
  all: readonly DrawColumn[],
  chosen: readonly string[] | null,
  longest: (column: RowColumn) => number,
  { width, exposures, ids }: Space,
): DrawLayout {
  const isNarrow = width <= (exposures || ids ? 459 : 411);
  const isSmall = width <= 411 && !exposures;
  const [item, why] = isSmall ? [64, 72] : [76, exposures ? (isNarrow ? 172 : 176) : 120];
  const sizes = new Map(all.map((column) => [column, sizeOf(column, longest)]));
  const pixels = (column: DrawColumn): number => sizes.get(column)?.pixels ?? 0;
  const fixed = all.filter(({ id }) => id === percentileId || id === logId || (id === attributeId && !isNarrow));
  // Reserve 64 pixels more than the minimum width, so that an item can be recognized.
  let freeWidth = width - edges - why - (item + 64) - fixed.reduce((sum, one) => sum + pixels(one) + gap, gap);
  const columns =
    chosen === null
      ? all.filter((column) => {
          if (fixed.includes(column)) return true;
          if (!column.file || (column.file.copiedColumn === null && column.id !== 'teacher')) return false;
          const fits = pixels(column) + gap <= freeWidth;
          if (fits) freeWidth -= pixels(column) + gap;
          return fits;
        })
      : all.filter(({ id }) => chosen.includes(id));
  const columnSizes = columns.flatMap((column) => sizes.get(column) ?? []);
  return {
    columns,
    template: [
      `minmax(var(--item-least, ${item}px), ${isSmall ? 1.3 : 1.6}fr)`,
      ...columnSizes.map(({ least, share }) => (share === null ? least : `minmax(${least}, ${share(exposures)}fr)`)),
      `minmax(${why}px, 1fr)`,
    ].join(' '),
    least:
      chosen === null
        ? null
        : `calc(${[`${edges + why + gap * (columnSizes.length + 2)}px`, `var(--item-least, ${item}px)`, ...columnSizes.map(({ least }) => least)].join(' + ')})`,
  };
}

interface Size {
  /** Approximate width in CSS pixels. */
  readonly pixels: number;
  /** Minimum width, as a CSS value. */
  readonly least: string;
  /** Share of the remaining width (CSS `fr`), which can differ for exposures; null for a fixed width. */
  readonly share: ((exposures: boolean) => number) | null;
}

function sizeOf({ id, label, file }: DrawColumn, longest: (column: RowColumn) => number): Size {
  if (id === attributeId) return { pixels: 48, least: '0px', share: (exposures) => (exposures ? 0.4 : 0.6) };
  if (id === logId) return { pixels: 50, least: '50px', share: null };
  if (!file) return { pixels: 54, least: '54px', share: null };
  const characters = longest(file);
  const heading = Math.ceil(Math.max(40, Math.min(label.length * 6.2 + (file.origin === null ? 0 : icon), 120)));
  if (file.neverCut)
    // All digits are equally wide: the CSS unit `ch`.
    return {
      pixels: Math.max(heading, characters * character),
      least: `max(${heading}px, ${characters + 0.5}ch)`,
      share: null,
    };
  const pixels = Math.max(heading, Math.min(Math.ceil(characters * character), 96));
  return { pixels, least: `${pixels}px`, share: () => 0.6 };
}

/** Characters of the longest value of each column in the rows of a user. */
export function longestIn({ groups }: PreviewUser): (column: RowColumn) => number {
  const lengths = new Map<string, number>();
  return (column) => {
    const before = lengths.get(column.id);
    if (before !== undefined) return before;
    let longest = 4;
    for (const { rows } of groups)
      for (const row of rows) longest = Math.max(longest, column.cell(row).text?.length ?? 0);
    lengths.set(column.id, longest);
    return longest;
  };
}
