import { aliasRows } from './pythonAlias.ts';
import { furtherAttempts, furtherItems } from './pythonAttempts.ts';
import { checkInputs } from './pythonInputs.ts';
import { smallPools } from './pythonPools.ts';

/**
 * The program of a job in Python: what comes before its JSON, and what comes after it. Both are the same in every job,
 * because a name or a text of the data must never be read as program text.
 */
const session = [
  'spark = SparkSession.builder.appName("recsample").getOrCreate()',
  '# Other programs may share the session: only the statements of this run are cancelled.',
  'TAG = f"recsample-{uuid4()}"',
  'Path = spark._jvm.org.apache.hadoop.fs.Path',
  'STEPS = [step for section in JOB["sections"] for step in section["steps"]]',
  'first_of, total = [], 0',
  'for step in STEPS:',
  '    first_of.append(total + 1)',
  '    total += len(step.get("statements", []))',
];

const text = [
  'def text_of(lines):',
  '    return "\\n".join(lines)',
  '',
  '',
  'def files_of(path):',
  '    return path.getFileSystem(spark._jsc.hadoopConfiguration())',
];

/** Only the cluster knows its default file system, and where links lead there. */
const refuseInputs = [
  'def place_of(text):',
  '    """The file system of a path, and the names down to it. Links are resolved."""',
  '    path = Path(text)',
  '    files, below = files_of(path), []',
  '    path = files.makeQualified(path)',
  '    if path.toUri().getScheme() == "file":',
  '        # Hadoop does not resolve links of local folders.',
  '        return ["file", "", *os.path.realpath(path.toUri().getPath()).split("/")[1:]]',
  '    while path.getParent() is not None and not files.exists(path):',
  '        below.insert(0, path.getName())',
  '        path = path.getParent()',
  '    real = files.resolvePath(path).toUri()',
  '    return [real.getScheme(), real.getAuthority(), *filter(None, real.getPath().split("/")), *below]',
  '',
  '',
  'def refuse_inputs():',
  '    """Ends the job before it replaces data that it reads."""',
  '    inputs = [(folder, place_of(folder)) for folder in JOB["reads"]]',
  '    for written in JOB["writes"]:',
  '        place = place_of(written)',
  '        for folder, other in inputs:',
  '            if all(a == b for a, b in zip(place, other)):',
  '                raise RuntimeError(f"Spark would replace the data that it reads: {written} and {folder} overlap")',
];

const keeping = [
  'def keep(name, java):',
  '    # Spark neither writes nor reads a file for them, and needs no job to send them to its tasks.',
  '    spark._jsparkSession.createDataFrame(java.collectAsList(), java.schema()).createOrReplaceTempView(name)',
  '',
  '',
  'def keep_none(name, rows):',
  '    # A step without rows that has the columns of others. Nothing is computed for it.',
  '    nothing = spark._jvm.java.util.Collections.emptyList()',
  '    spark._jsparkSession.createDataFrame(nothing, rows._jdf.schema()).createOrReplaceTempView(name)',
  '',
  '',
  'def is_empty(name):',
  '    # Whether a short query knows that a step has no rows.',
  '    short = JOB["rows_only_if"].get(name)',
  '    return short is not None and not spark.sql(text_of(short["query"])).limit(1).collect()',
];

/** Runs the steps. If steps fail, the error is that of the first one in the order of the script. */
const running = [
  'def run(number):',
  '    step = STEPS[number]',
  '    name, rows = step["name"], step.get("rows")',
  '    statements = [text_of(lines) for lines in step.get("statements", [])]',
  '    # The UI of Spark shows the name of the step.',
  '    spark.sparkContext.setJobDescription(name)',
  '    spark.sparkContext.addJobTag(TAG)',
  '    if is_made(name) or fill_groups(name):',
  '        print(f"{name}: made by the driver\\n", end="", flush=True)',
  '        return',
  '    if is_empty(name):',
  '        print(f"{name}: no rows\\n", end="", flush=True)',
  '        like = JOB["rows_only_if"][name]["like"]',
  '        keep_none(name, spark.table(like) if like else spark.sql(statements[-1]))',
  '        return',
  '    for count, statement in enumerate(statements, 1):',
  '        shown = next(line for line in statement.splitlines() if line and not line.startswith("--"))',
  '        if rows is not None and count == len(statements):',
  '            shown = {"driver": "rows of the driver", "folder": step.get("folder")}.get(rows, rows)',
  '        print(f"{first_of[number] + count - 1}/{total} {name}: {shown}\\n", end="", flush=True)',
  '        query = spark.sql(statement)',
  '    if rows == "check":',
  '        query.collect()',
  '    elif rows == "driver":',
  '        keep(name, query._jdf)',
  '    elif rows == "view":',
  '        query.createOrReplaceTempView(name)',
  '    elif rows == "folder":',
  '        query.write.mode("overwrite").parquet(step["folder"])',
  '        # With their types, Spark need not look for them in the files.',
  '        spark.read.schema(query.schema).parquet(step["folder"]).createOrReplaceTempView(name)',
  '    if "settings" in step:',
  '        print(f"{name}: {len(step[\'settings\'])} of Spark\\n", end="", flush=True)',
  '        for setting in step["settings"]:',
  '            spark.conf.set(setting["name"], setting["value"])',
  '    if "inputs" in step:',
  '        print(f"{name}: {len(step[\'inputs\'])} inputs\\n", end="", flush=True)',
  '        check_inputs(step["inputs"])',
  '',
  '',
  'refuse_inputs()',
  'waiting, running, ended, errors = list(range(len(STEPS))), {}, set(), {}',
  'with ThreadPoolExecutor(AT_ONCE) as threads:',
  '    try:',
  '        while True:',
  '            # After an error, only the steps before it go on: one of them may be the cause.',
  '            last = min(errors, default=len(STEPS))',
  '            ready = [step for step in waiting if step < last and ended.issuperset(STEPS[step]["needs"])]',
  '            for step in ready[: AT_ONCE - len(running)]:',
  '                waiting.remove(step)',
  '                running[threads.submit(run, step)] = step',
  '            if all(step > last for step in running.values()):',
  '                break',
  '            for future in wait(running, return_when=FIRST_COMPLETED).done:',
  '                step = running.pop(future)',
  '                if future.exception():',
  '                    errors[step] = future.exception()',
  '                else:',
  '                    ended.add(STEPS[step]["name"])',
  '    finally:',
  '        while wait(running, timeout=1).not_done:',
  '            try:',
  '                spark.sparkContext.cancelJobsWithTag(TAG)',
  '            except Exception:',
  '                # Spark has stopped. The error of the step says why.',
  '                pass',
  'if errors:',
  '    raise errors[min(errors)]',
  'if waiting:',
  '    raise RuntimeError(f"{STEPS[waiting[0]][\'name\']} needs a step that is not in this job")',
];

/**
 * The result takes the place of the old one by renames. A run that is killed between them is completed by the next one.
 */
const publish = [
  'def rename(files, old, new):',
  '    if not files.rename(old, new):',
  '        raise OSError(f"{old} could not be renamed to {new}")',
  '',
  '',
  'def publish(output, staged, replaced):',
  '    """The result and its counts are complete: they take the place of the old ones."""',
  '    files = files_of(output)',
  '    if files.exists(output):',
  '        files.delete(replaced, True)',
  '        files.mkdirs(replaced.getParent())',
  '        rename(files, output, replaced)',
  '    rename(files, staged, output)',
  '    files.delete(replaced, True)',
  '    # Empty folders only; other jobs may use them too.',
  '    for folder in (staged.getParent(), replaced.getParent()):',
  '        if files.exists(folder) and not files.listStatus(folder):',
  '            files.delete(folder, False)',
];

/** The part before the JSON of a job. */
export const pythonHead = [
  '# A job of RecSample for spark-submit. The JSON below has its names, paths, settings and statements. The program',
  '# around it is the same in every job.',
  'import json',
  'import math',
  'import os',
  'from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait',
  'from itertools import accumulate',
  'from uuid import uuid4',
  '',
  'from pyspark.sql import SparkSession',
  '',
  '# How many steps run at the same time. With 1, they run in their order. With more, the steps of a job with few rows',
  '# take less time, but large ones share the memory of the executors.',
  'AT_ONCE = 3',
  '',
  'JOB = json.loads(r"""',
];

/** The part after it. */
export const pythonRunner = [
  '""")',
  '',
  ...[session, text, refuseInputs, aliasRows, smallPools, checkInputs, keeping, furtherItems, furtherAttempts]
    .concat([publish, running])
    .flatMap((part) => [...part, '', '']),
  'if JOB["publish"] is not None:',
  '    publish(*(Path(JOB["publish"][name]) for name in ("output", "staged", "replaced")))',
  'spark.stop()',
];
