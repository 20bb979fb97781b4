import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { sourceGlyph } from '../charts/source.ts';
import { sourceMark } from '../charts/sourceMark.ts';
import type { StoryLane, StoryMark } from './storyLanes.ts';
import { stepDetail, stepGlyph, type StepLane } from './storySteps.ts';

/**
 * The glyph of a mark in a box of 10 × 10 pixels.
 * @param steps what the chosen group sees of a lane of steps
 */
export function glyph({ kind, source }: StoryLane, mark: StoryMark, steps?: StepLane): SVGTemplateResult {
  if (kind === 'step') return svg`<title>${stepDetail(steps, mark)}</title>${stepGlyph(steps, mark)}`;
  if (kind === 'shown')
    return svg`<rect class="shown ${mark.isStrong ? 'strong' : ''}" x="1.5" y="1.5" width="7" height="7"></rect>`;
  if (kind === 'event') return svg`<path class="check" d="M1 5.5L4 8.5L9.5 1.5"></path>`;
  if (kind === 'positive') return svg`<path class="positive" d="M1 5.5L4 8.5L9.5 1.5"></path>`;
  const { family, path, hollow } = sourceMark(source ?? '');
  return hollow
    ? svg`<path class="line-${family}" d=${path} fill="none" stroke-width="1.5"></path>`
    : svg`<path class="fill-${family}" d=${path}></path>`;
}

/** The sign before the name of a lane: the legend. */
export function glyphOf(lane: StoryLane): TemplateResult | SVGTemplateResult {
  if (lane.kind === 'entry') return sourceGlyph(lane.source ?? '');
  if (lane.kind === 'step') return html`<span class="codicon codicon-history" aria-hidden="true"></span>`;
  const mark = { isStrong: false } as StoryMark;
  return svg`<svg class="glyph" width="12" height="12" viewBox="-1 -1 12 12" aria-hidden="true">${glyph(lane, mark)}</svg>`;
}
