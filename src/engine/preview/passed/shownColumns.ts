import type { PassedColumn } from '../../../core/data/passThrough.ts';
import { FailureError } from '../../../core/message/failure.ts';
import { message, type Message } from '../../../core/message/message.ts';
import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { CopiedColumns } from '../../../protocol/sampling.ts';
import type { SampledTables } from '../../inputs/sampledTables.ts';
import { outputColumns } from '../../write/outputSelect.ts';
import { passedColumns } from '../../write/passThrough.ts';

/** The copied columns of a file in its order, and which ones cannot be copied and why. */
export interface ShownColumns {
  readonly columns: readonly PassedColumn[];
  readonly notices: readonly Message[];
}

/** The columns that the file of a plan would have. A column that prevents the file is left out, with a notice. */
export function shownColumns(plan: StagePlan, copies: CopiedColumns | undefined, sampled: SampledTables): ShownColumns {
  let columns: readonly PassedColumn[] = [];
  const notices: Message[] = [];
  if (!copies) return { columns, notices };
  const output = { names: copies.names, layout: 'long', format: 'parquet', path: '', within: null, facts: {} } as const;
  const accepted: PassedColumn[] = [];
  for (const asked of copies.passThrough) {
    try {
      const found = passedColumns({ passThrough: [asked] }, sampled.tables, sampled.data, plan.unit);
      columns = outputColumns(plan, { ...output, passThrough: [] }, sampled, [...accepted, ...found]).passed;
      accepted.push(...found);
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      const name = typeof asked === 'string' ? asked : (asked.as ?? asked.column);
      notices.push(message('{0} is left out: {1}', name, error.failure.message));
    }
  }
  return { columns, notices };
}
