import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigEditor } from '../../harness/configEditor.ts';
import { workbenchSuite } from '../../harness/suite.ts';

const recall = 'configs/recall.ratio.yaml';
/** An untrusted config: a variable contains a link that runs a command, and a picture from another host. */
const foreign = 'configs/foreign.ratio.yaml';
const link = '[Docs](command:recsample.generateSampleFile?%5B%22x%22%5D) ![](https://host.example/x.png)';
const suite = workbenchSuite();

suite.test('a wrong share is underlined while typing, and the light bulb fixes it', async (window) => {
  const editor = await ConfigEditor.open(window, recall);
  assert.equal(await editor.squiggle('error').count(), 0);
  await editor.replace('global_random: 0.2', 'global_random: 0.3');
  await editor.squiggle('error').waitFor();
  await editor.hint('sum 1.1').waitFor();
  await editor.goTo('mix:');
  await editor.openFixes();
  const preferred = editor.actions.first();
  await preferred.filter({ hasText: 'Scale the shares to sum to 1' }).waitFor();
  await preferred.click();
  await editor.squiggle('error').waitFor({ state: 'detached' });
  await editor.hint('sum 1.1').waitFor({ state: 'detached' });
  await editor.becomes('global_random:', /global_random: 0\.273$/);
});

suite.test('a problem leads to the page of its rule, inside the window; so does its quick fix', async (window) => {
  const editor = await ConfigEditor.open(window, recall);
  await editor.replace('global_random: 0.2', 'global_random: 0.3');
  await editor.squiggle('error').waitFor();
  await window.execute('workbench.panel.markers.view.focus');
  const problem = window.page.locator('.markers-panel .monaco-list-row', { hasText: 'config/share-sum' });
  await problem.locator('a', { hasText: 'config/share-sum' }).click();
  await window.page.locator('.tab.active', { hasText: 'share-sum.md' }).waitFor();
  await window.markdownPage.getByRole('heading', { name: 'config/share-sum' }).waitFor();
  await window.closeTab('share-sum.md');

  await ConfigEditor.of(window, recall);
  await editor.goTo('mix:');
  await editor.openFixesByKey();
  await editor.actions.filter({ hasText: 'Open documentation of config/share-sum' }).click();
  await window.markdownPage.getByRole('heading', { name: 'config/share-sum' }).waitFor();
});

suite.test('a path without files is replaced by files that the user chooses', async (window) => {
  const editor = await ConfigEditor.open(window, recall);
  await editor.replace('../data/users.parquet', '../data/people.parquet');
  await editor.squiggle('error').waitFor();
  await editor.goTo('../data/users.parquet');
  await editor.openFixes();
  await editor.actions.filter({ hasText: 'Choose files…' }).click();
  await window.quickInput.labelled(/users\.parquet/).click();
  await editor.becomes('../data/users.parquet', /path: \.\.\/data\/users\.parquet/);
  await editor.squiggle('error').waitFor({ state: 'detached' });
});

suite.test('completion offers a column that only the Parquet file knows, with its type', async (window) => {
  const editor = await ConfigEditor.open(window, recall);
  await editor.hint('rows').waitFor();
  await editor.replace('attributes: [city, category]}', 'attributes: [city, category, ]}', 2);
  await editor.propose('title');
  await window.page.keyboard.type('ti');
  await editor.suggestions.first().filter({ hasText: 'title' }).waitFor();
  await window.page.keyboard.press('Tab');
  await editor.becomes('removed: removed_at', /attributes: \[city, category, title\]/);
});

suite.test('hovering over a source shows its definition, formula and amounts in the data', async (window) => {
  const editor = await ConfigEditor.open(window, recall);
  await editor.counted();
  await editor.goTo('popularity:');
  await editor.hint('= 4 per positive').waitFor();
  await editor.rest('popularity');
  for (const text of ['to the power', 'q(i)', '4 of 10 negatives per positive', 'positives, so'])
    await editor.hover.getByText(text).first().waitFor();
});

suite.test('the value of a variable is text in the hover: no link that runs a command, no picture', async (window) => {
  const text = readFileSync(path.join(window.folder, recall), 'utf8')
    .replace('data:\n', `vars: {dt: ${JSON.stringify(link)}}\ndata:\n`)
    .replace('path: ../data/items.parquet', 'path: ${dt}');
  writeFileSync(path.join(window.folder, foreign), text);
  try {
    const editor = await ConfigEditor.open(window, foreign);
    await editor.goTo('${dt}', 3);
    const value = await editor.showHover(`\${dt} is ${link} here`);
    assert.equal(await value.locator('a, img').count(), 0);
    // The hover also has the findings about the path, with a link to the page of their rule.
    const { hover } = editor;
    await hover.locator('a.code-link').first().waitFor();
    const targets = [
      'a[href*="command:"]',
      '[data-href*="command:"]',
      'a[href*="host.example"]',
      '[data-href*="host.example"]',
      'img',
    ];
    assert.equal(await hover.locator(targets.join(', ')).count(), 0, await hover.innerHTML());
  } finally {
    // It names the same sample file as the config from which it was copied.
    rmSync(path.join(window.folder, foreign));
  }
});

suite.test('a lens above a stage validates it, and the hover of a sample file opens it', async (window) => {
  const editor = await ConfigEditor.open(window, recall);
  await editor.counted();
  await editor.lens(/Validate · no findings/).click();
  await window.page.locator('.statusbar-item', { hasText: 'RecSample: recall.ratio.yaml: no findings' }).waitFor();
  await editor.goTo('../out/recall.parquet', 3);
  await editor.showHover('Open sample file');
  await editor.hover.getByRole('link', { name: 'Open sample file' }).click();
  await window.webview('recall.parquet');
});
