import { ofChosenUsers } from '../inputs/chosenUsers.ts';
import type { Source } from '../inputs/source.ts';
import type { Sources } from '../inputs/sources.ts';
import type { SparkJob } from '../sparkJob.ts';
import { bool, col, not, sql } from '../../relation/expression.ts';
import { columnsFrom, equal, from, join, select, type Columns } from '../../relation/relation.ts';
import type { Expression, Relation } from '../../relation/tree.ts';

/** Names of key columns. The blank keeps them different from columns of the data. */
const request = 'recsample request';
const item = 'recsample item';
const time = 'recsample time';

/** A column that is joined on. */
type Key = readonly [name: string, value: Expression];

/** Unchanged rows of a data set, with some of its columns. */
export class RawRows {
  constructor(
    private readonly sources: Sources,
    private readonly job: SparkJob,
    /** Names of the columns to copy, by data set. Columns that are missing in the files are skipped. */
    private readonly columnNames: ReadonlyMap<string, readonly string[]>,
  ) {}

  /** The rows of the users of the job that pass the `where` of the data set. */
  ofUsers(source: Source): Relation {
    const { sources, job } = this;
    return select(this.#columns(source), source.view, {
      where: [...source.filter(), ...ofChosenUsers(job, sources, source.id('user'))],
    });
  }

  /** The candidates of the users. Without a user column, those of the requests in the users' impressions. */
  candidates(source: Source): Relation {
    if (source.hasRole('user')) return this.ofUsers(source);
    const { sources, job } = this;
    const log = sources.required('impressions');
    if (!log.hasRole('request')) return select(this.#columns(source), source.view, { where: [bool(false)] });
    const requests = select([[request, log.id('request')]], log.view, {
      distinct: true,
      where: [...log.filter(), ...ofChosenUsers(job, sources, log.id('user')), sql`${log.id('request')} IS NOT NULL`],
    });
    return this.#keyed(source, [[request, source.id('request')]], source.filter(), requests);
  }

  /** The rows of some items. `items`: a relation with `item`. */
  ofItems(source: Source, items: Relation): Relation {
    return this.#keyed(source, [[item, source.id('item')]], [], select([[item, col('item')]], items));
  }

  /** The impressions of other users, for some items at some times. `itemTimes`: a relation with `item` and `t`. */
  ofOthers(source: Source, itemTimes: Relation): Relation {
    const { sources, job } = this;
    const others = ofChosenUsers(job, sources, source.id('user')).map((chosen) => not(chosen));
    const keys: Key[] = [
      [item, source.id('item')],
      [time, source.time('time')],
    ];
    const keyColumns: Columns = [
      [item, col('item')],
      [time, col('t')],
    ];
    return this.#keyed(source, keys, [...source.filter(), ...others], select(keyColumns, itemTimes));
  }

  /** The rows of `source` that pass `where` and whose keys are in `partners`. */
  #keyed(source: Source, keys: readonly Key[], where: readonly Expression[], partners: Relation): Relation {
    const columns = this.#columns(source);
    const rows = select([...columns, ...keys], source.view, { where });
    const names = columns.map(([name]) => name);
    const keyNames = keys.map(([name]) => name);
    return select(columnsFrom(names, 'r'), from(rows, 'r'), {
      joins: [join('semi', partners, 'w', equal('w', 'r', keyNames))],
    });
  }

  /** The columns to copy. Ids are copied in their original type. */
  #columns(source: Source): Key[] {
    const fileColumns = new Set(source.table.columns.map(({ name }) => name));
    const roleOfId = new Map(
      ['user', 'item', 'request'].flatMap((role) =>
        source.hasRole(role) ? [[source.role(role).name, role] as const] : [],
      ),
    );
    return [...new Set(this.columnNames.get(source.name) ?? [])]
      .filter((name) => fileColumns.has(name))
      .map((name) => {
        const role = roleOfId.get(name);
        return [name, role === undefined ? source.column(name) : source.rawId(role)] as const;
      });
  }
}
