import type { TypedExpression } from '../../core/table/expression/typed.ts';
import { compileExpression } from './filter.ts';

/** SQL of the statistics of a column in a row group; each may be NULL. */
export interface ColumnStatistics {
  /** Not larger than any value. */
  readonly min: string;
  /** Not smaller than any value. */
  readonly max: string;
  readonly nulls: string;
  /** False if they may be shorter or longer than the smallest and the largest value, as those of texts. */
  readonly isExact: boolean;
  /** True for floats: NaN is not in their statistics, and is larger than any number. */
  readonly hasNan: boolean;
}

type StatisticsOf = (column: string) => ColumnStatistics | null;

/**
 * SQL that is FALSE only if the statistics of a row group of `rows` rows prove that no row matches a condition, as
 * readers of Parquet conclude it. Everything that is not a comparison of a column with a constant may match.
 */
export function mayMatch(e: TypedExpression, of: StatisticsOf, rows: string): string {
  switch (e.kind) {
    case 'and':
    case 'or':
      return `(${e.operands.map((operand) => mayMatch(operand, of, rows)).join(e.kind === 'and' ? ' AND ' : ' OR ')})`;
    case 'compare': {
      const [column, constant] = isConstant(e.right) ? [e.left, e.right] : [e.right, e.left];
      if (!isConstant(constant)) return 'TRUE';
      const op = constant === e.right ? e.op : mirrored[e.op];
      return compared(column, of, rows, (statistics) => bound(op, statistics, compileExpression(constant)));
    }
    case 'in':
      if (e.negated || !e.list.every(isConstant)) return 'TRUE';
      return compared(
        e.operand,
        of,
        rows,
        (statistics) => `(${e.list.map((one) => bound('=', statistics, compileExpression(one))).join(' OR ')})`,
      );
    case 'between':
      if (e.negated || !isConstant(e.low) || !isConstant(e.high)) return 'TRUE';
      return mayMatch(
        {
          kind: 'and',
          type: e.type,
          operands: [
            { kind: 'compare', type: e.type, op: '>=', left: e.operand, right: e.low },
            { kind: 'compare', type: e.type, op: '<=', left: e.operand, right: e.high },
          ],
        },
        of,
        rows,
      );
    case 'is-null': {
      const statistics = statisticsOf(e.operand, of);
      if (statistics === null) return 'TRUE';
      return `coalesce(${statistics.nulls} ${e.negated ? `< ${rows}` : '> 0'}, TRUE)`;
    }
    case 'column':
      return compared(e, of, rows, ({ max }) => max);
    default:
      return 'TRUE';
  }
}

const mirrored = { '=': '=', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;
type Comparison = keyof typeof mirrored;

function bound(op: Comparison, { min, max, isExact, hasNan }: ColumnStatistics, value: string): string {
  // A NaN of the column is larger than any number, and one of the condition is equal to it.
  const orNan = hasNan ? ` OR isnan(${value})` : '';
  switch (op) {
    case '=':
      return `(${min} <= ${value} AND ${max} >= ${value}${orNan})`;
    case '<':
      return `(${min} < ${value}${orNan})`;
    case '<=':
      return `(${min} <= ${value}${orNan})`;
    case '>':
      return hasNan ? 'TRUE' : `(${max} > ${value})`;
    case '>=':
      return hasNan ? 'TRUE' : `(${max} >= ${value})`;
    case '!=':
      return isExact && !hasNan ? `(${min} <> ${value} OR ${max} <> ${value})` : 'TRUE';
  }
}

/** No comparison is true for NULL. */
function compared(
  operand: TypedExpression,
  of: StatisticsOf,
  rows: string,
  holds: (statistics: ColumnStatistics) => string,
): string {
  const statistics = statisticsOf(operand, of);
  return statistics === null
    ? 'TRUE'
    : `(coalesce(${statistics.nulls} < ${rows}, TRUE) AND coalesce(${holds(statistics)}, TRUE))`;
}

/** Of a column that is compared unchanged, or widened. */
function statisticsOf(e: TypedExpression, of: StatisticsOf): ColumnStatistics | null {
  if (e.kind === 'column') return e.fields.length === 0 ? of(e.column) : null;
  return e.kind === 'convert' ? statisticsOf(e.operand, of) : null;
}

function isConstant(e: TypedExpression): boolean {
  switch (e.kind) {
    case 'constant':
      return true;
    case 'convert':
    case 'negate':
      return isConstant(e.operand);
    default:
      return false;
  }
}
