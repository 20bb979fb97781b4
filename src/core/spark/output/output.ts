import { ownerOf, type ColumnOwner } from '../../data/columnOwner.ts';
import { type OutputRole, isReservedName } from '../../data/outputName.ts';
import { isAsOf, isCopied, type PassedColumn } from '../../data/passThrough.ts';
import { fail } from '../../message/failure.ts';
import { message } from '../../message/message.ts';
import { isByDay, isPlaced } from '../../sampling/placement.ts';
import { and, call, cast, col, concatenated, sql, text } from '../../relation/expression.ts';
import { join, select, equal } from '../../relation/relation.ts';
import { asOfJoins, asOfValue } from './asOf.ts';
import { bundled, type Grouping } from './grouping.ts';
import { columnsOf, laidOut } from './layout.ts';
import { copiedLogColumn } from '../inputs/log.ts';
import { outcomeType, roleType, type OutputColumn } from './outputColumn.ts';
import { addPlaced, placesOf } from './placed.ts';
import { refuseUnsafe } from '../refusals.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import type { Sources } from '../inputs/sources.ts';
import type { Expression, Join, Relation } from '../../relation/tree.ts';
import { copiedOfCandidates } from '../inputs/copiedCandidates.ts';
import { sequenceColumns, sequenceJoins } from '../sequences/lists.ts';
import { inEachPart, userPart, withPart } from '../groups/splitUsers.ts';

/** Columns of the output by role, in their order; and where copied columns of the log come from. */
export interface OutputPlan {
  /** Rows `r`, and their joins. */
  readonly rows: Relation;
  readonly joins: readonly Join[];
  readonly roles: readonly (readonly [OutputRole, Expression])[];
  /** Labels of further events, and the grade. */
  readonly outcomes: readonly (readonly [string, Expression])[];
  /** SQL of a copied column of the log. */
  readonly ofLog: (passed: PassedColumn) => Expression;
  readonly about: readonly string[];
  /** The time and the request of the group of a row. */
  readonly time: Expression;
  /** The read time, for as-of columns only. */
  readonly readTime: Expression;
  readonly request: Expression;
  readonly grouping: Grouping;
}

/** The last step: the rows with the names and types of the config. */
export function addOutput(script: Script, sources: Sources, job: SparkJob, plan: OutputPlan): void {
  const { names } = job;
  const { passed } = job.inputs;
  const roleColumns = new Map(
    plan.roles.map(([role]) => [names[role], sources.required('impressions').table.roles[role]?.name]),
  );
  const further = passed.filter((column) => isCopied(column, roleColumns));
  const uses = (table: PassedColumn['from']): boolean => further.some(({ from }) => from === table);
  const sourceOf = (copied: PassedColumn): Expression =>
    isAsOf(copied)
      ? asOfValue(copied, plan.readTime)
      : copied.from === 'items'
        ? col(copiedLogColumn(copied.column), 'c')
        : copied.from === 'users'
          ? col(copiedLogColumn(copied.column), 'd')
          : copied.from === 'candidates'
            ? col(copiedLogColumn(copied.column), 'k')
            : plan.ofLog(copied);
  const columns: OutputColumn[] = [
    ...plan.roles.map(([role, value]) => ({
      name: names[role],
      of: ownerOf(role),
      value,
      type: roleType(sources, role, value),
    })),
    ...plan.outcomes.map(([name, value]) => ({ name, of: 'rows' as const, value, type: outcomeType(name) })),
    ...further.map((one) => ({
      name: one.name,
      of: ownerOfPassed(one),
      value: sourceOf(one),
      type: sources.required(one.from).typeOf(one.column),
    })),
    ...sequenceColumns(sources, job),
  ];
  const { joins: ofRows, later, keys } = sequenceJoins(job, plan.time);
  const source = {
    from: { relation: plan.rows, as: 'r' },
    joins: [
      ...plan.joins,
      ...asOfJoins(job, plan.readTime),
      ...(uses('items') ? [join('left', 'corpus', 'c', sql`${col('item', 'c')} = ${col('item', 'r')}`)] : []),
      ...(uses('candidates') ? copiedCandidateJoins(sources, job, plan.request) : []),
      ...(uses('users') ? [usersJoin(job)] : []),
      ...ofRows,
    ],
    later,
    keys,
  };
  refuseReserved(job, sources, further, columns);
  script.section('Output');
  const { about } = plan;
  const day = isByDay(job.placement) ? call('dayNumber', plan.time) : null;
  const grouping = bundled(plan.grouping, job.layout, plan.time, day);
  if (isPlaced(job.placement)) {
    const places = placesOf(job, grouping, plan.time);
    const laid = laidOut(columns, places.columns, grouping, job.layout, source);
    addPlaced(script, job, grouping, laid, places, about);
    return;
  }
  if (job.layout !== 'long') {
    const laid = laidOut(columns, [], grouping, job.layout, source);
    const shown = laid.columns.map(({ name, value }) => [name, col(value)] as const);
    script.output(select(shown, laid.rows), null, ...about);
    return;
  }
  const shown = columns.map(({ name, value }) => [name, value] as const);
  script.output(select(shown, source.from, { joins: [...source.joins, ...source.later] }), null, ...about);
}

function ownerOfPassed({ from, side }: PassedColumn): ColumnOwner {
  if (from === 'users') return 'user';
  return side === 'context' || side === 'user' ? 'group' : 'rows';
}

/** As the local file: @throws FailureError if two columns have the same name, or a copied one has a reserved name */
function refuseReserved(
  { names, layout, placement }: SparkJob,
  sources: Sources,
  passed: readonly PassedColumn[],
  columns: readonly OutputColumn[],
): void {
  const { path, roles: logRoles } = sources.required('impressions').table;
  const seen = new Set<string>();
  const partition = placement.folder?.partitionBy?.column;
  const shown = columnsOf(columns, layout).map(({ name }) => name);
  for (const name of [...shown, ...(partition === undefined ? [] : [partition])]) {
    refuseUnsafe(name, { path, column: name });
    if (seen.has(name.toLowerCase()))
      throw fail('bad-request', message('The file would have two columns with the name {0}', name), {
        place: { path, column: name },
        advice:
          name === partition
            ? message('Choose another output.partition_by.column.')
            : message('Remove it from output.pass_through, or give the columns of data.samples different names.'),
      });
    seen.add(name.toLowerCase());
  }
  for (const { name, column, from, side } of passed) {
    const isPosition = side === 'exposure' && from === 'impressions' && column === logRoles['position']?.name;
    if ((isPosition && name === names.position) || !isReservedName(name, Object.values(names))) continue;
    throw fail(
      'bad-request',
      message('The file cannot have a pass-through column {0}: RecSample reserves the name', name),
      {
        place: { path, column: name },
        advice: message('Give it another name in output.pass_through: {0}.', `{column: ${column}, as: …}`),
      },
    );
  }
}

/** True if the rows of a job have the part of their user. In the unit impression, nothing is drawn. */
const hasParts = ({ plan }: SparkJob): boolean => plan.unit !== 'impression';

/** Join of the rows `r` with their user `d`. */
function usersJoin(job: SparkJob): Join {
  if (!hasParts(job)) return join('left', 'users', 'd', equal('d', 'r', ['user']));
  const copies = job.inputs.passed.filter((one) => one.from === 'users').map(({ column }) => copiedLogColumn(column));
  return join('left', inEachPart(['user', ...new Set(copies)], 'users'), 'd', equal('d', 'r', userPart));
}

/** Join of the rows `r` with their candidate `k`. `request`: the request of a row. */
function copiedCandidateJoins(sources: Sources, job: SparkJob, request: Expression): Join[] {
  const copies = copiedOfCandidates(job).map(copiedLogColumn);
  if (copies.length === 0) return [];
  const same = and(sql`${col('request', 'k')} = ${request}`, equal('k', 'r', ['item']));
  if (!sources.required('candidates').hasRole('user')) return [join('left', 'copied_candidates', 'k', same)];
  if (!hasParts(job)) return [join('left', 'copied_candidates', 'k', and(equal('k', 'r', ['user']), same))];
  const requestKey = concatenated(text('#'), cast(col('request', 's'), 'STRING'));
  const rows = withPart(['user', 'request', 'item', ...copies], 'copied_candidates', requestKey);
  return [join('left', rows, 'k', and(equal('k', 'r', userPart), same))];
}
