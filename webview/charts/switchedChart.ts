import { css, html, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { LightElement } from '../element.ts';
import { t } from '../strings.ts';

/** Base class of elements that show a picture, or its numbers as a table. The key T and a button switch. */
export abstract class SwitchedChart extends LightElement {
  static override sheets = [
    css`
    .switched { display: block; }
    .switched > div > [tabindex] { border-radius: 2px; outline-offset: 2px; }
    .switched .numbers { max-height: 180px; margin-bottom: 4px; overflow: auto; }
    .switched table { width: 100%; border-collapse: collapse; }
    .switched th {
      text-align: left; font-weight: 400; color: var(--rs-muted); height: 20px; padding: 0 4px 0 0; white-space: nowrap;
    }
    .switched td { height: 20px; padding: 0 4px 0 0; }
    .switched th.number { text-align: right; }
    .switched .under { display: flex; justify-content: space-between; gap: 8px; min-height: 16px; }
    .switched .ways { display: flex; flex: none; gap: 12px; }
  `,
  ];
  /** Shows the numbers in place of the picture. The switch sends `as-table` with the new value. */
  @property({ type: Boolean }) asTable = false;

  /** The picture described in one sentence. */
  protected abstract sentence(): string;
  /** The picture, in an element that takes the focus. */
  protected abstract figure(): TemplateResult;
  protected abstract numbers(): TemplateResult;
  /** Text below the picture, next to the switch. */
  protected reading(): TemplateResult | string {
    return '';
  }
  /** Buttons before the switch. */
  protected buttons(): TemplateResult | string {
    return '';
  }
  /** Handles a key other than T; true if the key was used. */
  protected use(_event: KeyboardEvent): boolean {
    return false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('switched');
  }

  protected override render(): unknown {
    return html`<div @keydown=${(event: KeyboardEvent) => this.key(event)}>${
      this.asTable
        ? html`<div class="numbers" tabindex="0" role="region" aria-label=${this.sentence()}>${this.numbers()}</div>`
        : this.figure()
    }
      <div class="under"><span class="caption" role="status">${this.reading()}</span><span class="ways">${this.buttons()}<button class="link caption" aria-pressed=${this.asTable ? 'true' : 'false'} @click=${() => this.toggle()}><kbd>T</kbd> ${this.asTable ? t('Chart') : t('Table')}</button></span></div></div>`;
  }

  private toggle(): void {
    this.asTable = !this.asTable;
    this.dispatchEvent(new CustomEvent<boolean>('as-table', { detail: this.asTable }));
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.toLowerCase() === 't') {
      this.toggle();
      void this.updateComplete.then(() => this.querySelector<HTMLElement>('[tabindex="0"]')?.focus());
    } else if (!this.use(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }
}
