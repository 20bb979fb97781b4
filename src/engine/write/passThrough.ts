import {
  passedColumn,
  type AskedPass,
  type PassedColumn,
  type PassedSource,
  type PassProblem,
} from '../../core/data/passThrough.ts';
import { refuse, type FailureError } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { AskedTable } from '../../protocol/askedTable.ts';
import { keyOf } from '../features/versions.ts';
import type { SampleOutput, SamplingData } from '../../protocol/sampling.ts';
import type { Tables } from '../tables/tables.ts';

/**
 * Finds the sources of pass-through columns.
 * @throws FailureError if no file has a column, several have it, or it has no such side
 */
export function passedColumns(
  { passThrough }: Pick<SampleOutput, 'passThrough'>,
  tables: Tables,
  data: SamplingData,
  unit: StagePlan['unit'],
): PassedColumn[] {
  const opened = passedTables(data);
  return passThrough.map((one): PassedColumn => {
    const asked: AskedPass = typeof one === 'string' ? { column: one } : one;
    const having = opened.filter(
      ({ asked: table }) =>
        table !== undefined && tables.table(table.ref).columns.some(({ name }) => name === asked.column),
    );
    const found = passedColumn(asked, having);
    if ('kind' in found) throw passFailure(asked, found, data.log.impressions.ref.path);
    if (found.side === 'candidate') refuseWithoutRequests(found, data, unit);
    return found;
  });
}

/** The data sets whose columns can be copied. */
export function passedTables(
  data: SamplingData,
): readonly (PassedSource & { readonly asked: AskedTable<never, string> | undefined })[] {
  return [
    { table: 'impressions', key: [], asked: data.log.impressions },
    { table: 'items', key: [], asked: data.items },
    { table: 'users', key: [], asked: data.users },
    { table: 'candidates', key: [], asked: data.candidates ?? data.passedCandidates },
    ...(data.features ?? []).map((table) => ({ table: table.name, key: keyOf(table), asked: table })),
  ];
}

/** @throws FailureError if the groups have no requests to find candidates by */
function refuseWithoutRequests(
  { column }: PassedColumn,
  { log: { impressions } }: SamplingData,
  unit: StagePlan['unit'],
): void {
  // In the unit request, the candidates define the groups.
  if (unit === 'request' || impressions.columns.request !== undefined) return;
  throw refuse(
    'output-column-requests',
    message('{0} has the side candidate, but the impressions have no requests', column),
    {
      place: { path: impressions.ref.path, column },
      setting: ['output', 'pass_through'],
      advice: message('Name the column of the request in data.impressions, or remove {0}.', column),
    },
  );
}

function passFailure({ column, from, side }: AskedPass, problem: PassProblem, path: string): FailureError {
  const texts = (): readonly [Message, Message] => {
    switch (problem.kind) {
      case 'missing':
        return from === undefined
          ? [
              message('output.pass_through names {0}, but no data set has such a column', column),
              message('Remove it, or name a column of the impressions, the items, the users or the candidates.'),
            ]
          : [
              message('output.pass_through names {0}, but data.{1} has no such column', column, from),
              message('Remove it, or name the data set that has it with the key from.'),
            ];
      case 'several':
        return [
          message('{0} is a column of several data sets: {1}', column, problem.tables.join(', ')),
          message('Write {0}.', `{column: ${column}, from: ${problem.tables[0] ?? ''}}`),
        ];
      case 'side':
        return [
          message('{0} of data.{1} cannot have the side {2}', column, problem.from, side ?? ''),
          message('Sides that fit: {0}.', problem.fits.join(', ')),
        ];
      case 'max-age':
        return [message('max_age of {0} applies only to values as of a time', column), message('Remove max_age.')];
      case 'default':
        return [message('{0} has the side exposure, so it can have no default', column), message('Remove default.')];
    }
  };
  const [what, advice] = texts();
  return refuse(`output-column-${problem.kind}`, what, {
    place: { path, column },
    setting: ['output', 'pass_through'],
    advice,
  });
}
