/** Above it, the driver would send more than some MB to each task. */
const FEW_ITEMS = 100_000;
/** The same for the characters of their ids. */
const MOST_TEXT = 4_000_000;

/** The steps that a small pool does not need. */
const steps = ['ranges', 'size', 'pool', 'columns', 'sums', 'search', 'alias'] as const;

/** Which pools the driver may make, by the name of their entry. */
export const poolsHead = (pools: readonly string[]): readonly string[] => [
  '# Pools that the driver makes, with their alias table, if they have few items. Statements make larger ones.',
  `POOLS, UNIT = [${pools.map((pool) => `"${pool}"`).join(', ')}], 1 << 32`,
  `FEW_ITEMS, MOST_TEXT = ${FEW_ITEMS}, ${MOST_TEXT}`,
  '',
];

/** The function `is_made`: makes a small pool, and says which steps it replaces. Spark counts the items. */
export const smallPools = [
  '# By name: their items in the order of their places, with the columns of their alias tables.',
  'small_pools = {}',
  '',
  '',
  'def is_made(name):',
  '    # Whether a step is one of a small pool, which is made when the first of them begins.',
  '    pool, _, part = name.rpartition("__")',
  `    if pool not in POOLS or part not in (${steps.map((step) => `"${step}"`).join(', ')}):`,
  '        return False',
  `    if part != "${steps[0]}":`,
  '        return pool in small_pools',
  '    known = spark.table(f"{pool}__items")',
  '    items = known.limit(FEW_ITEMS + 1).collect()',
  '    if not items or len(items) > FEW_ITEMS or sum(len(str(row["item"])) for row in items) > MOST_TEXT:',
  '        return False',
  '    # Texts have the order of their bytes in UTF-8 here too.',
  '    items.sort(key=lambda row: row["item"])',
  '    weights = [row["weight"] for row in items]',
  '    total, count = sum(weights), len(items)',
  '    # Spark puts these numbers in the place of queries for them.',
  '    size = spark.sql(f"SELECT {total}L AS total, {count}L AS items, {bits_of(count)}L AS bits")',
  '    size.createOrReplaceTempView(f"{pool}__size")',
  '    rows = [(*row, upto, place) for place, (row, upto) in enumerate(zip(items, accumulate(weights)))]',
  '    alias = sorted(alias_rows(weights))',
  '    keep_rows(pool, {',
  '        f"{pool}__pool": ({**types_of(known), "upto": "bigint", "place": "bigint"}, rows),',
  '        f"{pool}__alias": ({"j": "bigint", "threshold": "bigint", "alias": "bigint"}, alias),',
  '    })',
  '    small_pools[pool] = [row["item"] for row in items], [column for _, *column in alias]',
  '    return True',
  '',
  '',
  'def types_of(rows):',
  '    return {field.name: field.dataType.simpleString() for field in rows.schema}',
  '',
  '',
  'def keep_rows(name, tables):',
  '    # As lists, in JSON: Spark would start processes of Python to read rows of Python, and sends each row to its',
  '    # tasks as an object. The optimizer reads the JSON, without a task.',
  '    structs, values = [], {}',
  '    for table, (types, rows) in tables.items():',
  '        lists = ", ".join(f"`{column}`: ARRAY<{kind}>" for column, kind in types.items())',
  '        structs.append(f"{table}: STRUCT<{lists}>")',
  '        values[table] = dict(zip(types, zip(*rows)))',
  '    lines = spark._jvm.java.util.Collections.singletonList(json.dumps(values))',
  '    texts = spark._jsparkSession.createDataset(lines, spark._jvm.org.apache.spark.sql.Encoders.STRING())',
  '    texts.createOrReplaceTempView(f"{name}_text")',
  '    kind = f"STRUCT<{\', \'.join(structs)}>"',
  "    read = f\"from_json(value, '{kind}', map('mode', 'FAILFAST')) AS tables\"",
  '    keep(f"{name}_lists", spark.sql(f"SELECT {read} FROM {name}_text")._jdf)',
  '    for table, (types, _) in tables.items():',
  '        lists = ", ".join(f"tables.{table}.`{column}`" for column in types)',
  '        columns = ", ".join(f"`{column}`" for column in types)',
  '        rows = f"SELECT inline(arrays_zip({lists})) AS ({columns}) FROM {name}_lists"',
  '        spark.sql(rows).createOrReplaceTempView(table)',
];
