import { css, html, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { LightElement } from '../element.ts';
import type { Jobs } from '../jobs.ts';
import { Watch } from '../observable.ts';
import { say, t } from '../strings.ts';

/** For long work: a line at the top edge and a small notice with Cancel. Fires `cancel`. */
@customElement('rs-progress')
export class ProgressView extends LightElement {
  static override sheets = [
    css`
    rs-progress { position: absolute; inset: 0 0 auto; z-index: 10; pointer-events: none; }
    rs-progress > svg { width: 100%; height: 2px; }
    rs-progress rect { fill: var(--vscode-progressBar-background); }
    rs-progress .endless { animation: rs-endless 2s linear infinite; }
    @keyframes rs-endless { from { transform: translateX(-30%); } to { transform: translateX(100%); } }
    @media (prefers-reduced-motion: reduce) { rs-progress .endless { width: 100%; } }
    rs-progress .notice {
      pointer-events: auto; position: fixed; bottom: 38px; right: 16px; display: flex; align-items: center; gap: 12px; padding: 4px 4px 4px 12px; font-size: 12px;
      background: var(--vscode-editorWidget-background); border: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder)); border-radius: 4px; box-shadow: 0 2px 8px var(--vscode-widget-shadow);
      max-width: calc(100vw - 32px);
    }
    rs-progress kbd { margin-left: 6px; }
  `,
  ];
  @property({ attribute: false }) jobs!: Jobs;

  constructor() {
    super();
    new Watch(this, () => this.jobs);
  }

  protected override render(): TemplateResult | typeof nothing {
    const job = this.jobs.shown;
    if (!job) return nothing;
    const percent = job.fraction === null ? null : Math.round(job.fraction * 100);
    const text = job.message ? say(job.message) : t('Working');
    return html`
      <svg role="progressbar" aria-label=${text} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${percent ?? nothing} preserveAspectRatio="none" viewBox="0 0 100 2">
        ${percent === null ? endless : svg`<rect width=${percent} height="2"></rect>`}
      </svg>
      <div class="notice"><span class="cut">${text}${percent === null ? nothing : html`<span class="muted"> · ${percent} %</span>`}</span>
        <vscode-button appearance="secondary" @click=${() => this.dispatchEvent(new CustomEvent('cancel'))}>${t('Cancel')} <kbd>Esc</kbd></vscode-button></div>`;
  }
}

const endless = svg`<rect class="endless" width="30" height="2"></rect>`;

declare global {
  interface HTMLElementTagNameMap {
    'rs-progress': ProgressView;
  }
}
