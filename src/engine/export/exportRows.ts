import { dirname } from 'node:path';
import { fail, type FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { cancelled } from '../../core/queue/cancelled.ts';
import { isFormula, formulaPatterns } from '../../core/report/spreadsheetText.ts';
import { unreadableMessage, isNumeric } from '../../core/table/type.ts';
import type { ExportSummary, Params } from '../../protocol/engine.ts';
import type { OpenTable, Tables } from '../tables/tables.ts';
import { ArrowBatches } from '../arrow/arrowBatches.ts';
import type { Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import type { OpenDatasets } from '../answers/openDatasets.ts';
import { drawFailure } from '../write/drawFailure.ts';
import { Target } from '../write/target.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { viewSql } from '../view/order.ts';
import type { DuckDBType } from '@duckdb/node-api';
import type { SampleFormat } from '../../core/table/sampleName.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import { fileSql } from '../write/fileSql.ts';
import { exactText } from '../sql/cellText.ts';

/** Rows of a record batch of Arrow, and of one query for it. */
const BATCH_ROWS = 122_880;
const writing = message('Writing the rows');
/** Name of the table that is read. Without it, a CSV file would be in the order of its texts: 10 before 9. */
const alias = '"@view"';

/**
 * Writes the chosen columns of the rows of a view, in its order, completely or not at all. Values stay exact: 64-bit
 * integers, decimals and timestamps keep every digit. In a guarded CSV file, texts that a spreadsheet would run get an
 * apostrophe, and are counted.
 * @throws FailureError if the data cannot be read, the file is part of the data or cannot be written, or after a
 * cancellation; then no part of the file remains
 */
export async function exportRows(
  datasets: OpenDatasets,
  { ref, view, columns: indices, path, format, guard }: Params<'exportRows'>,
  work: Work,
): Promise<ExportSummary> {
  const failureOf = (error: unknown): FailureError =>
    drawFailure(error, dirname(path), datasets.options.temporaryDirectory);
  const target = await Target.open(path, null, [], work).catch((error: unknown) => {
    throw failureOf(error);
  });
  try {
    const written = await datasets.together(
      [ref],
      work,
      async (tables) => {
        await tables.refuseOutput([target.realPath], null, (dataset) =>
          fail(
            'bad-request',
            message('The data set includes this file or its folder: the rows would be read as its data'),
            { place: { path }, advice: message('Write outside of the data set {0}.', dataset) },
          ),
        );
        const table = tables.table(ref);
        const { where, orderBy } = viewSql(view, table.columns, table.rowColumn, alias);
        const columns = await exportedColumns(tables, table, indices, work);
        const from = `${table.relation()} AS ${alias} WHERE ${where}`;
        const isGuarded = format === 'csv' && guard;
        const select = `SELECT ${exportItems(columns, format, isGuarded).join(', ')} FROM ${from} ${orderBy}`;
        const rows =
          format === 'arrow'
            ? await writeArrow(tables, select, target.file, work)
            : await copyRows(tables, select, target.file, copyOptions[format], work);
        const guarded = isGuarded ? await countGuarded(tables, columns, from, work) : 0;
        await tables.checkCurrent();
        return { rows, guarded };
      },
      target.folder,
    );
    return { ...written, bytes: await target.publish() };
  } catch (error) {
    await target.discard();
    throw failureOf(error);
  }
}

const copyOptions = {
  csv: 'FORMAT csv, HEADER true',
  jsonl: 'FORMAT json',
  parquet: 'FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1',
} as const;

/** The columns by their index, with their types in DuckDB. */
async function exportedColumns(
  tables: Tables,
  table: OpenTable,
  indices: readonly number[],
  work: Work,
): Promise<ExportedColumn[]> {
  const { columns, path } = table;
  const chosen = indices.map((k) => {
    const column = columns[k];
    if (column === undefined)
      throw fail('bad-request', message('There is no column {0}; the data set has {1} columns', k, columns.length));
    const unreadable = unreadableMessage(column);
    if (unreadable !== null)
      throw fail('unsupported', unreadable, {
        place: { path, column: column.name },
        advice: message('Choose other columns.'),
      });
    return column;
  });
  if (chosen.length === 0) throw fail('bad-request', message('No column is chosen'), { place: { path } });
  const names = chosen.map(({ name }) => quoteIdentifier(name)).join(', ');
  const typed = await tables.columns(`SELECT ${names} FROM ${table.relation()}`, work);
  return chosen.flatMap((column, k) => {
    const duckType = typed[k]?.type;
    return duckType === undefined ? [] : [{ ...column, duckType }];
  });
}

/** @returns the number of rows */
async function copyRows(tables: Tables, select: string, file: string, options: string, work: Work): Promise<number> {
  const [copied] = await tables.statement(`COPY (${select}) TO ${quoteLiteral(file)} (${options})`, writing, work);
  return numberIn(copied);
}

/** Rows are first collected in a table, which may be larger than the memory, so that batches are complete. */
async function writeArrow(tables: Tables, select: string, file: string, work: Work): Promise<number> {
  const table = '"@export"';
  const columns = await tables.columns(select, work);
  const [collected] = await tables.statement(`CREATE TABLE ${table} AS ${select}`, writing, work);
  const rows = numberIn(collected);
  const batches = await ArrowBatches.create(file, columns, {}, BATCH_ROWS);
  try {
    for (let first = 0; first < rows; first += BATCH_ROWS) {
      work.progress?.({ fraction: first / rows, message: writing });
      const last = first + BATCH_ROWS - 1;
      await tables.each(
        `SELECT * FROM ${table} WHERE rowid BETWEEN ${first} AND ${last} ORDER BY rowid`,
        async (chunk) => {
          if (work.signal?.aborted) throw cancelled();
          await batches.add(chunk);
        },
        work,
      );
    }
    await batches.end();
  } finally {
    await batches.close();
  }
  return rows;
}

/** The number of guarded values and names. */
async function countGuarded(
  tables: Tables,
  columns: readonly ExportedColumn[],
  from: string,
  work: Work,
): Promise<number> {
  const names = columns.filter(({ name }) => isFormula(name)).length;
  const each = guardedSql(columns);
  if (each === null) return names;
  const [sum] = await tables.statement(
    `SELECT coalesce(sum(${each}), 0)::BIGINT FROM ${from}`,
    message('Counting formulas'),
    work,
  );
  return names + numberIn(sum);
}

/** A column of an export. */
interface ExportedColumn extends SourceColumn {
  readonly duckType: DuckDBType;
}

/** SELECT items of an export. A CSV file has the exact text of each value, as the grid shows it. */
function exportItems(columns: readonly ExportedColumn[], format: SampleFormat, guard: boolean): string[] {
  return columns.map((column) => {
    const name = quoteIdentifier(column.name);
    if (format !== 'csv') return `${fileSql(format)(name, column.duckType, false)} AS ${name}`;
    const text = exactText(name, column.type);
    if (!guard) return `${text} AS ${name}`;
    const value = canBeFormula(column) ? `CASE WHEN ${isFormulaSql(text)} THEN '''' || ${text} ELSE ${text} END` : text;
    return `${value} AS ${quoteIdentifier(guardedName(column.name))}`;
  });
}

/** SQL of the number of values of a row that `exportItems` guards; null if no column can hold a formula. */
function guardedSql(columns: readonly ExportedColumn[]): string | null {
  const each = columns
    .filter(canBeFormula)
    .map(
      (column) => `CAST(coalesce(${isFormulaSql(exactText(quoteIdentifier(column.name), column.type))}, false) AS INT)`,
    );
  return each.length === 0 ? null : each.join(' + ');
}

function guardedName(name: string): string {
  return isFormula(name) ? `'${name}` : name;
}

/**
 * A number, a date or a boolean is a value in every spreadsheet. A list begins with a bracket, a struct with a brace.
 */
function canBeFormula({ type }: SourceColumn): boolean {
  return !isNumeric(type) && ['string', 'json', 'enum', 'other', 'interval'].includes(type.kind);
}

function isFormulaSql(text: string): string {
  const matches = (pattern: string): string => `regexp_matches(${text}, ${quoteLiteral(pattern)})`;
  return `(${matches(formulaPatterns.formula)} AND NOT ${matches(formulaPatterns.number)})`;
}
