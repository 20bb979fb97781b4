import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Theme } from '../../webview/themes.ts';
import type { Webview } from './window.ts';

const dist = process.env['RECSAMPLE_DIST'] ?? path.resolve(import.meta.dirname, '../../../dist');

/** The variables of colours that the scripts of webviews name. */
function colourNames(): readonly string[] {
  const folder = path.join(dist, 'webview');
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const names = scripts.flatMap((script) =>
    Array.from(readFileSync(path.join(folder, script), 'utf8').matchAll(/--vscode-([\w-]+)/g), ([, name = '']) => name),
  );
  return [...new Set(names)].filter((name) => !/font-(family|size|weight)$/.test(name)).sort();
}

/** `#rrggbbaa` as VS Code writes it: `rgba(1, 2, 3, 0.31)`. Other colours are unchanged. */
function asWorkbench(colour: string): string {
  if (!/^#[\da-f]{8}$/.test(colour)) return colour;
  const [red, green, blue, alpha = 0] = [1, 3, 5, 7].map((place) => parseInt(colour.slice(place, place + 2), 16));
  return `rgba(${red}, ${green}, ${blue}, ${Math.round((100 * alpha) / 255) / 100})`;
}

/** Checks that a webview has the colours with which `test/webview` shows this theme: all that its scripts name. */
export async function checkColours({ frame }: Webview, { variables }: Theme): Promise<void> {
  const names = colourNames();
  assert.ok(names.length > 0);
  const real = await frame.locator('html').evaluate((root: unknown, all: readonly string[]) => {
    const page = globalThis as unknown as {
      getComputedStyle(element: unknown): { getPropertyValue(name: string): string };
    };
    const style = page.getComputedStyle(root);
    return all.map((name) => `${name}: ${style.getPropertyValue(`--vscode-${name}`).trim()}`);
  }, names);
  assert.deepEqual(
    names.map((name) => `${name}: ${asWorkbench(variables[name] ?? '')}`),
    real,
  );
}
