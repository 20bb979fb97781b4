import { fail } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import { printableId } from '../../core/message/printable.ts';
import type { PlanEntry, StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { valueAt, f64At } from '../../core/valueAt.ts';
import { BlockAppender } from '../database/blockAppender.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { carriedColumn } from '../inputs/columnNames.ts';
import { itemNumbers } from '../inputs/sampledTables.ts';
import { Worlds, type LoadedWorld } from '../inputs/world/loadedWorld.ts';
import { attributesOf, type Attribute, type Attributes } from './attributes.ts';
import type { ExportJob } from './exportJob.ts';
import { freeSeparator, refuseInLists, refuseSeparators } from './plainTexts.ts';
import { dailyCount } from '../../core/source/options.ts';

const weights = '"handed weights"';
const delimiters = [':', '|', ';', '#', '^', '~'] as const;

/** Differences between EasyRec and TorchEasyRec. */
export interface GraphLearnTrainer {
  /** Separator of the values of a list. */
  readonly listSeparator: string;
  /** Whether ids may be texts. Text ids are hashed. */
  readonly textIds: boolean;
}

/** The table of items. */
export interface ItemNodes {
  readonly select: string;
  readonly idType: 'int64' | 'string';
  /** Names of the attributes after the id, and the separator between them. */
  readonly attributes: readonly string[];
  readonly delimiter: string;
  /** Entries whose draws the weights represent. */
  readonly entries: readonly PlanEntry[];
  readonly notices: readonly Message[];
}

/**
 * The items that are drawn at random, with their weights. Items of rows for which `edge` is true are added with weight
 * 0.
 * @throws FailureError if no item is left to draw, or an id or an attribute cannot be written
 */
export async function makeNodes(job: ExportJob, trainer: GraphLearnTrainer, edge: string): Promise<ItemNodes> {
  const {
    request: {
      output: { names },
    },
    parts: [{ plan, rows }],
    sampled,
    work,
  } = job;
  const { tables, data } = sampled;
  const atCut = countedAtCut(plan);
  const weighed = itemWeights(atCut, await new Worlds().world(sampled, atCut, work));
  if (weighed.items.length === 0)
    throw fail('bad-request', message('No item is left to draw from'), {
      place: { path: data.log.impressions.ref.path },
    });
  await storeWeights(job, weighed);
  const idType = await idTypeOf(job, trainer);

  const { attributes, left } = described(job);
  const corpus = sampled.corpus({ carried: attributes.map(({ name }) => name) });
  const from = `(SELECT n.number, CAST(n.item AS VARCHAR) AS id, coalesce(w.weight, 0) AS weight${corpus === null ? '' : ', c.* EXCLUDE (item)'}
    FROM ${itemNumbers} n LEFT JOIN ${weights} w ON w.number = n.number${corpus === null ? '' : ` LEFT JOIN ${corpus} c ON c.item = n.item`}
    WHERE w.weight IS NOT NULL OR CAST(n.item AS VARCHAR) IN (SELECT CAST(item AS VARCHAR) FROM ${rows} WHERE ${edge}))`;
  const columns = [
    { name: names.item, sql: 'id' },
    ...attributes.map((one) => ({ name: one.name, sql: one.text(trainer.listSeparator) })),
  ];
  const path = data.items?.ref.path ?? data.log.impressions.ref.path;
  await refuseSeparators(tables, { from, id: 'id', columns, path }, work);
  await refuseInLists(
    tables,
    trainer.listSeparator,
    attributes.flatMap(({ name, values }) => (values === null ? [] : [{ name, values }])),
    { from, id: 'id', path },
    work,
  );
  const delimiter = await freeSeparator(tables, delimiters, [{ from, sql: columns.map(({ sql }) => sql) }], path, work);
  const attrs = ['id', ...attributes.map((one) => attributeText(one, trainer))].join(
    ` || ${quoteLiteral(delimiter)} || `,
  );
  const weight = weighed.weights.every(Number.isInteger) ? 'CAST(weight AS BIGINT)' : 'weight';
  return {
    select: `SELECT id AS ${quoteIdentifier(`id:${idType}`)}, ${weight} AS "weight:float", ${attrs} AS "attrs:string" FROM ${from} ORDER BY number`,
    idType,
    attributes: attributes.map(({ name }) => name),
    delimiter,
    entries: weighed.entries.flatMap((k) => plan.entries[k] ?? []),
    notices: [
      ...(idType === 'string' ? [message('Ids are strings: train and evaluate with {0}', 'USE_HASH_NODE_ID=1')] : []),
      ...left,
      ...(await filledIn(job, from, attributes)),
    ],
  };
}

async function storeWeights(
  { sampled: { tables }, work }: ExportJob,
  { items, weights: values }: ItemWeights,
): Promise<void> {
  const columns = { number: 'int32', weight: 'double' } as const;
  await tables.use(async (connection) => {
    const appender = await BlockAppender.create(connection, weights.slice(1, -1), columns);
    appender.append({ columns, data: { number: items, weight: values }, length: items.length });
    appender.close();
  }, work);
}

function described({
  request: {
    output: { names },
  },
  sampled: {
    tables,
    data: { items },
  },
}: ExportJob): Attributes {
  return items
    ? attributesOf(
        tables.table(items.ref),
        items.attributes.filter((name) => name !== names.item),
      )
    : { attributes: [], left: [] };
}

/** `int64` if every id is a 64-bit integer; else `string`, if ids may be texts. */
async function idTypeOf(
  { parts: [{ rows }], sampled: { tables, data }, work }: ExportJob,
  { textIds }: GraphLearnTrainer,
): Promise<ItemNodes['idType']> {
  const ids = `(SELECT CAST(n.item AS VARCHAR) AS id FROM ${itemNumbers} n JOIN ${weights} USING (number) UNION ALL SELECT CAST(item AS VARCHAR) FROM ${rows} UNION ALL SELECT CAST("user" AS VARCHAR) FROM ${rows})`;
  const [found] = await tables.rows(
    `SELECT id FROM ${ids} WHERE CAST(try_cast(id AS BIGINT) AS VARCHAR) IS DISTINCT FROM id ORDER BY id LIMIT 1`,
    work,
  );
  if (found === undefined) return 'int64';
  const { path } = data.log.impressions.ref;
  if (!textIds)
    throw fail(
      'unsupported',
      message('EasyRec reads ids as 64-bit integers, but {0} is not one', printableId(String(found[0]))),
      { place: { path }, advice: message('Replace the ids of users and items in the data with integers first.') },
    );
  const [separated] = await tables.rows(
    `SELECT id FROM ${ids} WHERE id = '' OR regexp_matches(id, '[\\t\\r\\n]') ORDER BY id LIMIT 1`,
    work,
  );
  if (separated !== undefined)
    throw fail(
      'unsupported',
      message(
        'The id {0} cannot be written: it is empty, or contains a tab or a line break',
        printableId(String(separated[0])),
      ),
      { place: { path }, advice: message('Change this id in the data.') },
    );
  return 'string';
}

/** Unknown numbers become 0, because GraphLearn accepts no other placeholder. Unknown texts are empty. */
function attributeText(attribute: Attribute, { listSeparator }: GraphLearnTrainer): string {
  return `coalesce(${attribute.text(listSeparator)}, ${attribute.numeric ? "'0'" : "''"})`;
}

/** Reports numbers that are only placeholders. */
async function filledIn(
  { sampled: { tables }, work }: ExportJob,
  from: string,
  attributes: readonly Attribute[],
): Promise<Message[]> {
  const numbers = attributes.filter(({ numeric }) => numeric).map(({ name }) => name);
  const tests = ['weight = 0', ...numbers.map((name) => `${quoteIdentifier(carriedColumn(name))} IS NULL`)];
  const [row = []] = await tables.rows(
    `SELECT ${tests.map((test) => `count(*) FILTER (WHERE ${test})`).join(', ')} FROM ${from}`,
    work,
  );
  const [weightless = 0, ...unknown] = row.map(Number);
  return [
    ...numbers.flatMap((name, k) =>
      valueAt(unknown, k) > 0
        ? [message('{0} is unknown for {1} items and is written as 0', name, valueAt(unknown, k))]
        : [],
    ),
    ...(weightless > 0
      ? [
          message(
            '{0} items of positives and hard negatives are not in any pool. They have weight 0 and are listed only for their attributes',
            weightless,
          ),
        ]
      : []),
  ];
}

/** The weight of each item of the pools, by item number. */
interface ItemWeights {
  readonly items: Uint32Array;
  readonly weights: Float64Array;
  /** Indices of the entries whose draws the weights represent. */
  readonly entries: readonly number[];
}

/** The plan with all counts up to the training cut: an item table has one weight for all days. */
function countedAtCut(plan: StagePlan): StagePlan {
  return {
    ...plan,
    entries: plan.entries.map((entry): PlanEntry => {
      const count = dailyCount(entry);
      const { draws } = entry;
      return count === null || draws.kind !== 'pool' || draws.weight === null
        ? entry
        : { ...entry, draws: { ...draws, weight: { ...draws.weight, count: { ...count, asOf: null } } } };
    }),
  };
}

/**
 * Weights with which one item table draws like the pools of a mix together. For one entry, these are the weights of its
 * pool, or 1 if all weights are equal.
 * For several entries: sum their probabilities, each times the entry's share of the requested amounts, then multiply by
 * the number of items.
 * An entry with a pool for each value of a user attribute uses its overall pool. An entry that follows the positive's
 * attributes has no such pool.
 */
function itemWeights(plan: StagePlan, { pools, items: { count } }: LoadedWorld): ItemWeights {
  const drawn = plan.entries.flatMap(({ draws, amount }, k) => {
    const [pool] = pools[k]?.pools ?? [];
    return draws.kind !== 'pool' ||
      draws.partition?.by === 'positive' ||
      amount === 0 ||
      pool === undefined ||
      pool.items.length === 0
      ? []
      : [{ k, amount, pool }];
  });
  const entries = drawn.map(({ k }) => k);
  const [first, second] = drawn;
  if (first !== undefined && second === undefined)
    return {
      items: first.pool.items,
      weights: first.pool.weights ?? new Float64Array(first.pool.items.length).fill(1),
      entries,
    };
  const sums = new Float64Array(count);
  const whole = drawn.reduce((sum, { amount }) => sum + amount, 0);
  for (const { amount, pool } of drawn) {
    const total = pool.weights?.reduce((sum, weight) => sum + weight, 0) ?? pool.items.length;
    pool.items.forEach((item, at) => {
      sums[item] = f64At(sums, item) + (amount / whole) * ((pool.weights ? f64At(pool.weights, at) : 1) / total);
    });
  }
  const items = Uint32Array.from(sums.keys()).filter((item) => f64At(sums, item) > 0);
  return { items, weights: Float64Array.from(items, (item) => f64At(sums, item) * items.length), entries };
}
