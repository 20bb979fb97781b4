import type { Browser, BrowserContext } from 'playwright-core';
import { hung } from './deadlines.ts';

/** The size of a new window. */
export const viewport = { width: 1440, height: 900 };

/**
 * Nothing moves: a bar of progress or a scroll bar that fades draws the whole
 * window 60 times a second. An animation without duration still reports its end.
 */
const windowStyle = `
  *, *::before, *::after {
    animation-duration: 0s !important;
    animation-delay: 0s !important;
    animation-iteration-count: 1 !important;
    transition: none !important;
  }
`;

/** Runs in each new page and frame of a window. Pages of webviews obey the reduced motion of the context. */
const addWindowStyle = `
  if (window === window.top) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(${JSON.stringify(windowStyle)});
    document.adoptedStyleSheets.push(sheet);
  }
`;

/** The context of a window in which nothing moves. */
export async function newWindowContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport,
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
    // Else code-server compresses 19 MB of scripts for each window.
    extraHTTPHeaders: { 'accept-encoding': 'identity' },
  });
  await context.addInitScript({ content: addWindowStyle });
  context.setDefaultTimeout(hung);
  return context;
}
