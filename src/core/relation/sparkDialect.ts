import { utf8Hex } from '../sampling/words.ts';
import type { Dialect } from './dialect.ts';

/** Words that need quotes in some mode of Spark although they look like names. */
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

/**
 * The text of names, texts and functions in Spark SQL 3.5 and 4. It does not depend on ANSI mode. See docs/spark.md.
 */
export const sparkDialect: Dialect = {
  identifier: (name) =>
    /^[a-z][a-z0-9_]*$/.test(name) && !keywords.has(name) ? name : `\`${name.replaceAll('`', '``')}\``,
  text: sparkText,
  integer: (value) =>
    // The literal of the smallest number would be read as minus a number that is too large.
    value === -(1n << 63n) ? `CAST('${value}' AS BIGINT)` : `${value}L`,
  double: (value) => `CAST('${value}' AS DOUBLE)`,
  type: (type) => (typeof type === 'string' ? type : `DECIMAL(${type.precision}, ${type.scale})`),
  functions: {
    xor: ([a = '', b = '']) => `(${a} ^ ${b})`,
    // Operators for shifts exist only from Spark 4. The number of bits is an INT.
    shiftRight: ([value = '', bits = '']) => `shiftright(${value}, ${asInt(bits)})`,
    shiftLeft: ([value = '', bits = '']) => `shiftleft(${value}, ${asInt(bits)})`,
    hexWord: ([hex = '', at = '']) => `CAST(conv(substr(${hex}, ${asInt(at)}, 8), 16, 10) AS BIGINT)`,
    microseconds: ([time = '']) => `unix_micros(CAST(${time} AS TIMESTAMP))`,
    textMicroseconds: ([value = '']) => textTime(value, `unix_micros(try_cast(${value} AS TIMESTAMP))`),
    dayEnd: ([day = '']) => dayEnd(day),
    textDayEnd: ([value = '']) =>
      textTime(
        value,
        `CASE WHEN length(${value}) <= 10 THEN ${dayEnd(`try_cast(${value} AS DATE)`)} ELSE unix_micros(try_cast(${value} AS TIMESTAMP)) END`,
      ),
    instant: ([at = '']) => `timestamp_micros(${at})`,
    dayNumber: ([at = '']) => `CAST(unix_date(CAST(timestamp_micros(${at}) AS DATE)) AS BIGINT)`,
    daysEarlier: ([at = '', days = '']) =>
      `unix_micros(CAST(CAST(timestamp_micros(${at}) AS TIMESTAMP_NTZ) - make_dt_interval(${asInt(days)}) AS TIMESTAMP))`,
    eachInteger: ([first = '', last = '']) => `explode(sequence(${first}, ${last}))`,
    splitText: ([value = '', , pattern = '']) => `split(${value}, ${pattern})`,
    trimBlanks: ([value = '']) => `btrim(${value}, concat(' ', chr(9), chr(10), chr(13)))`,
    wholeNumber: ([value = '']) =>
      // Spark would also read a text with spaces around it.
      `CASE WHEN translate(${value}, '+-0123456789', '') = '' THEN try_cast(${value} AS BIGINT) END`,
    integerOfText: ([value = '']) =>
      `CASE WHEN ${value} IS NOT NULL THEN coalesce(try_cast(${value} AS BIGINT), CAST(raise_error(concat('not an integer: ', ${value})) AS BIGINT)) END`,
    eachElement: ([list = '']) => `explode(${list})`,
    raise: ([what = '']) => `raise_error(${what})`,
    rangeBucket: () => 'spark_partition_id()',
    dayText: ([day = '', format = '']) => `date_format(date_from_unix_date(${asInt(day)}), ${format})`,
    listOf: (values) => `array(${values.join(', ')})`,
    listOfKnown: (values) => `array_compact(array(${values.join(', ')}))`,
    eachField: ([list = '', field = '']) => `${list}.${field}`,
    firstDistinct: ([list = '', count = '']) => `slice(array_distinct(${list}), 1, ${asInt(count)})`,
    joinedLists: ([a = '', b = '']) => `concat(coalesce(${a}, array()), coalesce(${b}, array()))`,
    // `size` of NULL is -1 without ANSI mode.
    listSize: ([list = '']) => `CAST(array_size(${list}) AS BIGINT)`,
    isInList: ([list = '', value = '']) => `coalesce(array_contains(${list}, ${value}), FALSE)`,
    elementAt: ([list = '', place = '']) => `${list}[CAST(${place} AS INT)]`,
    // As Spark's own partitioning of rows by a column.
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
      // No condition on its columns passes a generator. The other columns do not go through it: Spark would forget that
      // they distribute the rows.
      `LATERAL VIEW inline(array(struct(${quoted.map((name) => `z.${name}`).join(', ')}))) out AS ${quoted.join(', ')}`,
    ];
  },
  structs: (fields, where) =>
    `sort_array(collect_list(struct(${fields.map(([name, value]) => `${value} AS ${name}`).join(', ')}))${where === null ? '' : ` FILTER (WHERE ${where})`})`,
  tasks: (count, by) => ` /*+ REPARTITION(${count}, ${by}) */`,
  sorted: { all: 'ORDER BY', task: 'SORT BY' },
  few: (names) => ` /*+ BROADCAST(${names.join(', ')}) */`,
  ranges: (by) => ` /*+ REPARTITION_BY_RANGE(${by.join(', ')}) */`,
  together: (values) => `DISTRIBUTE BY ${values.join(', ')}`,
};

/** Quotes and backslashes are read differently by version and setting, `$` by variables, so such texts are bytes. */
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

/** Without ANSI mode, a wrong text would be NULL, and its row would silently count as one without a time. */
function textTime(value: string, read: string): string {
  return `CASE WHEN ${value} IS NOT NULL THEN coalesce(${read}, CAST(raise_error(concat('not a time: ', ${value})) AS BIGINT)) END`;
}
