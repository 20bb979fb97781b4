import {
  call,
  cast,
  col,
  concatenated,
  countRows,
  fn,
  int,
  sql,
  sum,
  text,
  valueOf,
} from '../../relation/expression.ts';
import { select, unionAll } from '../../relation/relation.ts';
import type { Expression, Relation } from '../../relation/tree.ts';
import type { CountFact } from '../lock/countFacts.ts';
import type { Log } from '../inputs/log.ts';

/** A folder of an extract, whose rows the manifest counts. */
export interface ExtractedFolder {
  readonly folder: string;
  /** Name of the step that wrote it. */
  readonly step: string;
  /** Columns whose values the manifest digests; without any, only the rows are counted. */
  readonly digested: readonly string[];
}

/** Rows of `kind`, `name` and `value`: what is known before the job runs, and what it counted. */
export function manifestRows(facts: readonly CountFact[], folders: readonly ExtractedFolder[], log: Log): Relation {
  const fact = (kind: string, name: string, value: Expression): Relation =>
    select(
      [
        ['kind', text(kind)],
        ['name', text(name)],
        ['value', value],
      ],
      null,
    );
  const of = (relation: Relation): Expression => valueOf(relation);
  return unionAll(
    { kind: 'values', columns: ['kind', 'name', 'value'], rows: facts.map((one) => one.map((value) => text(value))) },
    fact('time', 'newest', cast(of(select([['newest', fn('max', col('t'))]], 'log')), 'STRING')),
    fact('time', 'known_until', cast(log.ends.knownUntil, 'STRING')),
    ...folders.map(({ folder, step }) => fact('rows', folder, cast(of(select([['rows', countRows]], step)), 'STRING'))),
    ...folders.flatMap(({ folder, step, digested }) =>
      digested.length === 0
        ? []
        : [fact('digest', folder, cast(of(select([['digest', digestOf(digested)]], step)), 'STRING'))],
    ),
  );
}

/** A sum over all rows, in any order: the first word of the MD5 of their values, joined by U+001F. */
function digestOf(columns: readonly string[]): Expression {
  const values = columns.flatMap((name, k) => {
    const value = cast(col(name), 'STRING');
    return k === 0 ? [value] : [text('\u001f'), value];
  });
  const word = call('hexWord', fn('md5', concatenated(...values)), int(1));
  return fn('coalesce', sum(word), sql`${int(0)}`);
}
