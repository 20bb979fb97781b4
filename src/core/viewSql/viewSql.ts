import { typedFilter } from '../table/condition.ts';
import type { TypedExpression } from '../table/expression/typed.ts';
import type { View } from '../table/filter.ts';
import { duckdbView } from './duckdbView.ts';
import { expressionSql } from './expressionSql.ts';
import { sparkView } from './sparkView.ts';
import type { ViewedFiles } from './viewedFiles.ts';

const dialects = { duckdb: duckdbView, spark: sparkView } as const;
export type ViewEngine = keyof typeof dialects;

/**
 * The rows of a view as an SQL statement: its filter, its order and its columns. `shown`: null for all columns.
 * @throws FailureError `bad-filter`; `unsupported` if the engine has no exact way
 */
export function viewSql(
  engine: ViewEngine,
  files: ViewedFiles,
  { filter, sort }: View,
  shown: readonly string[] | null,
): string {
  const dialect = dialects[engine];
  const { from, before } = dialect.source(files);
  const typed = typedFilter(filter, files.columns);
  const conditions = typed?.kind === 'and' ? typed.operands : typed ? [typed] : [];
  const lines = conditions.map((one) =>
    one.kind === 'or' ? `(${expressionSql(one, dialect)})` : expressionSql(one, dialect),
  );
  const keys = sort.map(
    ({ column, descending }) => `${dialect.identifier(column)}${descending ? ' DESC' : ''} NULLS LAST`,
  );
  return (
    [
      ...(files.format === 'arrow'
        ? [`-- ${dialect.label} does not read Arrow files by path: load them as arrow_table.`]
        : []),
      ...(typed && usesTimes(typed) ? dialect.utcSession : []),
      ...before,
      `SELECT ${shown === null ? '*' : shown.map(dialect.identifier).join(', ')}`,
      `FROM ${from}`,
      ...lines.map((line, k) => `${k === 0 ? 'WHERE' : '  AND'} ${line}`),
      ...(keys.length === 0 ? [] : [`ORDER BY ${keys.join(', ')}`]),
    ].join('\n') + ';\n'
  );
}

function usesTimes(e: TypedExpression): boolean {
  return e.type.kind === 'timestamp' || operandsOf(e).some(usesTimes);
}

function operandsOf(e: TypedExpression): readonly TypedExpression[] {
  switch (e.kind) {
    case 'constant':
    case 'column':
      return [];
    case 'and':
    case 'or':
      return e.operands;
    case 'compare':
    case 'arithmetic':
      return [e.left, e.right];
    case 'in':
      return [e.operand, ...e.list];
    case 'between':
      return [e.operand, e.low, e.high];
    case 'like':
      return [e.operand, e.pattern];
    case 'call':
      return e.arguments;
    default:
      return [e.operand];
  }
}
