import { css, html, type TemplateResult } from 'lit';
import { auditRoles, type AuditRole, type SampleColumns } from '../../../src/core/audit/sampleColumns.ts';
import type { Column } from '../../../src/core/table/dataset.ts';
import { adopt } from '../../element.ts';
import { t } from '../../strings.ts';
import type { AuditRoles, AuditRun } from './auditRun.ts';

adopt(css`
  .role-form { margin-bottom: 16px; }
  .role-form .columns { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 4px 24px; margin: 8px 0; }
  .role-form label { display: flex; align-items: center; gap: 8px; min-width: 0; }
  .role-form .name { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .role-form select {
    flex: none; width: 128px; height: 24px; font: inherit;
    background: var(--vscode-dropdown-background); color: var(--vscode-dropdown-foreground);
    border: 1px solid var(--vscode-dropdown-border, var(--vscode-panel-border)); border-radius: 2px;
  }
`);

/** The column of each role as the audit found it, and a choice of another role for each column. */
export function roleForm(columns: readonly Column[], found: SampleColumns, audit: AuditRun): TemplateResult {
  const roleOf = new Map<string, AuditRole>(
    auditRoles.flatMap((role) => {
      const { name = null, negatives = null } = found.columns[role] ?? {};
      return [name, negatives].flatMap((column) => (column === null ? [] : [[column, role] as const]));
    }),
  );
  const choose = (column: string, value: string): void => audit.correct(corrected(audit.roles, column, value));
  return html`<details class="role-form"><summary>${t('Roles of the columns')} <span class="muted">${[...roleOf].map(([column, role]) => `${column} = ${role}`).join(' · ')}</span></summary>
    <p class="note">${t('The audit reads each column by its role. Correct a role here; the file is then audited again. On the command line: {0}', '--role COLUMN=ROLE')}</p>
    <div class="columns">${columns.map(({ name }) => {
      const current = roleOf.get(name) ?? '';
      return html`<label><span class="name mono" title=${name}>${name}</span>
        <select aria-label=${t('Role of {0}', name)} @change=${(event: Event) => choose(name, (event.target as HTMLSelectElement).value)}>
          <option value="" ?selected=${current === ''}>${t('no role')}</option>
          ${auditRoles.map((role) => html`<option value=${role} ?selected=${current === role}>${role}</option>`)}
        </select></label>`;
    })}</div>
    ${
      Object.keys(audit.roles).length === 0
        ? ''
        : html`<button class="link" @click=${() => audit.correct({})}>${t('Use the recognised roles')}</button>`
    }</details>`;
}

/** Adds a correction. A role has only one column, so the previous column loses the role. */
function corrected(roles: AuditRoles, column: string, value: string): AuditRoles {
  const role = auditRoles.find((one) => one === value) ?? null;
  const others = Object.entries(roles).filter(([name, own]) => name !== column && (role === null || own !== role));
  return { ...Object.fromEntries(others), [column]: role };
}
