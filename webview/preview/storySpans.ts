import { nothing, svg, type SVGTemplateResult } from 'lit';
import type { StoryAxis } from './storyAxis.ts';
import type { StorySpan } from './storyFacts.ts';

/** A lane for the time that a fact covers. `number`: 1-based number of the fact. */
export interface SpanLane {
  readonly span: StorySpan;
  readonly number: number;
}

/** Minimum distance of two marks, in pixels; a nearer mark is not drawn. */
const markSpace = 9;

/** A number in a circle: ties a place of the chart to its explanation. */
export function badge(number: number, x: number, y: number): SVGTemplateResult {
  return svg`<circle class="badge" cx=${x} cy=${y} r="7"></circle><text class="number" x=${x} y=${y + 3.5} text-anchor="middle">${number}</text>`;
}

/** The time of a fact as a bar: an arrow at an end beyond the chart, a line at the other. */
export function spanBar({ span, number }: SpanLane, axis: StoryAxis, y: number): SVGTemplateResult | typeof nothing {
  const { width } = axis;
  const start = span.from === null ? -Infinity : axis.edge(span.from - 1);
  const end = span.to === null ? Infinity : axis.edge(span.to);
  const [from, to] = [start, end].map((x) => Math.max(0, Math.min(width, x))) as [number, number];
  if (to <= from) return badge(number, Math.max(8, Math.min(width - 8, to)), y);
  const label = from + (start < 0 ? 16 : 9);
  return svg`<rect class="span" x=${from} y=${y - 6} width=${to - from} height="12"></rect>
    ${start < 0 ? svg`<path class="ink" d="M7 ${y - 4}L2 ${y}L7 ${y + 4}z"></path>` : nothing}
    ${end > width ? svg`<path class="ink" d="M${width - 7} ${y - 4}L${width - 2} ${y}L${width - 7} ${y + 4}z"></path>` : svg`<line class="end" x1=${to} x2=${to} y1=${y - 8} y2=${y + 8}></line>`}
    ${marksOf(span, axis, label + 12).map((x) =>
      span.kind === 'excluded'
        ? svg`<g class="never"><circle cx=${x} cy=${y} r="4.5"></circle><line x1=${x - 3} x2=${x + 3} y1=${y - 3} y2=${y + 3}></line></g>`
        : svg`<circle class="ink" cx=${x} cy=${y} r="3"></circle>`,
    )}${badge(number, Math.min(label, width - 8), y)}`;
}

/** Positions of visible marks in pixels. Marks that would overlap another mark or the number are left out. */
function marksOf({ marks }: StorySpan, axis: StoryAxis, least: number): number[] {
  const places = marks
    .map(({ at, item }) => axis.placeOf(at, item))
    .filter((x) => x >= least && x <= axis.width)
    .sort((a, b) => a - b);
  const visible: number[] = [];
  for (const x of places) if (x - (visible.at(-1) ?? -Infinity) >= markSpace) visible.push(x);
  return visible;
}
