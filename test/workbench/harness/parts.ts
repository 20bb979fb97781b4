import { until } from './until.ts';
import type { Webview, WorkbenchWindow } from './window.ts';

/** A window whose trees show every file of the demo, and the columns of the last one. The trees draw only what fits. */
export const tallWindow = { width: 1440, height: 1400 } as const;

/**
 * The narrow windows: a small screen, a usual screen at 200 % zoom (which halves the CSS pixels), and a phone-like one.
 */
export const narrowWindows = [
  { name: '900', width: 900, height: 700 },
  { name: '1440-zoom-200', width: 720, height: 450 },
  { name: '600', width: 600, height: 700 },
] as const;

/** The id, class or tag name of the focused part of a webview; empty if another part of the window has the focus. */
export async function focusedPart({ frame }: Webview): Promise<string> {
  return await frame.locator('body').evaluate(`(() => {
    if (!document.hasFocus()) return '';
    const region = document.activeElement?.closest('[data-region]');
    return region ? (region.id || region.className || region.tagName).toLowerCase().split(' ')[0] : document.activeElement?.tagName ?? '';
  })()`);
}

/** Presses a key and waits until the focus is in this part. */
export async function press(
  window: WorkbenchWindow,
  webview: Webview,
  key: 'F6' | 'Shift+F6',
  part: RegExp,
): Promise<void> {
  await window.page.keyboard.press(key);
  await focusIn(window, webview, part);
}

/** Waits until the focus is in this part of a webview. */
export async function focusIn(window: WorkbenchWindow, webview: Webview, part: RegExp): Promise<void> {
  let seen = '';
  await until(
    window.page,
    async () => part.test((seen = await focusedPart(webview))),
    () => `the focus in ${String(part)}; it is in "${seen}"`,
  );
}
