import { compareTexts } from '../../sampling/compareTexts.ts';
import type { Where } from '../../source/where.ts';
import { always } from '../always.ts';
import { and, asc, bool, cast, col, countRows, fn, int, over, sql, when } from '../../relation/expression.ts';
import { select, type Columns } from '../../relation/relation.ts';
import { copiedLogColumn, separatorCheck } from './log.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import type { Sources } from './sources.ts';
import type { Expression } from '../../relation/tree.ts';

/** Name of the corpus column of an attribute as text. */
export const attributeText = (name: string): string => `attribute ${name}`;
/** Name of the corpus column of whether a further condition holds. */
export const conditionColumn = (k: number): string => `holds_${k}`;

/** The corpus as other steps read it. Null without `data.items`. */
export interface Corpus {
  /** True if items are created or removed. */
  readonly hasLives: boolean;
}

export interface CorpusNeeds {
  /** Attributes that pools match, as texts. */
  readonly attributes: readonly string[];
  /** Further conditions of pools. */
  readonly conditions: readonly Where[];
}

/** The step `corpus`: `item`, `created`, `removed`, `listed` (the `where` of the config), and columns to copy. */
export function addCorpus(script: Script, sources: Sources, { inputs }: SparkJob, needs: CorpusNeeds): Corpus | null {
  const source = sources.get('items');
  if (!source && inputs.corpus !== 'log') return null;
  script.section('Corpus');
  if (!source) return addItemsOfLog(script);
  const copied = [...inputs.passed, ...inputs.sequences.flatMap((one) => one.copies)];
  const copies = new Set(copied.filter(({ from }) => from === 'items').map(({ column }) => column));
  const item = source.id('item');
  const of = source.textOf('item');
  const checked = of === null ? item : when([separatorCheck(item, of)], item);
  const columns: Columns = [
    ['item', checked],
    [
      'created',
      source.hasRole('created') ? fn('coalesce', source.time('created'), int(always.first)) : int(always.first),
    ],
    [
      'removed',
      source.hasRole('removed') ? fn('coalesce', source.time('removed', true), int(always.last)) : int(always.last),
    ],
    ['listed', and(...source.filter())],
    ...needs.conditions.map((where, k) => [conditionColumn(k), and(...source.conditions(where))] as const),
    ...needs.attributes.map((name) => [attributeText(name), cast(source.column(name), 'STRING')] as const),
    ...[...copies].map((name) => [copiedLogColumn(name), source.column(name)] as const),
  ];
  script.table(
    'corpus',
    select(columns, source.view, {
      where: [sql`${item} IS NOT NULL`],
      ...(inputs.isItemList ? { distinct: true } : {}),
    }),
    'Items, the times between which they are eligible, and whether data.items.where lists them.',
    'docs/sampling.md: Exclusion and eligibility.',
  );
  const repeated = select([['item', col('item')]], 'corpus', {
    groupBy: [col('item')],
    having: [sql`${countRows} > ${int(1)}`],
  });
  script.check(
    'check_corpus',
    select(
      [
        ['wrong', countRows],
        ['example', fn('min', cast(col('item'), 'STRING'))],
      ],
      repeated,
    ),
    `${source.place('item')}: several rows have the id `,
    'Two rows with one id are an error: it is unclear which one is right.',
  );
  return { hasLives: source.hasRole('created') || source.hasRole('removed') };
}

/**
 * The step `corpus` without `data.items`: each item of the impressions, eligible from the time of the first request
 * that shows it.
 */
function addItemsOfLog(script: Script): Corpus {
  const first = over(fn('min', col('t')), { partition: [col('user'), col('request_key')], order: [] });
  script.table(
    'corpus',
    select(
      ['item', ['created', fn('min', col('first'))], ['removed', int(always.last)], ['listed', bool(true)]],
      select(['item', ['first', first]], 'log'),
      { groupBy: [col('item')] },
    ),
    'The items of the impressions, each from its first request.',
    'docs/sampling.md: Exclusion and eligibility.',
  );
  return { hasLives: true };
}

/** The step `users`: one row for each user, with the columns to copy. */
export function addUsers(script: Script, sources: Sources, { inputs }: SparkJob): boolean {
  const source = sources.get('users');
  const copies = [...new Set(inputs.passed.filter(({ from }) => from === 'users').map(({ column }) => column))];
  if (!source || copies.length === 0) return false;
  const ties = [...new Set([...inputs.userAttributes, ...copies])].sort(compareTexts);
  const user = source.id('user');
  const place: Expression = over(fn('row_number'), {
    partition: [col('user')],
    order: ties.map((name) => asc(col(`pick ${name}`))),
  });
  script.section('Users');
  const rows = select(
    [
      ['user', user],
      ...copies.map((name) => [copiedLogColumn(name), source.column(name)] as const),
      ...ties.map((name) => [`pick ${name}`, source.columnWithoutNaN(name)] as const),
    ],
    source.view,
    { where: [sql`${user} IS NOT NULL`] },
  );
  const ranked = select(['user', ...copies.map(copiedLogColumn), ['place', place]], rows);
  script.view(
    'users',
    select(['user', ...copies.map(copiedLogColumn)], ranked, { where: [sql`${col('place')} = ${int(1)}`] }),
    'One row of each user: the smallest tuple of the columns that the config uses.',
  );
  return true;
}
