import { css } from 'lit';
import { LightElement } from '../element.ts';

/**
 * Base class of popups below a button. `openAt` opens one; Escape, a press elsewhere or its own action closes it. Then
 * the focus returns to its previous element.
 */
export abstract class Popup extends LightElement {
  static override sheets = [
    css`
    .popup { position: fixed; z-index: 15; display: none; }
    .popup[open] {
      display: block; font-size: 12px; line-height: 16px; background: var(--vscode-editorWidget-background); color: var(--vscode-editorWidget-foreground, var(--vscode-foreground));
      border: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, transparent)); border-radius: 4px; box-shadow: 0 2px 8px var(--vscode-widget-shadow);
    }
  `,
  ];
  private returnTo: HTMLElement | null = null;
  private readonly elsewhere = (event: Event): void => {
    if (event.target instanceof Node && !this.contains(event.target)) this.close(false);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('popup');
    this.setAttribute('role', 'dialog');
    this.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      event.stopPropagation();
      this.close(true);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('pointerdown', this.elsewhere, true);
  }

  get isOpen(): boolean {
    return this.hasAttribute('open');
  }

  /** Opens below `anchor`, inside the window, with the focus on the first control. */
  protected async openAt(anchor: HTMLElement): Promise<void> {
    this.returnTo = anchor;
    this.toggleAttribute('open', true);
    document.addEventListener('pointerdown', this.elsewhere, true);
    await this.redrawn();
    const from = anchor.getBoundingClientRect();
    const box = this.getBoundingClientRect();
    this.style.left = `${Math.max(8, Math.min(from.left, window.innerWidth - box.width - 8))}px`;
    this.style.top = `${Math.max(8, Math.min(from.bottom + 4, window.innerHeight - box.height - 8))}px`;
    this.querySelector<HTMLElement>('input, vscode-dropdown, vscode-text-field')?.focus();
  }

  close(returns: boolean): void {
    if (!this.isOpen) return;
    this.removeAttribute('open');
    document.removeEventListener('pointerdown', this.elsewhere, true);
    this.requestUpdate();
    if (returns) this.returnTo?.focus();
  }
}
