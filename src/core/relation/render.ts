import type { Dialect } from './dialect.ts';
import type { DialectFunction, Expression, From, Join, Order, Relation, Select, Window } from './tree.ts';

/** Maximum line width of lists of columns, in characters. */
const MAX_LINE_WIDTH = 110;

/** SQL of an expression. */
export function expressionSql(value: Expression, dialect: Dialect): string {
  const inner = (nested: Expression): string => expressionSql(nested, dialect);
  const list = (values: readonly Expression[]): string => values.map(inner).join(', ');
  switch (value.kind) {
    case 'name':
      return `${value.of === null ? '' : `${dialect.identifier(value.of)}.`}${dialect.identifier(value.name)}`;
    case 'integer':
      return dialect.integer(value.value);
    case 'double':
      return dialect.double(value.value);
    case 'text':
      return dialect.text(value.value);
    case 'boolean':
      return value.value ? 'true' : 'false';
    case 'null':
      return `CAST(NULL AS ${dialect.type(value.type)})`;
    case 'function':
      return `${value.name}(${list(value.arguments)})`;
    case 'call':
      return called(value.name, dialect)(value.arguments.map((argument) => operandSql(argument, dialect)));
    case 'cast':
      return `CAST(${inner(value.value)} AS ${dialect.type(value.type)})`;
    case 'case':
      return [
        'CASE',
        ...value.when.map(([condition, then]) => `WHEN ${inner(condition)} THEN ${inner(then)}`),
        ...(value.otherwise ? [`ELSE ${inner(value.otherwise)}`] : []),
        'END',
      ].join(' ');
    case 'window':
      return `${inner(value.value)} OVER (${windowSql(value.over, dialect)})`;
    case 'query':
      return `(${relationLines(value.relation, dialect)
        .map((line) => line.trim())
        .join(' ')})`;
    case 'structs':
      return dialect.sortedStructList(
        value.fields.map(([name, field]) => [dialect.identifier(name), inner(field)] as const),
        value.where === null ? null : inner(value.where),
      );
    case 'elements': {
      const { where, value: each } = value;
      const as = dialect.identifier(value.as);
      const all = inner(value.list);
      const kept = where === null ? all : dialect.elementsWhere(all, as, inner(where));
      return each === null ? kept : dialect.elementValues(kept, as, inner(each));
    }
    case 'syntax':
      return value.parts.map((part) => (typeof part === 'string' ? part : operandSql(part, dialect))).join('');
  }
}

/** SQL of an expression inside another one: in parentheses if it has operators. */
function operandSql(value: Expression, dialect: Dialect): string {
  const text = expressionSql(value, dialect);
  const hasOperators = value.kind === 'syntax' && !(value.parts.length === 1 && typeof value.parts[0] !== 'string');
  return hasOperators ? `(${text})` : text;
}

function listSql(values: readonly Expression[], dialect: Dialect): string {
  return values.map((value) => expressionSql(value, dialect)).join(', ');
}

function called(name: DialectFunction, { functions }: Dialect): (args: readonly string[]) => string {
  const written = functions[name];
  if (!written) throw new Error(`This dialect has no ${name}`);
  return written;
}

function windowSql({ partition, order, rows }: Window, dialect: Dialect): string {
  return [
    ...(partition.length === 0 ? [] : [`PARTITION BY ${listSql(partition, dialect)}`]),
    ...(order.length === 0 ? [] : [`ORDER BY ${order.map((key) => orderSql(key, dialect)).join(', ')}`]),
    ...(rows === undefined
      ? []
      : [rows === 'upToHere' ? 'ROWS UNBOUNDED PRECEDING' : 'ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING']),
  ].join(' ');
}

function orderSql({ value, descending = false, nulls = 'first' }: Order, dialect: Dialect): string {
  return `${operandSql(value, dialect)}${descending ? ' DESC' : ''} NULLS ${nulls === 'first' ? 'FIRST' : 'LAST'}`;
}

/** Lines of the SQL of a query. */
export function relationLines(relation: Relation, dialect: Dialect): readonly string[] {
  switch (relation.kind) {
    case 'named':
      return [`SELECT * FROM ${dialect.identifier(relation.name)}`];
    case 'values':
      return [
        'SELECT * FROM (VALUES',
        ...relation.rows.map((row, k) => `  (${listSql(row, dialect)})${k === relation.rows.length - 1 ? '' : ','}`),
        `) AS v (${relation.columns.map(dialect.identifier).join(', ')})`,
      ];
    case 'union':
      return relation.all.flatMap((query, k) => [
        ...(k === 0 ? [] : [relation.distinct ? 'UNION' : 'UNION ALL']),
        ...relationLines(query, dialect),
      ]);
    case 'select':
      return selectLines(relation, dialect);
  }
}

function selectLines(query: Select, dialect: Dialect): readonly string[] {
  const { distinct = false, joins = [], where = [], groupBy = [], having = [], together = [] } = query;
  const { computed, ranges, tasks, sorted } = query;
  const smallJoins = joins.flatMap(({ few, as }) => (few && as !== null ? [dialect.identifier(as)] : []));
  const broadcast = smallJoins.length > 0 ? dialect.broadcastHint(smallJoins) : '';
  const rangePartition = ranges ? dialect.rangePartitionHint(ranges.by.map(dialect.identifier)) : '';
  const repartition = tasks ? dialect.repartitionHint(tasks.count, dialect.identifier(tasks.by)) : '';
  const lines = [
    `SELECT${broadcast}${distinct ? ' DISTINCT' : ''}${rangePartition}${repartition}`,
    ...wrapped(
      query.columns.map((column) => {
        if ('all' in column) return column.all === null ? '*' : `${dialect.identifier(column.all)}.*`;
        const { name, value } = column;
        return isCarried(column)
          ? expressionSql(value, dialect)
          : `${expressionSql(value, dialect)} AS ${dialect.identifier(name)}`;
      }),
    ),
    ...(query.from === null ? [] : fromLines('FROM', query.from, dialect)),
    ...joins.flatMap((join) => joinLines(join, dialect)),
    ...conditionLines('WHERE', where, dialect),
    ...(groupBy.length === 0 ? [] : [`GROUP BY ${listSql(groupBy, dialect)}`]),
    ...conditionLines('HAVING', having, dialect),
    ...(together.length === 0 ? [] : [dialect.distributeBy(together.map((value) => expressionSql(value, dialect)))]),
    ...(sorted ? sortLines(sorted, dialect) : []),
  ];
  if (computed === undefined) return lines;
  const carried = query.columns.flatMap((column) => ('name' in column && isCarried(column) ? [column.name] : []));
  return dialect.computed(lines, {
    carried: computed.filter((name) => carried.includes(name)),
    computed: computed.filter((name) => !carried.includes(name)),
  });
}

/** True for a column that is only copied from a FROM item, under the same name. */
function isCarried({ name, value }: { readonly name: string; readonly value: Expression }): boolean {
  return value.kind === 'name' && value.name === name;
}

function sortLines({ within, order }: NonNullable<Select['sorted']>, dialect: Dialect): string[] {
  const [first = '', ...more] = wrapped(order.map((key) => orderSql(key, dialect)));
  return [`${dialect.orderKeywords[within]} ${first.trim()}`, ...more];
}

/** Texts as an indented list, separated by commas, in lines of at most `MAX_LINE_WIDTH`. */
function wrapped(texts: readonly string[]): string[] {
  const lines: string[] = [];
  let line = '';
  texts.forEach((text, k) => {
    const piece = k === texts.length - 1 ? text : `${text},`;
    if (line !== '' && line.length + piece.length + 1 > MAX_LINE_WIDTH) {
      lines.push(`  ${line}`);
      line = piece;
    } else {
      line = line === '' ? piece : `${line} ${piece}`;
    }
  });
  return [...lines, `  ${line}`];
}

function fromLines(keyword: string, { relation, as }: From, dialect: Dialect): string[] {
  const name = as === null ? '' : ` ${dialect.identifier(as)}`;
  if (relation.kind === 'named') return [`${keyword} ${dialect.identifier(relation.name)}${name}`];
  return [
    `${keyword} (`,
    ...relationLines(relation, dialect).map((line) => `  ${line}`),
    `)${name === '' ? ' q' : name}`,
  ];
}

const joinWords = {
  inner: 'JOIN',
  left: 'LEFT JOIN',
  semi: 'SEMI JOIN',
  anti: 'ANTI JOIN',
  one: 'CROSS JOIN',
} as const;

function joinLines({ kind, relation, as, on }: Join, dialect: Dialect): string[] {
  const lines = fromLines(joinWords[kind], { relation, as }, dialect);
  if (on === null) return lines;
  return [...lines.slice(0, -1), `${lines.at(-1) ?? ''} ON ${expressionSql(on, dialect)}`];
}

function conditionLines(keyword: string, conditions: readonly Expression[], dialect: Dialect): string[] {
  return conditions.map((condition, k) => {
    const text = conditions.length === 1 ? expressionSql(condition, dialect) : operandSql(condition, dialect);
    return `${k === 0 ? keyword : '  AND'} ${text}`;
  });
}
