import { historyKind } from '../../table/historyKind.ts';
import { historyProblem, type HistoryColumn } from '../../table/historyProblem.ts';
import { fail } from '../../message/failure.ts';
import { always } from '../always.ts';
import { call, cast, col, int, sql, text } from '../../relation/expression.ts';
import { select } from '../../relation/relation.ts';
import type { Script } from '../script.ts';
import type { Source } from './source.ts';
import type { Expression, Relation } from '../../relation/tree.ts';

/** Column of the log with the past items of the user: a text, or a list. */
export const pastColumn = (name: string): string => `past ${name}`;

/** Such a column of the files. @throws FailureError if the column has neither texts nor lists of ids */
export function pastOf(source: Source, history: HistoryColumn): Expression {
  const type = source.typeOf(history.column);
  const problem = historyProblem({ type }, history);
  if (problem !== null)
    throw fail('bad-request', problem, { place: { path: source.table.path, column: history.column } });
  const column = source.column(history.column);
  return historyKind(type) === 'list' ? column : cast(column, 'STRING');
}

/** The past items of the users by one column, and which impressions count. */
export interface PastItems {
  readonly column: string;
  readonly within: 'train' | 'all';
  /**
   * The step with `user`, `id`: the text of a past item, and `item`: the id in the type of the items; NULL if it has not
   * that type. The pairs of user and id differ.
   */
  readonly step: string;
}

/**
 * Adds the past items of the users. They are excluded at all times, and counted for the lock file.
 * docs/sampling.md: Exclusion and eligibility.
 * @param source the impressions
 * @param times conditions on the times of the impressions that count
 */
export function addPastItems(
  script: Script,
  step: string,
  source: Source,
  { history, within }: { readonly history: HistoryColumn; readonly within: PastItems['within'] },
  times: (time: Expression) => readonly Expression[],
): PastItems {
  const past = col(pastColumn(history.column));
  const isList = historyKind(source.typeOf(history.column)) === 'list';
  const distinct = select(['user', ['past', past]], 'log', {
    distinct: true,
    where: [sql`${past} IS NOT NULL`, ...times(col('t'))],
  });
  const separator = history.separator ?? '';
  const ids = isList ? col('past') : call('splitText', col('past'), text(separator), text(literalPattern(separator)));
  const id = cast(col('id'), 'STRING');
  const split = select(
    ['user', ['id', isList ? id : call('trimBlanks', id)]],
    select(['user', ['id', call('eachElement', ids)]], distinct, { distinct: true }),
    { distinct: true },
  );
  const item = source.isInteger('item') ? call('wholeNumber', col('id')) : col('id');
  return {
    column: history.column,
    within,
    step: script.table(
      step,
      select(['user', 'id', ['item', item]], split, { where: [sql`${col('id')} <> ${text('')}`] }),
      `The distinct ids in ${history.column}, by user.`,
    ),
  };
}

/** What past items exclude. Ids that are no id of the type of the items are left out. */
export function pastExclusions({ step }: PastItems): Relation {
  return select(['user', 'item', ['last', int(always.last)]], step, { where: [sql`${col('item')} IS NOT NULL`] });
}

/** A regular expression of Java that matches exactly this text. */
function literalPattern(literal: string): string {
  return [...literal]
    .map((one) => (/[\p{L}\p{N} ,:;_]/u.test(one) ? one : `\\x{${(one.codePointAt(0) ?? 0).toString(16)}}`))
    .join('');
}
