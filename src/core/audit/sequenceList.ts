import type { Column } from '../table/dataset.ts';

/** Names of lists by their sequence and what its steps hold: `clicks__item_id`, `hist_item_id`, `item_id_list`. */
const forms = [
  /^(?<sequence>.+?)__(?<step>.+)$/,
  /^(?<sequence>hist|history|seq|sequence)_(?<step>.+)$/i,
  /^(?<step>.+)_(?<sequence>hist|history|seq|sequence|list)$/i,
];
const negative = /^neg(ative)?_/i;

/** A list of a sequence by its name. `step`: what it holds of each step. */
interface NamedList {
  readonly sequence: string;
  readonly step: string;
}

/** The sequence that the name of a list tells. Null: it is no such list. */
export function sequenceList({ name, type }: Pick<Column, 'name' | 'type'>): NamedList | null {
  if (type.kind !== 'list' || negative.test(name)) return null;
  const { sequence, step } = forms.map((form) => form.exec(name)?.groups).find((groups) => groups !== undefined) ?? {};
  return sequence === undefined || step === undefined ? null : { sequence, step };
}
