/** Moves the focus to the next or previous part of the page that is marked `data-region`; to its first control that is reachable. */
export function focusRegion(root: HTMLElement, step: 1 | -1): void {
  const regions = [...root.querySelectorAll<HTMLElement>('[data-region]')].filter((region) => region.offsetParent !== null);
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  for (let k = 1; k <= regions.length; k++) {
    const region = regions[(here + step * k + regions.length * (k + 1)) % regions.length];
    const target = region?.querySelector<HTMLElement>('[tabindex="0"], vscode-text-field, button:not([tabindex="-1"]):not(:disabled)');
    if (!target) continue;
    target.focus();
    return;
  }
}
