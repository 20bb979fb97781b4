// Compares CSV readers: messages about six bad records, and the time for 200,000 good records.
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { CsvScanner } from '../../src/engine/text/csvScanner.ts';
import { cpuTimes, load } from './alternatives.mjs';

const { default: papa } = await load('papaparse');
const { parse } = await load('csv-parse/sync');
const COMMA = 44;
const bad =
  'user,item,note\n1,a,ok\n2,b,in "the" middle\n3,c\n4,d,"two\nlines"\n5,e,"closed" late\n6,f,x,y\n7,g,"never closed\n8,h,ok\n9,i,ok\n';

function scan(text) {
  const scanner = new CsvScanner(Buffer.from(text), COMMA);
  const found = [];
  let good = -1;
  for (let line = 1; ; line += scanner.lines) {
    const isOpen = !scanner.advance(true);
    if (isOpen && !(scanner.open && scanner.advance(true, true))) break;
    if (isOpen || scanner.odd || scanner.fields !== 3) found.push(`line ${line}`);
    else good++;
  }
  return `${good} good; ${found.join(', ')}`;
}

console.log('ours:', scan(bad));
const { data, errors } = papa.parse(bad, { header: true, skipEmptyLines: true });
console.log('papaparse:', data.length, 'rows;', errors.map(({ row, code }) => `row ${row} ${code}`).join(', '));
const skipped = [];
const kept = parse(bad, {
  columns: true,
  skip_records_with_error: true,
  on_skip: ({ code, lines }) => skipped.push(`line ${lines} ${code}`),
});
console.log('csv-parse:', kept.length, 'rows;', skipped.join(', '));

const folder = await mkdtemp(path.join(tmpdir(), 'recsample-csv-'));
const file = path.join(folder, 'bad.csv');
await writeFile(file, bad);
const connection = await (await DuckDBInstance.create()).connect();
const rows = await connection.runAndReadAll(
  `SELECT * FROM read_csv('${file}', header = true, auto_detect = false, store_rejects = true,
   columns = {user: 'VARCHAR', item: 'VARCHAR', note: 'VARCHAR'})`,
);
const rejects = await connection.runAndReadAll('SELECT line, error_type FROM reject_errors ORDER BY line');
console.log(
  'DuckDB:',
  rows.currentRowCount,
  'rows;',
  rejects
    .getRows()
    .map(([l, e]) => `line ${l} ${e}`)
    .join(', '),
);
await rm(folder, { recursive: true });

const text = `user,item,note\n${Array.from({ length: 200_000 }, (_, k) => `${k},item_${k % 997},"a, text ${k}"\n`).join('')}`;
const bytes = Buffer.from(text);
const times = cpuTimes({
  ours: () => {
    const scanner = new CsvScanner(bytes, COMMA);
    while (scanner.advance(true));
  },
  papaparse: () => papa.parse(text),
  'csv-parse': () => parse(bytes),
});
console.log(`${(bytes.length / 1e6).toFixed(1)} MB, CPU ms:`, times);
