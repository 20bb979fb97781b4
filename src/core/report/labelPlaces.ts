import { valueAt } from '../valueAt.ts';
import { cellWidth } from './cells.ts';

/** A mark of a chart with its label, in pixels. */
export interface LabelledMark {
  readonly x: number;
  readonly y: number;
  readonly label: string;
}

/** Where a label is written: its baseline, and its end next to the mark. */
export interface LabelPlace {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'end';
  /** Other labels are nearer to the mark than this one: a line leads to it. */
  readonly isFar: boolean;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Pixels of a character of 12 px, and of its line. */
const [advance, line] = [7, 14];
/** Between a mark and its label. */
const gap = 8;
/** Lines above and below a mark that are tried. */
const MAX_LINES = 8;

/**
 * Places for labels that cover neither each other nor a mark: next to the mark if there is space, else some lines above
 * or below it. If a label does not fit into the bounds, it leaves them; if there is no free place at all, it covers
 * something.
 */
export function labelPlaces(marks: readonly LabelledMark[], bounds: Box): LabelPlace[] {
  const taken: Box[] = marks.map(({ x, y }) => ({ left: x - 6, right: x + 6, top: y - 6, bottom: y + 6 }));
  const places: LabelPlace[] = [];
  for (const mark of marks) {
    const all = candidates(mark);
    const free = all.filter(({ box }) => !taken.some((other) => overlap(box, other)));
    const { place, box } = free.find((one) => isInside(one.box, bounds)) ?? free[0] ?? valueAt(all, 0);
    taken.push(box);
    places.push(place);
  }
  return places;
}

interface Candidate {
  readonly place: LabelPlace;
  readonly box: Box;
}

/** From the nearest to the farthest; right of the mark before left, above before below. */
function candidates({ x, y, label }: LabelledMark): Candidate[] {
  const width = cellWidth(label) * advance;
  return Array.from({ length: MAX_LINES }, (_, away) =>
    [-gap - away * line, gap + 9 + away * line].map((dy) => ({ away, dy })),
  )
    .flat()
    .flatMap(({ away, dy }) =>
      (['start', 'end'] as const).map((anchor): Candidate => {
        const at = anchor === 'start' ? x + gap : x - gap;
        return {
          place: { x: at, y: y + dy, anchor, isFar: away > 0 },
          box: {
            left: anchor === 'start' ? at : at - width,
            right: anchor === 'start' ? at + width : at,
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

/** A name as a label of a chart; the table has it in full. */
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
