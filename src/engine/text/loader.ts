import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Connections, Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import { quoteLiteral, quotePath } from '../sql/quote.ts';
import { CsvScanner, csvFields } from './csvScanner.ts';
import { csvLine } from './csvText.ts';
import type { Part } from './part.ts';

/** The byte order mark of UTF-8. */
const MARK = Buffer.from('\ufeff');
/** Longest line that DuckDB's reader accepts without larger buffers. */
const DEFAULT_LINE = 2_000_000;

/**
 * Loads parts into a table of text columns `c0`, `c1`, … in the order of the records, and constants of the file into
 * `p0`, `p1`, … For each part, the number of loaded rows is compared with the number of rows sent.
 */
export class TextLoader {
  #columns = 0;
  #serial = 0;

  constructor(
    private readonly connections: Connections,
    private readonly directory: string,
    readonly table: string,
    private readonly constants: number,
  ) {}

  get width(): number {
    return this.#columns;
  }

  /** Makes the table at least `count` columns wide. */
  async widen(count: number, work: Work): Promise<void> {
    if (this.#columns === 0) {
      this.#columns = Math.max(1, count);
      const names = [
        ...Array.from({ length: this.#columns }, (_, k) => `c${k}`),
        ...Array.from({ length: this.constants }, (_, k) => `p${k}`),
      ];
      await this.connections.rows(`CREATE TABLE ${this.table} (${names.map((n) => `${n} VARCHAR`).join(', ')})`, work);
    }
    for (; this.#columns < count; this.#columns++)
      await this.connections.rows(`ALTER TABLE ${this.table} ADD COLUMN c${this.#columns} VARCHAR`, work);
  }

  async load(part: Part, constants: readonly (string | null)[], work: Work): Promise<void> {
    if (part.records === 0) return;
    await this.widen(
      part.columns.reduce((max, c) => Math.max(max, c + 1), 1),
      work,
    );
    if (await this.#tryLoad(part, constants, false, work)) return;
    // The two parsers disagree about these bytes: write them again in canonical form.
    if (!(await this.#tryLoad(canonical(part), constants, true, work)))
      throw new Error('the number of rows that arrived differs from the number of rows in the file');
  }

  async #tryLoad(part: Part, constants: readonly (string | null)[], last: boolean, work: Work): Promise<boolean> {
    const path = join(this.directory, `part-${this.#serial++}.csv`);
    try {
      const file = await open(path, 'wx');
      try {
        // DuckDB removes one mark from the beginning of a file. The first value may begin with the same character.
        if (part.slices[0]?.subarray(0, MARK.length).equals(MARK)) await file.writeFile(MARK);
        await file.writeFile(part.slices.length === 1 ? (part.slices[0] ?? '') : Buffer.concat(part.slices));
      } finally {
        await file.close();
      }
      return await this.connections.use(async (connection) => {
        await connection.run('BEGIN');
        try {
          const arrived = await this.#insert(connection, part, path, constants, last);
          await connection.run(arrived === part.records ? 'COMMIT' : 'ROLLBACK');
          return arrived === part.records;
        } catch (error) {
          await connection.run('ROLLBACK');
          if (last || work.signal?.aborted || /out of memory/i.test(String(error))) throw error;
          return false;
        }
      }, work);
    } finally {
      await rm(path, { force: true });
    }
  }

  async #insert(
    connection: DuckDBConnection,
    part: Part,
    path: string,
    constants: readonly (string | null)[],
    serial: boolean,
  ): Promise<number> {
    const width = Math.max(1, part.columns.length);
    const fields = Array.from({ length: width }, (_, k) => `'f${k}': 'VARCHAR'`).join(', ');
    const limits =
      part.longest < DEFAULT_LINE
        ? ''
        : `, max_line_size = ${part.longest + 1024}, buffer_size = ${(part.longest + 1024) * 2}`;
    const source = `read_csv(${quotePath(path)}, auto_detect = false, header = false, delim = ${quoteLiteral(part.delimiter)}, quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, strict_mode = true${part.newline === 'LF' ? ", new_line = '\\n'" : ''}, parallel = ${!serial}, columns = {${fields}}${limits})`;
    const targets = [
      ...(part.columns.length === 0 ? ['c0'] : part.columns.map((c) => `c${c}`)),
      ...constants.map((_, k) => `p${k}`),
    ];
    const values = [
      ...Array.from({ length: width }, (_, k) => `f${k}`),
      ...constants.map((c) => (c === null ? 'NULL' : quoteLiteral(c))),
    ];
    const result = await connection.run(
      `INSERT INTO ${this.table} (${targets.join(', ')}) SELECT ${values.join(', ')} FROM ${source}`,
    );
    return numberIn((await result.getRows())[0]);
  }
}

/** The same records, with every field rewritten and equal line endings. */
function canonical(part: Part): Part {
  const bytes = Buffer.concat(part.slices);
  const code = part.delimiter.charCodeAt(0);
  const scanner = new CsvScanner(bytes, code);
  const slices: Buffer[] = [];
  while (scanner.advance(true))
    slices.push(Buffer.from(csvLine(csvFields(bytes.subarray(scanner.start, scanner.end), code), part.delimiter)));
  return { ...part, slices, newline: 'LF' };
}
