import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { sources } from '../../src/core/sampling/sources.ts';
import { sourceMarks } from '../../webview/charts/sourceMark.ts';
import { read, root } from './repository.ts';

const folder = 'media/sources';

/** The palette of a kind of theme, as the style sheet of the webviews has it. */
function palette(theme: 'dark' | 'light' | 'hc'): ReadonlyMap<string, string> {
  const selectors = {
    dark: 'body {',
    light: 'body.vscode-light, body.vscode-high-contrast-light {',
    hc: 'body.vscode-high-contrast:not(.vscode-high-contrast-light) {',
  };
  const [, block = ''] = read('webview/theme.ts').split(`\n  ${selectors[theme]}`);
  return new Map(
    [...(block.split('}')[0] ?? '').matchAll(/--rs-(\w+): (#[0-9a-f]{6})/g)].map(([, family = '', colour = '']) => [
      family,
      colour,
    ]),
  );
}

/** Glyphs of native trees, by file name. `UPDATE_GOLDEN=1` writes them. */
const expected = new Map(
  (['dark', 'light', 'hc'] as const).flatMap((theme) => {
    const colours = palette(theme);
    return Object.entries(sourceMarks)
      .filter(([source]) => sources.some(({ name }) => name === source))
      .map(([source, { family, path: shape, hollow }]) => {
        const colour = colours.get(family) ?? assert.fail(`no colour for ${family} in ${theme}`);
        const paint = hollow ? `fill="none" stroke="${colour}" stroke-width="1.5"` : `fill="${colour}"`;
        return [
          `${source}.${theme}.svg`,
          `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="-3 -3 16 16"><path d="${shape}" ${paint}/></svg>\n`,
        ] as const;
      });
  }),
);

test('the glyphs of native trees are those of the charts, in the colours of each kind of theme', () => {
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(path.join(root, folder), { recursive: true });
    for (const [name, text] of expected) writeFileSync(path.join(root, folder, name), text);
  }
  assert.equal(expected.size, 3 * sources.length, 'a source has no glyph');
  assert.deepEqual(
    existsSync(path.join(root, folder)) ? readdirSync(path.join(root, folder)).sort() : [],
    [...expected.keys()].sort(),
  );
  for (const [name, text] of expected) assert.equal(read(`${folder}/${name}`), text, name);
});
