// What is generated from the sources of negatives: their signs for the webviews and for native trees. A source declares
// all of it in its own file.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { shapes } from '../src/core/source/shapes.ts';
import { sources } from '../src/core/source/sources.ts';
import { root } from './paths.mjs';

/** Themes of native trees, by the selector of their palette in the style sheet of the webviews. */
const themes = {
  dark: 'body {',
  light: 'body.vscode-light, body.vscode-high-contrast-light {',
  hc: 'body.vscode-high-contrast:not(.vscode-high-contrast-light) {',
};

const read = (file) => readFileSync(path.join(root, file), 'utf8');

/** @returns generated texts by their path from the root */
export function generatedOfSources() {
  return new Map([['webview/charts/sourceMarks.ts', marksModule()], ...Object.entries(themes).flatMap(icons)]);
}

const markInterface = `/** The sign of a source: one hue for a family, one shape for a source. */
export interface SourceMark {
  readonly family: string;
  /** A path in a box of 10 × 10. */
  readonly path: string;
  readonly hollow: boolean;
}`;

function marksModule() {
  const marks = [
    ...sources.map(({ name, family, mark }) => [name, { family, ...mark }]),
    // The trainer draws from its batch: no source of a mix.
    ['in_batch', { family: 'batch', path: shapes.plus, hollow: false }],
  ];
  const lines = marks.map(([name, mark]) => `  ['${name}', ${JSON.stringify(mark)}],`);
  return `// Generated from src/core/source/sources by \`npm run docs\`.

${markInterface}

export const sourceMarks: ReadonlyMap<string, SourceMark> = new Map([
${lines.join('\n')}
]);
`;
}

function icons([theme, selector]) {
  const colours = paletteOf(selector);
  return sources.map(({ name, family, mark: { path: shape, hollow } }) => {
    const colour = colours.get(family);
    if (colour === undefined) throw new Error(`webview/theme.ts has no colour --rs-${family} for ${theme}`);
    const paint = hollow ? `fill="none" stroke="${colour}" stroke-width="1.5"` : `fill="${colour}"`;
    return [
      `media/sources/${name}.${theme}.svg`,
      `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="-3 -3 16 16"><path d="${shape}" ${paint}/></svg>\n`,
    ];
  });
}

function paletteOf(selector) {
  const [, block = ''] = read('webview/theme.ts').split(`\n  ${selector}`);
  const [colours] = block.split('}');
  return new Map([...colours.matchAll(/--rs-(\w+): (#[0-9a-f]{6})/g)].map(([, family, colour]) => [family, colour]));
}
