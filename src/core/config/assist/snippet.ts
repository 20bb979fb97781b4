import { ConfigDocument } from '../document.ts';
import { keyOf, type ConfigNode } from '../tree.ts';
import { written, type WrittenValue } from '../written.ts';

/** A text within a snippet, outside of choices. */
export function plainSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

/** A text within the choices of a snippet. */
export function choiceText(text: string): string {
  return text.replace(/[\\,|$}]/g, '\\$&');
}

/** An example of the definition, which is written in YAML, as the language of the config writes it. */
export function exampleText(example: string, json: boolean): string {
  return json && example !== '' ? written(valueIn(new ConfigDocument(example, 'yaml').root), 'json') : example;
}

function valueIn(node: ConfigNode | null): WrittenValue {
  if (!node) return null;
  if (node.kind === 'scalar') return node.value;
  return node.kind === 'list'
    ? node.items.map(valueIn)
    : Object.fromEntries(node.pairs.map((pair) => [keyOf(pair), valueIn(pair.value)]));
}
