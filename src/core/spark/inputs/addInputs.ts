import type { DeclaredStep, InputStep, Script } from '../script.ts';
import type { InputRoot, Sources } from './sources.ts';

/** Puts the inputs in front of the other steps, and before them the checks of the inputs. */
export function addInputs(script: Script, sources: Sources, roots: readonly InputRoot[]): void {
  const inputs = sources.steps(roots);
  script.inputs('Inputs', [...checksOf(inputs), ...inputs]);
}

/** What ends the job if its inputs are not those that it was written for. Before the result is written. */
function checksOf(inputs: readonly InputStep[]): DeclaredStep[] {
  const files = inputs.filter(({ table }) => table === null);
  const tables = inputs.filter(({ table }) => table !== null);
  // Delimited text is read by position, and its names are compared. In JSON, a missing key is NULL.
  const columned = inputs.filter(({ file }) => file === null);
  const step = (subject: DeclaredStep['subject'], those: readonly InputStep[], about: string): DeclaredStep[] =>
    those.length === 0 ? [] : [{ kind: 'declared', name: `input_${subject}`, about: [about], inputs: those, subject }];
  return [
    ...step('files', files, 'Every input must have files.'),
    ...step('columns', columned, 'Columns that are missing would be read as NULL.'),
    ...step('types', tables, 'Tables must have the types that the config declares.'),
  ];
}
