import type { Column } from '../table/dataset.ts';

/** Names of lists by their sequence and what they hold of each step: `clicks__item_id`, `hist_item_id`. */
const forms = [/^(?<sequence>.+?)__(?<step>.+)$/, /^(?<sequence>hist|history|seq|sequence)_(?<step>.+)$/i];
/** A name of another tool tells less: `item_id_list`, `click_seq`, `点击行为序列`. */
const ended = /^(?<step>.+?)(_(?<sequence>hist|history|seq|sequence|list)|_?(?<chinese>行为序列|历史行为|序列))$/i;
const negative = /^neg(ative)?_/i;

/** A list of a sequence. `step`: what it holds of each step. `isSure`: no other list of a sample has such a name. */
interface NamedList {
  readonly sequence: string;
  readonly step: string;
  readonly isSure: boolean;
}

/** The sequence that the name of a list tells. Null: it is no such list. In JSONL, lists are JSON. */
export function sequenceList({ name, type }: Pick<Column, 'name' | 'type'>): NamedList | null {
  if ((type.kind !== 'list' && type.kind !== 'json') || negative.test(name)) return null;
  const sure = forms.map((form) => form.exec(name)?.groups).find((groups) => groups !== undefined);
  const { chinese, sequence = chinese, step } = sure ?? ended.exec(name)?.groups ?? {};
  return sequence === undefined || step === undefined ? null : { sequence, step, isSure: sure !== undefined };
}
