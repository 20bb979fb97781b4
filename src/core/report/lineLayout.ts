import { valueAt } from '../valueAt.ts';
import { decadeTicks, roundTicks } from './roundTicks.ts';

/** A line of a chart: one value for each x; null: no value. */
export interface ChartLine {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

/** Size of a picture in pixels, and its margins around the lines. */
export interface ChartFrame {
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
  /** A logarithmic y axis, for quotients. Values of 0 are gaps. */
  readonly isLogY?: boolean;
}

/** Positions in pixels. `path`: for the attribute `d` of SVG. */
export interface LineLayout {
  readonly yTicks: readonly { readonly value: number; readonly y: number }[];
  readonly xTicks: readonly {
    readonly value: number;
    readonly x: number;
    readonly anchor: 'start' | 'middle' | 'end';
  }[];
  readonly paths: readonly string[];
  /** The position of each x. */
  readonly places: readonly number[];
  /** Labels at the ends of the lines, from the top, moved apart so that none covers another. */
  readonly labels: readonly { readonly line: number; readonly text: string; readonly y: number }[];
}

const LABEL_HEIGHT = 14;
/** If the largest x is at least this multiple of the smallest, the axis is logarithmic. */
const MIN_LOG_RATIO = 100;
const Y_TICKS = 4;
const MAX_X_TICKS = 5;
/** Width of a label of the x axis, in pixels. */
const LABEL_WIDTH = 72;
/** A label this close to an end of the axis, as a share of the width, is aligned to the end. */
const END_SHARE = 0.06;

/**
 * Where the parts of a line chart are. The x axis is logarithmic if its values are above 0 and cover two decades. The y
 * axis begins at 0, or below it if there are negative values. Ticks are round numbers, and the y axis ends at one.
 * @param x ascending; at least one
 */
export function lineLayout(x: readonly number[], lines: readonly ChartLine[], frame: ChartFrame): LineLayout {
  const values = lines.flatMap((line) => line.values.filter((value) => value !== null));
  const placeX = scaleOf(x, frame);
  const inner = frame.width - frame.left - frame.right;
  const { yTicks, placeY } = frame.isLogY === true ? logY(values, frame) : linearY(values, frame);
  return {
    yTicks,
    xTicks: ticksOf(x, inner).map((value) => {
      const fraction = (placeX(value) - frame.left) / inner;
      const anchor = fraction < END_SHARE ? 'start' : fraction > 1 - END_SHARE ? 'end' : 'middle';
      return { value, x: placeX(value), anchor };
    }),
    places: x.map(placeX),
    paths: lines.map((line) =>
      pathOf(x, frame.isLogY === true ? line.values.map(positive) : line.values, placeX, placeY),
    ),
    labels: labelsOf(lines, placeY, frame.height - frame.bottom),
  };
}

interface Axis extends Pick<LineLayout, 'yTicks'> {
  readonly placeY: (value: number) => number;
}

const positive = (value: number | null): number | null => (value !== null && value > 0 ? value : null);

/** An axis of powers of ten around the positive values. */
function logY(values: readonly number[], frame: ChartFrame): Axis {
  const exponents = values.filter((value) => value > 0).map(Math.log10);
  const [low, high] = [Math.floor(Math.min(0, ...exponents)), Math.ceil(Math.max(1, ...exponents))];
  const placeY = (value: number): number =>
    frame.top +
    (frame.height - frame.top - frame.bottom) * (1 - (Math.max(low, Math.log10(value)) - low) / (high - low));
  return {
    yTicks: decadeTicks(Number(`1e${low}`), Number(`1e${high}`), Y_TICKS + 2).map((value) => ({
      value,
      y: placeY(value),
    })),
    placeY,
  };
}

function linearY(values: readonly number[], frame: ChartFrame): Axis {
  const lowest = Math.min(0, ...values);
  const largest = Math.max(lowest, ...values);
  const highest = largest === lowest ? lowest + 1 : largest;
  const step = stepOf(roundTicks(lowest, highest, Y_TICKS)) || highest - lowest;
  const [low, high] = [Math.floor(lowest / step + 1e-9) * step, Math.ceil(highest / step - 1e-9) * step];
  const placeY = (value: number): number =>
    frame.top + (frame.height - frame.top - frame.bottom) * (1 - (value - low) / (high - low));
  return {
    yTicks: roundTicks(low, high, (high - low) / step).map((value) => ({ value, y: placeY(value) })),
    placeY,
  };
}

function isLogarithmic(x: readonly number[]): boolean {
  const [first, last] = [x[0], x.at(-1)];
  return first !== undefined && last !== undefined && first > 0 && last / first >= MIN_LOG_RATIO;
}

function scaleOf(x: readonly number[], { width, left, right }: ChartFrame): (value: number) => number {
  const scaled = isLogarithmic(x) ? Math.log10 : (value: number): number => value;
  const low = scaled(valueAt(x, 0));
  const high = scaled(valueAt(x, x.length - 1));
  const span = high === low ? 1 : high - low;
  return (value) => left + ((width - left - right) * (scaled(value) - low)) / span;
}

const stepOf = ([first, second]: readonly number[]): number =>
  first === undefined || second === undefined ? 0 : second - first;

/** Round values between the ends; for decades, the powers of ten. Axes of row counts get whole numbers. */
function ticksOf(x: readonly number[], width: number): number[] {
  const [first, last] = [x[0], x.at(-1)];
  if (first === undefined || last === undefined) return [];
  const [low, high] = [Math.min(first, last), Math.max(first, last)];
  const count = Math.max(1, Math.min(MAX_X_TICKS, Math.floor(width / LABEL_WIDTH)));
  return isLogarithmic(x) ? decadeTicks(low, high, count + 1) : roundTicks(low, high, count, x.every(Number.isInteger));
}

/** An SVG path. A missing value interrupts the line. */
function pathOf(
  x: readonly number[],
  values: ChartLine['values'],
  placeX: (value: number) => number,
  placeY: (value: number) => number,
): string {
  let isDrawing = false;
  return values
    .map((value, k) => {
      const wasDrawing = isDrawing;
      isDrawing = value !== null;
      if (value === null) return '';
      return `${wasDrawing ? 'L' : 'M'}${placeX(valueAt(x, k)).toFixed(1)} ${placeY(value).toFixed(1)}`;
    })
    .join('');
}

function labelsOf(
  lines: readonly ChartLine[],
  placeY: (value: number) => number,
  bottom: number,
): LineLayout['labels'] {
  const labels = lines
    .map(({ label, values }, line) => ({
      line,
      text: label,
      y: placeY(values.findLast((value) => value !== null) ?? 0),
    }))
    .sort((a, b) => a.y - b.y);
  const last = bottom - LABEL_HEIGHT * (labels.length - 1);
  let above = -Infinity;
  return labels.map((label, k) => {
    above = Math.max(Math.min(label.y, last + LABEL_HEIGHT * k), above + LABEL_HEIGHT);
    return { ...label, y: above };
  });
}
