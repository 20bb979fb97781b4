import { message } from '../../../core/message/message.ts';
import { attemptWord } from '../../../core/sampling/keyedDraw.ts';
import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import { salts } from '../../../core/sampling/salts.ts';
import type { Work } from '../../database/connections.ts';
import { firstDrawSql, keyedWordsSql } from '../../sql/keyedDraw.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import { positiveKeySql, positiveSql } from '../../inputs/positiveSql.ts';
import { itemNumbers, type SampledTables } from '../../inputs/sampledTables.ts';
import { dayOf } from '../../inputs/users/dayOf.ts';
import type { LoadedWorld } from '../../inputs/world/loadedWorld.ts';
import { dropsShort, shortPositives } from '../shortHistories.ts';
import type { Batched, Batching } from './batching.ts';

/**
 * All positives of the split, for every seed: the `number` of the item and the words of the key. In the order of groups
 * in a file with `order: user`.
 */
const allPositives = '"all positives"';
/**
 * Positives that remain after `downsample_hot` and the cap, in the order of the file, which batches cut. Columns:
 * `number`, `k0` and `k1`. The `rowid` is the position.
 */
export const batchOrder = '"batch order"';

const words = { k0: 'k0', k1: 'k1' };

/** @param isWhole whether the positives have their `"user"`, `time` and `day` although neither cap nor order needs them */
export async function loadPositives({ sampled, plan, world }: Batched, isWhole: boolean, work: Work): Promise<void> {
  const { maxPerUserPerDay } = plan.positives;
  const key = positiveKeySql(plan, {
    user: 'p."user"',
    item: 'n.item',
    time: 'p.time',
    request: 'p.request',
    event: 'event',
  });
  // Days within the cap lose no rows, whatever the seed. Only the other days are ranked, which needs their keys.
  const capped = maxPerUserPerDay === null ? '' : ', crowded, CASE WHEN crowded THEN key END AS key';
  const owner = isWhole ? ', "user", day, time' : maxPerUserPerDay === null ? '' : ', "user", day';
  const crowded =
    maxPerUserPerDay === null ? '' : `, count(*) OVER (PARTITION BY "user", day) > ${maxPerUserPerDay} AS crowded`;
  const short = dropsShort(plan)
    ? {
        column: ', is_short',
        value: ', s.us IS NOT NULL AS is_short',
        join: ` LEFT JOIN ${shortPositives(plan)} s ON s."user" = p."user" AND s.time = p.time AND s.request = p.request`,
      }
    : { column: '', value: '', join: '' };
  await sampled.tables.columnar(
    `CREATE OR REPLACE TABLE ${allPositives} AS SELECT number, ${wordSql(1)} AS k0, ${wordSql(9)} AS k1${owner}${capped}${short.column} FROM (
      SELECT *, md5(key) AS hash${crowded} FROM (
        SELECT n.number AS number, p."user" AS "user", p.time AS time, ${dayOf('p.time', sampled.timezone)} AS day, ${key} AS key${short.value}
          FROM (${positiveSql(sampled, plan, world)}) p JOIN ${itemNumbers} n ON n.item = p.item${short.join}))
      ORDER BY "user", time, key`,
    message('Reading the positives'),
    work,
  );
}

/** Orders the positives of `loadPositives` like the sample file, as `FileOrder` does. */
export async function orderPositives(
  { sampled, plan, world, placement: { order, folder } }: Batching,
  work: Work,
): Promise<void> {
  const [isByRow, salted] = [order === 'shuffled_rows', salts(plan, '@order')];
  const mixed = isByRow ? { k0: 'xor(k0, i0)', k1: 'xor(k1, i1)' } : words;
  const ordered = [
    ...(folder?.partitionBy ? ['day'] : []),
    ...(order === 'user' ? [] : keyedWordsSql(mixed, salted)),
    'place',
  ];
  const kept = keptSql(sampled, plan, world);
  await sampled.tables.columnar(
    `CREATE OR REPLACE TABLE ${batchOrder} AS SELECT number, k0, k1 FROM ${isByRow ? withItemWords(kept) : `(${kept})`} ORDER BY ${ordered.join(', ')}`,
    message('Making the batches'),
    work,
  );
}

/** SQL of positives with the words of their items, which mix with those of groups if rows leave their groups. */
function withItemWords(positives: string): string {
  const items = `(SELECT number AS "of item", md5(CAST(item AS VARCHAR)) AS hash FROM ${itemNumbers})`;
  return `(SELECT p.*, ${wordSql(1)} AS i0, ${wordSql(9)} AS i1 FROM (${positives}) p JOIN ${items} ON "of item" = p.number)`;
}

/** SQL of a word of `hash`, from its hex digit `from` on. */
function wordSql(from: number): string {
  return `CAST(concat('0x', substr(hash, ${from}, 8)) AS UINTEGER)`;
}

/** Downsamples and caps like `positiveGroups`, over all users, and then leaves out short histories. */
export function keptSql(sampled: SampledTables, plan: StagePlan, world: LoadedWorld): string {
  const kept = cappedSql(sampled, plan, world);
  return dropsShort(plan) ? `SELECT * FROM (${kept}) WHERE NOT is_short` : kept;
}

function cappedSql(sampled: SampledTables, plan: StagePlan, world: LoadedWorld): string {
  const { hotThreshold, maxPerUserPerDay } = plan.positives;
  const draw = (use: '@keep' | '@cap'): string => firstDrawSql(words, salts(plan, use), attemptWord(0));
  const kept =
    hotThreshold === null
      ? `SELECT *, rowid AS place FROM ${allPositives}`
      : thinnedSql(hotThreshold, draw('@keep'), trainingSql(sampled, plan, world));
  if (maxPerUserPerDay === null) return kept;
  const rank = `row_number() OVER (PARTITION BY "user", day ORDER BY ${draw('@cap')}, key)`;
  return `WITH kept AS MATERIALIZED (${kept}) SELECT * FROM kept WHERE NOT crowded UNION ALL SELECT * FROM (SELECT * FROM kept WHERE crowded) QUALIFY ${rank} <= ${maxPerUserPerDay}`;
}

/** SQL of the `number` of the item of each training positive: evaluation data has the frequencies of training. */
function trainingSql(sampled: SampledTables, plan: StagePlan, { train }: LoadedWorld): string {
  if (plan.split === 'train') return allPositives;
  const positives = positiveSql(sampled, plan, { split: train, knownUntil: train.to });
  return `(SELECT n.number AS number FROM (${positives}) p JOIN ${itemNumbers} n ON n.item = p.item)`;
}

function thinnedSql(hotThreshold: number, u: string, training: string): string {
  const threshold = `${quoteLiteral(String(hotThreshold))}::DOUBLE`;
  const shares = `SELECT number, count(*)::DOUBLE / (SELECT count(*) FROM ${training})::DOUBLE AS share FROM ${training} GROUP BY number`;
  const keep = `coalesce(least(1::DOUBLE, (sqrt(share / ${threshold}) + 1::DOUBLE) * ${threshold} / share), 1)`;
  return `SELECT p.* FROM (SELECT *, rowid AS place FROM ${allPositives}) p LEFT JOIN (${shares}) s ON s.number = p.number WHERE ${u} < ${keep}`;
}
