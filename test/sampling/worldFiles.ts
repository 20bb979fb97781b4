import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { writeArrow } from '../engine/writeArrow.ts';
import type { Dice } from './dice.ts';
import { exactJson, type Cell, type ConfigDraft, type Row, type Table, type TableName, type World } from './world.ts';

export type Format = 'parquet' | 'csv' | 'jsonl' | 'arrow';
export const formats: readonly Format[] = ['parquet', 'csv', 'jsonl', 'arrow'];

/** Writes worlds with its own DuckDB. */
export class WorldFiles {
  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
  ) {}

  static async open(): Promise<WorldFiles> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return new WorldFiles(instance, connection);
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }

  /** Writes the tables and the config into a folder; returns the path of the config. */
  async write(
    { config, tables }: Pick<World, 'config' | 'tables'>,
    directory: string,
    format: Format,
    dice: Dice,
  ): Promise<string> {
    await this.writeTables(tables, directory, format, dice);
    return this.writeConfig({ config, tables }, directory, format);
  }

  /** Writes each table as up to three files, sometimes in partitions, with its rows in random order. */
  async writeTables(tables: World['tables'], directory: string, format: Format, dice: Dice): Promise<void> {
    for (const [name, table] of Object.entries(tables)) await this.#table(name, table, directory, format, dice);
  }

  writeConfig(
    { config, tables }: Pick<World, 'config' | 'tables'>,
    directory: string,
    format: Format,
    name = 'world.ratio.json',
  ): string {
    const path = join(directory, name);
    mkdirSync(directory, { recursive: true });
    writeFileSync(path, exactJson(placed(config, tables, format)));
    return path;
  }

  async #table(name: string, table: Table, directory: string, wanted: Format, dice: Dice): Promise<void> {
    const rows = dice.shuffled(table.rows);
    // A text file without rows has no types.
    const format = rows.length === 0 ? 'parquet' : wanted;
    const files = Math.max(1, Math.min(dice.whole(1, 3), rows.length));
    const partitioned = files > 1 && dice.chance(0.4);
    for (let k = 0; k < files; k++) {
      const part = rows.filter((_, r) => r % files === k);
      const path = join(directory, name, ...(partitioned ? [`part=p${k}`] : []), `${k}.${format}`);
      await this.writeFile({ ...table, rows: part }, path, format);
    }
  }

  /** Writes a table as one file. */
  async writeFile(table: Table, path: string, format: Format): Promise<void> {
    const { rows } = table;
    mkdirSync(dirname(path), { recursive: true });
    if (format === 'csv') writeFileSync(path, csv(table, rows));
    else if (format === 'jsonl') writeFileSync(path, rows.map((row) => `${exactJson(withoutNaN(row))}\n`).join(''));
    else await this.#typed(table, rows, path, format);
  }

  async #typed({ types }: Table, rows: readonly Row[], path: string, format: 'parquet' | 'arrow'): Promise<void> {
    const plain = join(dirname(path), 'rows.json');
    const texts = Object.keys(types);
    writeFileSync(
      plain,
      rows
        .map((row) => `${exactJson(Object.fromEntries(texts.map((name) => [name, text(row[name] ?? null)])))}\n`)
        .join(''),
    );
    const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
    const columns = texts.map((name) => `${quoted(name)}: 'VARCHAR'`).join(', ');
    const select = texts.map((name) => `CAST(${quoted(name)} AS ${types[name] ?? ''}) AS ${quoted(name)}`).join(', ');
    const source =
      rows.length === 0
        ? `(SELECT ${texts.map((name) => `NULL AS ${quoted(name)}`).join(', ')} WHERE false)`
        : `read_json('${plain}', format = 'newline_delimited', columns = {${columns}})`;
    const query = `SELECT ${select} FROM ${source}`;
    if (format === 'arrow') await writeArrow(this.connection, query, path);
    else await this.connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet)`);
    writeFileSync(plain, '');
  }
}

/** JSON has no NaN; writers use null. */
const withoutNaN = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, Number.isNaN(cell) ? null : cell]));

const text = (cell: Cell): string | null => (cell === null ? null : String(cell));

function csv({ types }: Table, rows: readonly Row[]): string {
  const quoted = (value: string): string => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const names = Object.keys(types);
  return [names, ...rows.map((row) => names.map((name) => quoted(text(row[name] ?? null) ?? '')))]
    .map((cells) => `${cells.join(',')}\n`)
    .join('');
}

/** The config with the file paths, and with types of integer ids if the files have no types. */
function placed(config: ConfigDraft, tables: World['tables'], format: Format): ConfigDraft {
  const data = Object.fromEntries(
    Object.entries(config.data).map(([name, entry]) => {
      const types = tables[name as TableName]?.types ?? {};
      const columns = Object.fromEntries(
        Object.entries(entry.columns).map(([role, column]) => {
          const untyped =
            (format === 'csv' || format === 'jsonl') &&
            ['user', 'item', 'request'].includes(role) &&
            typeof column === 'string' &&
            types[column] === 'BIGINT';
          return [role, untyped ? { column, type: 'int64' } : column];
        }),
      );
      return [name, { ...entry, path: name, columns }];
    }),
  );
  return { ...config, data };
}
