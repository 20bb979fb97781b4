import { PreviewView, recallConfig } from '../harness/previewView.ts';
import { workbenchSuite } from '../harness/suite.ts';
import { themes } from '../harness/window.ts';

const suite = workbenchSuite();

suite.test('a preview beside its config, in four themes', async (window) => {
  const { view } = await PreviewView.open(window, recallConfig, 'recall');
  while ((await view.users.count()) < 3) await view.add('heaviest');
  const [first = ''] = await view.ids();
  await view.choose(first);
  await window.runCommand('View: Toggle Primary Side Bar Visibility');
  await view.widen();
  await view.users.first().waitFor();
  await view.draws.nth(6).dblclick();
  await view.frame.locator('rs-draw-list .why-lines').first().waitFor();
  for (const theme of themes) {
    await window.setTheme(theme);
    await window.themed(view.webview);
    await view.drawn(await view.users.count());
    await window.screenshot('preview');
    await window.checkAccessibility(view.webview);
  }
});
