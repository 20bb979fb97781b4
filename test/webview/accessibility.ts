import { test } from 'node:test';
import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { colourRules } from '../workbench/harness/colourRules.ts';
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
        const axe = new AxeBuilder({ page: view.page }).include('main');
        const { violations } = await (theme === 'dark' ? axe : axe.withRules(colourRules)).analyze();
        assert.deepEqual(
          violations.map(
            ({ id, nodes }) =>
              `${theme}: ${id} ${nodes
                .slice(0, 3)
                .map((node) => node.html.slice(0, 160))
                .join(' | ')}`,
          ),
          [],
        );
      }
      await close(view);
    });
  }
}
