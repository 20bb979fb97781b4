import axe, { type NodeResult, type Result, type RunOptions } from 'axe-core';
import type { Locator } from 'playwright-core';
import { waitForFrames } from './until.ts';

/** Rules of axe whose result depends on the theme. Themes differ only in colours, so the others run in one theme. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/** An element that breaks a rule of axe. */
export interface Violation {
  readonly rule: string;
  readonly html: string;
  /** How to repair it. */
  readonly advice: string;
}

/** What axe adds to a page. */
interface WithAxe {
  readonly axe?: { run(element: unknown, options: RunOptions): Promise<{ readonly violations: Result[] }> };
}

/**
 * Checks an element and all that is in it with axe. `onlyColours` checks only what a theme changes.
 *
 * axe is loaded once into the page, and only violations leave it. `@axe-core/playwright` loads axe into every frame of
 * the window and into a blank page for each check, and also transfers what is right: the same violations for six times
 * the processor time.
 */
export async function violationsIn(
  element: Locator,
  { onlyColours }: { readonly onlyColours: boolean },
): Promise<readonly Violation[]> {
  if (!(await element.evaluate(() => 'axe' in globalThis))) await element.evaluate(axe.source);
  // After a change of the theme, the controls of the toolkit take its colours in the next frame.
  await waitForFrames(element);
  const options: RunOptions = {
    resultTypes: ['violations'],
    ...(onlyColours ? { runOnly: { type: 'rule', values: colourRules } } : {}),
  };
  const violations = await element.evaluate(async (checked: unknown, wanted) => {
    const { axe: loaded } = globalThis as WithAxe;
    if (!loaded) throw new Error('axe is not loaded');
    return (await loaded.run(checked, wanted)).violations;
  }, options);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }: NodeResult) => ({ rule: id, html, advice: failureSummary })),
  );
}
