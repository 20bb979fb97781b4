import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatCount } from '../../src/core/table/format.ts';
import type { PreviewGroup } from '../../src/protocol/sampling.ts';
import { LightElement } from '../element.ts';
import { t } from '../strings.ts';
import type { ExcludedPart } from './storyExcludes.ts';
import type { StoryFact } from './storyFacts.ts';
import { exactTime, shortTime } from './texts.ts';

/** Maximum number of excluded items listed. */
const maxItems = 20;

/**
 * Numbered explanation of what decides the rows of a group, and the items that its negatives never are. Fires
 * `positive` with a step to the next or previous positive, and `pair` with an item to explain.
 */
@customElement('rs-story-why')
class StoryWhy extends LightElement {
  static override sheets = [
    css`
    rs-story-why { display: block; padding: 8px 12px 16px; overflow-y: auto; min-height: 0; user-select: text; overflow-wrap: anywhere; }
    rs-story-why .top { display: flex; align-items: center; gap: 4px; }
    rs-story-why .top h3 { flex: 1; min-width: 0; }
    rs-story-why ol { list-style: none; margin: 8px 0 0; padding: 0; display: grid; gap: 10px; }
    rs-story-why ol > li { display: grid; grid-template-columns: 14px minmax(0, 1fr); gap: 0 8px; }
    rs-story-why .number { width: 14px; height: 14px; margin-top: 1px; border-radius: 7px; background: var(--vscode-foreground); color: var(--vscode-editor-background); font-size: 10px; font-weight: 600; line-height: 14px; text-align: center; }
    rs-story-why strong { font-weight: 600; }
    rs-story-why .line { color: var(--rs-muted); }
    rs-story-why h4 { font-size: 12px; font-weight: 600; margin: 12px 0 0; padding-top: 8px; border-top: 1px solid var(--vscode-panel-border); }
    rs-story-why ul { list-style: none; margin: 4px 0 0; padding: 0; display: grid; gap: 4px; }
    rs-story-why button.link { text-align: left; white-space: normal; overflow-wrap: anywhere; }
  `,
  ];
  /** The group of the chosen mark; null if no positive or negative is chosen. */
  @property({ attribute: false }) group: PreviewGroup | null = null;
  @property({ attribute: false }) facts: readonly StoryFact[] = [];
  @property({ attribute: false }) excludes: readonly ExcludedPart[] = [];
  @property({ attribute: false }) timezone = 'UTC';
  @property({ attribute: false }) itemText: (row: { readonly item: string }) => string = ({ item }) => item;

  protected override render(): TemplateResult {
    const { group } = this;
    return html`<div class="top"><h3>${group === null ? t('What decides a group') : html`<span title=${exactTime(group.time)}>${shortTime(group.time, this.timezone)}</span>`}</h3>${[
      ['arrow-left', t('Previous positive'), -1] as const,
      ['arrow-right', t('Next positive'), 1] as const,
    ].map(
      ([icon, label, step]) =>
        html`<button class="tool" aria-label=${label} title=${label} @click=${() => this.dispatchEvent(new CustomEvent('positive', { detail: step }))}><span class="codicon codicon-${icon}" aria-hidden="true"></span></button>`,
    )}</div>
    ${group === null ? html`<p class="muted">${t('Choose a positive or a negative to see its window, what it excludes, and up to when popularity is counted.')}</p>` : html`<ol>${this.facts.map(({ title, lines }, k) => html`<li><span class="number">${k + 1}</span><div><strong>${title}</strong>${lines.map((line) => html`<div class="line">${line}</div>`)}</div></li>`)}</ol>${this.never()}`}`;
  }

  private never(): TemplateResult | typeof nothing {
    const all = [
      ...new Map(this.excludes.flatMap(({ items }) => items.map((one) => [one.item, one] as const))).values(),
    ];
    if (all.length === 0) return nothing;
    return html`<h4>${t('Excluded by events of the user')}</h4><ul>${all.slice(0, maxItems).map((one) => html`<li><button class="link" title=${t('Explain a pair')} @click=${() => this.dispatchEvent(new CustomEvent('pair', { detail: one.item }))}>${this.itemText(one)}</button><div class="line">${one.event} · <span title=${exactTime(one.time)}>${shortTime(one.time, this.timezone)}</span></div></li>`)}</ul>
      ${all.length > maxItems ? html`<p class="caption">${t('and {0} more', formatCount(all.length - maxItems))}</p>` : nothing}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-story-why': StoryWhy;
  }
}
