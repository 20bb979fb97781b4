/** Milliseconds to wait for a focus that may not come: the person has gone on to another part of the window. */
const PATIENCE = 3000;

/**
 * Resolves when this view has the focus. When the palette closes, VS Code gives the focus back to the view a little
 * later. A question that is open by then loses the focus, and closes.
 */
export function focusArrival(): Promise<void> {
  if (document.hasFocus()) return Promise.resolve();
  return new Promise((resolve) => {
    addEventListener('focus', () => resolve(), { once: true });
    setTimeout(resolve, PATIENCE);
  });
}
