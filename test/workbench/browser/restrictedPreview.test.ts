import assert from 'node:assert/strict';
import { PreviewView, recallConfig } from '../harness/previewView.ts';
import { workbenchSuite } from '../harness/suite.ts';

const suite = workbenchSuite({ restricted: true });

suite.test('Restricted Mode: a preview shows the sliders of its stage, opens no data, and says why', async (window) => {
  const { view } = await PreviewView.open(window, recallConfig, 'recall', { restricted: true });
  await view.at('global_random', '0.20').waitFor();
  await view.button('Add heaviest').first().click();
  await view.footer.getByText(/^Restricted Mode: the data of .* are not opened/).waitFor();
  assert.equal(await view.users.count(), 0);
  assert.throws(() => window.enginePid, /no engine runs/);
  await window.screenshot('preview-restricted');
});
