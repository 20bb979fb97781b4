import type { Page } from 'playwright-core';
import { hung } from './deadlines.ts';

/** Checks after every frame of the page until `holds` is true. @throws Error that says what it waited for */
export async function until(
  page: Page,
  holds: () => Promise<boolean>,
  what: () => string,
  timeout = hung,
): Promise<void> {
  const deadline = Date.now() + timeout;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited for ${what()}`);
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))');
  }
}
