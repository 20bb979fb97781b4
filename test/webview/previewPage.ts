import type { Page } from 'playwright-core';
import { requests, stage, type OpenOptions, type View } from './browser.ts';

/** Helpers for the page of the preview. */
export function previewStage(): {
  open: (parameters?: OpenOptions['parameters'], size?: { width: number; height: number }) => Promise<View>;
  close: (view: View) => Promise<void>;
} {
  const { open, close } = stage();
  return {
    open: (parameters = {}, size = { width: 1000, height: 720 }) => open({ path: 'preview', ...size, parameters }),
    close,
  };
}

/** Waits for the rows of the chosen user. */
export async function drawn(page: Page): Promise<void> {
  await page.locator('rs-draw-list .line.draw').first().waitFor();
}

export const activeRow = (page: Page): Promise<string> =>
  page.evaluate(() => document.querySelector('.line-list .line.active')?.textContent.replace(/\s+/g, ' ').trim() ?? '');

/** The last request with this name. */
export async function lastRequest(page: Page, method: string): Promise<Record<string, unknown>> {
  return (await requests(page, method)).at(-1) ?? {};
}

/** Waits until this many requests with a name were made. */
export async function countOf(page: Page, method: string, count: number): Promise<void> {
  await page.waitForFunction(
    ([name, wanted]) => window.fake.requests.filter((request) => request.method === name).length >= wanted,
    [method, count] as const,
  );
}
