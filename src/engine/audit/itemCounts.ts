import type { ItemCounts } from '../../core/audit/itemCounts.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { Work } from '../database/connections.ts';
import { textIn } from '../database/numberIn.ts';
import { quoteLiteral } from '../sql/quote.ts';
import type { AuditWorld } from './auditWorld.ts';
import { attributeSql } from './byColumn.ts';
import { entryColumn } from './phases/mix.ts';

const label = message('Counting items');
/** Entries whose items are counted apart. */
const mostEntries = 12;

export interface FoundItems {
  readonly counts: ItemCounts;
  readonly idAt: (index: number) => string | null;
  /** Why the input is not known. */
  readonly lacks: Message | null;
}

/** Counts of all items of the sample, the log, the corpus and the candidates, the most popular first. */
export async function itemCounts(world: AuditWorld, work: Work): Promise<FoundItems> {
  const { tables } = world;
  const lacks = world.lacksInputs() ?? world.differentIds('item');
  const inputs = lacks === null ? world.inputs : null;
  const input = inputs === null ? null : world.stageInput();
  const entries = await entriesOf(world, work);
  const own = entries.map(
    (name, k) =>
      `sum(n) FILTER (WHERE label = false AND e ${name === null ? 'IS NULL' : `= ${quoteLiteral(name)}`}) AS n${k}`,
  );
  const counted = `SELECT ${['item', 'sum(n) FILTER (WHERE label = true) AS p', 'sum(n) FILTER (WHERE label = false) AS n', ...own].join(', ')} FROM ${await entryItems(world, work)} WHERE item IS NOT NULL GROUP BY item`;
  const of = (column: string): string => `CAST(coalesce(${column}, 0) AS DOUBLE)`;
  const from =
    inputs === null ? `(${counted})` : `(${counted}) s FULL JOIN ${await inputItems(world, work)} i USING (item)`;
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
    lacks:
      lacks ??
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

/**
 * Rows by item, entry and label, as a FROM item: `item`, `e`, `label`, `n`. Several phases read those of the whole sample,
 * so they are counted once.
 */
export async function entryItems(world: AuditWorld, work: Work): Promise<string> {
  const { sample } = world;
  const select = `SELECT item, ${entryColumn(world) ?? 'CAST(NULL AS VARCHAR)'} AS e, ${sample.hasLabel() ? 'label' : 'CAST(NULL AS BOOLEAN) AS label'}, count(*) AS n FROM ${sample.sql} GROUP BY ALL`;
  return await world.counted('items by entry', select, label, work);
}

/** The entries with the most negatives. */
export async function entriesOf(world: AuditWorld, work: Work): Promise<readonly (string | null)[]> {
  if (entryColumn(world) === null) return [];
  const found = await world.rows(
    `SELECT e FROM ${await entryItems(world, work)} WHERE label = false GROUP BY e ORDER BY sum(n) DESC, e LIMIT ${mostEntries}`,
    label,
    work,
  );
  return found.map((row) => textIn(row));
}

function missing({ request }: AuditWorld): string {
  return request.plan?.stage === 'coarse_ranking' ? 'data.candidates' : 'data.items';
}
