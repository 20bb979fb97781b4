import { IntegerIds, type IdTexts } from '../../core/sampling/world/idTexts.ts';
import { u32At } from '../../core/valueAt.ts';
import type { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';
import { fitsInt64 } from '../database/fitsInt64.ts';
import type { NestedValues } from '../database/nestedAppender.ts';
import { typeOf } from './typeOf.ts';
import { wordsAt } from './wordsAt.ts';

/** Ids by number, and their SQL type in the files. */
export type Ids = { readonly sqlType: string } &
  /** Two words each, low word first. */
  ({ readonly kind: 'int64'; readonly words: Uint32Array } | { readonly kind: 'text'; readonly texts: IdTexts });

/** Ids of everything that was drawn. */
export interface DrawnIds {
  readonly users: Ids;
  readonly items: Ids;
  /** Kind of the request ids. */
  readonly requests: Ids['kind'];
}

/** Ids, given their texts. */
export function idsOf(texts: IdTexts, sqlType: string): Ids {
  return texts instanceof IntegerIds
    ? { sqlType, kind: 'int64', words: texts.words }
    : { sqlType, kind: 'text', texts };
}

/** Kind in which the ids of a table column are stored. */
export async function kindOfIds(tables: Tables, table: string, column: string, work: Work): Promise<Ids['kind']> {
  return fitsInt64(await typeOf(tables, table, column, work)) ? 'int64' : 'text';
}

/** Column kind of the ids in a DuckDB table. */
export function idKind({ kind }: Ids): 'int64' | 'text' {
  return kind;
}

/** SQL of an id in the type of the files, given the SQL of its value in such a table. */
export function idSql({ sqlType, kind }: Pick<Ids, 'sqlType' | 'kind'>, value: string): string {
  return sqlType === (kind === 'int64' ? 'BIGINT' : 'VARCHAR') ? value : `CAST(${value} AS ${sqlType})`;
}

/** The ids of some numbers, for a DuckDB table. */
export function idValues(ids: Ids, numbers: Uint32Array, count: number): NestedValues {
  return ids.kind === 'text' ? (k) => ids.texts.textOf(u32At(numbers, k)) : wordsAt(ids.words, numbers, count);
}
