import { css, html, nothing, type TemplateResult } from 'lit';
import type { Failure } from '../../../src/core/message/failure.ts';
import { message } from '../../../src/core/message/message.ts';
import type { AuditView } from '../../../src/protocol/auditView.ts';
import { formatCount } from '../../../src/core/table/format.ts';
import type { FailureAction } from '../../components/failure.ts';
import { adopt } from '../../element.ts';
import { t } from '../../strings.ts';
import type { InspectorModel } from '../inspectorModel.ts';
import { assignRole, pickRole } from '../roles.ts';

adopt(css`
  .audit-bar {
    display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; flex: none;
    min-height: 36px; padding: 4px 16px; border-bottom: 1px solid var(--vscode-panel-border);
  }
  .audit-bar > .grow { min-width: min(220px, 100%); }
  .audit-notice {
    display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; flex: none; padding: 6px 16px;
    background: var(--vscode-editorWidget-background); border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
  }
  .audit-notice .codicon { color: var(--vscode-problemsWarningIcon-foreground); }
  .audit-report { flex: 1; min-height: 0; overflow: auto; padding: 16px; }
`);

/** Frame of the tabs Audit and Distribution: what the file is compared with, the state of the audit, next actions. */
export function auditFrame(model: InspectorModel, name: string, content: TemplateResult): TemplateResult {
  const { audit, jobs, channel } = model;
  const { state } = audit;
  const restart = (): void => void audit.start(true);
  const infer = (): void => void channel.request('inferConfig', null).catch(() => undefined);
  if (state.kind === 'failed') return failureNotice(state.failure);
  const isEmpty = audit.metrics.length === 0;
  if (state.kind === 'none' || (state.kind === 'interrupted' && isEmpty))
    return html`<div class="audit-report"><vscode-button @click=${restart}>${t('Audit this file')}</vscode-button></div>`;
  return html`<div class="audit-bar"><span class="grow" role="status">${barText()}</span>${
    state.kind === 'running'
      ? html`<vscode-button appearance="secondary" @click=${() => audit.cancel()}>${t('Cancel')}</vscode-button>`
      : html`<vscode-button appearance="secondary" @click=${infer}>${t('Write Ratio Config from Sample…')}</vscode-button><vscode-button appearance="secondary" @click=${restart}>${t('Run again')}</vscode-button>`
  }</div>
    ${notice()}
    <div class="audit-report" data-region="main" tabindex="0" role="region" aria-label=${name} aria-busy=${state.kind === 'running' ? 'true' : 'false'}>${content}</div>`;

  /** A failure about a column's role offers to choose the role here. The advice of other failures fits only the CLI. */
  function failureNotice(failure: Failure): TemplateResult {
    const column = failure.missingRole === 'item' ? null : failure.place?.column;
    if (column === undefined)
      return html`<rs-failure .failure=${failure} .actions=${[{ label: t('Try again'), kind: 'primary', run: restart }]}></rs-failure>`;
    const advised: Failure = {
      ...failure,
      advice: message('Choose it here or in Columns. The choice is kept for this file.'),
    };
    const actions: readonly FailureAction[] = [
      {
        label: column === null ? t('Choose the item column') : t('Choose the role of {0}', column),
        kind: 'primary',
        run: () => void (column === null ? assignRole(model, 'item', null) : pickRole(model, column)),
      },
      { label: t('Try again'), kind: 'secondary', run: restart },
    ];
    return html`<rs-failure .failure=${column === null ? advised : failure} .actions=${actions}></rs-failure>`;
  }

  function barText(): string {
    if (state.kind === 'done') return againstText(state.view);
    if (state.kind !== 'running') return t('The audit is not complete');
    if (isEmpty) return t('Auditing the file');
    const measured = audit.metrics.length;
    return jobs.shown ? t('Auditing the file: {0} metrics so far', formatCount(measured)) : t('Auditing the file');
  }

  function notice(): TemplateResult | typeof nothing {
    const text =
      state.kind === 'done' && state.isStale
        ? t('The sample file changed after this audit.')
        : state.kind === 'interrupted'
          ? state.by === 'change'
            ? t('The sample file changed while it was audited. These are figures of its former content.')
            : t('The audit was cancelled. Only these metrics were measured.')
          : null;
    if (text === null) return nothing;
    return html`<div class="audit-notice" role="alert"><span class="codicon codicon-warning" aria-hidden="true"></span><span class="grow">${text}</span><vscode-button @click=${restart}>${t('Audit again')}</vscode-button></div>`;
  }
}

function againstText({ config, stage, split }: AuditView): string {
  if (config === null) return t('Without a config');
  return t('Against {0}', [config.name, stage, split].filter((part) => part !== null).join(' › '));
}
