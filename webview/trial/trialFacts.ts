import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { meanCount, trainedText, unseenTexts } from '../../src/core/report/trialTexts.ts';
import { formatCount } from '../../src/core/table/format.ts';
import { say, t } from '../strings.ts';
import { TrialElement } from './trialElement.ts';

/** Limits of the probe model, and facts about the training. */
@customElement('rs-trial-facts')
export class TrialFactsView extends TrialElement {
  static override sheets = [
    css`
    rs-trial-facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(280px, 1fr)); gap: 16px 24px; font-size: 12px; line-height: 16px; }
    rs-trial-facts h2 { margin-bottom: 8px; }
    rs-trial-facts li { display: grid; grid-template-columns: 20px minmax(0, 1fr); gap: 0 4px; padding: 2px 0; }
    rs-trial-facts li .codicon { font-size: 14px; }
    rs-trial-facts table { border-collapse: collapse; width: 100%; }
    rs-trial-facts th { text-align: left; font-weight: 400; }
    rs-trial-facts thead th { color: var(--rs-muted); font-size: 11px; }
    rs-trial-facts th, rs-trial-facts td { height: 20px; padding: 0 12px 0 0; }
    rs-trial-facts th.number, rs-trial-facts td.number { text-align: right; }
    rs-trial-facts .scroll { overflow-x: auto; }
    rs-trial-facts .note { margin-top: 8px; }
  `,
  ];

  protected override render(): TemplateResult | typeof nothing {
    const { model } = this;
    const { report } = model;
    if (!report) return nothing;
    const { usedPositives, trainPositives } = report.population;
    const heads = [t('epochs'), t('rows'), t('shortfall'), t('left out')];
    return html`<section><h2>${t('What the probe cannot see')}</h2><ul>${unseenTexts(report).map(
      ({ limit, reason }) =>
        html`<li><span class="codicon codicon-eye-closed" aria-hidden="true"></span><span>${say(limit)}<br><span class="caption">${say(reason)}</span></span></li>`,
    )}</ul></section>
    <section><h2>${t('What was trained')}</h2><div class="scroll" tabindex="0" role="region" aria-label=${t('What was trained')}><table><thead><tr><th scope="col">${t('config')}</th>${heads.map((head) => html`<th scope="col" class="number">${head}</th>`)}</tr></thead>
      <tbody>${report.arms.map(
        ({ name, epochs, runs }) =>
          html`<tr><th scope="row">${name}</th>${[
            epochs,
            meanCount(runs.map(({ rows }) => rows)),
            meanCount(runs.map(({ shortfall }) => shortfall)),
            meanCount(runs.map((run) => run.groupsWithoutRows + run.groupsWithoutLogQ)),
          ].map((count) => html`<td class="number">${formatCount(count)}</td>`)}</tr>`,
      )}</tbody></table></div>
      <p class="caption note">${say(trainedText(report))} ${t('Counts are means over the seeds; left out: groups without rows or log q.')}
        ${usedPositives < trainPositives ? html`<button class="link" @click=${() => void model.start(true)}>${t('Train on all')}</button>` : nothing}</p></section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-trial-facts': TrialFactsView;
  }
}
