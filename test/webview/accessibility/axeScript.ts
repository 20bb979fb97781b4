import assert from 'node:assert/strict';
import { test } from 'node:test';
import axe, { type AxeResults } from 'axe-core';
import { axeScript } from '../../workbench/harness/axeScript.ts';
import { stage } from '../browser.ts';

const { open, close } = stage();

/** Colours in several notations. Many pairs of neighbours have too little contrast. */
const colours = [
  '#777',
  'rgb(120 120 120)',
  'rgba(200, 30, 30, 0.4)',
  'hsl(0.3turn 40% 50%)',
  'oklch(0.6 0.1 20)',
  'color(display-p3 0.5 0.5 0.5)',
  'rebeccapurple',
  'transparent',
];

test('the quick axe finds the same mistakes as that of the package, with the same figures', async () => {
  const found: unknown[] = [];
  for (const script of [axe.source, axeScript]) {
    const view = await open({ path: 'sidebar', width: 260, height: 400, parameters: { scenario: 'nothing' } });
    await view.page.getByRole('button', { name: 'Open Demo Workspace' }).waitFor();
    await view.page.locator('main').evaluate((main, all) => {
      const planted = all.map((colour, place) => {
        const [text, part] = [document.createElement('p'), document.createElement('span')];
        text.style.color = colour;
        text.style.background = all[(place + 1) % all.length] ?? '';
        part.style.background = all[(place + 2) % all.length] ?? '';
        part.style.opacity = '0.5';
        part.textContent = 'half';
        text.append('whole', part);
        return text;
      });
      main.replaceChildren(...planted, document.createElement('button'), document.createElement('img'));
    }, colours);
    await view.page.evaluate(script);
    const { violations, incomplete, passes, inapplicable } = await view.page.evaluate<AxeResults>(
      "axe.run(document.querySelector('main'))",
    );
    found.push({ violations, incomplete, passes, inapplicable });
    assert.ok((violations.find(({ id }) => id === 'color-contrast')?.nodes.length ?? 0) >= 8);
    await close(view);
  }
  assert.deepEqual(found[1], found[0]);
});
