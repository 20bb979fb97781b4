import { call, cast } from '../../relation/expression.ts';
import type { Expression, SqlType } from '../../relation/tree.ts';
import type { LogicalType } from '../../table/type.ts';
import type { Source } from '../inputs/source.ts';
import type { Sources } from '../inputs/sources.ts';

/** The time of a group: a time in the zone of the config if the log has times without a zone, else an instant. */
export function timeOf(source: Source, at: Expression): Expression {
  const type = source.typeOf(source.role('time').name);
  const instant = call('instant', at);
  return type.kind === 'timestamp' && !type.zoned ? cast(instant, 'TIMESTAMP_NTZ') : instant;
}

/** An id in the type of its file. */
export function idIn(types: readonly LogicalType[], isInteger: boolean, value: Expression): Expression {
  if (!isInteger) return value;
  const bits = Math.max(...types.map((type) => (type.kind === 'integer' ? type.bits * (type.signed ? 1 : 2) : 64)));
  const narrow: Readonly<Record<number, SqlType>> = { 8: 'TINYINT', 16: 'SMALLINT', 32: 'INT' };
  const type = narrow[bits];
  return type === undefined ? value : cast(value, type);
}

/** The request of a group, in the type of its file. */
export function requestOf(sources: Sources, value: Expression): Expression {
  const log = sources.required('impressions');
  const source = log.hasRole('request') ? log : sources.required('candidates');
  const { name, type } = source.role('request');
  return type === undefined ? idIn([source.typeOf(name)], source.isInteger('request'), value) : value;
}

export function userOf(sources: Sources, value: Expression): Expression {
  const source = sources.required('impressions');
  const { name, type } = source.role('user');
  return type === undefined ? idIn([source.typeOf(name)], source.isInteger('user'), value) : value;
}

/** An item in the widest type of the files that name items. @param further data sets with items, such as steps */
export function itemOf(sources: Sources, value: Expression, further: readonly Source[] = []): Expression {
  const named = (['impressions', 'items', 'candidates', 'rejections'] as const).flatMap((name) =>
    name === 'candidates' && !sources.drawsCandidates ? [] : (sources.get(name) ?? []),
  );
  const positives = sources.clicks.flatMap(({ table, source }) => (table.unmatched === 'positive' ? [source] : []));
  const all = [...named, ...positives, ...further];
  const isInteger = all.every((source) => source.isInteger('item'));
  const types = all.map((source): LogicalType => {
    const { name, type } = source.role('item');
    return type === 'int64' ? { kind: 'integer', bits: 64, signed: true } : source.typeOf(name);
  });
  return idIn(types, isInteger, value);
}
