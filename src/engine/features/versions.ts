import { featureKey, type FeatureKey } from '../../core/data/featureTables.ts';
import { asc, col } from '../../core/relation/expression.ts';
import { duckdbDialect } from '../../core/relation/duckdbDialect.ts';
import { select } from '../../core/relation/relation.ts';
import { relationLines } from '../../core/relation/render.ts';
import { rankedVersions, timeline } from '../../core/relation/timeline.ts';
import type { Relation } from '../../core/relation/tree.ts';
import type { AskedFeatures } from '../../protocol/askedTable.ts';
import { carriedColumn } from '../inputs/columnNames.ts';
import { tupleOrder } from '../inputs/pickOrder.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { columnOf, comparisonsSql, flagOf } from '../tables/roleTable.ts';
import type { OpenTable } from '../tables/tables.ts';

/** The event time of rows that always hold. A double has it exactly. */
const ALWAYS = -(2n ** 62n);

/** The roles of the key of a table of features. */
export function keyOf({ columns }: Pick<AskedFeatures, 'columns'>): FeatureKey[] {
  return featureKey.filter((role) => columns[role] !== undefined);
}

/** SQL of microseconds since 1970 UTC of a time, a 64-bit integer; NULL for an infinite time. */
const microseconds = (time: string): string => `CASE WHEN isfinite(${time}) THEN epoch_us(${time}) END`;

/** SQL of the end of the period that a time names. `elapsed`: what is added to a time that is not a day. */
function endOf(role: string, elapsed: number): string {
  const [time, end] = [quoteIdentifier(role), quoteIdentifier(`${role}@to`)];
  return `CASE WHEN ${end} = ${time} THEN ${microseconds(time)} + ${elapsed} ELSE ${microseconds(end)} + 1 END`;
}

/** The versions of a table of features as SQL, with the columns that the rows copy. */
export class Versions {
  readonly key: readonly FeatureKey[];
  readonly #names: readonly string[];
  readonly #ties: readonly string[];
  readonly #rows: string;

  /**
   * @param names columns to copy
   * @param only SQL of a condition on the key, to read some keys only
   */
  constructor(
    private readonly asked: AskedFeatures,
    names: readonly string[],
    sampled: SampledTables,
    only = 'true',
  ) {
    const table = sampled.tables.table(asked.ref);
    this.key = keyOf(asked);
    this.#names = names.map(carriedColumn);
    const { more, terms } = tupleOrder(table, names, names);
    this.#ties = terms.map((_, k) => `tie ${k}`);
    const { kind, period, availableAfter } = asked.time;
    const source = sampled.features(asked, { ...more, deleted: deletedSql(asked, table) }, names);
    const event =
      kind === 'static'
        ? `CAST(${ALWAYS} AS BIGINT)`
        : kind === 'interval'
          ? `CASE WHEN valid_from IS NULL THEN CAST(${ALWAYS} AS BIGINT) ELSE ${microseconds('valid_from')} END`
          : endOf(kind, period.elapsed);
    const known = asked.columns.known ? microseconds('known') : 'e';
    const ended = asked.columns.valid_to ? endOf('valid_to', 0) : 'CAST(NULL AS BIGINT)';
    const copied = [...this.key, ...this.#names].map(quoteIdentifier);
    const ties = terms.map((term, k) => `${term.replace(/ NULLS FIRST$/, '')} AS ${quoteIdentifier(`tie ${k}`)}`);
    const has = [...this.key.map(quoteIdentifier), 'e', 'k'].map((name) => `${name} IS NOT NULL`).join(' AND ');
    const timed = `SELECT *, ${event} AS e, ${ended} AS ended, deleted AS gone FROM ${source} WHERE ${only}`;
    const written = `SELECT *, ${known} AS k FROM (${timed})`;
    const valid = `coalesce(${has} AND (ended IS NULL OR ended > e), false)`;
    const rows = `SELECT ${[...copied, 'e', 'k', `greatest(e, k + ${availableAfter}) AS r`, 'ended', 'gone', ...ties, `${valid} AS valid`].join(', ')} FROM (${written})`;
    // A snapshot is complete: from the next one on, keys that it lacks have no value.
    const days = `SELECT e AS day, lead(e) OVER (ORDER BY e) + ${availableAfter} AS next FROM (SELECT DISTINCT e FROM (${everyTime(sampled, asked, event)}) WHERE e IS NOT NULL)`;
    this.#rows =
      kind === 'snapshot'
        ? `SELECT v.* REPLACE (d.next AS ended) FROM (${rows}) v LEFT JOIN (${days}) d ON d.day = v.e`
        : rows;
  }

  /** SQL of all rows of the table: key, `versionColumns`, copied columns, and `valid`, false for rows left out. */
  get rows(): string {
    return this.#rows;
  }

  /** SQL of `rankedVersions`. @param rows name of a table with `rows` */
  ranked(rows: string): string {
    const ties = this.#ties.map((name) => asc(col(name)));
    const isKnown = this.asked.columns.known !== undefined;
    const valid = select([{ all: null }], rows, { where: [col('valid')] });
    return sqlOf(rankedVersions({ rows: valid, key: this.key, values: this.#names, ties, isKnown }));
  }

  /** SQL of `timeline`. @param ranked name of a table with the rows of `ranked` */
  timeline(ranked: string): string {
    return sqlOf(timeline(ranked, { key: this.key, values: this.#names }));
  }

  /** SQL of the timeline in one query. */
  get sql(): string {
    return `WITH versions AS (${this.#rows}), ranks AS (${this.ranked('versions')}) ${this.timeline('ranks')}`;
  }

  /** SQL of the number of keys, times and known times that have several rows that differ in what counts. */
  ties(rows: string): string {
    const times = [...this.key, 'e', 'k'].map(quoteIdentifier).join(', ');
    const values = ['gone', ...this.#ties].map(quoteIdentifier).join(', ');
    return `SELECT count(*) FROM (SELECT ${times} FROM (SELECT DISTINCT ${times}, ${values} FROM ${rows}) GROUP BY ALL HAVING count(*) > 1)`;
  }
}

const sqlOf = (relation: Relation): string => relationLines(relation, duckdbDialect).join('\n');

/** SQL of the event times of all rows, also of those without a key. */
function everyTime(sampled: SampledTables, asked: AskedFeatures, event: string): string {
  return `SELECT ${event} AS e FROM ${sampled.features(asked, {}, [])}`;
}

/** SQL that is true for a row from whose time on the key has no value. */
function deletedSql({ columns: { deleted }, deleted: comparison }: AskedFeatures, table: OpenTable): string {
  if (!deleted) return 'false';
  const { name, type } = columnOf(table, deleted.name);
  const holds = comparison
    ? comparisonsSql([comparison], table.columns)
    : flagOf(quoteIdentifier(name), type, name, table.path);
  return `coalesce(${holds}, false)`;
}
