import { test } from 'node:test';
import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { clickCell, painted, stage, type OpenOptions } from './browser.ts';
import { drawn } from './previewPage.ts';
import type { themes } from './themes.ts';

const preview = (parameters: NonNullable<OpenOptions['parameters']>, width = 1000): OpenOptions => ({
  path: 'preview',
  width,
  height: 560,
  parameters,
});

/** Every state of the webviews, and how to reach it. */
const states: Record<string, { options?: OpenOptions; reach: (page: Page) => Promise<unknown> }> = {
  rows: {
    reach: async (page) => {
      await painted(page);
      await clickCell(page, 5, 4);
      await page.keyboard.press('Space');
      await page.getByText('64 numbers').waitFor();
    },
  },
  filtered: {
    reach: async (page) => {
      await painted(page);
      await clickCell(page, 3, 5);
      await page.keyboard.press('f');
      await page.getByText('2,741,588 of 19,191,123 rows').waitFor();
      await page.getByRole('button', { name: 'Add filter' }).click();
    },
  },
  chooser: {
    reach: async (page) => {
      await painted(page);
      await page.getByRole('button', { name: 'Choose columns' }).click();
    },
  },
  menu: {
    reach: async (page) => {
      await painted(page);
      await clickCell(page, 3, 5);
      await page.keyboard.press('Shift+F10');
      await page.getByRole('menu').waitFor();
    },
  },
  columns: {
    reach: async (page) => {
      await painted(page);
      await page.keyboard.press('Alt+2');
      await page.locator('.column-row[data-index="6"]').click();
      await page.locator('rs-histogram svg').waitFor();
    },
  },
  file: {
    reach: async (page) => {
      await painted(page);
      await page.keyboard.press('Alt+3');
      await page.getByText('Row groups').waitFor();
    },
  },
  failure: {
    options: { parameters: { scenario: 'failure' } },
    reach: (page) => page.getByText('is cut short').waitFor(),
  },
  gap: {
    options: { parameters: { damaged: 450 } },
    reach: async (page) => {
      await painted(page);
      await clickCell(page, 2, 3);
      await page.keyboard.press('Control+g');
      await page.keyboard.type('402');
      await page.keyboard.press('Enter');
      await page.locator('.row', { hasText: 'cannot be read' }).first().waitFor();
    },
  },
  nomatch: {
    options: { parameters: { scenario: 'nomatch' } },
    reach: async (page) => {
      await painted(page);
      await clickCell(page, 3, 5);
      await page.keyboard.press('f');
      await page.getByText('No rows match').waitFor();
    },
  },
  notices: {
    options: { parameters: { scenario: 'notices' } },
    reach: async (page) => {
      await painted(page);
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      await page.getByText('9,000,001').waitFor();
    },
  },
  loading: { options: { parameters: { held: 'open' } }, reach: (page) => page.getByText('Reading footer').waitFor() },
  glance: {
    options: { path: 'sidebar', width: 260, height: 400 },
    reach: (page) => page.getByText('hard_rank').waitFor(),
  },
  preview: {
    options: preview({}),
    reach: async (page) => {
      await drawn(page);
      await page.locator('rs-draw-list .line.draw', { hasText: 'rejected' }).first().click();
      await page.keyboard.press('Enter');
      await page.locator('.why-lines').waitFor();
    },
  },
  previewbatches: {
    options: preview({ scenario: 'in-batch' }),
    reach: async (page) => {
      await drawn(page);
      await page.locator('rs-draw-list .line.batch').first().click();
      await page.keyboard.press('Enter');
      await page.locator('.why-batch').waitFor();
      await page.getByText('made by the trainer', { exact: true }).scrollIntoViewIfNeeded();
    },
  },
  previewmenu: {
    options: preview({ scenario: 'notices' }),
    reach: async (page) => {
      await drawn(page);
      await page.locator('rs-preview .tools').evaluate((tools) => {
        tools.scrollTop = 1e4;
      });
      await page.locator('rs-draw-list .line.draw').first().click();
      await page.keyboard.press('Shift+F10');
      await page.getByRole('menu').waitFor();
    },
  },
  previewtable: {
    options: preview({ scenario: 'problems' }, 640),
    reach: async (page) => {
      await drawn(page);
      await page.locator('rs-curve [tabindex="0"]').focus();
      await page.keyboard.press('t');
      await page.locator('rs-curve table').waitFor();
    },
  },
  previewrequests: {
    options: preview({}),
    reach: async (page) => {
      await drawn(page);
      await page.getByLabel('Stage').selectOption('coarse_ranking');
      await page.locator('.line.plain').first().waitFor();
    },
  },
  previewnobody: {
    options: preview({ scenario: 'nobody' }),
    reach: (page) => page.getByText('See what this stage draws for a user').waitFor(),
  },
  previewfailure: {
    options: preview({ scenario: 'failure' }),
    reach: (page) => page.getByText('The engine stopped while it was drawing').waitFor(),
  },
  previewunsound: {
    options: preview({ scenario: 'unsound' }),
    reach: (page) => page.getByText('Nothing can be drawn from this stage yet').waitFor(),
  },
  compare: {
    options: preview({ mode: 'compare' }),
    reach: async (page) => {
      await page.locator('rs-compared-list .line').first().waitFor();
      await page.getByRole('button', { name: /^Side A/ }).click();
      await page.getByRole('menuitem', { name: 'The same config, another seed' }).click();
      await page.locator('.line.out').first().waitFor();
      await page.locator('.line.in').first().click();
    },
  },
  explain: {
    options: preview({ mode: 'explain' }),
    reach: async (page) => {
      await page.getByRole('textbox', { name: 'Item' }).fill('13');
      await page.keyboard.press('Enter');
      await page.getByText('Never: every group excludes it').waitFor();
    },
  },
  nothing: {
    options: { path: 'sidebar', width: 260, height: 400, parameters: { scenario: 'nothing' } },
    reach: (page) => page.getByRole('button', { name: 'Open Demo Workspace' }).waitFor(),
  },
};

/** Declares the test of one theme. Themes differ only in colours, so axe's other rules run in only one theme. */
export function testAccessibility(theme: keyof typeof themes, rules: 'all' | 'colours'): void {
  const { open, close } = stage();
  test(`axe finds nothing in any state, ${theme}`, async () => {
    for (const [name, { options = {}, reach }] of Object.entries(states)) {
      // Fewer visible cells, because axe checks each.
      const view = await open({ width: 960, height: 480, ...options, parameters: { ...options.parameters, theme } });
      await reach(view.page);
      const axe = new AxeBuilder({ page: view.page }).include('main');
      const { violations } = await (
        rules === 'all' ? axe : axe.withRules(['color-contrast', 'link-in-text-block'])
      ).analyze();
      assert.deepEqual(
        violations.map(
          ({ id, nodes }) =>
            `${name}: ${id} ${nodes
              .slice(0, 3)
              .map((node) => node.html.slice(0, 160))
              .join(' | ')}`,
        ),
        [],
      );
      await close(view);
    }
  });
}
