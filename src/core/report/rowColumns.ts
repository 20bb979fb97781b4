import { outcomeColumn } from '../config/outcomeNames.ts';
import { gradeOf } from '../sampling/outcomes.ts';
import { printable } from '../message/printable.ts';
import type { PreviewRow } from '../sampling/drawn.ts';
import type { NullReason, PassedValues, ShownColumn } from '../sampling/passedValues.ts';
import type { StagePlan } from '../sampling/plan/stagePlan.ts';
import { logText } from './drawnText.ts';
import { teacherOrigin } from './originText.ts';

/** Columns that every row of a file has, in addition to the columns that a preview always shows. */
type OwnColumn =
  | 'teacher'
  | 'log_q'
  | 'log_q_mix'
  | 'logq_correction'
  | 'log_q_batch'
  | 'logq_correction_batch'
  | 'weight'
  | 'keep_prob';

type Origin = Pick<ShownColumn, 'from' | 'side' | 'maxAge'>;

/** A column of the file that a preview can show. */
export interface RowColumn {
  /** Unique; a copied column cannot have the id of another one. */
  readonly id: string;
  readonly name: string;
  /** The side that its values come from; null: RecSample computes them. */
  readonly origin: Origin | null;
  /** The copied column; null if it is not copied. */
  readonly copiedColumn: ShownColumn | null;
  readonly isNumber: boolean;
  /** See `ShownColumn`. */
  readonly neverCut: boolean;
  readonly cell: (row: PreviewRow) => RowCell;
}

/** The value of a row in a column. */
export interface RowCell {
  /** Text of the value, which may be rounded; null for NULL. */
  readonly text: string | null;
  /** The exact text. */
  readonly exact: string | null;
  readonly reason: NullReason | null;
}

/** True if a column is shown unless the user selects columns. */
export function isShownByDefault({ id, copiedColumn }: RowColumn): boolean {
  return copiedColumn !== null || id === 'teacher' || id === 'grade' || id.startsWith(outcomeColumn(''));
}

/** The columns of a stage's file that a preview can show: copied columns in the order of the file, then RecSample's. */
export function rowColumns(plan: StagePlan, passed: PassedValues | undefined): RowColumn[] {
  return [
    ...(passed?.columns ?? []).map((copiedColumn, k): RowColumn => ({
      id: copiedColumn.name,
      name: copiedColumn.name,
      origin: copiedColumn,
      copiedColumn,
      isNumber: copiedColumn.isNumber,
      neverCut: copiedColumn.neverCut,
      cell: (row) => {
        const { value = null, reason = null } = row.passed?.[k] ?? {};
        return { text: value === null ? null : printable(value), exact: value, reason };
      },
    })),
    ...outcomeColumns(plan),
    ...ownColumns(plan).map((name): RowColumn => ({
      id: name,
      name,
      origin: name === 'teacher' && plan.teacher ? teacherOrigin(plan.teacher) : null,
      copiedColumn: null,
      isNumber: true,
      neverCut: true,
      cell: (row) => {
        const value = ownValueOf(name, row);
        const exact = value === null ? null : String(value);
        const isLog = name.startsWith('log');
        return {
          text: value !== null && isLog ? logText(value) : exact,
          exact,
          reason: name === 'teacher' ? (row.teacherReason ?? null) : null,
        };
      },
    })),
  ];
}

/** Labels of further events, and the grade. */
function outcomeColumns({ outcomes }: StagePlan): RowColumn[] {
  if (!outcomes) return [];
  const column = (name: string, value: (row: PreviewRow) => number | null): RowColumn => ({
    id: name,
    name,
    origin: null,
    copiedColumn: null,
    isNumber: true,
    neverCut: true,
    cell: (row) => {
      const exact = value(row);
      const text = exact === null ? null : String(exact);
      return { text, exact: text, reason: null };
    },
  });
  return [
    ...outcomes.events.map(({ name }, k) => column(outcomeColumn(name), (row) => row.outcomes?.[k] ?? null)),
    ...(outcomes.graded ? [column('grade', ({ label, weight }) => gradeOf(label, weight))] : []),
  ];
}

/** The columns of RecSample that the stage writes. */
function ownColumns({ unit, teacher, logq, inBatch, positives }: StagePlan): OwnColumn[] {
  return [
    ...(teacher ? ['teacher' as const] : []),
    ...(unit === 'impression' ? [] : (['log_q', 'log_q_mix'] as const)),
    ...(unit === 'impression' || logq === undefined ? [] : ['logq_correction' as const]),
    ...(unit === 'impression' || logq === undefined || inBatch === null
      ? []
      : (['log_q_batch', 'logq_correction_batch'] as const)),
    'weight' as const,
    ...(positives.hasKeepProbability ? ['keep_prob' as const] : []),
  ];
}

function ownValueOf(
  name: OwnColumn,
  { teacher, logQ, logQMix, corrections, weight, keepProbability }: PreviewRow,
): number | null {
  switch (name) {
    case 'teacher':
      return teacher ?? null;
    case 'log_q':
      return logQ;
    case 'log_q_mix':
      return logQMix;
    case 'logq_correction':
      return corrections?.logqCorrection ?? null;
    case 'log_q_batch':
      return corrections?.logQBatch ?? null;
    case 'logq_correction_batch':
      return corrections?.logqCorrectionBatch ?? null;
    case 'weight':
      return weight;
    case 'keep_prob':
      return keepProbability;
  }
}
