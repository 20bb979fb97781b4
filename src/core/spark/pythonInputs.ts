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
