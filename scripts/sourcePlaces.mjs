// Names the sources of places in bundles. Only failures need it: with `--enable-source-maps`, Node would read the map
// of every chunk that it loads.
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Maps by the path of their bundle; null: it has none. */
const maps = new Map();

function mapOf(bundle) {
  if (!maps.has(bundle)) {
    const file = `${bundle}.map`;
    maps.set(bundle, existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8'))) : null);
  }
  return maps.get(bundle);
}

/**
 * @param file the path or URL of a bundle
 * @param line counted from 1, as `column`
 * @returns the `file`, `line` and `column` of the source; undefined if there is no map, or no source of this place
 */
export function sourcePlace(file, line, column) {
  const bundle = file.startsWith('file:') ? fileURLToPath(file) : file;
  const { originalSource, originalLine, originalColumn } = mapOf(bundle)?.findEntry(line - 1, column - 1) ?? {};
  if (originalSource === undefined) return undefined;
  const source = path.resolve(path.dirname(bundle), originalSource);
  return { file: source, line: originalLine + 1, column: originalColumn + 1 };
}

/** The text of a failure, with sources in place of bundles in the lines of its stacks. */
export function withSourcePlaces(text) {
  // Playwright writes paths, Node writes URLs.
  return text.replace(/((?:file:\/\/)?\/[^\s():]*(?::\/[^\s():]*)?\.mjs):(\d+):(\d+)/g, (whole, file, line, column) => {
    try {
      const source = sourcePlace(file, Number(line), Number(column));
      return source === undefined ? whole : `${source.file}:${source.line}:${source.column}`;
    } catch {
      // A test may print any text: it need not be a URL.
      return whole;
    }
  });
}
