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
 * An SQL statement for the rows of a view, with its filter and its order. `visibleColumns`: null for all columns.
 * @throws FailureError `bad-filter`; `unsupported` if the engine has no exact equivalent
 */
export function viewSql(
  engine: ViewEngine,
  files: ViewedFiles,
  { filter, sort }: View,
  visibleColumns: readonly string[] | null,
): string {
  const dialect = dialects[engine];
  const { from, setup } = dialect.source(files);
  const typed = typedFilter(filter, files.columns);
  const conditions = typed?.kind === 'and' ? typed.operands : typed ? [typed] : [];
  const conditionTexts = conditions.map((condition) => {
    const text = expressionSql(condition, dialect);
    return condition.kind === 'or' ? `(${text})` : text;
  });
  const sortKeys = sort.map(
    ({ column, descending }) => `${dialect.identifier(column)}${descending ? ' DESC' : ''} NULLS LAST`,
  );
  return (
    [
      ...(files.format === 'arrow'
        ? [`-- ${dialect.label} does not read Arrow files by path: load them as arrow_table.`]
        : []),
      ...(typed && usesTimes(typed) ? dialect.utcSession : []),
      ...setup,
      `SELECT ${visibleColumns === null ? '*' : visibleColumns.map(dialect.identifier).join(', ')}`,
      `FROM ${from}`,
      ...conditionTexts.map((text, k) => `${k === 0 ? 'WHERE' : '  AND'} ${text}`),
      ...(sortKeys.length === 0 ? [] : [`ORDER BY ${sortKeys.join(', ')}`]),
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
