import { html, type TemplateResult } from 'lit';

/** Shorter names have no part that could be left out. */
const minCutLength = 16;
/** Characters that stay at the end: numbers and suffixes are what differs between columns. */
const suffixLength = 8;

/**
 * A name that is cut in the middle if there is no space for all of it. `feature_user_profile_name_14`:
 * `feature_…_name_14`.
 */
export function middleCut(name: string): TemplateResult {
  const glyphs = Array.from(new Intl.Segmenter().segment(name), ({ segment }) => segment);
  if (glyphs.length < minCutLength) return html`<span class="cut">${name}</span>`;
  return html`<span class="middle-cut"><span class="cut">${glyphs.slice(0, -suffixLength).join('')}</span><span>${glyphs.slice(-suffixLength).join('')}</span></span>`;
}
