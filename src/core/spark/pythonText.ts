import { commentLine, oneLine } from './comment.ts';
import { aliasRows, aliasSteps } from './pythonAlias.ts';
import { checkInputs, inputsText, isCheckedByPython } from './pythonInputs.ts';
import type { Script } from './script.ts';
import { pathText, type SparkPlaces } from './stepStatements.ts';
import {
  chaptersOf,
  legend,
  settingsBlock,
  withAbout,
  type Block,
  type SparkHead,
  type Statement,
} from './sparkText.ts';
import { stepNeeds } from './stepOrder.ts';

/** File systems on which a folder is renamed as a whole. On others, such as S3, a rename copies file by file. */
const renames = new Set(['file', 'hdfs', 'viewfs', 'abfs', 'abfss']);

/** Where a Python job writes the result before it takes the place of `output`; null: there at once. */
function stagingOf({ output }: SparkPlaces): { readonly staged: string; readonly replaced: string } | null {
  const [, scheme = 'file'] = /^([a-z][a-z0-9+.-]*):\//i.exec(output) ?? [];
  const folder = output.replace(/\/+$/, '');
  const at = folder.lastIndexOf('/') + 1;
  const [parent, name] = [folder.slice(0, at), folder.slice(at)];
  if (!renames.has(scheme.toLowerCase()) || name === '') return null;
  return { staged: `${parent}_staged/${name}`, replaced: `${parent}_replaced/${name}` };
}

/**
 * The same queries as a Python script for `spark-submit`. Steps that do not need each other run at the same time: a
 * small one does not keep the cluster from computing. Python knows the types of the rows that a step writes. In SQL,
 * Spark runs a job for each view that reads them from a file. Queries that only check something write nothing here.
 */
export function sparkPythonText(script: Script, head: SparkHead, timezone: string, places: SparkPlaces): string {
  const lines = head.map(([name, value]) => `# ${name}: ${oneLine(value)}`);
  // Days that a job does not draw must stay in their place.
  const isPartitioned = script.sections.some(({ steps }) =>
    steps.some((step) => step.kind === 'output' && step.partition !== null),
  );
  const staging = isPartitioned ? null : stagingOf(places);
  const written = staging === null ? places : { ...places, output: staging.staged };
  const chapters = chaptersOf(script, timezone, written);
  const needs = stepNeeds(script);
  lines.push(...legend(chapters, queriesOf).map((line) => `# ${oneLine(line)}`.trimEnd()), '');
  const pools = script.aliasTables.filter((pool) => needs.has(`${pool}__alias`));
  const later = script.laterAttempts.filter(([step]) => needs.has(step));
  lines.push(...(pools.length === 0 ? [] : ['import math']));
  lines.push('from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait');
  lines.push(...(pools.length === 0 ? [] : ['from itertools import accumulate']));
  lines.push('from uuid import uuid4', '', 'from pyspark.sql import SparkSession', '');
  lines.push('# How many steps run at the same time. With 1, they run in their order.', `AT_ONCE = ${AT_ONCE}`, '');
  lines.push(...stepsHead);
  if (pools.length > 0) lines.splice(-stepsHead.length, 0, ...poolsHead(pools));
  if (later.length > 0) lines.splice(-stepsHead.length, 0, ...laterHead(later));
  for (const { title, blocks } of chapters) {
    lines.push(`    # ${oneLine(title)}`);
    for (const block of blocks) lines.push(...stepLines(block, needs.get(block.name) ?? []));
  }
  lines.push(']', '', ...session);
  if (pools.length > 0) lines.push('', '', ...aliasRows, '', '', ...smallPools);
  const all = chapters.flatMap(({ blocks }) => blocks);
  if (all.some(isChecked)) lines.push('', '', ...checkInputs);
  if (pools.length > 0 || later.length > 0 || all.some(({ rows }) => rows?.isFew === true))
    lines.push('', '', ...keeping);
  if (later.length > 0) lines.push('', '', ...laterAttempts);
  lines.push('', '', ...running(pools.length > 0, later.length > 0));
  lines.push(...(staging === null ? [] : publishLines(places.output, staging)), 'spark.stop()');
  return `${lines.join('\n')}\n`;
}

/** With more, the steps of a job with few rows take less time, but large ones share the memory of the executors. */
const AT_ONCE = 3;

const stepsHead = [
  '# Of a query that only ends the job if something is wrong, and of one with few rows, which the driver keeps.',
  'CHECK, FEW = "", "few"',
  '# Each step: its name, the steps that must have ended before, its statements, and the folder of the rows of the',
  '# last one, which later steps read by the name of the step. None: it has no rows. A list: inputs to be checked.',
  'STEPS = [',
];

/** Above it, the driver would send more than some MB to each task. */
const FEW_ITEMS = 100_000;

const poolsHead = (pools: readonly string[]): readonly string[] => [
  '# Pools that the driver makes, with their alias table, if they have few items. Statements make larger ones.',
  `POOLS, FEW_ITEMS, UNIT = [${pools.map(pythonText).join(', ')}], ${FEW_ITEMS}, 1 << 32`,
  '',
];

const laterHead = (later: readonly (readonly [step: string, before: string])[]): readonly string[] => [
  '# Attempts for the groups that are not full after the attempts of an earlier step. Without such groups, Spark is',
  '# spared the long statement.',
  'LATER = {',
  ...later.map(([step, before]) => `    ${pythonText(step)}: ${pythonText(before)},`),
  '}',
  '',
];

const isChecked = ({ declared }: Block): boolean => declared !== undefined && isCheckedByPython(declared);

function stepLines(block: Block, needs: readonly string[]): readonly string[] {
  const { name, rows, declared } = block;
  const before = needs.length > 0 || name === settingsBlock ? needs : [settingsBlock];
  const head = `    (${pythonText(name)}, [${before.map(pythonText).join(', ')}], [`;
  if (declared !== undefined && isCheckedByPython(declared))
    return [
      ...block.about.map((about) => `    # ${oneLine(about)}`),
      `${head}], [`,
      ...inputsText(declared).map((line) => `        ${line},`),
      '    ]),',
    ];
  return [
    head,
    ...queriesOf(block).flatMap(({ comments, lines }) => [
      '        r"""',
      ...comments.map((comment) => commentLine(comment).replaceAll('"', "'")),
      ...lines.map(insideText),
      '""",',
    ]),
    `    ], ${targetText(rows)}),`,
  ];
}

function targetText(rows: Block['rows']): string {
  if (rows === null) return 'None';
  if (rows.view === null) return 'CHECK';
  return rows.isFew === true ? 'FEW' : pathText(rows.folder);
}

/** The statements of a step, of which the last one is the query of its rows. */
function queriesOf(block: Block): readonly Statement[] {
  const { about, statements, rows } = block;
  if (isChecked(block)) return [];
  return withAbout(about, rows === null ? statements : [...statements, { comments: [], lines: rows.query }]);
}

/**
 * A line of a raw text of Python. No backslash is in a statement: names with them are refused, and texts with them are
 * bytes. Three quotes, which a text of the config can have, would end the literal, and what follows would run: they are a
 * literal of their own.
 */
const insideText = (line: string): string => line.replaceAll('"""', `""" '"""' r"""`);

/** Names of steps have no quotes and no backslashes, as the statements. */
const pythonText = (name: string): string => `"${name}"`;

const session = [
  'spark = SparkSession.builder.appName("recsample").getOrCreate()',
  '# Other programs may share the session: only the statements of this run are cancelled.',
  'TAG = f"recsample-{uuid4()}"',
  'first_of, total = [], 0',
  'for _, _, statements, _ in STEPS:',
  '    first_of.append(total + 1)',
  '    total += len(statements)',
];

const keeping = [
  'def keep(name, rows):',
  '    # Spark neither writes nor reads a file for them, and needs no job to send them to its tasks.',
  '    java = rows._jdf',
  '    spark._jsparkSession.createDataFrame(java.collectAsList(), java.schema()).createOrReplaceTempView(name)',
];

const laterAttempts = [
  'def is_empty(name):',
  '    # Whether no group needs the attempts of a step.',
  '    before = LATER.get(name)',
  '    return before is not None and not spark.table(before).where("missing > 0").limit(1).collect()',
];

const smallPools = [
  'small_pools = set()',
  '',
  '',
  'def is_made(name):',
  '    # Whether a step is one of a small pool, which is made when the first of them begins.',
  '    pool, _, part = name.rpartition("__")',
  `    if pool not in POOLS or part not in (${aliasSteps.map(pythonText).join(', ')}):`,
  '        return False',
  `    if part != "${aliasSteps[0]}":`,
  '        return pool in small_pools',
  '    ranges = spark.table(f"{pool}__ranges").drop("bucket")',
  '    items = ranges.limit(FEW_ITEMS + 1).collect()',
  '    if not items or len(items) > FEW_ITEMS:',
  '        return False',
  '    # Texts have the order of their bytes in UTF-8 here too.',
  '    items.sort(key=lambda row: row["item"])',
  '    weights = [row["weight"] for row in items]',
  '    rows = [(*row, upto, place) for place, (row, upto) in enumerate(zip(items, accumulate(weights)))]',
  '    types = [f"{field.name} {field.dataType.simpleString()}" for field in ranges.schema]',
  '    types = ", ".join([*types, "upto BIGINT", "place BIGINT"])',
  '    keep(f"{pool}__pool", spark.createDataFrame(rows, types))',
  '    types = "j BIGINT NOT NULL, threshold BIGINT NOT NULL, alias BIGINT NOT NULL"',
  '    keep(f"{pool}__alias", spark.createDataFrame(alias_rows(weights), types))',
  '    small_pools.add(pool)',
  '    return True',
];

/** Runs the steps. If steps fail, the error is that of the first one in the order of the script. */
const running = (hasPools: boolean, hasLater: boolean): readonly string[] => [
  'def run(step):',
  '    name, _, statements, target = STEPS[step]',
  '    # The UI of Spark shows the name of the step.',
  '    spark.sparkContext.setJobDescription(name)',
  '    spark.sparkContext.addJobTag(TAG)',
  ...(hasPools
    ? ['    if is_made(name):', '        print(f"{name}: made by the driver\\n", end="", flush=True)', '        return']
    : []),
  ...(hasLater
    ? [
        '    if is_empty(name):',
        '        print(f"{name}: no group is left\\n", end="", flush=True)',
        '        keep(name, spark.table(LATER[name]).limit(0))',
        '        return',
      ]
    : []),
  '    for number, statement in enumerate(statements, first_of[step]):',
  '        shown = next(line for line in statement.splitlines() if line and not line.startswith("--"))',
  '        if target is not None and number == first_of[step] + len(statements) - 1:',
  '            shown = "check" if target == CHECK else "rows of the driver" if target == FEW else target',
  '        print(f"{number}/{total} {name}: {shown}\\n", end="", flush=True)',
  '        rows = spark.sql(statement)',
  '    if target == CHECK:',
  '        rows.collect()',
  '    elif target == FEW:',
  '        keep(name, rows)',
  '    elif isinstance(target, list):',
  '        print(f"{name}: {len(target)} inputs\\n", end="", flush=True)',
  '        check_inputs(target)',
  '    elif target is not None:',
  '        rows.write.mode("overwrite").parquet(target)',
  '        # With their types, Spark need not look for them in the files.',
  '        spark.read.schema(rows.schema).parquet(target).createOrReplaceTempView(name)',
  '',
  '',
  'waiting, running, ended, errors = list(range(len(STEPS))), {}, set(), {}',
  'with ThreadPoolExecutor(AT_ONCE) as threads:',
  '    try:',
  '        while True:',
  '            # After an error, only the steps before it go on: one of them may be the cause.',
  '            last = min(errors, default=len(STEPS))',
  '            ready = [step for step in waiting if step < last and ended.issuperset(STEPS[step][1])]',
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
  '                    ended.add(STEPS[step][0])',
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
  '    raise RuntimeError(f"{STEPS[waiting[0]][0]} needs a step that is not in this job")',
];

/** The result takes the place of the old one by renames. A run that is killed between them is completed by the next one. */
function publishLines(
  output: string,
  { staged, replaced }: { readonly staged: string; readonly replaced: string },
): readonly string[] {
  return [
    '',
    '# The result and its counts are complete: they take the place of the old ones.',
    'Path = spark._jvm.org.apache.hadoop.fs.Path',
    `output, staged, replaced = Path(${pathText(output)}), Path(${pathText(staged)}), Path(${pathText(replaced)})`,
    'files = output.getFileSystem(spark._jsc.hadoopConfiguration())',
    '',
    '',
    'def rename(old, new):',
    '    if not files.rename(old, new):',
    '        raise OSError(f"{old} could not be renamed to {new}")',
    '',
    '',
    'if files.exists(output):',
    '    files.delete(replaced, True)',
    '    files.mkdirs(replaced.getParent())',
    '    rename(output, replaced)',
    'rename(staged, output)',
    'files.delete(replaced, True)',
    '# Empty folders only; other jobs may use them too.',
    'for folder in (staged.getParent(), replaced.getParent()):',
    '    if files.exists(folder) and not files.listStatus(folder):',
    '        files.delete(folder, False)',
  ];
}
