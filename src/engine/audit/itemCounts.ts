import type { ItemCounts } from '../../core/statistics/itemCounts.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import { quoteLiteral } from '../sql/quote.ts';
import type { AuditWorld } from './auditWorld.ts';
import { attributeSql } from './byColumn.ts';
import { entrySql } from './entrySql.ts';
import { labelSums } from './groupCounts.ts';
import { overviewOf } from './overview.ts';

const label = message('Counting items');
/** Entries whose items are counted apart. */
const mostEntries = 12;

export interface FoundItems {
  readonly counts: ItemCounts;
  readonly idAt: (index: number) => string | null;
  /** Why the input is not known. */
  readonly missingReason: Message | null;
}

/** Counts of all items of the sample, the log, the corpus and the candidates, the most popular first. */
export async function itemCounts(world: AuditWorld, work: Work): Promise<FoundItems> {
  const { tables } = world;
  const missingReason = world.missingInputsReason() ?? world.differentIds('item');
  const inputs = missingReason === null ? world.inputs : null;
  const input = inputs === null ? null : world.stageInput();
  const items = await sampleItems(world, work);
  const entries = items.entries.slice(0, mostEntries);
  const of = (column: string): string => `CAST(coalesce(${column}, 0) AS DOUBLE)`;
  const from = inputs === null ? `(SELECT * FROM ${items.sql} WHERE item IS NOT NULL)` : await joinedItems(world, work);
  const zero = 'CAST(0 AS DOUBLE)';
  const weights = inputs === null ? zero : of(inputWeight(world));
  const columns = [
    inputs === null ? of('p') : of('popular'),
    of('p'),
    of('n'),
    weights,
    inputs === null ? zero : of('exposures'),
    'CAST(item AS VARCHAR)',
    ...entries.map((_, k) => of(`n${k}`)),
  ];
  const found = await tables.columnar(
    `SELECT ${columns.join(', ')} FROM ${from} ${partSql(world)}ORDER BY 1 DESC, item`,
    label,
    work,
  );
  const numbers = (column: number): Float64Array => found.numbers(column);
  return {
    counts: {
      popularity: numbers(0),
      positives: numbers(1),
      negatives: numbers(2),
      entries: entries.map((name, k) => ({ entry: name, negatives: numbers(6 + k) })),
      input: input === null ? null : numbers(3),
      exposures: inputs === null ? null : numbers(4),
      inputName: input,
      fromLog: inputs !== null,
    },
    idAt: (index) => found.text(5, index),
    missingReason:
      missingReason ??
      (input === null ? message('the config has no {0}, which is the input of this stage', missing(world)) : null),
  };
}

/**
 * Items of the log and the corpus, and of the candidates if they are the input of the stage: `item`, `popular`,
 * `exposures`, `logged`, `listed`, `candidates`.
 */
export async function inputItems(world: AuditWorld, work: Work): Promise<string> {
  const { inputs } = world;
  const parts = [
    `(SELECT item, count(*) FILTER (WHERE ${world.insideSplit('time')}) AS exposures, count(*) FILTER (WHERE ${world.isPositive()} AND ${world.beforeCut('time')}) AS popular, 1 AS logged FROM ${inputs?.log() ?? ''} GROUP BY item) l`,
  ];
  const corpus = inputs?.corpus() ?? null;
  if (corpus !== null)
    parts.push(`(SELECT item, 1 AS listed FROM ${corpus} WHERE listed AND item IS NOT NULL GROUP BY item) c`);
  const candidates = world.stageInput() === 'candidates' ? world.candidates() : null;
  if (candidates !== null) {
    const inside = candidates.columns.time ? world.insideSplit('time') : 'true';
    parts.push(
      `(SELECT item, count(*) AS candidates FROM (SELECT DISTINCT request, item FROM ${candidates.sql} WHERE ${inside}) GROUP BY item) k`,
    );
  }
  const has = (is: boolean, column: string): string => (is ? column : `0 AS ${column}`);
  const joined = parts.map((part, k) => (k === 0 ? part : `FULL JOIN ${part} USING (item)`)).join(' ');
  return await world.once(
    'items',
    `SELECT item, coalesce(popular, 0) AS popular, coalesce(exposures, 0) AS exposures, logged, ${has(corpus !== null, 'listed')}, ${has(candidates !== null, 'candidates')} FROM ${joined}`,
    label,
    work,
  );
}

/** SQL of the weight of an item of `inputItems` in the input of the stage. */
export function inputWeight(world: AuditWorld): string {
  switch (world.stageInput()) {
    case 'exposures':
      return 'exposures';
    case 'candidates':
      return 'candidates';
    case 'corpus_by_impressions':
      return 'CASE WHEN listed = 1 THEN exposures END';
    default:
      return 'listed';
  }
}

/** Only the items with the value of the part, if an attribute of the items divides the sample. */
function partSql({ by, part, inputs }: AuditWorld): string {
  if (part === null || by?.from !== 'items' || inputs === null) return '';
  const values = attributeSql(inputs, 'items', by.column);
  if (values === null) return '';
  return part.value === null
    ? `WHERE item NOT IN (SELECT id FROM ${values} WHERE value IS NOT NULL) `
    : `WHERE item IN (SELECT id FROM ${values} WHERE value = ${quoteLiteral(part.value)}) `;
}

export interface SampleItems {
  /**
   * A FROM item with a row for each item, and one for the rows without an item: `item`, `r` rows, `p` positives, `n`
   * negatives, and `n<k>` negatives of entry number k.
   */
  readonly sql: string;
  /** The entries with the most negatives, the most first; one more than most figures list. */
  readonly entries: readonly (string | null)[];
}

/** The rows of the sample by item. Several phases read those of the whole sample, so they are counted once. */
export async function sampleItems(world: AuditWorld, work: Work): Promise<SampleItems> {
  const overview = await overviewOf(world, work);
  const entries = (overview.entries ?? []).slice(0, mostEntries + 1).map(({ entry }) => entry);
  const isLabelled = world.sample.hasLabel();
  const of = entrySql(world, overview, entries);
  const sums = labelSums(overview, entries.length);
  const count = (holds: string): string => `count(*) FILTER (WHERE ${isLabelled ? holds : 'false'})`;
  const columns = [
    'item',
    'count(*) AS r',
    ...(sums === null ? [`${count('label = true')} AS p`, `${count('label = false')} AS n`] : []),
    ...entries.map((_, k) => `${of.count(k)} AS n${k}`),
  ];
  const rows = `SELECT ${columns.join(', ')} FROM (SELECT *, ${of.column} FROM ${world.sample.sql}) GROUP BY item`;
  const select = sums === null ? rows : `SELECT *, ${sums} FROM (${rows})`;
  return { sql: await world.counted('items', select, label, work), entries };
}

/** Number of rows without an item. */
export async function rowsWithoutItem(world: AuditWorld, work: Work): Promise<number> {
  const { sql } = await sampleItems(world, work);
  const [row] = await world.rows(`SELECT coalesce(sum(r), 0) FROM ${sql} WHERE item IS NULL`, label, work);
  return numberIn(row);
}

/** The items of the sample with those of the inputs, as a FROM item: the columns of `SampleItems` and `inputItems`. */
export async function joinedItems(world: AuditWorld, work: Work): Promise<string> {
  const { sql } = await sampleItems(world, work);
  return await world.counted(
    'items and inputs',
    `SELECT * FROM (SELECT * FROM ${sql} WHERE item IS NOT NULL) FULL JOIN ${await inputItems(world, work)} i USING (item)`,
    label,
    work,
  );
}

function missing({ request }: AuditWorld): string {
  return request.plan?.stage === 'coarse_ranking' ? 'data.candidates' : 'data.items';
}
