import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { violationsIn } from '../workbench/harness/accessibility.ts';
import { stage, useTheme, type OpenOptions } from './browser.ts';
import { themes } from './themes.ts';

/** A state of a webview, and how to reach it. */
export interface State {
  readonly options?: OpenOptions;
  readonly reach: (page: Page) => Promise<unknown>;
}

/** Declares a test for each state. It switches the themes of one page, as the workbench does. */
export function testAccessibility(states: Readonly<Record<string, State>>): void {
  const { open, close } = stage();
  for (const [name, { options = {}, reach }] of Object.entries(states)) {
    test(`axe finds nothing in any theme: ${name}`, async () => {
      // Fewer visible cells, because axe checks each.
      const view = await open({ width: 960, height: 480, ...options });
      await reach(view.page);
      for (const [theme, each] of Object.entries(themes)) {
        await useTheme(view.page, each);
        const violations = await violationsIn(view.page.locator('main'), { onlyColours: theme !== 'dark' });
        assert.deepEqual(
          violations.map(({ rule, html }) => `${theme}: ${rule} ${html.slice(0, 160)}`),
          [],
        );
      }
      await close(view);
    });
  }
}
