import { stepCopies } from '../sequences/stepCopies.ts';
import { stepTables } from '../sequences/stepsSql.ts';
import { FailureError, type Failure } from '../../core/message/failure.ts';
import { createSampler } from '../../core/sampling/kernel/sampler.ts';
import { keySeparator, separatorFailure } from '../../core/sampling/key.ts';
import type { PreviewTotals } from '../../core/sampling/drawn.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { AskedQuestion } from '../../protocol/answers.ts';
import { columnOf } from '../tables/roleTable.ts';
import type { Work } from '../database/connections.ts';
import { realPlace } from '../files/pathBelow.ts';
import { refuseShortfall } from '../write/drawAll.ts';
import { expectedFiles, refuseInput } from '../write/drawFile.ts';
import { emptySampleFailure } from '../write/emptySample.ts';
import { outputColumns } from '../write/outputSelect.ts';
import { passedColumns } from '../write/passThrough.ts';
import { dayName } from '../write/placedWriter.ts';
import { checkTarget } from '../write/sampleTarget.ts';
import { within } from '../inputs/world/within.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import { drawTotals } from './drawPreview.ts';
import { anyUsers, countUsers, findUsers } from './findUsers.ts';
import type { Sampling } from './openSamplingData.ts';

/** Number of users whose rows are drawn first. If these have rows, all other users need not be checked. */
const FEW_USERS = 16;

type Asked = AskedQuestion<'refusal'>;

/**
 * The reason why no sample file would be written; null if no reason was detected. Writes nothing. Rows are drawn only
 * if needed, for at most `mostUsers` users: with `on_shortfall: fail`, or if every group may be dropped.
 * @throws FailureError if the data cannot be read
 */
export async function refusalOf(asked: Asked, sampling: Sampling, work: Work): Promise<Failure | null> {
  try {
    await checkOutput(asked, sampling);
    const world = await sampling.data.worlds.world(sampling.sampled, asked.request.plan, work);
    await checkRows(asked.output, world, sampling, work);
    await checkDrawing(asked, world, sampling, work);
    return null;
  } catch (error) {
    if (error instanceof FailureError && error.failure.refusal !== undefined) return error.failure;
    throw error;
  }
}

async function checkOutput({ request: { plan, data }, output }: Asked, { sampled }: Sampling): Promise<void> {
  if (output.path !== '') {
    await checkTarget(output);
    await refuseInput(output, sampled.tables, expectedFiles(output, await realPlace(output.path)));
  }
  outputColumns(plan, output, sampled, passedColumns(output, sampled.tables, data, plan.unit));
  for (const sequence of output.sequences ?? []) stepCopies(sampled, sequence, stepTables(data.log));
}

/** Checks every row of the log for ids with the separator of keys, and for days that cannot name a folder. */
async function checkRows(
  { placement }: Asked['output'],
  { split }: LoadedWorld,
  { sampled }: Sampling,
  work: Work,
): Promise<void> {
  const { columns, ref } = sampled.data.log.impressions;
  const table = sampled.tables.table(ref);
  const ids = (['user', 'request'] as const).flatMap((role) => {
    const column = columns[role]?.name;
    return column === undefined || columnOf(table, column).type.kind === 'integer' ? [] : [{ role, column }];
  });
  const format = placement?.folder?.partitionBy?.format;
  if (ids.length === 0 && format === undefined) return;
  const separator = `chr(${keySeparator.charCodeAt(0)})`;
  const figures = [
    ...['min', 'max'].map((of) => `CAST(${of}(time) FILTER (WHERE ${within('time', split)}) AS DATE)`),
    ...ids.map(({ role }) => `min("${role}") FILTER (WHERE contains(CAST("${role}" AS VARCHAR), ${separator}))`),
  ].map((sql) => `CAST(${sql} AS VARCHAR)`);
  const [row = []] = await sampled.tables.rows(`SELECT ${figures.join(', ')} FROM ${sampled.exposures()}`, work);
  const [first, last, ...separated] = row.map((value) => (value === null ? null : String(value)));
  for (const [k, { column }] of ids.entries()) {
    const id = separated[k] ?? null;
    if (id !== null) throw separatorFailure(id, { path: ref.path, column });
  }
  if (format !== undefined) for (const day of [first, last]) if (day) dayName(day, format);
}

async function checkDrawing(
  { request: { plan, data }, mostUsers }: Asked,
  world: LoadedWorld,
  sampling: Sampling,
  work: Work,
): Promise<void> {
  // Throws if a pool cannot be drawn from.
  createSampler(plan, world);
  const isStrict = plan.onShortfall === 'fail' && plan.entries.length > 0;
  if (!isStrict && (await hasRowsOfSome(plan, sampling, work))) return;
  const choice = { kind: 'random', salt: 0 } as const;
  const listed = await findUsers({ plan, data, choice, limit: mostUsers, without: [] }, sampling, work, false);
  const users = listed.map(({ user }) => user);
  const { totals, made, rows } = await drawTotals(plan, users, sampling, work);
  refuseShortfall(plan, made, rows);
  if (hasRows(totals) || (await countUsers(plan, sampling, work)) > users.length) return;
  throw await emptySampleFailure(
    { plan, world, stored: sampling.sampled, tally: made.tally, groups: totals.groups, some: false },
    work,
  );
}

/** True if a few users have rows, as in most logs. If so, the other users need not be counted. */
async function hasRowsOfSome(plan: StagePlan, sampling: Sampling, work: Work): Promise<boolean> {
  const users = await anyUsers(plan, sampling, FEW_USERS, work);
  const mayDropAll = plan.positives.hotThreshold !== null || plan.unit !== 'positive';
  return users.length > 0 && (!mayDropAll || hasRows((await drawTotals(plan, users, sampling, work)).totals));
}

const hasRows = ({ positives, negatives }: PreviewTotals): boolean => positives + negatives > 0;
