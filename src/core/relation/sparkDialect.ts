import { utf8Hex } from '../sampling/words.ts';
import type { Dialect } from './dialect.ts';

/** Keywords that Spark reserves in at least one mode. */
const keywords = new Set(
  (
    'all and anti any as asc at authorization between both by case cast check collate column constraint create cross ' +
    'current_date current_time current_timestamp current_user date day desc distinct else end escape except exists false fetch ' +
    'filter for foreign from full grant group having hour in inner intersect interval into is join key lateral leading ' +
    'left like limit map minute month natural not null on only or order outer over overlaps partition position primary ' +
    'references right row rows second select semi session_user set some struct table then time timestamp to trailing true ' +
    'union unique unknown user using values view when where window with within year'
  ).split(' '),
);

/** Renders names, literals and functions for Spark SQL 3.5 and 4, with or without ANSI mode. See docs/spark.md. */
export const sparkDialect: Dialect = {
  identifier: (name) =>
    /^[a-z][a-z0-9_]*$/.test(name) && !keywords.has(name) ? name : `\`${name.replaceAll('`', '``')}\``,
  text: sparkText,
  integer: (value) =>
    // -9223372036854775808L is parsed as a negated, too large literal.
    value === -(1n << 63n) ? `CAST('${value}' AS BIGINT)` : `${value}L`,
  double: (value) => `CAST('${value}' AS DOUBLE)`,
  type: (type) => (typeof type === 'string' ? type : `DECIMAL(${type.precision}, ${type.scale})`),
  functions: {
    xor: ([a = '', b = '']) => `(${a} ^ ${b})`,
    // Operators for shifts exist only from Spark 4. The number of bits is an INT.
    shiftRight: ([value = '', bits = '']) => `shiftright(${value}, ${asInt(bits)})`,
    shiftLeft: ([value = '', bits = '']) => `shiftleft(${value}, ${asInt(bits)})`,
    hexWord: ([hex = '', offset = '']) => `CAST(conv(substr(${hex}, ${asInt(offset)}, 8), 16, 10) AS BIGINT)`,
    microseconds: ([time = '']) => `unix_micros(CAST(${time} AS TIMESTAMP))`,
    textMicroseconds: ([value = '']) => convertOrRaise(value, tryMicroseconds(value), 'a time'),
    dayEnd: ([day = '']) => dayEnd(day),
    textDayEnd: ([value = '']) => {
      const endOfDate = dayEnd(`try_cast(${value} AS DATE)`);
      const end = `CASE WHEN length(${value}) <= 10 THEN ${endOfDate} ELSE ${tryMicroseconds(value)} END`;
      return convertOrRaise(value, end, 'a time');
    },
    instant: ([micros = '']) => `timestamp_micros(${micros})`,
    dayNumber: ([micros = '']) => `CAST(unix_date(CAST(timestamp_micros(${micros}) AS DATE)) AS BIGINT)`,
    daysEarlier: ([micros = '', days = '']) =>
      `unix_micros(CAST(CAST(timestamp_micros(${micros}) AS TIMESTAMP_NTZ) - make_dt_interval(${asInt(days)}) AS TIMESTAMP))`,
    eachInteger: ([first = '', last = '']) => `explode(sequence(${first}, ${last}))`,
    splitText: ([value = '', , pattern = '']) => `split(${value}, ${pattern})`,
    trimBlanks: ([value = '']) => `btrim(${value}, concat(' ', chr(9), chr(10), chr(13)))`,
    wholeNumber: ([value = '']) =>
      // Spark would also read a text with spaces around it.
      `CASE WHEN translate(${value}, '+-0123456789', '') = '' THEN try_cast(${value} AS BIGINT) END`,
    integerOfText: ([value = '']) => convertOrRaise(value, `try_cast(${value} AS BIGINT)`, 'an integer'),
    eachElement: ([list = '']) => `explode(${list})`,
    raise: ([text = '']) => `raise_error(${text})`,
    rangeBucket: () => 'spark_partition_id()',
    dayText: ([day = '', format = '']) => `date_format(date_from_unix_date(${asInt(day)}), ${format})`,
    listOf: (values) => `array(${values.join(', ')})`,
    listOfKnown: (values) => `array_compact(array(${values.join(', ')}))`,
    eachField: ([list = '', field = '']) => `${list}.${field}`,
    firstDistinct: ([list = '', count = '']) => `slice(array_distinct(${list}), 1, ${asInt(count)})`,
    joinedLists: ([a = '', b = '']) => `concat(coalesce(${a}, array()), coalesce(${b}, array()))`,
    // `size` of NULL is -1 without ANSI mode.
    listSize: ([list = '']) => `CAST(array_size(${list}) AS BIGINT)`,
    slice: ([list = '', first = '', count = '']) => `slice(${list}, ${asInt(first)}, ${asInt(count)})`,
    isInList: ([list = '', value = '']) => `coalesce(array_contains(${list}, ${value}), FALSE)`,
    elementAt: ([list = '', index = '']) => `${list}[CAST(${index} AS INT)]`,
    // Same formula as Spark's hash partitioning.
    taskOf: ([number = '', count = '']) => `pmod(hash(${number}), ${asInt(count)})`,
    partOf: ([value = '', count = '']) => `CAST(pmod(hash(${value}), ${asInt(count)}) AS BIGINT)`,
    ownTask: () => 'spark_partition_id()',
  },
  computed: (query, { carried, computed }) => {
    const quoted = computed.map(sparkDialect.identifier);
    const columns = [
      ...carried.map((name) => `z.${sparkDialect.identifier(name)}`),
      ...quoted.map((name) => `out.${name}`),
    ];
    return [
      `SELECT ${columns.join(', ')}`,
      'FROM (',
      ...query.map((line) => `  ${line}`),
      ') z',
      // Spark does not push filters through a generator. Only computed columns go through it, so that Spark keeps the
      // partitioning of the others.
      `LATERAL VIEW inline(array(struct(${quoted.map((name) => `z.${name}`).join(', ')}))) out AS ${quoted.join(', ')}`,
    ];
  },
  sortedStructList: (fields, where) => {
    const struct = `struct(${fields.map(([name, value]) => `${value} AS ${name}`).join(', ')})`;
    const filter = where === null ? '' : ` FILTER (WHERE ${where})`;
    return `sort_array(collect_list(${struct})${filter})`;
  },
  elementsWhere: (list, as, condition) => `filter(${list}, ${as} -> ${condition})`,
  elementValues: (list, as, value) => `transform(${list}, ${as} -> ${value})`,
  repartitionHint: (count, column) => ` /*+ REPARTITION(${count}, ${column}) */`,
  orderKeywords: { all: 'ORDER BY', task: 'SORT BY' },
  broadcastHint: (names) => ` /*+ BROADCAST(${names.join(', ')}) */`,
  rangePartitionHint: (columns) => ` /*+ REPARTITION_BY_RANGE(${columns.join(', ')}) */`,
  distributeBy: (values) => `DISTRIBUTE BY ${values.join(', ')}`,
};

/** Spark versions and settings parse quotes, backslashes and `$` differently, so such texts are written as bytes. */
function sparkText(value: string): string {
  if (value === '\u001f') return 'chr(31)';
  if (/^[^'\\$;\u0000-\u001f]*$/.test(value)) return `'${value}'`;
  return `CAST(X'${utf8Hex(value)}' AS STRING)`;
}

/** An argument that must be an INT: a literal without its suffix, else a cast. */
function asInt(value: string): string {
  return /^\d+L$/.test(value) ? value.slice(0, -1) : `CAST(${value} AS INT)`;
}

function dayEnd(day: string): string {
  return `(unix_micros(CAST(date_add(${day}, 1) AS TIMESTAMP)) - 1)`;
}

function tryMicroseconds(value: string): string {
  return `unix_micros(try_cast(${value} AS TIMESTAMP))`;
}

/** Fails for a text that cannot be converted. Without ANSI mode it would silently become NULL. */
function convertOrRaise(value: string, converted: string, kind: string): string {
  const error = `CAST(raise_error(concat('not ${kind}: ', ${value})) AS BIGINT)`;
  return `CASE WHEN ${value} IS NOT NULL THEN coalesce(${converted}, ${error}) END`;
}
