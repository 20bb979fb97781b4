import { svg, type SVGTemplateResult } from 'lit';
import { sourceMark } from './sourceMark.ts';

/** The glyph of a source, 12 × 12 pixels, for templates. Always shown next to the name, never alone. */
export function sourceGlyph(source: string): SVGTemplateResult {
  const { family, path, hollow } = sourceMark(source);
  return hollow
    ? svg`<svg class="glyph" width="12" height="12" viewBox="-1 -1 12 12" aria-hidden="true"><path class="line-${family}" d=${path} fill="none" stroke-width="1.5"></path></svg>`
    : svg`<svg class="glyph" width="12" height="12" viewBox="-1 -1 12 12" aria-hidden="true"><path class="fill-${family}" d=${path}></path></svg>`;
}
