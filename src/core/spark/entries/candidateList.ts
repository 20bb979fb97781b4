import { stagesReached, type ListPlan } from '../../source/drawPlan.ts';
import { groupKey, sameGroup } from '../groups/groups.ts';
import { userPart, withPart } from '../groups/splitUsers.ts';
import { fmix, mixed, withWords } from '../hash.ts';
import { sameCandidate, type ListEntry } from './listEntry.ts';
import { and, asc, cast, col, desc, fn, int, not, over, sql, sumOver, text, when } from '../../relation/expression.ts';
import { cols, type Columns, columnsFrom, equal, from, join, select, unionAll } from '../../relation/relation.ts';
import type { Script } from '../script.ts';
import type { Expression, Join, Relation } from '../../relation/tree.ts';

type Keep = Extract<ListPlan['rows'], { readonly of: 'candidates' }>['keep'];

/** The cut of an entry by score; null if it has none. */
export function scoreCutOf({ rows }: ListPlan): { readonly skip: number; readonly top: number } | null {
  if (rows.of !== 'candidates') return null;
  return rows.keep.by === 'score' || rows.keep.by === 'teacher' ? rows.keep : null;
}

/**
 * `<name>__request`: the distinct candidates of each request; with `by: channel`, `<name>__channels`: their channels.
 */
export function addCandidateItems(script: Script, { name, plan }: ListEntry, keep: Keep): void {
  const cut = scoreCutOf(plan);
  const key = ['user', 'request_key', 'item'];
  const isKept = conditionOf(keep);
  const scores = cut ? ['score'] : [];
  const kept = select([...key, ...(cut ? [['score', fn('max', col(keep.by))] as const] : [])], 'candidates', {
    where: keep.by === 'rank' && keep.channel !== null ? [sql`${col('channel')} = ${text(keep.channel)}`] : [],
    groupBy: cols(key),
    having: isKept === null ? [] : [isKept],
  });
  script.table(
    `${name}__request`,
    withPart(
      [...key, ...scores, 'i0', 'i1'],
      withWords([...key, ...scores], cast(col('item'), 'STRING'), ['i0', 'i1'], kept),
    ),
    'Candidates of each request, with the words of their items. The channels of an item count together.',
  );
  if (!plan.byChannel) return;
  const channels = select(
    [...columnsFrom([...key, 'channel'], 'c'), ['part', col('part', 'r')]],
    from('candidates', 'c'),
    {
      distinct: true,
      joins: [join('inner', `${name}__request`, 'r', equal('r', 'c', key))],
    },
  );
  script.table(
    `${name}__channels`,
    withWords([...key, 'part', 'channel'], col('channel'), ['c0', 'c1'], channels),
    'Their channels, with the words of their names.',
  );
}

/** Aggregate condition over the rows of an item in a request: the entry keeps the item. Null: all items are kept. */
function conditionOf(keep: Keep): Expression | null {
  switch (keep.by) {
    case 'rank': {
      const rank = fn('min', col('rank'));
      return sql`${sql`${rank} >= ${int(keep.ranks[0])}`} AND ${sql`${rank} <= ${int(keep.ranks[1])}`}`;
    }
    case 'reached': {
      const stage = when(
        stagesReached.map((one, k) => [sql`${col('reached')} = ${text(one)}`, int(k)] as const),
        int(-1),
      );
      return sql`${fn('max', stage)} = ${int(stagesReached.indexOf(keep.reached))}`;
    }
    default:
      return null;
  }
}

/**
 * The step `<name>__scored`: the acceptable candidates of a group and its positives among the candidates, by descending
 * score. `before`: number of acceptable ones before it. Returns the acceptable ones within skip and top.
 */
export function scoredItems(
  script: Script,
  { name }: ListEntry,
  { skip, top }: { readonly skip: number; readonly top: number },
  acceptable: Relation,
): Relation {
  const columns = [...groupKey, 'quota', 'item', 'i0', 'i1'];
  const positives = select(
    [
      ...columnsFrom(groupKey, 'g'),
      ['quota', col('quota', 'g')],
      ...columnsFrom(['item', 'i0', 'i1', 'score'], 'l'),
      ['is_own', int(1)],
    ],
    from('group_positives', 'o'),
    {
      joins: [
        join('inner', `${name}__groups`, 'g', sameGroup('g', 'o')),
        join(
          'inner',
          `${name}__request`,
          'l',
          and(equal('l', 'g', [...userPart, 'request_key']), equal('l', 'o', ['item'])),
        ),
      ],
    },
  );
  const all = unionAll(select([...columns, 'score', ['is_own', int(0)]], acceptable), positives);
  const partition = cols(groupKey);
  const counts = sql`${int(1)} - ${col('is_own')}`;
  const before = sumOver(counts, { partition, order: [desc(col('score')), asc(col('item'))], rows: 'before' });
  const step = script.table(
    `${name}__scored`,
    select(
      [
        ...columns,
        'is_own',
        ['before', fn('coalesce', before, int(0))],
        ['candidates', sumOver(counts, { partition, order: [] })],
      ],
      all,
    ),
    'The acceptable candidates by descending score, those without score last, and the positives among them.',
  );
  return select(columns, step, {
    where: [
      sql`${col('is_own')} = ${int(0)}`,
      sql`${col('before')} >= ${int(skip)}`,
      sql`${col('before')} < ${int(skip + top)}`,
    ],
  });
}

/**
 * The acceptable candidates with their `place` when channels take turns: an item counts at its first place.
 * @param hashed the acceptable candidates with the words `a` and `b` that order them
 */
export function placesInTurns({ name }: ListEntry, salt: Expression, hashed: Relation): Relation {
  const row = [...groupKey, 'quota', 'item'];
  const ofGroup = cols(groupKey);
  const ofChannel = select(
    [...columnsFrom([...row, 'a', 'b'], 'h'), ...columnsFrom(['channel', 'c0'], 'c')],
    from(hashed, 'h'),
    { joins: [join('inner', `${name}__channels`, 'c', sameCandidate('c', 'h'))] },
  );
  const round = over(fn('row_number'), {
    partition: [...ofGroup, col('channel')],
    order: [asc(col('a')), asc(col('b')), asc(col('item'))],
  });
  const rounds = select([...row, 'channel', 'c0', ['round', round]], ofChannel);
  const turns = select([...row, 'channel', 'round', ...fmix('turn', mixed(col('k0'), col('c0'), salt))], rounds, {
    computed: [...row, 'channel', 'round', 'turn'],
  });
  const order = [asc(col('round')), asc(col('turn')), asc(col('channel'))];
  const first = over(fn('row_number'), { partition: [...ofGroup, col('item')], order });
  const columns: Columns = [...row, 'channel', 'round', 'turn'];
  const firsts = select(columns, select([...columns, ['first', first]], turns), {
    where: [sql`${col('first')} = ${int(1)}`],
  });
  return select([...row, ['place', over(fn('row_number'), { partition: ofGroup, order })]], firsts);
}

/** Draw probability of an entry that cuts by score, for a row `m`: see `listChances`. */
export function scoredChance(
  { name, index }: ListEntry,
  { skip, top }: { readonly skip: number; readonly top: number },
  chanceOf: (size: Expression) => Expression,
  size: Expression,
): { readonly joins: readonly Join[]; readonly value: Expression } {
  const [r, o] = [`r${index}`, `o${index}`];
  const own = sql`${col('own', 'm')} = ${int(1)}`;
  const inCut = sql`${sql`${col('before', o)} >= ${int(skip)}`} AND ${sql`${col('before', o)} < ${int(skip + top)}`}`;
  const withOwn = fn('least', sql`${sql`${col('candidates', o)} + ${int(1)}`} - ${int(skip)}`, int(top));
  const item = (a: string): Expression => sql`${sameGroup(a, 'm')} AND ${sql`${col('item', a)} = ${col('item', 'm')}`}`;
  return {
    value: when([
      [own, when([[inCut, chanceOf(withOwn)]])],
      [sql`${col('user', r)} IS NOT NULL`, chanceOf(size)],
    ]),
    joins: [
      join('left', `${name}__request_rows`, r, sql`${not(own)} AND ${item(r)}`),
      join(
        'left',
        `${name}__scored`,
        o,
        sql`${own} AND ${sql`${item(o)} AND ${sql`${col('is_own', o)} = ${int(1)}`}`}`,
      ),
    ],
  };
}
