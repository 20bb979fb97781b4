import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { LightElement } from '../element.ts';

export interface MenuItem {
  readonly label: string;
  readonly shortcut?: string;
  readonly disabled?: boolean;
  /** Draws a separator above. */
  readonly hasSeparator?: boolean;
  readonly run: () => void;
}

/**
 * A context menu at a point. It closes on a choice or on Escape and then restores the focus, or when the focus moves
 * elsewhere.
 */
@customElement('rs-menu')
export class Menu extends LightElement {
  static override sheets = [
    css`
    rs-menu { position: fixed; z-index: 20; display: none; }
    rs-menu[open] { display: block; }
    rs-menu ul {
      min-width: 200px; padding: 4px 0; font-size: 12px; background: var(--vscode-menu-background, var(--vscode-editorWidget-background)); color: var(--vscode-menu-foreground, var(--vscode-foreground));
      border: 1px solid var(--vscode-menu-border, var(--vscode-widget-border, var(--vscode-contrastBorder))); border-radius: 4px; box-shadow: 0 2px 8px var(--vscode-widget-shadow);
    }
    rs-menu li {
      display: flex;
      gap: 24px;
      justify-content: space-between;
      align-items: center;
      height: 24px;
      padding: 0 12px;
      margin: 0 4px;
      border-radius: 3px;
      cursor: pointer;
      white-space: nowrap;
    }
    rs-menu li[aria-disabled='true'] { opacity: 0.5; cursor: default; }
    rs-menu li:focus {
      outline: none;
      background: var(--vscode-menu-selectionBackground, var(--vscode-list-activeSelectionBackground));
      color: var(--vscode-menu-selectionForeground, var(--vscode-list-activeSelectionForeground));
    }
    body.vscode-high-contrast rs-menu li:focus { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
    rs-menu li.separated { margin-top: 9px; position: relative; }
    rs-menu li.separated::before {
      content: '';
      position: absolute;
      left: -4px;
      right: -4px;
      top: -5px;
      height: 1px;
      background: var(--vscode-menu-separatorBackground, var(--vscode-panel-border));
    }
    rs-menu .keys { font-size: 11px; }
  `,
  ];
  @state() private items: readonly MenuItem[] = [];
  private returnTo: (() => void) | null = null;

  /** Opens the menu; `returnTo` receives the focus when it closes. */
  async show(x: number, y: number, items: readonly MenuItem[], returnTo: () => void): Promise<void> {
    this.items = items;
    this.returnTo = returnTo;
    this.toggleAttribute('open', true);
    await this.updateComplete;
    const box = this.getBoundingClientRect();
    this.style.left = `${Math.max(4, Math.min(x, window.innerWidth - box.width - 4))}px`;
    this.style.top = `${Math.max(4, Math.min(y, window.innerHeight - box.height - 4))}px`;
    this.entries[0]?.focus();
  }

  protected override render(): TemplateResult {
    return html`<ul role="menu" @keydown=${(event: KeyboardEvent) => this.onKeydown(event)} @focusout=${(event: FocusEvent) => this.onFocusOut(event)} @contextmenu=${(event: Event) => event.preventDefault()}>
      ${this.items.map(
        (
          item,
        ) => html`<li role="menuitem" tabindex="-1" class=${item.hasSeparator === true ? 'separated' : ''} aria-disabled=${item.disabled === true ? 'true' : nothing}
        @click=${() => this.choose(item)} @pointermove=${(event: PointerEvent) => {
          if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
        }}>
        <span>${item.label}</span>${item.shortcut === undefined ? nothing : html`<span class="keys">${item.shortcut}</span>`}</li>`,
      )}</ul>`;
  }

  private get entries(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('li')];
  }

  private choose(item: MenuItem): void {
    if (item.disabled === true) return;
    this.close(true);
    item.run();
  }

  private close(restoresFocus: boolean): void {
    if (!this.hasAttribute('open')) return;
    this.removeAttribute('open');
    const { returnTo } = this;
    this.returnTo = null;
    if (restoresFocus) returnTo?.();
  }

  private onFocusOut(event: FocusEvent): void {
    if (!(event.relatedTarget instanceof Node && this.contains(event.relatedTarget))) this.close(false);
  }

  private onKeydown(event: KeyboardEvent): void {
    const { entries } = this;
    const focusedIndex = entries.findIndex((entry) => entry === document.activeElement);
    const item = this.items[focusedIndex];
    const count = entries.length;
    event.stopPropagation();
    switch (event.key) {
      case 'ArrowDown':
        entries[(focusedIndex + 1) % count]?.focus();
        break;
      case 'ArrowUp':
        entries[(focusedIndex - 1 + count) % count]?.focus();
        break;
      case 'Home':
        entries[0]?.focus();
        break;
      case 'End':
        entries[count - 1]?.focus();
        break;
      case 'Enter':
      case ' ':
        if (item) this.choose(item);
        break;
      case 'Escape':
      case 'Tab':
        this.close(true);
        break;
      default:
        return;
    }
    event.preventDefault();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-menu': Menu;
  }
}
