// 100 million rows in a browser: the tallest element, and how far regular-table moves for one row of pixels.
// node bench/alternatives/grid.mjs FOLDER CHROMIUM
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { folder } from './alternatives.mjs';

const { outputFiles } = await build({
  stdin: { contents: "import 'regular-table'", resolveDir: folder },
  bundle: true,
  write: false,
  format: 'iife',
});
const browser = await chromium.launch({ executablePath: process.argv[3], args: ['--no-sandbox'] });
const page = await browser.newPage();
await page.setContent('<div style="height: 2200000000px"></div>');
console.log(
  'tallest element:',
  await page.evaluate("document.querySelector('div').getBoundingClientRect().height"),
  'px',
);
await page.setContent('<regular-table style="position: absolute; width: 400px; height: 400px"></regular-table>');
await page.addScriptTag({ content: outputFiles[0].text });
const rows = await page.evaluate(`(async () => {
  const table = document.querySelector('regular-table');
  table.setDataListener((x0, y0, x1, y1) => ({
    num_rows: 1e8,
    num_columns: 1,
    data: [Array.from({ length: y1 - y0 }, (_, k) => String(y0 + k))],
  }));
  await table.draw();
  const first = async (top) => {
    table.scrollTop = top;
    await new Promise((done) => setTimeout(done, 1000));
    return table.querySelector('td').textContent;
  };
  const end = table.scrollHeight;
  return { scrollHeight: end, last: await first(end), after22Pixels: await first(table.scrollTop - 22) };
})()`);
console.log('regular-table:', rows);
await browser.close();
