import { ConfigEditor } from '../harness/configEditor.ts';
import { Inspector } from '../harness/inspector.ts';
import { workbenchSuite } from '../harness/suite.ts';
import {
  activeUser,
  healthyUser,
  historiesConfig,
  pickUser,
  recallConfig,
  showHistory,
} from '../harness/previewView.ts';
import type { Webview, WorkbenchWindow } from '../harness/window.ts';
import { expandItem } from '../harness/treeItem.ts';

const suite = workbenchSuite({ language: 'zh-cn', settings: { 'editor.minimap.enabled': false } });

/** Removes the users of a preview, and adds another one. */
async function pickOnly(window: WorkbenchWindow, frame: Webview['frame'], user: string): Promise<void> {
  // A narrow preview has the users in a drop-down.
  const users = frame.locator('rs-preview-users .user');
  for (let count = await users.count(); count > 0; count--) {
    await frame.locator('.narrow').getByRole('button', { name: '移除该用户' }).click();
    await users.nth(count - 1).waitFor({ state: 'detached' });
  }
  await pickUser(window, frame, user, frame.getByRole('button', { name: '添加用户' }).first());
}

suite.test('the sidebar and the Command Palette are in Chinese', async (window) => {
  await window.openSideBar();
  await expandItem(window, 'impressions/', window.treeItems.filter({ hasText: 'int64 · 用户' }).first());
  await window.page.locator('[id="workbench.parts.sidebar"] .pane-header', { hasText: '速览' }).waitFor();
  await window.page.locator('.statusbar-item[aria-label="RecSample：就绪"]').waitFor();
  await window.runCommand('RecSample: 显示日志');
  await window.page
    .locator('.panel .output', { hasText: /RecSample|found/ })
    .or(window.page.locator('.part.panel'))
    .first()
    .waitFor();
  await window.screenshot('sidebar-chinese');
});

suite.test('the inspector is in Chinese', async (window) => {
  await window.openSideBar();
  await window.resizeSideBar(248);
  const inspector = await Inspector.open(window, 'out/recall.parquet');
  await inspector.frame.getByRole('tab', { name: '数据行', selected: true }).waitFor();
  await inspector.painted();
  await inspector.columnMenu('category', '隐藏列');
  await inspector.painted();
  await (await inspector.cell(3, 'title')).click();
  for (let steps = 0; steps < 3; steps++) await window.page.keyboard.press('Alt+ArrowLeft');
  await window.page.keyboard.press('Space');
  await inspector.detail.locator('rs-value svg').first().waitFor();
  await inspector.charted();
  await (await window.webview('速览')).frame.getByText('负样本构成').waitFor();
  await window.checkAccessibility(inspector.webview);
  await window.screenshot('rows-chinese');
});

suite.test('the preview next to its config is in Chinese', async (window) => {
  const editor = await ConfigEditor.open(window, recallConfig);
  await window.execute('editor.action.toggleWordWrap');
  await editor.counted();
  await editor.lens(/^预览$/).click();
  const { frame } = await window.webview(/recall\.ratio\.yaml · recall/);
  await frame.locator('rs-preview[aria-busy=false]').waitFor();
  await pickOnly(window, frame, healthyUser);
  await window.resize({ width: 1680, height: 800 });
  await window.execute('workbench.action.toggleSidebarVisibility');
  await frame.locator('rs-preview-users .user').first().waitFor();
  await frame.getByText('热门物料所占的行').waitFor();
  await frame.locator('rs-draw-list .line.draw', { hasText: '第 1/2 次采样' }).dblclick();
  await frame.locator('rs-draw-list .why-lines').first().waitFor();
  await window.screenshot('preview-chinese');
  await window.resize({ width: 1440, height: 900 });
});

suite.test('the story with the histories of a request is in Chinese', async (window) => {
  const editor = await ConfigEditor.open(window, historiesConfig);
  await editor.counted();
  await editor.lens(/^预览$/).click();
  const { frame } = await window.webview(/histories\.ratio\.yaml · fine_ranking/);
  await frame.locator('rs-preview[aria-busy=false]').waitFor();
  await pickOnly(window, frame, activeUser);
  await showHistory(window, frame);
  await window.screenshot('story-chinese');
  await window.execute('workbench.action.toggleMaximizeEditorGroup');
  await window.resize({ width: 1440, height: 900 });
});

suite.test('a config, its findings and the hover of a source are in Chinese', async (window) => {
  await window.openSideBar();
  const editor = await ConfigEditor.openFromTree(window, 'configs/recall.ratio.yaml');
  await expandItem(window, 'recall.ratio.yaml', window.treeItems.filter({ hasText: '每个正样本 10 个' }).first());
  await editor.replace('global_random: 0.2', 'global_random: 0.3');
  await editor.squiggle('error').waitFor();
  await editor.hint('合计 1.1').waitFor();
  await window.execute('workbench.panel.markers.view.focus');
  await window.page.locator('.markers-panel .monaco-list-row', { hasText: '占比合计为 1.1，而不是 1' }).waitFor();
  await editor.goTo('popularity:');
  await editor.rest('popularity');
  await editor.hover.getByText('物料的权重').first().waitFor();
  await (await window.webview('速览')).frame.getByText('每个正样本 10 个负样本').waitFor();
  await window.screenshot('config-chinese');
});
