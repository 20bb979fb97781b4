import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { historyText } from '../../src/core/report/historyText.ts';
import { eventsText } from '../../src/core/report/eventsText.ts';
import { nullTexts } from '../../src/core/report/nullTexts.ts';
import { unknownTexts } from '../../src/core/report/unknownTexts.ts';
import type { SamplerProblem } from '../../src/protocol/preview.ts';
import { retryActions, where } from '../components/failure.ts';
import { Watch } from '../observable.ts';
import { moreNotices } from '../moreNotices.ts';
import { say, t } from '../strings.ts';
import { PreviewElement } from './previewElement.ts';
import type { PreviewModel } from './previewModel.ts';

/** Maximum number of notices shown at once, so that they do not push the draws off the screen. */
const shownAtOnce = { above: 2, below: 1 } as const;

/** True if the config or the last draw failed, or the draw was cancelled. */
export function hasUrgentNotices({ sampler, preview, problem, stopped }: PreviewModel): boolean {
  return (
    sampler?.plan === null ||
    (sampler?.problems ?? []).length > 0 ||
    (preview !== null && (problem !== null || stopped))
  );
}

/** Notices about the draws: errors in the config, rows left out, why the draws are older than the config. */
@customElement('rs-preview-notices')
export class PreviewNotices extends PreviewElement {
  static override sheets = [
    css`
    rs-preview-notices {
      flex: none;
      display: block;
      max-height: 40%;
      overflow: auto;
      font-size: 12px;
      line-height: 16px;
    }
    rs-preview-notices .notice {
      display: flex;
      align-items: center;
      gap: 8px;
      min-height: 28px;
      padding: 4px 12px;
      background: var(--vscode-editorWidget-background);
      border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    }
    rs-preview-notices.below { display: flex; flex-wrap: wrap; }
    rs-preview-notices.below .notice { flex: 1 1 100%; box-sizing: border-box; }
    rs-preview-notices.below .notice.more { flex: none; }
    rs-preview-notices.below:has(> .more) > .notice:not(.more) { flex: 1 1 0; min-width: 50%; }
    rs-preview-notices.below .notice { border-bottom: 0; border-top: 1px solid var(--vscode-panel-border); background: none; color: var(--rs-muted); }
    rs-preview-notices .notice .grow { overflow-wrap: anywhere; }
  `,
  ];
  @state() private all = false;

  constructor() {
    super();
    new Watch(this, () => this.model.pair);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { model } = this;
    const { sampler, preview, problem, stopped } = model;
    const unsound = sampler?.problems ?? [];
    // Without a plan, the notices are the only content.
    const everything = this.all || sampler?.plan === null;
    const extract = model.state?.extract;
    const notices = [
      ...(extract
        ? [
            this.info(
              t('Rows of the cluster, from the extract {0}. What is counted over all users is not shown.', extract),
            ),
          ]
        : []),
      ...unsound.map((each) => this.problem(each, sampler?.plan === null)),
      ...this.notices().map((text) => this.info(text)),
    ];
    const visibleNotices = everything
      ? notices
      : notices.slice(0, hasUrgentNotices(model) ? shownAtOnce.above : shownAtOnce.below);
    return html`
      ${
        problem && preview
          ? html`<div class="notice" role="alert"><span class="codicon codicon-error error-icon" aria-hidden="true"></span><span class="grow">${say(problem.message)}${problem.place ? ` (${where(problem.place)})` : ''}. ${problem.advice ? say(problem.advice) : ''} ${t('The draws before the change are still shown.')}</span>
        ${retryActions(
          problem,
          () => model.ask(true),
          () => model.act('restartServer', null),
        ).map(
          ({ label, run }) => html`<button class="link" @click=${run}>${label}</button>`,
        )}<button class="link" @click=${() => model.act('showLog', null)}>${t('Show Log')}</button></div>`
          : nothing
      }
      ${stopped && preview ? html`<div class="notice" role="status"><span class="codicon codicon-circle-slash" aria-hidden="true"></span><span class="grow">${t('Cancelled. The draws before the change are still shown.')}</span><button class="link" @click=${() => model.ask(true)}>${t('Draw again')}</button></div>` : nothing}
      ${visibleNotices}
      ${
        visibleNotices.length < notices.length
          ? html`<div class="notice more"><button class="link" @click=${() => {
              this.all = true;
            }}>${moreNotices(notices.length - visibleNotices.length)}</button></div>`
          : nothing
      }`;
  }

  private info(text: string): TemplateResult {
    return html`<div class="notice"><span class="codicon codicon-info info-icon" aria-hidden="true"></span><span class="grow">${text}</span></div>`;
  }

  /** Notices about the data, from the preview and, if it is visible, from the answer for a pair; mostly the same. */
  private notices(): string[] {
    const { state: shown, preview, pair } = this.model;
    const ofPair = shown?.mode === 'explain' ? (pair.answer?.notices ?? []) : [];
    const events = [
      ...(preview?.facts.events ?? []).map(eventsText),
      ...(preview?.histories ?? []).map(historyText),
      ...unknownTexts(preview?.facts.unknown ?? []),
      ...(preview ? nullTexts(preview) : []),
    ];
    return [...new Set([...(preview?.notices ?? []), ...ofPair, ...events].map((each) => say(each)))];
  }

  private problem({ message, range }: SamplerProblem, fatal: boolean): TemplateResult {
    const { model } = this;
    const config = model.state?.config;
    return html`<div class="notice" role="status"><span class="codicon codicon-${fatal ? 'error error-icon' : 'warning warning-icon'}" aria-hidden="true"></span><span class="grow">${say(message)}</span>
      ${range && config ? html`<button class="link" @click=${() => model.act('reveal', { config, range })}>${t('Line {0}', range.start.line + 1)}</button>` : nothing}</div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-preview-notices': PreviewNotices;
  }
}
