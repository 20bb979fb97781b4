import { message } from '../message/message.ts';
import type { ConfigDocument } from './document.ts';
import type { Problems } from './reading/problems.ts';
import { plainValue } from './reading/scalar.ts';
import { keyOf, pairOf, valueOf, type ScalarNode } from './tree.ts';

type Value = ScalarNode['value'];

/** Replaces `${name}` by values. Values of `--set` override `vars`; a variable may use those above it. */
export class Variables {
  readonly #values = new Map<string, Value>();

  constructor(
    document: ConfigDocument,
    set: Readonly<Record<string, string>>,
    private readonly problems: Problems,
  ) {
    for (const [name, value] of Object.entries(set)) this.#values.set(name, valueOfSet(value));
    const vars = valueOf(document.root, 'vars');
    if (vars?.kind !== 'map') return;
    for (const { key, value: node } of vars.pairs) {
      const name = keyOf({ key });
      const value = node?.kind === 'scalar' && !Object.hasOwn(set, name) ? this.expand(node) : undefined;
      if (value !== undefined) this.#values.set(name, value);
    }
  }

  /**
   * The value of a scalar. A text that consists of one variable takes the type of its value. If a variable has no
   * value, the result is undefined and a problem is added.
   */
  expand(node: ScalarNode): Value | undefined {
    const text = node.value;
    if (typeof text !== 'string' || !text.includes('${')) return text;
    const names = [...text.matchAll(hole)].map(([, name = '']) => name);
    const unknown = names.filter((name) => !this.#values.has(name));
    for (const name of unknown)
      this.problems.add('config/variable', node.span, message('There is no variable {0} under vars', name));
    if (unknown.length > 0) return undefined;
    const [only] = names;
    if (only !== undefined && text === `\${${only}}`) return this.#values.get(only);
    return text.replace(hole, (_, name: string) => String(this.#values.get(name)));
  }
}

/** True if a config declares a variable or uses it. */
export function hasVariable({ root, text }: Pick<ConfigDocument, 'root' | 'text'>, name: string): boolean {
  return pairOf(valueOf(root, 'vars'), name) !== undefined || text.includes(`\${${name}}`);
}

const hole = /\$\{([^}]*)\}/g;

/** Reads a value of the command line as YAML does. Anything that is not a number or a boolean is a text. */
function valueOfSet(text: string): Value {
  const value = plainValue(text);
  return typeof value === 'number' || typeof value === 'boolean' ? value : text;
}
