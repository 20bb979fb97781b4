import { and, bool } from '../../relation/expression.ts';
import type { Columns } from '../../relation/relation.ts';
import type { Expression } from '../../relation/tree.ts';
import type { Where } from '../../source/where.ts';
import type { SparkJob, SparkSequence } from '../sparkJob.ts';
import type { Source } from './source.ts';

/** Column of the log: true if a row passes the `where` of the sequence with this number. */
export const stepWhere = (k: number): string => `step_where_${k}`;

/** What the steps of sequences read of an impression besides roles, events and copied columns. */
export function stepConditions({ inputs }: SparkJob, source: Source): Columns {
  return inputs.sequences.map(({ where }, k) => [stepWhere(k), stepCondition(source, where)] as const);
}

/** A condition on a column that the data set lacks is false. */
export function stepCondition(source: Source, where: Where): Expression {
  return Object.keys(where).every((name) => hasColumn(source, name)) ? and(...source.conditions(where)) : bool(false);
}

/** The columns of the rows of steps that a sequence copies, each once. */
export function rowCopies({ copies }: Pick<SparkSequence, 'copies'>): string[] {
  return [...new Set(copies.filter(({ from }) => from === 'impressions').map(({ column }) => column))];
}

/** The columns that the output or a sequence copies from the impressions, each once. */
export function copiesOfLog({ inputs }: SparkJob, source: Source): string[] {
  const passed = inputs.passed.filter(({ from }) => from === 'impressions').map(({ column }) => column);
  return [...new Set([...passed, ...inputs.sequences.flatMap(rowCopies).filter((name) => hasColumn(source, name))])];
}

export function hasColumn({ table }: Source, name: string): boolean {
  return table.columns.some((column) => column.name === name);
}
