import { valueAt } from '../valueAt.ts';

/** Number of different marks. Further configs repeat them. */
export const ARM_STYLES = 6;

const circle = 'm-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z';
const square = 'm-4 -4h8v8h-8z';
const diamond = 'm0 -5l5 5l-5 5l-5 -5z';
const shapes = [
  { path: circle, isHollow: false },
  { path: square, isHollow: false },
  { path: diamond, isHollow: true },
  { path: square, isHollow: true },
  { path: diamond, isHollow: false },
  { path: circle, isHollow: true },
] as const;

/**
 * The mark of a config in charts: configs differ by shape and fill, not only by colour.
 * @returns `path` in SVG, in pixels from the middle of the mark
 */
export function armShape(arm: number): { readonly path: string; readonly isHollow: boolean } {
  return valueAt(shapes, arm % ARM_STYLES);
}
