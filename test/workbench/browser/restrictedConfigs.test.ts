import assert from 'node:assert/strict';
import { ConfigEditor } from '../harness/configEditor.ts';
import { workbenchSuite } from '../harness/suite.ts';

const suite = workbenchSuite({ restricted: true });

suite.test('Restricted Mode: a config is linted as it is typed, and no data file is opened for it', async (window) => {
  await window.activityIcon.click();
  await window.page.getByText('Restricted Mode: configs are checked without their data.').waitFor();
  const editor = await ConfigEditor.open(window, 'configs/recall.ratio.yaml');
  await editor.replace('global_random: 0.2', 'global_random: 0.3');
  await editor.squiggle('error').waitFor();
  await editor.goTo('data:');
  assert.equal(await editor.hint('rows').count(), 0);
  await window.runCommand('RecSample: Validate Ratio Config');
  await window.page.locator('.statusbar-item', { hasText: 'RecSample: recall.ratio.yaml: 1 error' }).waitFor();
  assert.throws(() => window.enginePid, /no engine runs/);
  await window.screenshot('config-restricted');
});
