import { errors, type Locator, type Page } from 'playwright-core';
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

/**
 * Acts until something is visible. An action in a part that is drawn again at the same time is lost, without any
 * signal. On a slow machine an action may only be late, so it must do no harm when it is done twice.
 * @param act gets true from the second time on
 * @param pause milliseconds after which an action counts as lost
 */
export async function actUntil(
  wanted: Locator,
  act: (isRepeated: boolean) => Promise<void>,
  pause = 5000,
): Promise<void> {
  const deadline = Date.now() + hung;
  for (let isRepeated = false; ; isRepeated = true) {
    await act(isRepeated);
    if (await inTime(wanted.waitFor({ timeout: pause }), deadline)) return;
  }
}

/**
 * Whether a step of Playwright ended within its own timeout. @throws Error if it failed for another reason, such as a
 * page that crashed, or if it timed out after `deadline`
 */
export async function inTime(step: Promise<void>, deadline: number): Promise<boolean> {
  try {
    await step;
    return true;
  } catch (error) {
    if (!(error instanceof errors.TimeoutError) || Date.now() > deadline) throw error;
    return false;
  }
}

/** Resolves when the page of an element has drawn what it knows now. */
export async function waitForFrames(element: Locator): Promise<void> {
  await element.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
}
