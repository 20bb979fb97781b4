import { testAccessibility } from '../accessibility.ts';
import { clickCell, painted } from '../browser.ts';

testAccessibility({
  rows: {
    reach: async (page) => {
      await painted(page);
      await clickCell(page, 5, 4);
      await page.keyboard.press('Space');
      await page.getByText('64 numbers').waitFor();
    },
  },
  steps: {
    options: { parameters: { scenario: 'lists' } },
    reach: async (page) => {
      await painted(page);
      await clickCell(page, 5, 4);
      await page.keyboard.press('Space');
      await page.getByText('Steps at or after the time of the row: 3').waitFor();
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
  proposals: {
    reach: async (page) => {
      await painted(page);
      await page.getByRole('combobox', { name: 'Expression' }).pressSequentially('city = ');
      await page.getByRole('option', { name: /rows/ }).first().waitFor();
      await page.keyboard.press('ArrowDown');
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
  groups: {
    reach: async (page) => {
      await painted(page);
      await page.getByLabel('Timeline').click();
      await page.getByRole('slider', { name: 'Filter by time' }).waitFor();
      await page.getByLabel('Group by').selectOption('positive');
      await page.locator('rs-grid .group-name').first().waitFor();
      await page.locator('rs-grid .row.group').nth(1).click();
      await page.locator('rs-grid .row:not(.group):not([hidden]) .cell.strong').first().waitFor();
    },
  },
  columns: {
    reach: async (page) => {
      await painted(page);
      await page.keyboard.press('Alt+2');
      await page.locator('.column-row[data-index="6"]').click();
      await page.locator('rs-histogram svg').waitFor();
      await page.getByRole('checkbox', { name: 'Only problems' }).check();
      await page.getByText('1 of 12 columns').waitFor();
    },
  },
  columnPane: {
    reach: async (page) => {
      await painted(page);
      await clickCell(page, 3, 3);
      await page.keyboard.press('i');
      await page.keyboard.press('End');
      await page.keyboard.press('ArrowLeft');
      await page.getByText('17 rows are zero vectors').waitFor();
      await page.getByRole('heading', { name: 'Dimensions' }).waitFor();
    },
  },
  fields: {
    options: { width: 620 },
    reach: async (page) => {
      await painted(page);
      await clickCell(page, 3, 3);
      await page.keyboard.press('i');
      await page.keyboard.press('End');
      await page.getByText('size.w').click();
    },
  },
  audit: {
    reach: async (page) => {
      await painted(page);
      await page.keyboard.press('Alt+4');
      await page.getByText('2 data rules passed').waitFor();
    },
  },
  distribution: {
    reach: async (page) => {
      await painted(page);
      await page.keyboard.press('Alt+3');
      await page.getByText('total variation 5.30 %').waitFor();
    },
  },
  file: {
    reach: async (page) => {
      await painted(page);
      await page.keyboard.press('Alt+5');
      await page.getByRole('button', { name: 'Statistics of row group 1' }).first().click();
      await page.locator('rs-row-groups .statistics table').waitFor();
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
    options: { path: 'sidebar', width: 260, height: 400, parameters: { scenario: 'audited' } },
    reach: (page) => page.getByText('hard_rank').waitFor(),
  },
  glanceFiltered: {
    options: { path: 'sidebar', width: 260, height: 400, parameters: { scenario: 'filtered' } },
    reach: (page) => page.getByText('of the filtered rows').waitFor(),
  },
  glanceFailure: {
    options: { path: 'sidebar', width: 260, height: 400, parameters: { scenario: 'failure' } },
    reach: (page) => page.getByText('is cut short').waitFor(),
  },
  nothing: {
    options: { path: 'sidebar', width: 260, height: 400, parameters: { scenario: 'nothing' } },
    reach: (page) => page.getByRole('button', { name: 'Open Demo Workspace' }).waitFor(),
  },
});
