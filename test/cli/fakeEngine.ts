import { fail } from '../../src/core/message/failure.ts';
import { message } from '../../src/core/message/message.ts';
import type { Column, Dataset, Notice } from '../../src/core/table/dataset.ts';
import { guessRoles } from '../../src/core/table/guessRoles.ts';
import { encodePage, type CellValue } from '../../src/core/table/page.ts';
import type { ColumnProfile } from '../../src/core/table/profile.ts';
import { digestAlgorithm } from '../../src/core/table/rowsDigest.ts';
import type { LogicalType } from '../../src/core/table/type.ts';
import { compileFilter } from '../../src/engine/sql/filter.ts';
import type { CallContext, EngineClient, EngineMethod, Params, Result } from '../../src/protocol/engine.ts';

export interface FakeColumn {
  readonly name: string;
  readonly type: LogicalType;
  readonly values: readonly CellValue[];
  readonly profile?: Partial<ColumnProfile>;
}

export interface FakeTable {
  readonly columns: readonly FakeColumn[];
  readonly rows: number;
  readonly bytes?: number;
  readonly files?: number;
  readonly notices?: readonly Notice[];
  /** Answers of `count`, by the operators of the conditions, such as `=` or `!= !=`. */
  readonly counts?: Readonly<Record<string, number>>;
}

/** An engine that has the given tables by absolute path and answers like the protocol. */
export function fakeEngine(
  tables: Readonly<Record<string, FakeTable>>,
): EngineClient & { dispose(): Promise<void>; readonly calls: EngineMethod[]; disposed: boolean } {
  const calls: EngineMethod[] = [];
  const clipped = 8;
  const answers: { [M in EngineMethod]?: (params: Params<M>, table: FakeTable, dataset: Dataset) => Result<M> } = {
    open: (_, __, dataset) => ({ ...dataset, rows: null }),
    settle: (_, __, dataset) => dataset,
    count: ({ view }, table, { columns }) => {
      compileFilter(view.filter, columns);
      return {
        rows: table.counts?.[view.filter.conditions.map(({ op }) => op).join(' ') || 'expression'] ?? 0,
        alone: [],
      };
    },
    profile: ({ columns }, table, dataset) => ({
      milliseconds: 1,
      columns: columns.map((i): ColumnProfile => {
        const { name, type, profile } = table.columns[i] as FakeColumn;
        return {
          name,
          type,
          role: dataset.columns[i]?.role ?? null,
          rows: table.rows,
          nulls: 0,
          distinct: { value: 1, exact: true },
          min: null,
          max: null,
          mean: null,
          sd: null,
          quantiles: null,
          of: 'value',
          top: [],
          topExact: true,
          histogram: { kind: 'none' },
          ...profile,
        };
      }),
    }),
    digest: ({ columns }, table) => ({
      algorithm: digestAlgorithm,
      rows: table.rows,
      value: '0123456789abcdef'.repeat(2),
      columns: columns.map((i) => (table.columns[i] as FakeColumn).name).sort(),
    }),
    exportRows: (_params, table) => ({ rows: table.rows, bytes: 0, guarded: 0 }),
    page: ({ first, count, columns }, table) => {
      const rows = Array.from(
        { length: Math.max(0, Math.min(count, (table.columns[0]?.values.length ?? 0) - first)) },
        (_, i) => first + i,
      );
      const encoded = columns.map((i) => {
        const { type, values } = table.columns[i] as FakeColumn;
        const lengths = new Map(
          rows.flatMap((r) => {
            const v = values[r];
            return type.kind === 'list' && typeof v === 'string' && v.length > clipped
              ? [[r - first, v.length] as const]
              : [];
          }),
        );
        return {
          type,
          lengths,
          values: rows.map((r) => {
            const v = values[r] ?? null;
            return lengths.has(r - first) && typeof v === 'string' ? v.slice(0, clipped) : v;
          }),
        };
      });
      return { first, count: rows.length, arrow: encodePage(rows, encoded), rows: table.rows };
    },
    cell: ({ row, column, offset, limit }, table) => {
      const text = String(table.columns[column]?.values[row]);
      return { text: text.slice(offset, offset + limit), length: text.length };
    },
  };
  return {
    calls,
    disposed: false,
    async call<M extends EngineMethod>(
      method: M,
      params: Params<M>,
      context?: Partial<CallContext>,
    ): Promise<Result<M>> {
      calls.push(method);
      await Promise.resolve();
      if (context?.signal?.aborted) throw fail('cancelled', message('Cancelled'));
      const { path } = (params as Params<'open'>).ref;
      const table = tables[path];
      if (!table) throw fail('not-found', message('There is no such file'), { place: { path } });
      return (answers[method] as (p: Params<M>, t: FakeTable, d: Dataset) => Result<M>)(
        params,
        table,
        datasetOf(path, table),
      );
    },
    async dispose() {
      await Promise.resolve();
      this.disposed = true;
    },
  };
}

function datasetOf(path: string, table: FakeTable): Dataset {
  const roles = guessRoles(table.columns);
  const columns = table.columns.map(({ name, type }, i): Column => ({
    name,
    type,
    role: roles[i] ?? null,
    partition: false,
  }));
  return {
    path,
    format: 'parquet',
    compression: 'none',
    files: table.files ?? 1,
    bytes: table.bytes ?? 1000,
    rows: table.rows,
    columns,
    notices: table.notices ?? [],
    fingerprint: 'x',
  };
}
