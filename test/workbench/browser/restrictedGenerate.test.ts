import assert from 'node:assert/strict';
import { ConfigEditor } from '../harness/configEditor.ts';
import { recallConfig } from '../harness/previewView.ts';
import { workbenchSuite } from '../harness/suite.ts';

const suite = workbenchSuite({ restricted: true });
const refusal = /Restricted Mode: no sample file is written/;

suite.test(
  'Restricted Mode: no sample file is written, and the message says what to do',
  async (window) => {
    const editor = await ConfigEditor.open(window, recallConfig);
    await editor.lens(/^Generate$/).click();
    const toast = window.page.locator('.notification-toast', { hasText: refusal });
    await toast.waitFor();
    assert.throws(() => window.enginePid, /no engine runs/);
    await toast.hover();
    await window.screenshot('generate-restricted');
    await toast.locator('.monaco-button', { hasText: 'Manage Workspace Trust' }).click();
    await window.page.getByText('You are in Restricted Mode').waitFor();
  },
  { toasts: [refusal] },
);
