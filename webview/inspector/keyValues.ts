import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { KeyValue } from '../../src/core/table/dataset.ts';
import { formatBytes } from '../../src/core/table/format.ts';
import { LightElement } from '../element.ts';
import { t } from '../strings.ts';

/** Longer values are collapsed at first. */
const short = 160;

/** The key-value metadata of a Parquet file; long values can be expanded. */
@customElement('rs-key-values')
export class KeyValues extends LightElement {
  static override sheets = [
    css`
    rs-key-values > dl {
      grid-template-columns: minmax(96px, max-content) minmax(0, 1fr);
      border-top: 1px solid var(--vscode-panel-border);
      padding-top: 8px;
    }
    rs-key-values .value { white-space: pre-wrap; }
  `,
  ];
  @property({ attribute: false }) entries: readonly KeyValue[] = [];
  @state() private unfolded: ReadonlySet<number> = new Set();

  protected override render(): TemplateResult {
    return html`<dl>${this.entries.map(({ key, value, bytes }, k) => {
      const long = value.length > short;
      const open = this.unfolded.has(k);
      return html`<dt class="mono">${key}</dt><dd class="mono"><span class="value">${long && !open ? `${value.slice(0, short)}…` : value}</span>
        ${long ? html` <button class="link" aria-expanded=${open ? 'true' : 'false'} @click=${() => this.toggle(k)}>${open ? t('Fold') : t('Unfold')}</button>` : nothing}
        ${bytes === undefined ? nothing : html` <span class="muted">${t('cut for display, {0} in the file', formatBytes(bytes))}</span>`}</dd>`;
    })}</dl>`;
  }

  private toggle(place: number): void {
    const unfolded = new Set(this.unfolded);
    if (!unfolded.delete(place)) unfolded.add(place);
    this.unfolded = unfolded;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-key-values': KeyValues;
  }
}
