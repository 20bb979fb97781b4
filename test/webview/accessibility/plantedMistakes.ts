import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violationsIn } from '../../workbench/harness/accessibility.ts';
import { stage } from '../browser.ts';

const { open, close } = stage();

test('axe finds a faint text, a button without a name and a picture without a text', async () => {
  const view = await open({ path: 'sidebar', width: 260, height: 400, parameters: { scenario: 'nothing' } });
  await view.page.getByRole('button', { name: 'Open Demo Workspace' }).waitFor();
  const main = view.page.locator('main');
  await main.evaluate((element) => {
    const text = document.createElement('p');
    text.style.cssText = 'color: #777; background: #888';
    text.textContent = 'faint';
    element.replaceChildren(text, document.createElement('button'), document.createElement('img'));
  });
  const rulesIn = async (onlyColours: boolean): Promise<string[]> =>
    (await violationsIn(main, { onlyColours })).map(({ rule }) => rule).sort();
  assert.deepEqual(await rulesIn(false), ['button-name', 'color-contrast', 'image-alt']);
  assert.deepEqual(await rulesIn(true), ['color-contrast']);
  await close(view);
});
