import { commentLine, oneLine } from './comment.ts';
import { aliasRows } from './pythonAlias.ts';
import { attemptsHead, furtherAttempts, furtherItems } from './pythonAttempts.ts';
import { checkInputs, inputsText, isCheckedByPython } from './pythonInputs.ts';
import { poolsHead, smallPools } from './pythonPools.ts';
import type { RowsOnlyIf, Script } from './script.ts';
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
import { relationLines } from './sql/render.ts';
import { sparkDialect } from './sql/sparkDialect.ts';
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
 * Settings and names of queries need no statement.
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
  const oftenEmpty = script.rowsOnlyIf.filter(([step]) => needs.has(step));
  const further = script.furtherAttempts.filter(
    ({ entry }) => pools.includes(entry) && needs.has(`${entry}__accepted_2`),
  );
  lines.push(...(pools.length === 0 ? [] : ['import json', 'import math']));
  lines.push('from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait');
  lines.push(...(pools.length === 0 ? [] : ['from itertools import accumulate']));
  lines.push('from uuid import uuid4', '', 'from pyspark.sql import SparkSession', '');
  lines.push('# How many steps run at the same time. With 1, they run in their order.', `AT_ONCE = ${AT_ONCE}`, '');
  lines.push(...stepsHead);
  if (pools.length > 0) lines.splice(-stepsHead.length, 0, ...poolsHead(pools));
  if (further.length > 0) lines.splice(-stepsHead.length, 0, ...attemptsHead(further, insideText));
  if (oftenEmpty.length > 0) lines.splice(-stepsHead.length, 0, ...oftenEmptyHead(oftenEmpty));
  for (const { title, blocks } of chapters) {
    lines.push(`    # ${oneLine(title)}`);
    for (const block of blocks) lines.push(...stepLines(block, needs.get(block.name) ?? []));
  }
  lines.push(']', '', ...session);
  if (pools.length > 0) lines.push('', '', ...aliasRows, '', '', ...smallPools);
  const all = chapters.flatMap(({ blocks }) => blocks);
  if (all.some(isChecked)) lines.push('', '', ...checkInputs);
  if (pools.length > 0 || oftenEmpty.length > 0 || all.some(({ rows }) => rows?.isFew === true))
    lines.push('', '', ...keeping);
  if (oftenEmpty.length > 0 || further.length > 0) lines.push('', '', ...keepNone);
  if (further.length > 0) lines.push('', '', ...furtherItems, '', '', ...furtherAttempts);
  if (oftenEmpty.length > 0) lines.push('', '', ...emptySteps);
  lines.push('', '', ...running(pools.length > 0, further.length > 0, oftenEmpty.length > 0));
  lines.push(...(staging === null ? [] : publishLines(places.output, staging)), 'spark.stop()');
  return `${lines.join('\n')}\n`;
}

/** With more, the steps of a job with few rows take less time, but large ones share the memory of the executors. */
const AT_ONCE = 3;

const stepsHead = [
  '# Of a query that only ends the job if something is wrong, of one with few rows, which the driver keeps, and of one',
  '# whose rows are computed where they are read.',
  'CHECK, FEW, VIEW = "", "few", "view"',
  '# Each step: its name, the steps that must have ended before, its statements, and the folder of the rows of the',
  '# last one, which later steps read by the name of the step. None: it has no rows. A list: inputs to be checked.',
  'STEPS = [',
];

const oftenEmptyHead = (steps: readonly RowsOnlyIf[]): readonly string[] => [
  '# Steps that have no rows if a short query has none: Spark is spared the long one. Each has that query, and a step',
  '# that has its columns, or None.',
  'ROWS_ONLY_IF = {',
  ...steps.flatMap(([step, rows, like]) => [
    `    ${pythonText(step)}: (r"""`,
    ...relationLines(rows, sparkDialect).map(insideText),
    `""", ${like === null ? 'None' : pythonText(like)}),`,
  ]),
  '}',
  '',
];

const isChecked = ({ declared }: Block): boolean => declared !== undefined && isCheckedByPython(declared);

function stepLines(block: Block, needs: readonly string[]): readonly string[] {
  const { name, rows, declared } = block;
  const before = needs.length > 0 || name === settingsBlock ? needs : [settingsBlock];
  const head = `    (${pythonText(name)}, [${before.map(pythonText).join(', ')}], [`;
  if (block.settings !== undefined)
    return [
      `${head}], {`,
      ...block.settings.flatMap((one) => [
        ...one.comments.map((comment) => `        # ${oneLine(comment)}`),
        `        ${pythonText(one.name)}: ${pythonText(one.value)},`,
      ]),
      '    }),',
    ];
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
  if (rows.folder === null) return 'VIEW';
  if (rows.view === null) return 'CHECK';
  return rows.isFew === true ? 'FEW' : pathText(rows.folder);
}

/** The statements of a step, of which the last one is the query of its rows. */
function queriesOf(block: Block): readonly Statement[] {
  const { about, statements, rows } = block;
  if (isChecked(block) || block.settings !== undefined) return [];
  return withAbout(about, rows === null ? statements : [...statements, { comments: [], lines: rows.query }]);
}

/**
 * A line of a raw text of Python. No backslash is in a statement: names with them are refused, and texts with them are
 * bytes. Three quotes, which a text of the config can have, would end the literal, and what follows would run: they are
 * a literal of their own.
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
  'def keep(name, java):',
  '    # Spark neither writes nor reads a file for them, and needs no job to send them to its tasks.',
  '    spark._jsparkSession.createDataFrame(java.collectAsList(), java.schema()).createOrReplaceTempView(name)',
];

const keepNone = [
  'def keep_none(name, rows):',
  '    # A step without rows that has the columns of others. Nothing is computed for it.',
  '    nothing = spark._jvm.java.util.Collections.emptyList()',
  '    spark._jsparkSession.createDataFrame(nothing, rows._jdf.schema()).createOrReplaceTempView(name)',
];

const emptySteps = [
  'def is_empty(name):',
  '    # Whether a short query knows that a step has no rows.',
  '    return name in ROWS_ONLY_IF and not spark.sql(ROWS_ONLY_IF[name][0]).limit(1).collect()',
];

/** Runs the steps. If steps fail, the error is that of the first one in the order of the script. */
const running = (hasPools: boolean, hasFurther: boolean, hasOftenEmpty: boolean): readonly string[] => [
  'def run(step):',
  '    name, _, statements, target = STEPS[step]',
  '    # The UI of Spark shows the name of the step.',
  '    spark.sparkContext.setJobDescription(name)',
  '    spark.sparkContext.addJobTag(TAG)',
  ...(hasPools
    ? [
        `    if is_made(name)${hasFurther ? ' or fill_groups(name)' : ''}:`,
        '        print(f"{name}: made by the driver\\n", end="", flush=True)',
        '        return',
      ]
    : []),
  ...(hasOftenEmpty
    ? [
        '    if is_empty(name):',
        '        print(f"{name}: no rows\\n", end="", flush=True)',
        '        like = ROWS_ONLY_IF[name][1]',
        '        keep_none(name, spark.table(like) if like else spark.sql(statements[-1]))',
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
  '        keep(name, rows._jdf)',
  '    elif target == VIEW:',
  '        rows.createOrReplaceTempView(name)',
  '    elif isinstance(target, dict):',
  '        print(f"{name}: {len(target)} of Spark\\n", end="", flush=True)',
  '        for setting, value in target.items():',
  '            spark.conf.set(setting, value)',
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

/**
 * The result takes the place of the old one by renames. A run that is killed between them is completed by the next one.
 */
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
