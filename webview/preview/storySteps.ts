import { css, html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { ageOf, leftOutText, spanText } from '../../src/core/report/sequenceSteps.ts';
import type { LeftOut } from '../../src/core/sampling/kernel/histories.ts';
import { formatCount } from '../../src/core/table/format.ts';
import type { PreviewGroup } from '../../src/protocol/sampling.ts';
import { say, t } from '../strings.ts';
import type { GroupHistory } from './historyTexts.ts';
import type { StoryAxis } from './storyAxis.ts';
import type { StoryLane, StoryMark } from './storyLanes.ts';

/** The lane of a sequence as the chosen group sees it. */
export interface StepLane extends GroupHistory {
  readonly group: PreviewGroup;
  /** By step: its place in the history, 0 for the newest, or why it is left out. Other steps are far from both. */
  readonly states: ReadonlyMap<number, number | LeftOut>;
}

/** Minimum width of the delay in pixels: without a mark in it, both of its ends are at one place of the axis. */
const MIN_DELAY = 5;

export const stepStyles = css`
  rs-story-pane .step { fill: var(--vscode-editor-background); stroke: var(--vscode-foreground); stroke-width: 1.2; }
  rs-story-pane .step.in { fill: var(--vscode-foreground); }
  rs-story-pane .step.far { stroke: none; fill: var(--rs-muted); }
  rs-story-pane rect.delay { fill: var(--vscode-charts-lines); fill-opacity: 0.45; }
  rs-story-pane line.cutoff { stroke: var(--vscode-foreground); stroke-width: 2; }
  rs-story-pane line.request { stroke: var(--vscode-foreground); stroke-dasharray: 2 2; }
  rs-story-chart .lanes .number { flex: none; width: 14px; border-radius: 7px; background: var(--vscode-foreground); color: var(--vscode-editor-background); font-size: 10px; font-weight: 600; line-height: 14px; text-align: center; }
  rs-story-pane .key { padding: 0 12px 8px; display: flex; flex-wrap: wrap; gap: 2px 16px; }
  rs-story-pane .key span { display: inline-flex; align-items: center; gap: 5px; white-space: nowrap; }
`;

/** The histories of a group, by the name of their lane. */
export function stepLanes(group: PreviewGroup, histories: readonly GroupHistory[]): ReadonlyMap<string, StepLane> {
  return new Map(
    histories.map((ofSequence) => {
      const { steps, nearest } = ofSequence.history;
      const states = new Map<number, number | LeftOut>(nearest.map(({ step, reason }) => [step, reason]));
      steps.forEach((step, k) => states.set(step, steps.length - 1 - k));
      return [ofSequence.sequence.name, { ...ofSequence, group, states }];
    }),
  );
}

/** What the chosen group sees of a lane; undefined for other lanes, and if no group is chosen. */
export const stepsOf = ({ kind, name }: StoryLane, lanes: ReadonlyMap<string, StepLane>): StepLane | undefined =>
  kind === 'step' ? lanes.get(name) : undefined;

/** True if the step is in the history of the chosen group. */
export const isInHistory = (lane: StepLane | undefined, { step }: StoryMark): boolean =>
  step !== null && typeof lane?.states.get(step) === 'number';

/** What the chosen group sees of a step. */
export function stepDetail(lane: StepLane | undefined, { step, time }: StoryMark): string {
  if (lane === undefined || step === null) return '';
  const state = lane.states.get(step);
  if (state === undefined) return t('not in the history, and not among the left-out steps nearest to the cut-off');
  if (typeof state === 'string') return t('not in the history: {0}', say(leftOutText(state, lane.sequence)));
  const age = t('{0} before the request', spanText(ageOf(lane.history, { time })));
  return `${t('in the history: {0} of {1} from the newest', formatCount(state + 1), formatCount(lane.history.steps.length))} · ${age}`;
}

/** The glyph of a step in a box of 10 × 10 pixels: filled in the history, hollow if left out, else a dot. */
export function stepGlyph(lane: StepLane | undefined, mark: StoryMark): SVGTemplateResult {
  const state = mark.step === null ? undefined : lane?.states.get(mark.step);
  if (state === undefined) return svg`<circle class="step far" cx="5" cy="5" r="2"></circle>`;
  return svg`<circle class="step ${typeof state === 'number' ? 'in' : 'out'}" cx="5" cy="5" r="3.5"></circle>`;
}

/** True if a step is on the same side of the cut-off as another one: a bar never covers the line. */
export const isSameSide = (lane: StepLane | undefined, a: StoryMark, b: StoryMark): boolean =>
  lane === undefined || a.time < lane.history.cutOff === b.time < lane.history.cutOff;

/** A vertical line of a time; nothing outside of the visible part. */
function timeLine(kind: 'cutoff' | 'request', x: number, [top, end]: readonly [number, number], { width }: StoryAxis) {
  if (x < 0 || x > width) return nothing;
  return svg`<line class=${kind} x1=${x} x2=${x} y1=${top} y2=${end}></line>`;
}

/** The request of the chosen group in pixels. All rows of the request share it. */
function requestPlace({ history }: StepLane, axis: StoryAxis): number {
  const x = axis.edge(Date.parse(history.readTime) - 1);
  // At the left end of the axis there is no room for a delay. A request outside of the visible part stays outside.
  return x < 0 ? x : Math.max(MIN_DELAY, x);
}

/** The request of the chosen group, through all lanes. */
export const requestLine = (lane: StepLane, axis: StoryAxis, span: readonly [number, number]) =>
  timeLine('request', requestPlace(lane, axis), span, axis);

/** The line at the cut-off, and what is too late to be seen up to the request. `y`: the middle of the lane. */
export function cutLine(lane: StepLane, axis: StoryAxis, y: number): SVGTemplateResult {
  const request = requestPlace(lane, axis);
  const delay = lane.sequence.availableAfter === 0 && lane.sequence.asOf === 'request' ? 0 : MIN_DELAY;
  const x = Math.min(request - delay, axis.edge(Date.parse(lane.history.cutOff) - 1));
  const [from, to] = [x, request].map((end) => Math.max(0, Math.min(axis.width, end))) as [number, number];
  return svg`<rect class="delay" x=${from} y=${y - 12} width=${to - from} height="24"></rect>${timeLine('cutoff', x, [y - 12, y + 12], axis)}`;
}

/** What the marks and lines of step lanes mean. */
export function stepKey(lanes: number): TemplateResult | typeof nothing {
  if (lanes === 0) return nothing;
  const entry = (sign: SVGTemplateResult, text: string): TemplateResult =>
    html`<span><svg width="12" height="12" viewBox="-1 -1 12 12" aria-hidden="true">${sign}</svg>${text}</span>`;
  return html`<p class="key caption">${entry(svg`<circle class="step in" cx="5" cy="5" r="3.5"></circle>`, t('in the history'))}${entry(svg`<circle class="step out" cx="5" cy="5" r="3.5"></circle>`, t('left out'))}${entry(svg`<line class="cutoff" x1="5" x2="5" y1="-1" y2="11"></line>`, t('cut-off'))}${entry(svg`<rect class="delay" x="-1" y="-1" width="12" height="12"></rect>`, t('too late for the request'))}${entry(svg`<line class="request" x1="5" x2="5" y1="-1" y2="11"></line>`, t('request'))}</p>`;
}
