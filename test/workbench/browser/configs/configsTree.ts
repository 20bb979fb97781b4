import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ConfigEditor } from '../../harness/configEditor.ts';
import { workbenchSuite } from '../../harness/suite.ts';
import { expandStage } from '../../harness/treeItem.ts';
import { actUntil } from '../../harness/until.ts';
import type { WorkbenchWindow } from '../../harness/window.ts';

const suite = workbenchSuite();
const item = (window: WorkbenchWindow, text: string) => window.treeItems.filter({ hasText: text }).first();
const status = (window: WorkbenchWindow, text: string | RegExp) =>
  window.page.locator('.statusbar-item', { hasText: text });

suite.test(
  'the tree shows the totals of each entry; a click reveals its line, and the glance follows',
  async (window) => {
    await window.openSideBar();
    await expandStage(window, 'recall.ratio.yaml', item(window, 'popularity').filter({ hasText: '40 % = 4' }));
    await item(window, 'recall.ratio.yaml').filter({ hasText: '1 stage' }).waitFor();
    // A tree that is drawn again loses the click.
    await actUntil(status(window, /^Ln 46, Col/), () => item(window, 'popularity').click());
    const glance = await window.webview('Inspector');
    await glance.frame.getByText('10 negatives per positive').waitFor();
    await glance.frame.getByText('Mix, sum 1 of 1').waitFor();
  },
);

suite.test('findings are counted at the view, the config, the stage and the entry', async (window) => {
  const editor = await ConfigEditor.open(window, 'configs/recall.ratio.yaml');
  await window.openSideBar();
  await expandStage(window, 'recall.ratio.yaml', item(window, 'exposed_unclicked'));
  await editor.replace('exposed_unclicked: {share: 0.3', 'exposed_unclicked: {share: 0.7');
  await editor.squiggle('error').waitFor();
  await editor.replace('popularity: {share: 0.4', 'popularity: {share: 0', 0);
  // Now the shares sum to 1. Too many negatives were exposed before: a warning. One entry draws nothing: an info.
  await editor.squiggle('error').waitFor({ state: 'detached' });
  await editor.squiggle('warning').waitFor();
  await item(window, 'exposed_unclicked').filter({ hasText: '70 % = 7' }).waitFor();
  await window.page
    .locator('.activitybar .action-item', { has: window.page.locator('a[aria-label^="RecSample"]') })
    .locator('.badge-content', { hasText: '2' })
    .waitFor();
  for (const text of ['recall.ratio.yaml', '10 per positive', 'exposed_unclicked'])
    await window.treeItems
      .filter({ hasText: text })
      .and(window.page.locator('[aria-label*="1 warning"]'))
      .first()
      .waitFor();
});

suite.test('lens, tree, badge, glance and Problems show the same counts through changes and fixes', async (window) => {
  const editor = await ConfigEditor.open(window, 'configs/recall.ratio.yaml');
  const { page } = window;
  await window.openSideBar();
  await editor.counted();
  const glance = await window.webview('Inspector');
  const badge = page
    .locator('.activitybar .action-item', { has: page.locator('a[aria-label^="RecSample"]') })
    .locator('.badge-content');
  const config = window.treeItems.filter({ hasText: 'recall.ratio.yaml' });
  const one = async (): Promise<void> => {
    await editor.lens(/^Validate · 1 finding$/).waitFor();
    await config.and(page.locator('[aria-label*="1 error"]')).waitFor();
    await badge.filter({ hasText: /^1$/ }).waitFor();
    await glance.frame.getByText('1 error').waitFor();
    await page.locator('[id="status.problems"]', { hasText: /^\s*1\s*0\s*$/ }).waitFor();
  };
  const none = async (lens: RegExp): Promise<void> => {
    await editor.lens(lens).waitFor();
    await config.and(page.locator('[aria-label*="error"]')).waitFor({ state: 'detached' });
    await badge.filter({ hasText: /\d/ }).waitFor({ state: 'detached' });
    await glance.frame.getByText('1 error').waitFor({ state: 'detached' });
    await page.locator('[id="status.problems"]', { hasText: /^\s*0\s*0\s*$/ }).waitFor();
  };
  await none(/^Validate · no findings$/);
  await editor.replace('global_random: 0.2', 'global_random: 0.3');
  await one();
  await window.screenshot('config-counts');
  await editor.goTo('popularity:');
  await editor.openFixes();
  const rest = editor.actions.first();
  await rest.filter({ hasText: 'Set popularity to the rest (0.3)' }).waitFor();
  await window.screenshot('config-share-fixes');
  await rest.click();
  // Rows of the new mix are counted when it is saved; until then it is not known whether there are findings.
  await none(/^Validate · data not checked$/);
  await editor.becomes('popularity:', /popularity: \{share: 0\.3,/);
  // A finding outside the stages counts everywhere too.
  await editor.replace('seed: demo', 'seed:demo');
  await one();
  await editor.openFixesByKey();
  await editor.actions.filter({ hasText: 'Insert the space' }).first().click();
  await none(/^Validate · data not checked$/);
});

suite.test('Validate All reports configs and findings in the status item, which opens the problems', async (window) => {
  await window.openSideBar();
  await item(window, 'recall.ratio.yaml').waitFor();
  await window.runCommand('RecSample: Validate All Ratio Configs');
  await status(window, /RecSample: \d configs: no findings/).click();
  await window.page.locator('.markers-panel').waitFor();
});

suite.test(
  'New Ratio Config… knows the log, asks for stage, data and place; what it writes is clean',
  async (window) => {
    await window.runCommand('RecSample: New Ratio Config');
    await window.quickInput.rows.filter({ hasText: 'recall' }).first().waitFor();
    await window.screenshot('new-config-stages');
    await window.quickInput.accept();
    for (const data of ['data/items.parquet', 'data/users.parquet', 'data/rejections']) {
      await window.quickInput.rows.first().filter({ hasText: data }).filter({ hasText: 'best match' }).waitFor();
      if (data === 'data/items.parquet') await window.screenshot('new-config-data');
      assert.equal(await window.quickInput.rows.filter({ hasText: 'data/impressions' }).count(), 0, data);
      await window.quickInput.accept();
    }
    await window.page.locator('.quick-input-widget', { hasText: 'Path of the config file' }).waitFor();
    await window.screenshot('new-config-place');
    await window.quickInput.accept();
    const name = 'recall-2.ratio.yaml';
    const editor = await ConfigEditor.of(window, path.join('configs', name));
    await window.runCommand('RecSample: Validate Ratio Config');
    await status(window, `RecSample: ${name}: no findings`).waitFor();
    for (const severity of ['error', 'warning'] as const)
      assert.equal(await editor.squiggle(severity).count(), 0, severity);
    const file = path.join(window.folder, 'configs', name);
    assert.match(readFileSync(file, 'utf8'), /^# .*\nversion: 1\n/);
    rmSync(file);
  },
);
