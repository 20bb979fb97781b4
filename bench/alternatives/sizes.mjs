// Minified kilobytes of our code and of the packages that could replace it, and the same with gzip.
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { folder } from './alternatives.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const lit = ['lit', 'lit/*'];
const files = (...paths) => paths.map((file, k) => `export * as m${k} from './${file}';`).join('\n');
const entries = [
  ['CSV scanner: ours', root, files('src/engine/text/csvScanner.ts')],
  ['papaparse', folder, "export * from 'papaparse'; export { default } from 'papaparse'"],
  ['Arrow builder: ours', root, files('src/engine/arrow/columnBuilder.ts')],
  ['apache-arrow makeBuilder', folder, "export { makeBuilder } from 'apache-arrow'"],
  ['expression lexer and parser: ours', root, files('src/core/table/expression/parser.ts')],
  ['chevrotain', folder, "export { EmbeddedActionsParser, Lexer, createToken } from 'chevrotain'"],
  ['jsep', folder, "export { default } from 'jsep'"],
  ['grid: ours, without lit', root, files('webview/grid/grid.ts'), lit],
  ['regular-table', folder, "import 'regular-table'"],
  [
    'webview-ui-toolkit data grid',
    folder,
    "export { vsCodeDataGrid, vsCodeDataGridRow } from '@vscode/webview-ui-toolkit'",
  ],
  ['glide-data-grid', folder, "export * from '@glideapps/glide-data-grid'; export * from 'react-dom/client'"],
  ['ag-grid-community', folder, "export { createGrid, InfiniteRowModelModule } from 'ag-grid-community'"],
  [
    'charts: ours, without lit',
    root,
    files(
      ...['curve', 'histogram', 'mini', 'difference', 'lines', 'barChart', 'hourChart'].map(
        (f) => `webview/charts/${f}.ts`,
      ),
    ),
    lit,
  ],
  ['round ticks: ours', root, files('src/core/report/roundTicks.ts')],
  ['d3-scale', folder, "export { scaleLinear, scaleLog } from 'd3-scale'"],
  ['Observable Plot', folder, "export { plot, rectY, line } from '@observablehq/plot'"],
  ['p-limit', folder, "export { default } from 'p-limit'"],
  ['async-mutex', folder, "export { Mutex, Semaphore } from 'async-mutex'"],
  ['p-queue', folder, "export { default } from 'p-queue'"],
  ['arguments: ours', root, files('src/cli/arguments.ts')],
  ['commander', folder, "export { Command } from 'commander'"],
  ['yargs', folder, "export { default } from 'yargs'"],
];

for (const [name, resolveDir, contents, external = []] of entries) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: /commander|yargs|ours$/.test(name) ? 'node' : 'browser',
    external: ['@duckdb/*', ...external],
    logLevel: 'error',
  });
  const [{ contents: bytes }] = outputFiles;
  console.log(`${name}: ${(bytes.length / 1000).toFixed(1)} kB, gzip ${(gzipSync(bytes).length / 1000).toFixed(1)} kB`);
}
