import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ConfigEditor } from '../../harness/configEditor.ts';
import { testEnvironment } from '../../harness/environment.ts';
import { Inspector } from '../../harness/inspector.ts';
import { workbenchSuite } from '../../harness/suite.ts';
import { themes, type WorkbenchWindow } from '../../harness/window.ts';

const suite = workbenchSuite();

/** Answers the command's two questions: the size, and the folder in the workspace. */
async function openDemo(window: WorkbenchWindow, size: string, folder: string): Promise<void> {
  const rows = window.quickInput.rows;
  await window.runCommand('RecSample: Open Demo Workspace');
  await rows.filter({ hasText: size }).click();
  // The workbench's own dialog: a path field above a list of folders. It accepts a path only after it has listed the
  // first one.
  const inside = rows.filter({ hasText: 'data' });
  await inside.waitFor();
  await window.page
    .locator('.quick-input-widget input')
    .first()
    .fill(`${path.join(window.folder, folder)}/`);
  await inside.waitFor({ state: 'detached' });
  // The dialog is still listing the folder.
  await window.page.locator('.quick-input-widget .monaco-progress-container.active').waitFor({ state: 'detached' });
  await window.page.locator('.quick-input-widget').getByRole('button', { name: 'Create here' }).click();
}

/** Every file of a folder with the SHA-256 of its bytes. */
const hashes = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .map((file) => {
      const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
      return `${path.relative(folder, file)} ${hash}`;
    })
    .sort();

suite.test(
  'Open Demo Workspace asks for size and place, and opens what it wrote',
  async (window) => {
    const opened = window.context.waitForEvent('page');
    await openDemo(window, 'under 1 MB', 'out');
    const other = await opened;
    const demo = path.join(window.folder, 'out', 'recsample-demo');
    // It need not load: the window of this test shows such a folder too.
    await other.waitForURL((url) => url.searchParams.get('folder') === demo, { waitUntil: 'commit' });
    await other.close();
    assert.deepEqual(hashes(demo), hashes(testEnvironment().demo));
    // The other parts expect the files of the workspace only.
    rmSync(demo, { recursive: true });
  },
  { toasts: [/Writing the demo workspace/] },
);

suite.test(
  'a long task is in the status item, and a click cancels it',
  async (window) => {
    await openDemo(window, '20 million', 'out');
    const running = window.page.locator('.statusbar-item', { hasText: 'RecSample: writing the demo workspace' });
    await running.waitFor();
    await window.screenshot('status-running');
    await running.click();
    await window.page.locator('.statusbar-item[aria-label="RecSample: ready"]').waitFor();
  },
  { toasts: [/Writing the demo workspace/] },
);

suite.test(
  'the tour shows seven steps; a step opens what it is about, and is done when the user has done it',
  async (window) => {
    const { page } = window;
    await window.runCommand('RecSample: Open Tour');
    const step = (title: string) => page.locator('.getting-started-step', { hasText: title });
    await step('Open a sample and see one positive').waitFor();
    assert.equal(await page.locator('.getting-started-step').count(), 7);
    for (const theme of themes) {
      await window.setTheme(theme);
      await window.screenshot('tour');
    }
    await page.getByRole('button', { name: 'Open the Sample' }).click();
    // The step is done when the file is open. A view that is hidden before that opens it later.
    await (await Inspector.of(window, 'recall.parquet')).painted();
    // The tour stays in view, to the left.
    assert.ok(await step('Break a share and fix it').isVisible());
    await window.setTheme('dark');
    await window.screenshot('tour-step');
    await step('Open a sample and see one positive').locator('.codicon-getting-started-step-checked').waitFor();
    await step('Break a share and fix it').click();
    await page.getByRole('button', { name: 'Open the Config' }).click();
    const editor = await ConfigEditor.of(window, 'configs/recall.ratio.yaml');
    await editor.focused();
    await page.locator('.statusbar-item', { hasText: '(3 selected)' }).waitFor();
    await page.keyboard.type('0.3');
    await editor.squiggle('error').first().waitFor();
    await window.execute('undo');
    await editor.squiggle('error').first().waitFor({ state: 'detached' });
    await window.execute('recsample.openTour');
    await step('Break a share and fix it').locator('.codicon-getting-started-step-checked').waitFor();
  },
);
