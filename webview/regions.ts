/** Parts of a region that can take the focus, the best first: what the Tab key reaches, a field or a button, the region's own frame. */
const targets = [
  '[tabindex="0"]',
  'vscode-text-field, input, select, button:not([tabindex="-1"]):not(:disabled)',
  '[tabindex="-1"]',
] as const;

/** Moves the focus to the next or previous part of the page that is marked `data-region`, around the ends. */
export function focusRegion(root: HTMLElement, step: 1 | -1): void {
  const regions = regionsOf(root);
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  const from = here < 0 && step < 0 ? 0 : here;
  for (let k = 1; k <= regions.length; k++) {
    if (focusInto(regions[(from + step * k + regions.length * (k + 1)) % regions.length])) return;
  }
}

/**
 * Keeps the focus on an element. VS Code gives the focus to the window of a webview only, for example after its palette closes:
 * then no key reaches a part of the page. The element that had the focus gets it back; at first the region `data-region="main"`.
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
    // The press of the mouse that gives the focus to the window chooses an element itself.
    window.addEventListener('focus', () => requestAnimationFrame(() => this.restore()));
  }

  /** Gives the focus to an element where the window has it and no element does. */
  restore(): void {
    if (!document.hasFocus() || (document.activeElement !== document.body && document.activeElement !== null)) return;
    const { last, lastRegion } = this;
    if (last?.isConnected && last.checkVisibility()) last.focus({ preventScroll: true });
    if (document.activeElement === last && last !== null) return;
    if (lastRegion?.isConnected && focusInto(lastRegion)) return;
    focusInto(this.root.querySelector<HTMLElement>('[data-region="main"]'));
  }
}

function regionsOf(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('[data-region]')].filter((region) => region.checkVisibility());
}

function focusInto(region: HTMLElement | null | undefined): boolean {
  if (!region) return false;
  for (const selector of targets) {
    for (const target of [region, ...region.querySelectorAll<HTMLElement>(selector)]) {
      if (!target.matches(selector) || !target.checkVisibility()) continue;
      target.focus();
      if (region.contains(document.activeElement)) return true;
    }
  }
  return false;
}
