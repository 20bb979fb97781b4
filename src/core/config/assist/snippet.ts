import { ConfigDocument } from '../document.ts';
import { keyOf, type ConfigNode } from '../tree.ts';
import { written, type WrittenValue } from '../written.ts';

/** Escapes a text for a snippet, outside of choices. */
export function plainSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

/** Escapes a text for the choices of a snippet. */
export function choiceText(text: string): string {
  return text.replace(/[\\,|$}]/g, '\\$&');
}

/** Converts an example of the definition, which is YAML, to the language of the config. */
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
