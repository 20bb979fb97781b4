import { message } from '../message/message.ts';
import type { ConfigDocument } from './document.ts';
import type { Problems } from './reading/problems.ts';
import { plainValue } from './reading/scalar.ts';
import { keyOf, pairOf, valueOf, type ScalarNode } from './tree.ts';
import { parseHole, valueOfHole } from './variableHole.ts';

type Value = ScalarNode['value'];

/** Replaces `${name}`, `${name - 7d}` and `${name:yyyyMMdd}` by values. Values of `--set` override `vars`; a variable may use those above it. */
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
   * The value of a scalar. A text that is exactly one variable gets the type of its value. Undefined, with a problem,
   * if a variable has no value.
   */
  expand(node: ScalarNode): Value | undefined {
    const text = node.value;
    if (typeof text !== 'string' || !text.includes('${')) return text;
    const values = [...text.matchAll(holes)].map(([whole, inner = '']) => ({
      whole,
      value: this.#valueOf(inner, node),
    }));
    if (values.some(({ value }) => value === undefined)) return undefined;
    const [single] = values;
    if (single && text === single.whole) return single.value;
    let next = 0;
    return text.replace(holes, () => String(values[next++]?.value));
  }

  #valueOf(inner: string, { span }: ScalarNode): Value | undefined {
    const hole = parseHole(inner, (name) => this.#values.has(name));
    const value = this.#values.get(hole.name);
    if (value === undefined) {
      this.problems.add('config/variable', span, message('There is no variable {0} under vars', hole.name));
      return undefined;
    }
    const result = valueOfHole(hole, value);
    if ('value' in result) return result.value;
    this.problems.add('config/variable', span, result);
    return undefined;
  }
}

/** The names of the variables that a text uses. `isName`: as for `parseHole`. */
export function namesIn(text: string, isName: (name: string) => boolean): string[] {
  return [...text.matchAll(holes)].map(([, inner = '']) => parseHole(inner, isName).name);
}

/** True if a config declares a variable or uses it. */
export function hasVariable({ root, text }: Pick<ConfigDocument, 'root' | 'text'>, name: string): boolean {
  const isName = (other: string): boolean => other === name || pairOf(valueOf(root, 'vars'), other) !== undefined;
  return pairOf(valueOf(root, 'vars'), name) !== undefined || namesIn(text, isName).includes(name);
}

const holes = /\$\{([^}]*)\}/g;

/** Reads a value of the command line as YAML does. Anything that is not a number or a boolean is a text. */
function valueOfSet(text: string): Value {
  const value = plainValue(text);
  return typeof value === 'number' || typeof value === 'boolean' ? value : text;
}
