import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { intervalNote } from '../../src/core/report/trialTexts.ts';
import { say, t } from '../strings.ts';
import { TrialElement } from './trialElement.ts';

/** Available keys, the last action, and how the intervals were computed. */
@customElement('rs-trial-footer')
export class TrialFooter extends TrialElement {
  static override sheets = [
    css`
    rs-trial-footer {
      flex: none; display: flex; align-items: center; gap: 16px; height: 26px; padding: 0 12px; font-size: 11px; color: var(--rs-muted);
      border-top: 1px solid var(--vscode-panel-border); white-space: nowrap; overflow: hidden;
    }
    rs-trial-footer .hints { display: flex; gap: 16px; flex-wrap: wrap; height: 18px; overflow: hidden; flex: none; max-width: 60%; }
    rs-trial-footer .right { margin-left: auto; }
  `,
  ];

  protected override render(): TemplateResult {
    const { report, run, said } = this.model;
    const keys: [string[], string][] = run
      ? [[['Esc'], t('cancel')]]
      : [
          [['↑', '↓'], t('metric')],
          [['←', '→'], t('config')],
          [['X'], t('make it the reference')],
          [['T'], t('charts as tables')],
        ];
    const note = report && !run ? say(intervalNote(report)) : null;
    return html`<span class="hints">${report || run ? keys.map(([names, text]) => html`<span>${names.map((key) => html`<kbd>${key}</kbd> `)}${text}</span>`) : nothing}</span>
      <span role="status">${said}</span><span class="right cut" title=${note ?? nothing}>${note}</span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-trial-footer': TrialFooter;
  }
}
