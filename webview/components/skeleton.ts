import { css, html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { LightElement } from '../element.ts';
import { t } from '../strings.ts';

/** Placeholder rows until the first facts about the file arrive. */
@customElement('rs-skeleton')
export class Skeleton extends LightElement {
  static override sheets = [
    css`
    rs-skeleton { display: block; padding: 12px 16px; overflow: hidden; }
    rs-skeleton .line { display: flex; gap: 24px; height: 22px; align-items: center; }
    rs-skeleton .line i {
      height: 10px;
      border-radius: 2px;
      background: var(--vscode-list-inactiveSelectionBackground, var(--rs-line));
    }
    rs-skeleton .line i:nth-child(1) { width: 56px; }
    rs-skeleton .line i:nth-child(2) { width: 136px; }
    rs-skeleton .line i:nth-child(3) { width: 112px; }
    rs-skeleton .line i:nth-child(4) { width: 40px; }
    rs-skeleton .line i:nth-child(5) { width: 96px; }
    rs-skeleton .line:nth-child(3n) i:nth-child(3) { width: 88px; }
    rs-skeleton .line:nth-child(4n) i:nth-child(5) { width: 64px; }
    body.vscode-high-contrast rs-skeleton .line i { border: 1px solid var(--vscode-contrastBorder); }
  `,
  ];

  protected override render(): TemplateResult {
    return html`<span class="said" role="status">${t('Opening the file')}</span>
      ${Array.from({ length: 14 }, () => html`<div class="line" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i></div>`)}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-skeleton': Skeleton;
  }
}
