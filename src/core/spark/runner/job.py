# A job of RecSample for spark-submit. The JSON below has its names, paths, settings and statements. The program
# around it is the same in every job.
import json
import math
import os
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from itertools import accumulate
from uuid import uuid4

from pyspark.sql import SparkSession

# How many steps run at the same time. With 1, they run in their order. With more, the steps of a job with few rows
# take less time, but large ones share the memory of the executors.
AT_ONCE = 3

JOB = json.loads(r"""
""")

spark = SparkSession.builder.appName("recsample").getOrCreate()
# Other programs may share the session: only the statements of this run are cancelled.
TAG = f"recsample-{uuid4()}"
Path = spark._jvm.org.apache.hadoop.fs.Path
STEPS = [step for section in JOB["sections"] for step in section["steps"]]
first_of, total = [], 0
for step in STEPS:
    first_of.append(total + 1)
    total += len(step.get("statements", []))


def text_of(lines):
    return "\n".join(lines)


def files_of(path):
    return path.getFileSystem(spark._jsc.hadoopConfiguration())


def place_of(text):
    """The file system of a path, and the names down to it. Links are resolved."""
    path = Path(text)
    files, below = files_of(path), []
    path = files.makeQualified(path)
    if path.toUri().getScheme() == "file":
        # Hadoop does not resolve links of local folders.
        return ["file", "", *os.path.realpath(path.toUri().getPath()).split("/")[1:]]
    while path.getParent() is not None and not files.exists(path):
        below.insert(0, path.getName())
        path = path.getParent()
    real = files.resolvePath(path).toUri()
    return [real.getScheme(), real.getAuthority(), *filter(None, real.getPath().split("/")), *below]


def refuse_inputs():
    """Ends the job before it replaces data that it reads."""
    inputs = [(folder, place_of(folder)) for folder in JOB["reads"]]
    for written in JOB["writes"]:
        place = place_of(written)
        for folder, other in inputs:
            if all(a == b for a, b in zip(place, other)):
                raise RuntimeError(f"Spark would replace the data that it reads: {written} and {folder} overlap")


def bits_of(count):
    """Bits of the number of columns of an alias table."""
    return (count - 1).bit_length()


def alias_rows(weights):
    """j, threshold and alias of each column of an alias table. docs/sampling.md: Pools."""
    size = 1 << bits_of(len(weights))
    total, upto, end, masses = sum(weights), 0, 0, []
    for weight in weights:
        upto += weight
        before, end = end, math.floor(float(upto) / float(total) * (float(size) * float(UNIT)))
        masses.append(end - before)
    masses += [0] * (size - len(masses))
    light = [j for j, mass in enumerate(masses) if mass < UNIT]
    heavy = [j for j, mass in enumerate(masses) if mass >= UNIT]
    rows = []
    # The first heavy column whose surpluses cover the deficits of the light columns before.
    place, surplus, deficit = 0, masses[heavy[0]] - UNIT, 0
    for j in light:
        while surplus < deficit:
            place += 1
            surplus += masses[heavy[place]] - UNIT
        rows.append((j, masses[j], heavy[place]))
        deficit += UNIT - masses[j]
    # The light column that takes more than the surpluses so far: what is missing comes from the next heavy column.
    place, surplus, deficit = 0, 0, 0
    for j, after in zip(heavy, heavy[1:] + [None]):
        surplus += masses[j] - UNIT
        while place < len(light) and deficit <= surplus:
            deficit += UNIT - masses[light[place]]
            place += 1
        rows.append((j, UNIT - (deficit - surplus), after) if deficit > surplus else (j, UNIT, j))
    return rows


# A pool with more items, or with more characters in their ids, is made by statements: the driver would send more than
# some MB to each task.
FEW_ITEMS, MAX_TEXT, UNIT = 100_000, 4_000_000, 1 << 32
# The steps that a small pool does not need.
POOL_STEPS = ("ranges", "size", "pool", "columns", "sums", "search", "alias")
# By name: their items in the order of their places, with the columns of their alias tables.
small_pools = {}


def is_made(name):
    # Whether a step is one of a small pool, which is made when the first of them begins.
    pool, _, part = name.rpartition("__")
    if pool not in JOB["pools"] or part not in POOL_STEPS:
        return False
    if part != POOL_STEPS[0]:
        return pool in small_pools
    known = spark.table(f"{pool}__items")
    items = known.limit(FEW_ITEMS + 1).collect()
    if not items or len(items) > FEW_ITEMS or sum(len(str(row["item"])) for row in items) > MAX_TEXT:
        return False
    # Texts have the order of their bytes in UTF-8 here too.
    items.sort(key=lambda row: row["item"])
    weights = [row["weight"] for row in items]
    total, count = sum(weights), len(items)
    # Spark puts these numbers in the place of queries for them.
    size = spark.sql(f"SELECT {total}L AS total, {count}L AS items, {bits_of(count)}L AS bits")
    size.createOrReplaceTempView(f"{pool}__size")
    rows = [(*row, upto, place) for place, (row, upto) in enumerate(zip(items, accumulate(weights)))]
    alias = sorted(alias_rows(weights))
    keep_rows(pool, {
        f"{pool}__pool": ({**types_of(known), "upto": "bigint", "place": "bigint"}, rows),
        f"{pool}__alias": ({"j": "bigint", "threshold": "bigint", "alias": "bigint"}, alias),
    })
    small_pools[pool] = [row["item"] for row in items], [column for _, *column in alias]
    return True


def types_of(rows):
    return {field.name: field.dataType.simpleString() for field in rows.schema}


def keep_rows(name, tables):
    # As lists, in JSON: Spark would start processes of Python to read rows of Python, and sends each row to its
    # tasks as an object. The optimizer reads the JSON, without a task.
    structs, values = [], {}
    for table, (types, rows) in tables.items():
        lists = ", ".join(f"`{column}`: ARRAY<{kind}>" for column, kind in types.items())
        structs.append(f"{table}: STRUCT<{lists}>")
        values[table] = dict(zip(types, zip(*rows)))
    lines = spark._jvm.java.util.Collections.singletonList(json.dumps(values))
    texts = spark._jsparkSession.createDataset(lines, spark._jvm.org.apache.spark.sql.Encoders.STRING())
    texts.createOrReplaceTempView(f"{name}_text")
    kind = f"STRUCT<{', '.join(structs)}>"
    read = f"from_json(value, '{kind}', map('mode', 'FAILFAST')) AS tables"
    keep(f"{name}_lists", spark.sql(f"SELECT {read} FROM {name}_text")._jdf)
    for table, (types, _) in tables.items():
        lists = ", ".join(f"tables.{table}.`{column}`" for column in types)
        columns = ", ".join(f"`{column}`" for column in types)
        rows = f"SELECT inline(arrays_zip({lists})) AS ({columns}) FROM {name}_lists"
        spark.sql(rows).createOrReplaceTempView(table)


def check_inputs(inputs):
    for checked in inputs:
        place, options, columns = checked["place"], checked["options"], checked["columns"]
        if columns is None:
            files = spark.read.format("binaryFile").options(**options).load()
            # Their number: Python would fetch each name by a call.
            if len(files._jdf.inputFiles()) == 0:
                raise RuntimeError(f"{place}: there are no files")
            continue
        # All files: a column may be newer than the oldest one. Empty files, which some writers leave, have none.
        all_files = spark.read.options(mergeSchema="true", ignoreCorruptFiles="true", **options)
        found = {column.lower() for column in all_files.format("parquet").load().columns}
        missing = ", ".join(column for column in columns if column.lower() not in found)
        if missing:
            raise RuntimeError(f"{place}: the job was written for columns that are missing there: {missing}")


def keep(name, java):
    # Spark neither writes nor reads a file for them, and needs no job to send them to its tasks.
    spark._jsparkSession.createDataFrame(java.collectAsList(), java.schema()).createOrReplaceTempView(name)


def keep_none(name, rows):
    # A step without rows that has the columns of others. Nothing is computed for it.
    nothing = spark._jvm.java.util.Collections.emptyList()
    spark._jsparkSession.createDataFrame(nothing, rows._jdf.schema()).createOrReplaceTempView(name)


def is_empty(name):
    # Whether a short query knows that a step has no rows.
    short = JOB["rows_only_if"].get(name)
    return short is not None and not spark.sql(text_of(short["query"])).limit(1).collect()


def fmix32(word):
    # As the steps a_1, a_2, … of the statements.
    word = (word ^ word >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    word = (word ^ word >> 13) * 0xC2B2AE35 & 0xFFFFFFFF
    return word ^ word >> 16


def further_items(group, excluded, salts, items, columns):
    """The items of a group after all attempts. items: of the pool. columns: threshold and alias of each one."""
    found, quota = list(group["items"]), group["quota"]
    known = excluded.union(found)
    for k in range(quota + (quota >> 3) + 1, quota * 8 + 64):
        word = fmix32((k + 1) * 0x9E3779B1 & 0xFFFFFFFF)
        a, b = (fmix32(key ^ word ^ salt) for key, salt in zip((group["k0"], group["k1"]), salts))
        j = a >> 32 - bits_of(len(items))
        threshold, alias = columns[j]
        item = items[j if b < threshold else alias]
        if item not in known:
            known.add(item)
            found.append(item)
        if len(found) == quota:
            break
    return found


# With more groups to fill, or more that their users exclude, statements make the attempts.
FEW_GROUPS, MAX_EXCLUDED = 5_000, 200_000
filled = set()


def fill_groups(name):
    """Makes the further attempts of an entry, if its pool is small and few groups need them. Says if it did."""
    entry, _, part = name.rpartition("__")
    if part == "accepted_3":
        return entry in filled
    if part != "accepted_2" or entry not in JOB["further"] or entry not in small_pools:
        return False
    further = JOB["further"][entry]
    # Ids that are long together are not few: all rows of a step are one text.
    longest = max(1, *(len(str(item)) for item in small_pools[entry][0]))
    few = min(FEW_GROUPS, MAX_TEXT // (further["quota"] * longest))
    known = spark.sql(text_of(further["groups"]))
    groups = known.limit(few + 1).collect()
    if len(groups) > few:
        return False
    most = min(MAX_EXCLUDED, MAX_TEXT // longest)
    rows = []
    if groups and further["excluded"] is not None:
        rows = spark.sql(text_of(further["excluded"])).limit(most + 1).collect()
    if len(rows) > most:
        return False
    excluded = {}
    for user, of_user, item in rows:
        excluded.setdefault((user, of_user), set()).add(item)
    full, short = [], []
    for group in groups:
        user, of_user, k0, k1, quota, _, *own = group
        never = excluded.get((user, of_user), set()) | set(own)
        items = further_items(group, never, further["salts"], *small_pools[entry])
        row = (user, of_user, k0, k1, quota, items, quota - len(items))
        (short if len(items) < quota else full).append(row)
    types = {**dict(list(types_of(known).items())[:6]), "missing": "bigint"}
    for number, rows in ((2, full), (3, short)):
        step = f"{entry}__accepted_{number}"
        if rows:
            keep_rows(step, {step: (types, rows)})
        else:
            keep_none(step, spark.table(f"{entry}__accepted_1"))
    filled.add(entry)
    return True


def rename(files, old, new):
    if not files.rename(old, new):
        raise OSError(f"{old} could not be renamed to {new}")


def publish(output, staged, replaced):
    """The result and its counts are complete: they take the place of the old ones."""
    files = files_of(output)
    if files.exists(output):
        files.delete(replaced, True)
        files.mkdirs(replaced.getParent())
        rename(files, output, replaced)
    rename(files, staged, output)
    files.delete(replaced, True)
    # Empty folders only; other jobs may use them too.
    for folder in (staged.getParent(), replaced.getParent()):
        if files.exists(folder) and not files.listStatus(folder):
            files.delete(folder, False)


def run(number):
    step = STEPS[number]
    name, rows = step["name"], step.get("rows")
    statements = [text_of(lines) for lines in step.get("statements", [])]
    # The UI of Spark shows the name of the step.
    spark.sparkContext.setJobDescription(name)
    spark.sparkContext.addJobTag(TAG)
    if is_made(name) or fill_groups(name):
        print(f"{name}: made by the driver\n", end="", flush=True)
        return
    if is_empty(name):
        print(f"{name}: no rows\n", end="", flush=True)
        like = JOB["rows_only_if"][name]["like"]
        keep_none(name, spark.table(like) if like else spark.sql(statements[-1]))
        return
    for count, statement in enumerate(statements, 1):
        shown = next(line for line in statement.splitlines() if line and not line.startswith("--"))
        if rows is not None and count == len(statements):
            shown = {"driver": "rows of the driver", "folder": step.get("folder")}.get(rows, rows)
        print(f"{first_of[number] + count - 1}/{total} {name}: {shown}\n", end="", flush=True)
        query = spark.sql(statement)
    if rows == "check":
        query.collect()
    elif rows == "driver":
        keep(name, query._jdf)
    elif rows == "view":
        query.createOrReplaceTempView(name)
    elif rows == "folder":
        query.write.mode("overwrite").parquet(step["folder"])
        # With their types, Spark need not look for them in the files.
        spark.read.schema(query.schema).parquet(step["folder"]).createOrReplaceTempView(name)
    if "settings" in step:
        print(f"{name}: {len(step['settings'])} of Spark\n", end="", flush=True)
        for setting in step["settings"]:
            spark.conf.set(setting["name"], setting["value"])
    if "inputs" in step:
        print(f"{name}: {len(step['inputs'])} inputs\n", end="", flush=True)
        check_inputs(step["inputs"])


refuse_inputs()
waiting, running, ended, errors = list(range(len(STEPS))), {}, set(), {}
with ThreadPoolExecutor(AT_ONCE) as threads:
    try:
        while True:
            # After an error, only the steps before it go on: one of them may be the cause.
            last = min(errors, default=len(STEPS))
            ready = [step for step in waiting if step < last and ended.issuperset(STEPS[step]["needs"])]
            for step in ready[: AT_ONCE - len(running)]:
                waiting.remove(step)
                running[threads.submit(run, step)] = step
            if all(step > last for step in running.values()):
                break
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                step = running.pop(future)
                if future.exception():
                    errors[step] = future.exception()
                else:
                    ended.add(STEPS[step]["name"])
    finally:
        while wait(running, timeout=1).not_done:
            try:
                spark.sparkContext.cancelJobsWithTag(TAG)
            except Exception:
                # Spark has stopped. The error of the step says why.
                pass
if errors:
    raise errors[min(errors)]
if waiting:
    raise RuntimeError(f"{STEPS[waiting[0]]['name']} needs a step that is not in this job")


if JOB["publish"] is not None:
    publish(*(Path(JOB["publish"][name]) for name in ("output", "staged", "replaced")))
spark.stop()
