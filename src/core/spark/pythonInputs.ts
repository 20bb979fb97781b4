import { inputPlace } from './inputs/declared.ts';
import type { DeclaredStep } from './script.ts';
import { pathText } from './stepStatements.ts';

/** Whether Python can check the inputs of a step by itself: only Spark knows the tables of its catalog. */
export function isCheckedByPython({ inputs }: DeclaredStep): boolean {
  return inputs.every(({ table }) => table === null);
}

/** What `check_inputs` of a job is to check, as a list of Python. */
export function inputsText({ inputs, of }: DeclaredStep): readonly string[] {
  return inputs.map((input) => {
    const { path, basePath, columns } = input;
    const options = [['path', path] as const, ...(basePath === null ? [] : [['basePath', basePath] as const])];
    const read = options.map(([name, value]) => `"${name}": ${pathText(value)}`).join(', ');
    const names = of === 'files' ? 'None' : `[${columns.map(({ name }) => literal(name)).join(', ')}]`;
    return `(${literal(inputPlace(input))}, {${read}}, ${names})`;
  });
}

/** Every text of JSON is one of Python. */
const literal = (text: string): string => JSON.stringify(text);

/** What the statements of `job.sql` check by queries. Here, Spark only lists files and reads their footers. */
export const checkInputs = [
  'def check_inputs(inputs):',
  '    for place, options, columns in inputs:',
  '        if columns is None:',
  '            files = spark.read.format("binaryFile").options(**options).load()',
  '            # Their number: Python would fetch each name by a call.',
  '            if len(files._jdf.inputFiles()) == 0:',
  '                raise RuntimeError(f"{place}: there are no files")',
  '            continue',
  '        # All files: a column may be newer than the oldest one. Empty files, which some writers leave, have none.',
  '        all_files = spark.read.options(mergeSchema="true", ignoreCorruptFiles="true", **options)',
  '        found = {column.lower() for column in all_files.format("parquet").load().columns}',
  '        missing = ", ".join(column for column in columns if column.lower() not in found)',
  '        if missing:',
  '            raise RuntimeError(f"{place}: the job was written for columns that are missing there: {missing}")',
];
