import type { Dialect } from './dialect.ts';
import type { Expression, From, Join, Order, Relation, Select, Window } from './tree.ts';

/** Widest line of a list of columns, in characters. */
const WIDTH = 110;

/** SQL of a value in a dialect. */
export function expressionSql(value: Expression, dialect: Dialect): string {
  const inner = (one: Expression): string => expressionSql(one, dialect);
  const list = (all: readonly Expression[]): string => all.map(inner).join(', ');
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
      return dialect.functions[value.name](value.arguments.map((one) => operandSql(one, dialect)));
    case 'cast':
      return `CAST(${inner(value.value)} AS ${dialect.type(value.type)})`;
    case 'case':
      return `CASE ${value.when.map(([condition, then]) => `WHEN ${inner(condition)} THEN ${inner(then)}`).join(' ')}${value.otherwise ? ` ELSE ${inner(value.otherwise)}` : ''} END`;
    case 'window':
      return `${inner(value.value)} OVER (${windowSql(value.over, dialect)})`;
    case 'query':
      return `(${relationLines(value.relation, dialect)
        .map((line) => line.trim())
        .join(' ')})`;
    case 'structs':
      return dialect.sortedStructList(
        value.fields.map(([name, one]) => [dialect.identifier(name), inner(one)] as const),
        value.where === null ? null : inner(value.where),
      );
    case 'syntax':
      return value.parts.map((part) => (typeof part === 'string' ? part : operandSql(part, dialect))).join('');
  }
}

/** SQL of a value as an operand. */
function operandSql(value: Expression, dialect: Dialect): string {
  const whole = expressionSql(value, dialect);
  const isOpen = value.kind === 'syntax' && !(value.parts.length === 1 && typeof value.parts[0] !== 'string');
  return isOpen ? `(${whole})` : whole;
}

function windowSql({ partition, order, rows }: Window, dialect: Dialect): string {
  return [
    ...(partition.length === 0
      ? []
      : [`PARTITION BY ${partition.map((one) => expressionSql(one, dialect)).join(', ')}`]),
    ...(order.length === 0 ? [] : [`ORDER BY ${order.map((one) => orderSql(one, dialect)).join(', ')}`]),
    ...(rows === undefined
      ? []
      : [rows === 'upToHere' ? 'ROWS UNBOUNDED PRECEDING' : 'ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING']),
  ].join(' ');
}

function orderSql({ value, descending = false, nulls = 'first' }: Order, dialect: Dialect): string {
  return `${operandSql(value, dialect)}${descending ? ' DESC' : ''} NULLS ${nulls === 'first' ? 'FIRST' : 'LAST'}`;
}

/** SQL of rows, as lines. */
export function relationLines(relation: Relation, dialect: Dialect): readonly string[] {
  switch (relation.kind) {
    case 'named':
      return [`SELECT * FROM ${dialect.identifier(relation.name)}`];
    case 'values':
      return [
        'SELECT * FROM (VALUES',
        ...relation.rows.map(
          (row, k) =>
            `  (${row.map((one) => expressionSql(one, dialect)).join(', ')})${k === relation.rows.length - 1 ? '' : ','}`,
        ),
        `) AS v (${relation.columns.map(dialect.identifier).join(', ')})`,
      ];
    case 'union':
      return relation.all.flatMap((one, k) => [
        ...(k === 0 ? [] : [relation.distinct ? 'UNION' : 'UNION ALL']),
        ...relationLines(one, dialect),
      ]);
    case 'select':
      return selectLines(relation, dialect);
  }
}

function selectLines(query: Select, dialect: Dialect): readonly string[] {
  const {
    computed,
    distinct = false,
    joins = [],
    where = [],
    groupBy = [],
    having = [],
    ranges,
    together = [],
    tasks,
    sorted,
  } = query;
  const few = joins.flatMap((one) => (one.few && one.as !== null ? [dialect.identifier(one.as)] : []));
  const lines = [
    `SELECT${few.length > 0 ? dialect.broadcastHint(few) : ''}${distinct ? ' DISTINCT' : ''}${ranges ? dialect.rangePartitionHint(ranges.by.map(dialect.identifier)) : ''}${tasks ? dialect.repartitionHint(tasks.count, dialect.identifier(tasks.by)) : ''}`,
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
    ...joins.flatMap((one) => joinLines(one, dialect)),
    ...conditionLines('WHERE', where, dialect),
    ...(groupBy.length === 0 ? [] : [`GROUP BY ${groupBy.map((one) => expressionSql(one, dialect)).join(', ')}`]),
    ...conditionLines('HAVING', having, dialect),
    ...(together.length === 0 ? [] : [dialect.distributeBy(together.map((one) => expressionSql(one, dialect)))]),
    ...(sorted ? sortLines(sorted, dialect) : []),
  ];
  if (computed === undefined) return lines;
  const carried = query.columns.flatMap((one) => ('name' in one && isCarried(one) ? [one.name] : []));
  return dialect.computed(lines, {
    carried: computed.filter((name) => carried.includes(name)),
    computed: computed.filter((name) => !carried.includes(name)),
  });
}

/** Whether a column has the name and the value of one of the source. */
function isCarried({ name, value }: { readonly name: string; readonly value: Expression }): boolean {
  return value.kind === 'name' && value.name === name;
}

function sortLines({ within, order }: NonNullable<Select['sorted']>, dialect: Dialect): string[] {
  const [first = '', ...more] = wrapped(order.map((one) => orderSql(one, dialect)));
  return [`${dialect.orderKeywords[within]} ${first.trim()}`, ...more];
}

function wrapped(parts: readonly string[]): string[] {
  const lines: string[] = [];
  let line = '';
  parts.forEach((part, k) => {
    const piece = k === parts.length - 1 ? part : `${part},`;
    if (line !== '' && line.length + piece.length + 1 > WIDTH) {
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
  return conditions.map(
    (one, k) =>
      `${k === 0 ? keyword : '  AND'} ${conditions.length === 1 ? expressionSql(one, dialect) : operandSql(one, dialect)}`,
  );
}
