import type { BrowserContext, ConsoleMessage, Page } from 'playwright-core';

/** Forbidden events of a window; every test ends with a check of them. */
export interface Seen {
  /** Requested addresses outside this machine. */
  readonly outside: readonly string[];
  /** Violations of a content security policy, from the console. */
  readonly violations: readonly string[];
  /** Texts of the notifications that appeared. */
  readonly toasts: readonly string[];
}

export interface Monitor extends Seen {
  /** What was seen since the last call, or since the window was opened. */
  take(): Seen;
  /** The complete console output, for the report of a failed test. */
  readonly console: readonly string[];
}

/** Watches a page, starting before its first request. */
export async function watch(context: BrowserContext, page: Page): Promise<Monitor> {
  const outside: string[] = [];
  const violations: string[] = [];
  const toasts: string[] = [];
  const lines: string[] = [];
  context.on('request', (request) => {
    if (isOutside(request.url())) outside.push(request.url());
  });
  page.on('console', (message: ConsoleMessage) => {
    const line = `[${message.type()}] ${message.text()} (${message.location().url})`;
    lines.push(line);
    if (/content security policy/i.test(message.text())) violations.push(line);
  });
  page.on('pageerror', (error) => lines.push(`[pageerror] ${error.message}`));
  await context.exposeFunction('recsampleTestToast', (text: string) => {
    toasts.push(text);
  });
  await context.addInitScript({ content: watchToasts });
  return {
    outside,
    violations,
    toasts,
    console: lines,
    take: () => ({ outside: outside.splice(0), violations: violations.splice(0), toasts: toasts.splice(0) }),
  };
}

/**
 * Webviews load files of an extension under this host name. VS Code's service worker answers them without network
 * access.
 */
const webviewResources = /\.vscode-resource\.vscode-cdn\.net$/;

function isOutside(address: string): boolean {
  const { hostname, protocol } = new URL(address);
  if (!/^(https?|wss?):$/.test(protocol)) return false;
  return hostname !== '127.0.0.1' && !webviewResources.test(hostname);
}

/** Runs in the page: reports the text of every notification that appears. */
const watchToasts = `
  const told = new WeakSet();
  new MutationObserver((records) => {
    for (const { addedNodes } of records) {
      for (const node of addedNodes) {
        const message = node.nodeType === Node.ELEMENT_NODE ? node.querySelector('.notification-list-item-message') : null;
        if (message === null || told.has(message)) continue;
        told.add(message);
        recsampleTestToast(message.textContent);
      }
    }
  }).observe(document, { childList: true, subtree: true });
`;
