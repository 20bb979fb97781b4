import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { formatCompactCount, formatCount, formatPercent } from '../../src/core/table/format.ts';
import { boot } from '../boot.ts';
import { t } from '../strings.ts';
import { PreviewElement } from './previewElement.ts';

/** The users to draw for: a list, or a drop-down in a narrow window. */
@customElement('rs-preview-users')
export class PreviewUsers extends PreviewElement {
  static override sheets = [
    css`
    rs-preview-users {
      display: flex;
      flex-direction: column;
      min-height: 0;
      min-width: 0;
      font-size: 12px;
      line-height: 16px;
    }
    rs-preview-users > header {
      flex: none;
      display: flex;
      align-items: center;
      height: 36px;
      padding: 0 12px;
      border-bottom: 1px solid var(--vscode-panel-border);
    }
    rs-preview-users > header h2 { flex: 1; }
    rs-preview-users .badge {
      min-width: 18px;
      height: 16px;
      line-height: 16px;
      padding: 0 5px;
      border-radius: 8px;
      text-align: center;
      font-size: 11px;
      font-variant-numeric: tabular-nums;
      background: var(--vscode-badge-background);
      color: var(--vscode-badge-foreground);
    }
    body.vscode-high-contrast rs-preview-users .badge {
      border: 1px solid var(--vscode-contrastBorder);
      line-height: 14px;
    }
    rs-preview-users .list { flex: 0 1 auto; min-height: 0; overflow-y: auto; }
    rs-preview-users .user {
      position: relative;
      height: 40px;
      padding: 3px 12px;
      border-bottom: 1px solid var(--rs-line);
      cursor: default;
    }
    rs-preview-users .user .mono { font-size: 11px; overflow-wrap: anywhere; white-space: nowrap; }
    rs-preview-users .user .facts {
      font-size: 11px;
      color: var(--rs-muted);
      font-variant-numeric: tabular-nums;
      white-space: nowrap;
    }
    rs-preview-users .user:hover { background: var(--vscode-list-hoverBackground); }
    rs-preview-users .user[aria-selected='true'] { background: var(--vscode-list-inactiveSelectionBackground); }
    rs-preview-users .user[aria-selected='true'] .facts { color: inherit; }
    rs-preview-users .list:focus-within .user[aria-selected='true'] { background: var(--vscode-list-activeSelectionBackground); color: var(--vscode-list-activeSelectionForeground); }
    body.vscode-high-contrast rs-preview-users .user[aria-selected='true'] { outline: 1px solid var(--vscode-contrastActiveBorder, var(--vscode-focusBorder)); outline-offset: -1px; }
    rs-preview-users .remove {
      position: absolute;
      right: 4px;
      top: 9px;
      opacity: 0;
      background: var(--vscode-editor-background);
    }
    rs-preview-users .user:hover .remove, rs-preview-users .remove:focus-visible { opacity: 1; }
    rs-preview-users .remove .codicon { font-size: 14px; }
    rs-preview-users .same { display: flex; align-items: center; gap: 6px; }
    rs-preview-users .same svg { width: 70px; height: 6px; flex: none; }
    rs-preview-users .track { fill: var(--rs-line); }
    rs-preview-users .more {
      flex: none;
      padding: 8px 12px;
      display: flex;
      flex-direction: column;
      align-items: flex-start;
      line-height: 20px;
    }
    rs-preview-users .narrow {
      display: none;
      align-items: center;
      gap: 8px;
      padding: 6px 12px;
      border-bottom: 1px solid var(--vscode-panel-border);
    }
    rs-preview-users .narrow select {
      flex: 1 0 160px;
      min-width: 0;
      max-width: 340px;
      font-family: var(--vscode-editor-font-family);
    }
    @media (max-width: 799px) {
      rs-preview-users > header, rs-preview-users .list, rs-preview-users .more { display: none; }
      rs-preview-users .narrow { display: flex; flex-wrap: wrap; }
    }
    @media (max-width: 799px) and (max-height: 559px) { rs-preview-users .narrow .link { display: none; } }
  `,
  ];

  protected override render(): TemplateResult | typeof nothing {
    const { model } = this;
    const { state } = model;
    if (!state) return nothing;
    const { users } = state;
    const compares = state.mode === 'compare';
    return html`<header><h2>${t('Users')}</h2>${compares ? html`<span class="caption">${t('same')}</span>` : html`<span class="badge" aria-label=${t('{0} users', users.length)}>${users.length}</span>`}</header>
      <div class="list" data-region role="listbox" aria-label=${t('Users')} tabindex=${users.length === 0 ? nothing : -1} @keydown=${(event: KeyboardEvent) => this.key(event)}>${repeat(
        users,
        (user) => user,
        (user) => html`
        <div class="user" role="option" aria-selected=${user === state.user ? 'true' : 'false'} tabindex=${user === state.user ? 0 : -1} data-user=${user} @click=${() => model.users.choose(user)}>
          <div class="mono" title=${user}>${user}</div><div class="facts cut" title=${compares ? nothing : this.facts(user, formatCount)}>${compares ? this.same(user) : this.facts(user)}</div>
          <span class="tool remove" title=${t('Remove this user')} @click=${(event: Event) => {
            event.stopPropagation();
            model.users.remove(user);
          }}><span class="codicon codicon-close" aria-hidden="true"></span></span></div>`,
      )}</div>
      <div class="more">${this.adders()}</div>
      <div class="narrow" data-region><label for="user-choice">${t('User')}</label><select id="user-choice" class="field" @change=${(
        event: Event,
      ) => {
        if (event.target instanceof HTMLSelectElement) model.users.choose(event.target.value);
      }}>
        ${users.map((user) => html`<option value=${user} ?selected=${user === state.user}>${user} · ${compares ? this.sameText(user) : this.facts(user)}</option>`)}</select>
        <button class="tool" aria-label=${t('Remove this user')} ?disabled=${state.user === null} @click=${() => {
          if (state.user !== null) model.users.remove(state.user);
        }}><span class="codicon codicon-close" aria-hidden="true"></span></button>${this.adders()}</div>`;
  }

  private adders(): TemplateResult {
    const { model } = this;
    return html`<button class="link" @click=${() => model.users.add({ kind: 'heaviest' })}>${t('Add heaviest')}</button>
      <button class="link" @click=${() => model.users.add({ kind: 'coldest' })}>${t('Add coldest')}</button>
      <button class="link" @click=${() => model.users.addRandom()}>${t('Add random')}</button>`;
  }

  /** `312 shown · 41 clicked`. */
  private facts(
    user: string,
    count: (n: number) => string = (n) => (n < 100_000 ? formatCount(n) : formatCompactCount(n, boot.locale)),
  ): string {
    const { preview, sampler } = this.model;
    const userFacts = this.model.users.factsOf(user);
    const previewUser = preview?.users.find((each) => each.user === user);
    if (previewUser?.isKnown === false) return t('not in the log');
    if (!userFacts) return '…';
    const events = sampler?.plan?.positives.events ?? [];
    const clicks = events.length === 1 && events[0]?.name === 'click';
    return clicks
      ? t('{0} shown · {1} clicked', count(userFacts.impressions), count(userFacts.positiveImpressions))
      : t('{0} shown · {1} chosen', count(userFacts.impressions), count(userFacts.positiveImpressions));
  }

  private same(user: string): TemplateResult {
    const share = this.shareOf(user);
    return html`<span class="same"><svg viewBox="0 0 70 6" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="70" height="6"></rect><rect class="bars strong" width=${(share ?? 0) * 70} height="6"></rect></svg>${this.sameText(user)}</span>`;
  }

  private sameText(user: string): string {
    const share = this.shareOf(user);
    return share === null ? t('no negatives') : formatPercent(share);
  }

  /** Share of the larger side's negatives that both sides draw. */
  private shareOf(user: string): number | null {
    const compared = this.model.comparison?.comparison.users.find((each) => each.user === user);
    const larger = compared ? Math.max(compared.a, compared.b) : 0;
    return compared && larger > 0 ? compared.same / larger : null;
  }

  private key(event: KeyboardEvent): void {
    const { model } = this;
    const { users = [], user = null } = model.state ?? {};
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    switch (event.key) {
      case 'ArrowDown':
        model.users.step(1);
        break;
      case 'ArrowUp':
        model.users.step(-1);
        break;
      case 'Home':
        model.users.choose(users[0] ?? '');
        break;
      case 'End':
        model.users.choose(users.at(-1) ?? '');
        break;
      case 'Delete':
        if (user !== null) model.users.remove(user);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
    // Before, the focus could go to a user who is about to be removed.
    void this.redrawn().then(() => this.querySelector<HTMLElement>('.user[tabindex="0"]')?.focus());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-preview-users': PreviewUsers;
  }
}
