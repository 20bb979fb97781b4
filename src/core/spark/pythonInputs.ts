import { inputPlace } from './inputs/declared.ts';
import type { DeclaredStep } from './script.ts';

/** Whether Python can check the inputs of a step by itself: only Spark knows the tables of its catalog. */
export function isCheckedByPython({ inputs }: DeclaredStep): boolean {
  return inputs.every(({ table }) => table === null);
}

/** What `check_inputs` of a job is to check. */
export function checkedInputs({ inputs, of }: DeclaredStep): readonly CheckedInput[] {
  return inputs.map((input) => ({
    place: inputPlace(input),
    options: { path: input.path, ...(input.basePath === null ? {} : { basePath: input.basePath }) },
    columns: of === 'files' ? null : input.columns.map(({ name }) => name),
  }));
}

interface CheckedInput {
  readonly place: string;
  /** Of Spark's reader. */
  readonly options: Readonly<Record<string, string>>;
  /** Null: only whether there are files is checked. */
  readonly columns: readonly string[] | null;
}

/** What the statements of `job.sql` check by queries. Here, Spark only lists files and reads their footers. */
export const checkInputs = [
  'def check_inputs(inputs):',
  '    for checked in inputs:',
  '        place, options, columns = checked["place"], checked["options"], checked["columns"]',
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
