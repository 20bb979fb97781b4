import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.resolve(import.meta.dirname, '..');
/** The bundles of `npm test`. Without them, a process compiles the sources, which takes longer. */
const bundles = process.env['RECSAMPLE_BUNDLES'];

/** Arguments of Node that load a module of `moduleFile`. */
export const loaderArguments: readonly string[] = bundles === undefined ? ['--import', import.meta.resolve('tsx')] : [];

/**
 * A module for a process of its own. @param source listed in scripts/bundleTests.mjs, as `src/engine/process/engine.ts`
 */
export function moduleFile(source: string): string {
  return bundles === undefined ? path.join(root, source) : path.join(bundles, source.replace(/\.ts$/, '.mjs'));
}

/** The module for an import, as a string of JavaScript. */
export function quotedModule(source: string): string {
  return JSON.stringify(pathToFileURL(moduleFile(source)).href);
}
