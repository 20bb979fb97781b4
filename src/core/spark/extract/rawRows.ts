import { ofChosenUsers } from '../inputs/chosenUsers.ts';
import type { Source } from '../inputs/source.ts';
import type { Sources } from '../inputs/sources.ts';
import type { SparkJob } from '../sparkJob.ts';
import { bool, col, not, sql } from '../../relation/expression.ts';
import { equal, from, join, select, type Columns } from '../../relation/relation.ts';
import type { Expression, Relation } from '../../relation/tree.ts';

/** Names that no column of the data has. */
const request = 'recsample request';
const item = 'recsample item';
const time = 'recsample time';

type Key = readonly [name: string, value: Expression];

/** Unchanged rows of a data set, with some of its columns. */
export class RawRows {
  constructor(
    private readonly sources: Sources,
    private readonly job: SparkJob,
    /** Names of the columns to keep, by data set; those that the files lack are left out. */
    private readonly wanted: ReadonlyMap<string, readonly string[]>,
  ) {}

  /** The rows of the users of the job that pass the `where` of the data set. */
  ofUsers(source: Source): Relation {
    const { sources, job } = this;
    return select(this.#columns(source), source.view, {
      where: [...source.filter(), ...ofChosenUsers(job, sources, source.id('user'))],
    });
  }

  /** Candidates without users are those of the requests in the impressions of the users. */
  candidates(source: Source): Relation {
    if (source.has('user')) return this.ofUsers(source);
    const { sources, job } = this;
    const log = sources.required('impressions');
    if (!log.has('request')) return select(this.#columns(source), source.view, { where: [bool(false)] });
    const requests = select([[request, log.id('request')]], log.view, {
      distinct: true,
      where: [...log.filter(), ...ofChosenUsers(job, sources, log.id('user')), sql`${log.id('request')} IS NOT NULL`],
    });
    return this.#keyed(source, [[request, source.id('request')]], source.filter(), requests);
  }

  /** The rows of some items. `of`: rows with `item`. */
  ofItems(source: Source, of: Relation): Relation {
    return this.#keyed(source, [[item, source.id('item')]], [], select([[item, col('item')]], of));
  }

  /** The impressions of other users, of some items at some times. `of`: rows with `item` and `t`. */
  ofOthers(source: Source, of: Relation): Relation {
    const { sources, job } = this;
    const others = ofChosenUsers(job, sources, source.id('user')).map((chosen) => not(chosen));
    const keys: Key[] = [
      [item, source.id('item')],
      [time, source.time('time')],
    ];
    const wanted: Columns = [
      [item, col('item')],
      [time, col('t')],
    ];
    return this.#keyed(source, keys, [...source.filter(), ...others], select(wanted, of));
  }

  /** The rows that have a partner with the same keys. */
  #keyed(source: Source, keys: readonly Key[], where: readonly Expression[], wanted: Relation): Relation {
    const own = this.#columns(source);
    const rows = select([...own, ...keys], source.view, { where });
    return select(
      own.map(([name]) => [name, col(name, 'r')] as const),
      from(rows, 'r'),
      {
        joins: [
          join(
            'semi',
            wanted,
            'w',
            equal(
              'w',
              'r',
              keys.map(([name]) => name),
            ),
          ),
        ],
      },
    );
  }

  #columns(source: Source): Key[] {
    const own = new Set(source.table.columns.map(({ name }) => name));
    const ids = new Map(
      ['user', 'item', 'request'].flatMap((role) =>
        source.has(role) ? [[source.role(role).name, role] as const] : [],
      ),
    );
    return [...new Set(this.wanted.get(source.name) ?? [])]
      .filter((name) => own.has(name))
      .map((name) => {
        const role = ids.get(name);
        return [name, role === undefined ? source.column(name) : source.rawId(role)] as const;
      });
  }
}
