import { setImmediate } from 'node:timers/promises';
import { ChanceDistance } from '../../core/statistics/chanceDivergence.ts';
import { sumOf } from '../../core/statistics/itemCounts.ts';
import { jsDivergence } from '../../core/statistics/jsDivergence.ts';
import type { Answers } from '../../core/data/facts.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { compareTexts } from '../../core/sampling/compareTexts.ts';
import { f64At, valueAt } from '../../core/valueAt.ts';
import type { AskedQuestion } from '../../protocol/answers.ts';
import { askedCounts } from '../tables/askedCounts.ts';
import type { CountedSample } from '../tables/countedSample.ts';
import { nameColumn, namingRole, type NameColumn } from '../tables/rowNames.ts';
import { columnOf } from '../tables/roleTable.ts';
import { sampleForm, sampleTable } from '../answers/samples.ts';
import { recordedSplit } from '../answers/splitTimes.ts';
import { userRate } from '../answers/userRates.ts';
import { message } from '../../core/message/message.ts';
import type { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';
import type { OpenDatasets } from '../answers/openDatasets.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { plainIntegers } from './fileRows.ts';
import { idOrder, placeOfId } from '../inputs/idOrder.ts';
import { expectedOf, stageInput } from '../inputs/facts/expected.ts';
import { shownIn } from '../inputs/facts/facts.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import type { Sampling } from '../preview/openSamplingData.ts';

type Asked = AskedQuestion<'item-distances'>;

/** With 19 random samples, a distance above all of them happens by chance in 1 of 20 cases. */
const SAMPLES = 19;
/** Larger inputs have fewer random samples, because each item is drawn in each of them. */
const DRAWN_ITEMS = 20e6;

/** Negatives of a file by item and name. Rows of one item follow each other. */
interface FileItems {
  readonly item: readonly (string | null)[];
  readonly name: readonly (string | null)[];
  readonly rows: Float64Array;
  readonly split: 'train' | 'eval' | null;
  readonly largest: Answers['item-distances']['largest'];
}

/** Compares the items of the negatives with the input of the stage, and with what the entries lead to for all users. */
export async function itemDistances(
  asked: Asked,
  datasets: OpenDatasets,
  work: Work,
): Promise<Answers['item-distances']> {
  const { samples, requests } = asked;
  const file = await datasets.asked([samples.ref], work, async (tables) => await fileItems(tables, asked, work));
  const request = requests.find(({ plan }) => plan.split === file.split) ?? requests[0];
  if (request === undefined) throw new Error('no split of the stage can be drawn');
  return await (
    await datasets.samplingData()
  ).use(request, work, async (sampling) => await compared(asked, request.plan, file, sampling, work));
}

async function fileItems(tables: Tables, { samples, timezone }: Asked, work: Work): Promise<FileItems> {
  const role = namingRole(samples);
  const { type, sqlType } = columnOf(sampleForm(tables, samples), samples.columns.item.name);
  // A text of each row takes longer than all else. Integers and texts are compared unchanged.
  const isPlain = type.kind === 'integer' || type.kind === 'string';
  const more = isPlain ? { own: quoteIdentifier(samples.columns.item.name) } : {};
  const table = sampleTable(tables, samples, timezone, { more });
  const negatives = `(SELECT *, ${isPlain ? 'own' : 'CAST("item@text" AS VARCHAR)'} AS id FROM ${table} WHERE NOT label AND item IS NOT NULL)`;
  const idType = plainIntegers.has(sqlType) ? 'BIGINT' : 'VARCHAR';
  const counted = askedCounts(tables, samples)?.items;
  const { select, read } = counted ? ofCounts(counted) : await ofRows();
  const found = await tables.columnar(
    `SELECT CAST(id AS ${idType}), name, CAST(n AS DOUBLE) FROM (${select}) ORDER BY id`,
    message('Counting items'),
    work,
  );
  const byUser = samples.columns.user !== undefined;
  const [items, rows] = [found.texts(0), found.numbers(2)];
  const item = mostFrequent(items, rows);
  return {
    item: items,
    name: read(found, 1),
    rows,
    split: await recordedSplit(tables, samples.ref),
    largest:
      item === null
        ? null
        : {
            item,
            rate: await userRate(
              tables,
              negatives,
              `id = ${type.kind === 'integer' ? item : quoteLiteral(item)}`,
              byUser,
              work,
            ),
          },
  };

  async function ofRows(): Promise<ItemRows> {
    const name = await nameColumn(tables, table, role, work);
    return {
      select: `SELECT id, ${name.sql} AS name, count(*) AS n FROM ${negatives} GROUP BY id, 2`,
      read: (own, column) => name.read(own, column),
    };
  }
}

/** Negatives by item and name. */
interface ItemRows {
  /** A query with the columns `id`, `name` and `n`. */
  readonly select: string;
  readonly read: NameColumn['read'];
}

/** The negatives that an audit has counted. */
function ofCounts({ sql, names }: NonNullable<CountedSample['items']>): ItemRows {
  const parts = names.map(
    ({ n }, k) =>
      `SELECT item AS id, CAST(${k} AS INTEGER) AS name, ${n} AS n FROM ${sql} WHERE item IS NOT NULL AND ${n} > 0`,
  );
  return {
    select:
      parts.length === 0 ? `SELECT item AS id, 0 AS name, 0 AS n FROM ${sql} WHERE false` : parts.join(' UNION ALL '),
    read: (found, column) => Array.from(found.numbers(column), (k) => names[k]?.name ?? null),
  };
}

/** The item with the most rows; of several, the first by its text. Null without rows. */
function mostFrequent(items: readonly (string | null)[], rows: Float64Array): string | null {
  let [most, largest, total]: [string | null, number, number] = [null, 0, 0];
  for (const [k, item] of items.entries()) {
    total = (k > 0 && items[k - 1] === item ? total : 0) + f64At(rows, k);
    if (item === null || items[k + 1] === item) continue;
    if (most === null || total > largest || (total === largest && compareTexts(item, most) < 0))
      [most, largest] = [item, total];
  }
  return most;
}

async function compared(
  { samples }: Asked,
  plan: StagePlan,
  file: FileItems,
  { data, sampled }: Sampling,
  work: Work,
): Promise<Answers['item-distances']> {
  const windows = await data.worlds.windows(sampled, plan, work);
  const world = await data.worlds.world(sampled, plan, work, data.facts.counts(plan, windows));
  const expecting = await data.facts.expecting(sampled, plan, world, work);
  const input = await stageInput(expecting, work);
  const none = { input: 0, unreachable: 0, observed: null, expected: null, chance: null, exposures: null };
  if (input === null) return { ...none, largest: file.largest };
  const role = namingRole(samples);
  const own = countsOf(file, plan, world, role);
  // Rows of an entry that the config does not have: it is not the config of this file.
  if (own.isForeign) return { ...none, input: input.filter((weight) => weight > 0).length, largest: file.largest };
  const expected: Float64Array[] = [];
  for (const k of plan.entries.keys()) expected.push(await expectedOf(k, expecting, work));
  const [exposures] = await data.worlds.counts(sampled, [shownIn(world)], work);
  const mixed = own.entries === null ? mixOf(plan, expected) : ofFile(plan, expected, own.entries);
  const isReached = (item: number): boolean =>
    expected.some((shares) => f64At(shares, item) > 0) ||
    (plan.inBatch !== null && f64At(expecting.positives, item) > 0);
  let [size, unreachable] = [0, 0];
  for (let item = 0; item < input.length; item++) {
    if (f64At(input, item) === 0) continue;
    size++;
    if (!isReached(item)) unreachable++;
  }
  const chance = await byChance({ mixed, input, rows: sumOf(own.all) }, work);
  return {
    input: size,
    unreachable,
    observed: jsDivergence(own.all, withOthers(input)),
    expected: chance.length === 0 ? null : sumOf(Float64Array.from(chance)) / chance.length,
    chance: chance.length === 0 ? null : [Math.min(...chance), Math.max(...chance)],
    exposures: exposures ? jsDivergence(exposures, input) : null,
    largest: file.largest,
  };
}

/** Weights with one more place, for rows of items that are unknown. */
function withOthers(weights: Float64Array): Float64Array {
  const more = new Float64Array(weights.length + 1);
  more.set(weights);
  return more;
}

/** Negatives by number of the item, with unknown ones at the end; by entry if each row names one entry of the plan. */
function countsOf(
  { item, name, rows }: FileItems,
  plan: StagePlan,
  { items }: LoadedWorld,
  role: 'entry' | 'source' | null,
): { readonly all: Float64Array; readonly entries: readonly Float64Array[] | null; readonly isForeign: boolean } {
  const order = idOrder(items.kind);
  const all = new Float64Array(items.count + 1);
  const entries = plan.entries.map(() => new Float64Array(items.count + 1));
  let [isNamed, isForeign] = [role !== null || plan.entries.length === 1, false];
  // An item has a row for each name.
  let at = items.count;
  const named = new Map<string | null, readonly number[]>();
  for (const [k, id] of item.entries()) {
    if (k === 0 || id !== item[k - 1]) {
      const place = id === null ? -1 : placeOfId(items.texts, id, order);
      at = place < 0 ? items.count : place;
    }
    const count = f64At(rows, k);
    all[at] = f64At(all, at) + count;
    const own = named.get(name[k] ?? null) ?? entriesNamed(name[k] ?? null);
    named.set(name[k] ?? null, own);
    const [e, other] = own;
    const entry = e === undefined || other !== undefined ? undefined : entries[e];
    if (entry) entry[at] = f64At(entry, at) + count;
    else isNamed = false;
    if (own.length === 0) isForeign = true;
  }
  return { all, entries: isNamed ? entries : null, isForeign };

  function entriesNamed(own: string | null): readonly number[] {
    return plan.entries.flatMap((entry, e) =>
      role === null || (role === 'entry' ? entry.name : entry.source) === own ? [e] : [],
    );
  }
}

/** What the config leads to if every entry fills its quota. */
function mixOf({ entries, amounts }: StagePlan, expected: readonly Float64Array[]): Float64Array {
  const shares = entries.map(({ amount }) => amount);
  return scaled(expected, amounts.kind === 'none' ? shares.map(() => 1) : shares);
}

/** The same with the rows that each entry has in the file. Lists are as the log makes them, so their rows are kept. */
function ofFile({ entries }: StagePlan, expected: readonly Float64Array[], own: readonly Float64Array[]): Float64Array {
  const drawn = expected.map((shares, e) => (entries[e]?.draws.kind === 'list' ? (own[e] ?? shares) : shares));
  return scaled(
    drawn,
    own.map((rows) => sumOf(rows)),
  );
}

function scaled(distributions: readonly Float64Array[], amounts: readonly number[]): Float64Array {
  const all = new Float64Array(Math.max(0, ...distributions.map(({ length }) => length)));
  for (const [e, shares] of distributions.entries()) {
    const total = sumOf(shares);
    if (total === 0) continue;
    const scale = valueAt(amounts, e) / total;
    for (let item = 0; item < shares.length; item++) all[item] = f64At(all, item) + scale * f64At(shares, item);
  }
  return all;
}

/** Distances to the input of random samples of what the entries lead to. */
async function byChance(
  { mixed, input, rows }: { readonly mixed: Float64Array; readonly input: Float64Array; readonly rows: number },
  { signal }: Work,
): Promise<number[]> {
  const found: number[] = [];
  const own = mixed.length === input.length ? input : withOthers(input);
  const repeats = Math.max(1, Math.min(SAMPLES, Math.floor(DRAWN_ITEMS / Math.max(1, input.length))));
  const chance = new ChanceDistance(mixed, rows, own);
  for (let seed = 0; seed < repeats; seed++) {
    await setImmediate();
    signal?.throwIfAborted();
    const distance = chance.of(seed);
    if (distance !== null) found.push(distance);
  }
  return found;
}
