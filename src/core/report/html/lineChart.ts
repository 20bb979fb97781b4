import { lineLayout, type ChartFrame, type ChartLine } from '../lineLayout.ts';
import { markup, type Markup } from './markup.ts';

export interface LineChart {
  /** One sentence for people who do not see the picture. */
  readonly title: string;
  /** Ascending; at least one. */
  readonly x: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly textOfX: (value: number) => string;
  readonly textOfY: (value: number) => string;
}

const frame: ChartFrame = { width: 640, height: 260, top: 12, right: 150, bottom: 26, left: 70 };
/** Number of styles of lines in the page's style. */
const LINE_STYLES = 6;

/** Lines as one SVG picture without scripts. Lines differ in colour, in dashes and by the label at their end. */
export function lineChart({ title, x, lines, textOfX, textOfY }: LineChart): Markup {
  const { xTicks, yTicks, paths, labels } = lineLayout(x, lines, frame);
  const right = frame.width - frame.right;
  return markup`<svg class="chart" role="img" viewBox="0 0 ${frame.width} ${frame.height}" aria-label="${title}">
${yTicks.map(
  ({ value, y }) =>
    markup`<line class="grid" x1="${frame.left}" x2="${right}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}"/><text class="tick" x="${frame.left - 8}" y="${y.toFixed(1)}" text-anchor="end" dominant-baseline="middle">${textOfY(value)}</text>`,
)}
${xTicks.map(
  ({ value, x: place, anchor }) =>
    markup`<text class="tick" x="${place.toFixed(1)}" y="${frame.height - frame.bottom + 17}" text-anchor="${anchor}">${textOfX(value)}</text>`,
)}
${paths.map((path, k) => markup`<path class="line series-${k % LINE_STYLES}" d="${path}"/>`)}
${labels.map(
  ({ line, text, y }) =>
    markup`<path class="line series-${line % LINE_STYLES}" d="M${right + 8} ${y.toFixed(1)}h20"/><text class="label" x="${right + 34}" y="${y.toFixed(1)}" dominant-baseline="middle">${text}</text>`,
)}
</svg>`;
}
