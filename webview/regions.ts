/**
 * Parts of a region that can take the focus, best first: what Tab reaches, a field or a button, the region's own frame.
 */
const targets = [
  '[tabindex="0"]',
  'vscode-text-field, input, select, button:not([tabindex="-1"]):not(:disabled)',
  '[tabindex="-1"]',
] as const;

/** Moves the focus to the next or previous element marked `data-region`; wraps around at the ends. */
export function focusRegion(root: HTMLElement, step: 1 | -1): void {
  const regions = regionsOf(root);
  const current = regions.findIndex((region) => region.contains(document.activeElement));
  const from = current < 0 && step < 0 ? 0 : current;
  for (let k = 1; k <= regions.length; k++) {
    if (focusInto(regions[(from + step * k + regions.length * (k + 1)) % regions.length])) return;
  }
}

/**
 * Keeps the focus on an element. VS Code focuses only the window of a webview, for example after its palette closes;
 * then no element receives keys. The last focused element gets the focus back; at first, the region
 * `data-region="main"`.
 */
export class FocusKeeper {
  private last: HTMLElement | null = null;
  private lastRegion: HTMLElement | null = null;

  constructor(private readonly root: HTMLElement) {
    document.addEventListener('focusin', ({ target }) => {
      if (!(target instanceof HTMLElement) || target === document.body) return;
      this.last = target;
      this.lastRegion = target.closest<HTMLElement>('[data-region]');
    });
    // If a mouse press focused the window, it also chooses an element itself.
    window.addEventListener('focus', () => requestAnimationFrame(() => this.restore()));
  }

  /** Call it when the view is drawn. Its parts are drawn a little later, and with them what can take the focus. */
  onDrawn(): void {
    this.restore();
    requestAnimationFrame(() => this.restore());
  }

  /** Focuses an element if the window has the focus but no element does. */
  private restore(): void {
    if (!document.hasFocus() || (document.activeElement !== document.body && document.activeElement !== null)) return;
    const { last, lastRegion } = this;
    if (last?.isConnected && last.checkVisibility()) last.focus({ preventScroll: true });
    if (document.activeElement === last && last !== null) return;
    // A view opens at its beginning, wherever its main part is.
    if (lastRegion?.isConnected && focusInto(lastRegion, true)) return;
    focusInto(this.root.querySelector<HTMLElement>('[data-region="main"]'), true);
  }
}

function regionsOf(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('[data-region]')].filter((region) => region.checkVisibility());
}

function focusInto(region: HTMLElement | null | undefined, preventScroll = false): boolean {
  if (!region) return false;
  for (const selector of targets) {
    for (const target of [region, ...region.querySelectorAll<HTMLElement>(selector)]) {
      if (!target.matches(selector) || !target.checkVisibility()) continue;
      target.focus({ preventScroll });
      if (region.contains(document.activeElement)) return true;
    }
  }
  return false;
}
