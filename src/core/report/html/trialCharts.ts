import { valueAt } from '../../valueAt.ts';
import { fixed } from '../../table/format.ts';
import type { TrialDifference } from '../../trial/report.ts';
import { armShape, ARM_STYLES } from '../armShape.ts';
import { labelPlaces, shortName, spreadLabels } from '../labelPlaces.ts';
import { isClear, tickDigits, type ParetoPlot, type Spread, type ThirdsPlot, type TrialAxis } from '../trialCharts.ts';
import { markup, type Markup } from './markup.ts';

const [width, height] = [480, 280];
const frame = { left: 56, right: 110, top: 16, bottom: 36 };

/** An interval around 0 on a scale that all configs share; filled if the report says higher or lower. */
export function intervalPicture(interval: TrialDifference, scale: number): Markup | null {
  const { difference, low, high } = interval;
  if (difference === null || low === null || high === null) return null;
  const xOf = (value: number): string => (60 + (value / scale) * 54).toFixed(1);
  return markup`<svg class="interval" width="120" height="16" viewBox="0 0 120 16" aria-hidden="true">
<path class="grid" d="M60 1v14"/><path class="line series-0" d="M${xOf(low)} 8H${xOf(high)}M${xOf(low)} 5v6M${xOf(high)} 5v6"/>
<circle class="dot${isClear(interval) ? ' clear' : ''}" cx="${xOf(difference)}" cy="8" r="3.5"/></svg>`;
}

/** NDCG against tail recall, with crosses for the intervals and steps along the front. */
export function paretoPicture(
  plot: ParetoPlot,
  names: readonly string[],
  title: string,
  axes: [string, string],
): Markup {
  const x = (value: number): number => frame.left + plot.x.positionOf(value) * (width - frame.left - frame.right);
  const y = placeOn(plot.y);
  const marks = plot.points.map((point) => ({
    x: x(point.x.value),
    y: y(point.y.value),
    label: shortName(valueAt(names, point.arm)),
  }));
  const places = labelPlaces(marks, { left: frame.left, right: width, top: 12, bottom: height - frame.bottom - 2 });
  const steps = plot.front
    .map((point, k) =>
      k === 0
        ? `M${pixelText(x(point.x.value))} ${pixelText(y(point.y.value))}`
        : `V${pixelText(y(point.y.value))}H${pixelText(x(point.x.value))}`,
    )
    .join('');
  return markup`<svg class="chart small" role="img" viewBox="0 0 ${width} ${height}" aria-label="${title}">
${yAxis(plot.y, 3)}
${plot.x.ticks.map((tick) => markup`<text class="tick" x="${pixelText(x(tick))}" y="${height - frame.bottom + 16}" text-anchor="middle">${fixed(tick, tickDigits(plot.x, 3))}</text>`)}
<text class="tick" x="${width - frame.right}" y="${height - 4}" text-anchor="end">${axes[0]}</text><text class="tick" x="${frame.left}" y="10">${axes[1]}</text>
<path class="line steps" d="${steps}"/>
${plot.points.map(
  (
    point,
  ) => markup`<path class="line series-${point.arm % ARM_STYLES} solid" d="M${pixelText(x(point.x.low))} ${pixelText(y(point.y.value))}H${pixelText(x(point.x.high))}M${pixelText(x(point.x.value))} ${pixelText(y(point.y.low))}V${pixelText(y(point.y.high))}"/>
${armMark(point.arm, x(point.x.value), y(point.y.value))}`,
)}
${places.map((place, k) => {
  const mark = valueAt(marks, k);
  return markup`${place.isFar ? markup`<path class="grid" d="M${pixelText(mark.x)} ${pixelText(mark.y)}L${pixelText(place.x)} ${pixelText(place.y - 4)}"/>` : null}<text class="label" x="${pixelText(place.x)}" y="${pixelText(place.y)}" text-anchor="${place.anchor}">${mark.label}</text>`;
})}
</svg>`;
}

/**
 * Recall by popularity third, in points above or below the reference.
 * @param thirds names with the recall of the reference
 */
export function thirdsPicture(
  plot: ThirdsPlot,
  names: readonly string[],
  title: string,
  thirds: readonly { readonly name: string; readonly recall: string }[],
): Markup {
  const inner = width - frame.left - frame.right;
  const middle = (third: number): number => frame.left + 24 + (third * (inner - 48)) / 2;
  // Marks of configs with equal values do not cover each other.
  const x = (third: number, order: number): number => middle(third) + (order - (plot.lines.length - 1) / 2) * 5;
  const y = placeOn(plot.y);
  const ends = plot.lines.flatMap(({ arm, points }) => {
    const last = points.findLast((point) => point !== null);
    return last ? [{ arm, y: y(last.value) }] : [];
  });
  return markup`<svg class="chart small" role="img" viewBox="0 0 ${width} ${height}" aria-label="${title}">
${yAxis(plot.y, 1)}
${thirds.map(({ name, recall }, third) => markup`<text class="tick" x="${pixelText(middle(third))}" y="${height - frame.bottom + 16}" text-anchor="middle">${name}</text><text class="tick" x="${pixelText(middle(third))}" y="${height - frame.bottom + 31}" text-anchor="middle">${recall}</text>`)}
${plot.lines.map(({ arm, points }, order) => {
  const drawnPoints = points.flatMap((point, third): [Spread, number][] => (point ? [[point, x(third, order)]] : []));
  return markup`<path class="line series-${arm % ARM_STYLES}" d="${drawnPoints.map(([point, left], k) => `${k === 0 ? 'M' : 'L'}${pixelText(left)} ${pixelText(y(point.value))}`).join('')}"/>
<path class="line series-${arm % ARM_STYLES} solid" d="${drawnPoints.map(([point, left]) => `M${pixelText(left)} ${pixelText(y(point.low))}V${pixelText(y(point.high))}`).join('')}"/>
${drawnPoints.map(([point, left]) => armMark(arm, left, y(point.value)))}`;
})}
${spreadLabels(ends).map((label) => markup`<text class="label" x="${pixelText(middle(2) + 32)}" y="${pixelText(label.y)}" dominant-baseline="middle">${shortName(valueAt(names, label.arm))}</text>`)}
</svg>`;
}

function armMark(arm: number, x: number, y: number): Markup {
  const { path, isHollow } = armShape(arm);
  const look = `line series-${arm % ARM_STYLES} solid mark${isHollow ? ' hollow' : ''}`;
  return markup`<path class="${look}" d="M${pixelText(x)} ${pixelText(y)}${path}"/>`;
}

/** @param digits smallest number of digits after the point */
function yAxis(axis: TrialAxis, digits: number): Markup[] {
  const y = placeOn(axis);
  const shownDigits = tickDigits(axis, digits);
  return axis.ticks.map(
    (tick) =>
      markup`<line class="grid" x1="${frame.left}" x2="${width - frame.right}" y1="${pixelText(y(tick))}" y2="${pixelText(y(tick))}"/><text class="tick" x="${frame.left - 8}" y="${pixelText(y(tick))}" text-anchor="end" dominant-baseline="middle">${fixed(tick, shownDigits).replace('-', '−')}</text>`,
  );
}

const placeOn =
  (axis: TrialAxis) =>
  (value: number): number =>
    frame.top + (1 - axis.positionOf(value)) * (height - frame.top - frame.bottom);

const pixelText = (pixels: number): string => pixels.toFixed(1);
