import { FailureError, type Failure } from '../../../core/message/failure.ts';
import { totalWeight } from '../../../core/sampling/alias.ts';
import { keySeparator, separatorFailure } from '../../../core/sampling/key.ts';
import { valueAt } from '../../../core/valueAt.ts';
import type { AskedQuestion } from '../../../protocol/answers.ts';
import { columnOf } from '../../answers/roleTable.ts';
import type { Work } from '../../database/connections.ts';
import { realPlace } from '../../files/pathBelow.ts';
import { shortfallFailure } from '../write/drawAll.ts';
import { expectedFiles, refuseInput } from '../write/drawFile.ts';
import { emptySampleFailure } from '../write/emptySample.ts';
import { outputColumns } from '../write/outputSelect.ts';
import { passedColumns } from '../write/passThrough.ts';
import { dayName } from '../write/placedWriter.ts';
import { checkTarget } from '../write/sampleTarget.ts';
import { within } from '../inputs/world/within.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import { drawTotals } from './drawPreview.ts';
import { countUsers, findUsers } from './findUsers.ts';
import type { Sampling } from './openSamplingData.ts';

type Asked = AskedQuestion<'refusal'>;

/**
 * Why no sample file would be written; null if nothing is known that prevents it. Runs the steps of `drawFile` that read
 * and check the data, but writes nothing. Rows are drawn only where nothing else decides: with `on_shortfall: fail`, and
 * if every group may be dropped; then for at most `mostUsers` users.
 * @throws FailureError if the data cannot be read
 */
export async function refusalOf(asked: Asked, sampling: Sampling, work: Work): Promise<Failure | null> {
  try {
    await refuse(asked, sampling, work);
    return null;
  } catch (error) {
    if (error instanceof FailureError && error.failure.refusal !== undefined) return error.failure;
    throw error;
  }
}

async function refuse(
  { request: { plan, data }, output, mostUsers }: Asked,
  sampling: Sampling,
  work: Work,
): Promise<void> {
  const { sampled } = sampling;
  const { path } = output;
  if (path !== '') {
    await checkTarget(output);
    await refuseInput({ output }, sampled.tables, expectedFiles({ output }, await realPlace(path)));
  }
  outputColumns(plan, output, sampled, passedColumns(output, sampled.tables, data, plan.unit));
  const world = await sampling.data.worlds.world(sampled, plan, work);
  for (const { pools } of world.pools) for (const { weights } of pools) if (weights) totalWeight(weights);
  await refuseRows({ output, world }, sampling, work);
  const isStrict = plan.onShortfall === 'fail' && plan.entries.length > 0;
  const all = await countUsers(plan, sampling, work);
  const found = await findUsers(
    { plan, data, choice: { kind: 'random', salt: 0 }, limit: Math.min(Math.max(all, 1), mostUsers), without: [] },
    sampling,
    work,
    false,
  );
  const { positives, unit, exposures } = plan;
  const keepsPositives =
    positives.hotThreshold === null && exposures === null && found.some(({ chosen }) => chosen > 0);
  if (!isStrict && (keepsPositives || (unit === 'positive' && positives.hotThreshold === null && all > 0))) return;
  const users = found.map(({ user }) => user);
  const { totals, missing, made } = await drawTotals(plan, users, sampling, work);
  const { first } = missing;
  if (isStrict && first !== null)
    throw shortfallFailure(valueAt(plan.entries, first.entry).name, first, valueAt(made.block.users, first.user));
  if (totals.positives + totals.negatives > 0 || all > users.length) return;
  throw await emptySampleFailure(
    {
      plan,
      world,
      stored: sampled,
      tally: made.tally,
      groups: totals.groups,
      some: false,
      byDay: data.log.impressions.days !== undefined,
    },
    work,
  );
}

/** What drawing would refuse in single rows: ids with the separator of keys, days that cannot name a folder. */
async function refuseRows(
  { output, world }: Pick<Asked, 'output'> & { readonly world: LoadedWorld },
  { sampled }: Sampling,
  work: Work,
): Promise<void> {
  const { columns, ref } = sampled.data.log.impressions;
  const table = sampled.tables.table(ref);
  const ids = (['user', 'request'] as const).filter((role) => {
    const { name } = columns[role] ?? {};
    return name !== undefined && columnOf(table, name).type.kind !== 'integer';
  });
  const format = output.placement?.folder?.partitionBy?.format;
  if (ids.length === 0 && format === undefined) return;
  const inSplit = within('time', world.split);
  const wrong = (role: string): string =>
    `min(CAST("${role}" AS VARCHAR)) FILTER (WHERE contains(CAST("${role}" AS VARCHAR), chr(${keySeparator.charCodeAt(0)})))`;
  const days = ['min', 'max'].map((of) => `CAST(CAST(${of}(time) FILTER (WHERE ${inSplit}) AS DATE) AS VARCHAR)`);
  const [row = []] = await sampled.tables.rows(
    `SELECT ${[...days, ...ids.map(wrong)].join(', ')} FROM ${sampled.exposures()}`,
    work,
  );
  const [first, last, ...found] = row.map((value) => (value === null ? null : String(value)));
  const k = found.findIndex((id) => id !== null);
  const column = columns[ids[k] ?? 'user']?.name ?? '';
  if (k >= 0) throw separatorFailure(found[k] ?? '', { path: ref.path, column });
  if (format !== undefined) for (const day of [first, last]) if (day) dayName(day, format);
}
