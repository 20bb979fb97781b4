import { testAccessibility } from '../accessibility.ts';
import type { OpenOptions } from '../browser.ts';
import { drawn } from '../previewPage.ts';

const preview = (parameters: NonNullable<OpenOptions['parameters']>, width = 1000): OpenOptions => ({
  path: 'preview',
  width,
  height: 560,
  parameters,
});

testAccessibility({
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
  previewcolumns: {
    options: preview({ scenario: 'passed' }, 1400),
    reach: async (page) => {
      await drawn(page);
      await page.locator('rs-draw-list .line.draw', { hasText: 'rejected' }).first().click();
      await page.keyboard.press('Enter');
      await page.locator('.why-lines').waitFor();
      await page.getByRole('button', { name: 'Choose columns' }).click();
      await page.getByRole('dialog', { name: 'Choose columns' }).waitFor();
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
  story: {
    options: preview({ scenario: 'sequences' }, 900),
    reach: async (page) => {
      await drawn(page);
      await page.keyboard.press('h');
      await page.locator('rs-story-chart .plot:focus').waitFor();
      await page.keyboard.press('Alt+ArrowRight');
      await page.locator('#story-reading .mono').waitFor();
    },
  },
  storytable: {
    options: preview({}, 900),
    reach: async (page) => {
      await drawn(page);
      await page.keyboard.press('h');
      await page.locator('rs-story-chart .plot:focus').waitFor();
      await page.keyboard.press('t');
      await page.locator('rs-story-pane tbody tr').first().waitFor();
    },
  },
  explain: {
    options: preview({ mode: 'explain' }),
    reach: async (page) => {
      await page.getByRole('combobox', { name: 'Item' }).fill('13');
      await page.keyboard.press('Enter');
      await page.getByText('Never: every group excludes it').waitFor();
    },
  },
});
