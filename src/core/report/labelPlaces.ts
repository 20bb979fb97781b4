import { valueAt } from '../valueAt.ts';
import { cellWidth } from './cells.ts';

/** A mark of a chart with its label, in pixels. */
export interface LabelledMark {
  readonly x: number;
  readonly y: number;
  readonly label: string;
}

/** Position of a label: its baseline, and its end next to the mark. */
export interface LabelPlace {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'end';
  /** True if other labels are nearer to the mark than this one, so a line leads from the label to the mark. */
  readonly isFar: boolean;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Width of a character of 12 px, and height of its line, in pixels. */
const [advance, line] = [7, 14];
/** Pixels between a mark and its label. */
const LABEL_GAP = 8;
/** Number of lines above and below a mark that are tried. */
const MAX_LINES = 8;

/**
 * Positions for labels that cover neither each other nor a mark: next to the mark if there is space, else some lines
 * above or below it. A label that does not fit crosses the bounds, and without any free position it covers something.
 */
export function labelPlaces(marks: readonly LabelledMark[], bounds: Box): LabelPlace[] {
  const occupied: Box[] = marks.map(({ x, y }) => ({ left: x - 6, right: x + 6, top: y - 6, bottom: y + 6 }));
  const places: LabelPlace[] = [];
  for (const mark of marks) {
    const all = candidates(mark);
    const free = all.filter(({ box }) => !occupied.some((other) => overlap(box, other)));
    const { place, box } = free.find((candidate) => isInside(candidate.box, bounds)) ?? free[0] ?? valueAt(all, 0);
    occupied.push(box);
    places.push(place);
  }
  return places;
}

interface Candidate {
  readonly place: LabelPlace;
  readonly box: Box;
}

/** Positions from the nearest to the farthest; right of the mark before left, above before below. */
function candidates({ x, y, label }: LabelledMark): Candidate[] {
  const width = cellWidth(label) * advance;
  return Array.from({ length: MAX_LINES }, (_, away) =>
    [-LABEL_GAP - away * line, LABEL_GAP + 9 + away * line].map((dy) => ({ away, dy })),
  )
    .flat()
    .flatMap(({ away, dy }) =>
      (['start', 'end'] as const).map((anchor): Candidate => {
        const labelX = anchor === 'start' ? x + LABEL_GAP : x - LABEL_GAP;
        return {
          place: { x: labelX, y: y + dy, anchor, isFar: away > 0 },
          box: {
            left: anchor === 'start' ? labelX : labelX - width,
            right: anchor === 'start' ? labelX + width : labelX,
            top: y + dy - 10,
            bottom: y + dy + 3,
          },
        };
      }),
    );
}

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const isInside = (box: Box, bounds: Box): boolean =>
  box.left >= bounds.left && box.right <= bounds.right && box.top >= bounds.top && box.bottom <= bounds.bottom;

/** A name, shortened for a chart. The table has the full name. */
export function shortName(name: string): string {
  const characters = [...name];
  return characters.length > 14 ? `${characters.slice(0, 13).join('')}…` : name;
}

/** Labels of one column from the top, moved down so that none covers another. */
export function spreadLabels(
  labels: readonly { readonly arm: number; readonly y: number }[],
): { readonly arm: number; readonly y: number }[] {
  let above = -Infinity;
  return [...labels]
    .sort((a, b) => a.y - b.y)
    .map(({ arm, y }) => {
      above = Math.max(y, above + line);
      return { arm, y: above };
    });
}
