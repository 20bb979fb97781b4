import { message, type Message } from '../message/message.ts';
import { suggest } from '../message/suggest.ts';
import type { ConfigDocument } from './document.ts';
import { renameKey } from './edits.ts';
import { entryShape } from './entryShape.ts';
import { isOfKind, lengthProblem, rangeProblem } from './fit.ts';
import type { ReadingRule, TextFix } from './problem.ts';
import type { Problems } from './reading/problems.ts';
import { repair } from './repair.ts';
import {
  alternatives,
  type DictionaryShape,
  type ListShape,
  type PlainShape,
  type RecordShape,
  type Shape,
  type TypeOf,
} from '../schema/shape.ts';
import { mapShape } from '../schema/mapShape.ts';
import type { Span } from './span.ts';
import {
  keyOf,
  pairOf,
  type ConfigNode,
  type ListNode,
  type MapNode,
  type Pair,
  type ScalarNode,
  type ConfigPath,
} from './tree.ts';
import type { Variables } from './variables.ts';

interface CheckContext {
  readonly variables: Variables;
  /** Problems are added here. */
  readonly problems: Problems;
}

/**
 * Checks a document against a shape. Returns the plain value without the parts that do not fit, and adds a problem for
 * each of these. The work is bounded by the length of the text, even if aliases name a part many times.
 */
export function checkShape<S extends Shape>(
  document: ConfigDocument,
  shape: S,
  context: CheckContext,
): TypeOf<S> | undefined {
  return new Checker(document, context).root(shape) as TypeOf<S> | undefined;
}

/** Limit of visited values: `least` + `perCharacter` × length of the text. Only aliases can lead to so many. */
const VISITS = { least: 10_000, perCharacter: 4 } as const;

class Checker {
  #visits: number;
  /** Path of the value being checked. All values share this list; only a problem copies it. */
  readonly #path: (string | number)[] = [];
  /** Lines with syntax errors: their values are not judged. */
  readonly #broken: ReadonlySet<number>;
  readonly #expand = (scalar: ScalarNode): ScalarNode['value'] | undefined => this.context.variables.expand(scalar);

  constructor(
    private readonly document: ConfigDocument,
    private readonly context: CheckContext,
  ) {
    this.#visits = VISITS.least + VISITS.perCharacter * document.text.length;
    this.#broken = new Set(
      document.problems
        .filter(({ rule }) => rule === 'config/syntax')
        .map(({ span }) => document.lines.position(span.start).line),
    );
  }

  root(shape: Shape): unknown {
    const { root, text } = this.document;
    if (root) return this.#value(root, shape, null);
    const firstLine = { start: 0, end: /[\r\n]|$/.exec(text)?.index ?? 0 };
    if (this.document.problems.length === 0)
      this.context.problems.add(
        'config/type',
        firstLine,
        message('The file is empty: a map is expected here, keys with their values'),
      );
    return undefined;
  }

  /** `key`: span of the value's key; null at the top and in lists. */
  #value(node: ConfigNode, shape: Shape, key: Span | null): unknown {
    if (--this.#visits < 0) {
      this.#tooMany(node);
      return undefined;
    }
    const value = node.kind === 'scalar' ? this.context.variables.expand(node) : null;
    // A variable without a value is reported separately.
    if (value === undefined) return undefined;
    const fitting = fittingOf(shape, node, value);
    if (!fitting) {
      this.#misfit(node, shape);
      return undefined;
    }
    if (node.kind === 'scalar') return this.#scalar(node, value, fitting);
    if (node.kind === 'list') return fitting.kind === 'list' ? this.#list(node, fitting) : undefined;
    switch (fitting.kind) {
      case 'record':
        return this.#record(node, fitting, key);
      case 'dependent': {
        const entry = entryShape(fitting, String(this.#path.at(-1)), node, this.#expand);
        // An unknown source is a problem itself, so its options are not reported as unknown too.
        return this.#record(node, entry, key, entry === fitting.otherwise ? Object.values(fitting.cases) : []);
      }
      case 'dictionary':
        return this.#dictionary(node, fitting);
      default:
        return undefined;
    }
  }

  /** `others`: shapes whose keys are not reported as unknown. */
  #record(node: MapNode, { fields }: RecordShape, key: Span | null, others: readonly RecordShape[] = []): unknown {
    const record: Record<string, unknown> = {};
    for (const pair of node.pairs) {
      const name = keyOf(pair);
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (!field && !others.some((other) => Object.hasOwn(other.fields, name)))
        this.#unknown(pair, Object.keys(fields), node);
      const value = field ? this.#pair(pair, name, field.shape) : undefined;
      if (value !== undefined) record[name] = value;
    }
    const missing = requiredOf(fields).filter((name) => !pairOf(node, name));
    if (missing.length > 0) {
      const text =
        missing.length === 1
          ? message('The key {0} is missing', missing.join())
          : message('The keys {0} are missing', missing.join(', '));
      this.#problem('config/missing-key', key ?? node.pairs[0]?.key.span ?? node.span, text);
    }
    return record;
  }

  #dictionary(node: MapNode, { value: shape }: DictionaryShape): unknown {
    const map: Record<string, unknown> = {};
    for (const pair of node.pairs) {
      const name = keyOf(pair);
      const value = this.#pair(pair, name, shape);
      if (value === undefined) continue;
      if (name === '__proto__')
        Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true });
      else map[name] = value;
    }
    return map;
  }

  #pair({ key, colon, value }: Pair, name: string, shape: Shape): unknown {
    this.#path.push(name);
    const checked = value ? this.#value(value, shape, key.span) : undefined;
    if (!value && !this.#isBroken(key.span))
      this.#problem(
        'config/type',
        key.span,
        colon === null
          ? message('A colon is missing after {0}', key.source)
          : message('A value is missing after the colon'),
      );
    this.#path.pop();
    return checked;
  }

  #unknown(pair: Pair, known: readonly string[], owner: MapNode): void {
    const { key } = pair;
    const name = keyOf({ key });
    const path = [...this.#path, name];
    const reserved = reservedFor(pair, this.#path);
    if (reserved) {
      this.context.problems.add('config/unknown-key', key.span, reserved, { path });
      return;
    }
    const near = this.context.problems.isFull
      ? null
      : suggest(
          name,
          known.filter((other) => !pairOf(owner, other)),
        );
    const text =
      near === null
        ? message('There is no key {0} here', name)
        : message('There is no key {0} here. Did you mean {1}?', name, near);
    const fixes =
      near === null
        ? []
        : [{ title: message('Change to {0}', near), changes: renameKey(this.document, path, near), safe: false }];
    this.context.problems.add('config/unknown-key', key.span, text, { path, fixes });
  }

  #list(node: ListNode, shape: ListShape): unknown {
    const items = node.items.map((item, k) => {
      this.#path.push(k);
      const value = this.#value(item, shape.item, null);
      this.#path.pop();
      return value;
    });
    const wrong = lengthProblem(node.items.length, shape);
    if (wrong) this.#problem('config/range', node.span, wrong);
    return wrong || items.includes(undefined) ? undefined : items;
  }

  #scalar(node: ScalarNode, value: ScalarNode['value'], shape: PlainShape): unknown {
    const wrong = shape.kind === 'number' ? rangeProblem(value, shape) : null;
    if (wrong) this.#problem('config/range', node.span, wrong);
    return wrong ? undefined : shape.kind === 'number' ? Number(value) : value;
  }

  #misfit(node: ConfigNode, shape: Shape): void {
    if (this.#isBroken(node.span)) return;
    const rule = shape.kind === 'choice' && shape.rule ? shape.rule : 'config/type';
    const { text, fixes } = repair(node, shape, this.document);
    this.#problem(rule, node.span, text, fixes);
  }

  #problem(rule: ReadingRule, span: Span, text: Message, fixes: readonly TextFix[] = []): void {
    this.context.problems.add(rule, span, text, { path: [...this.#path], fixes });
  }

  #tooMany(node: ConfigNode): void {
    if (this.#visits === -1)
      this.context.problems.add(
        'config/syntax',
        node.span,
        message('The text is too large after its aliases are expanded. The rest is not read'),
      );
  }

  #isBroken({ start }: Span): boolean {
    return this.#broken.size > 0 && this.#broken.has(this.document.lines.position(start).line);
  }
}

/** The first alternative that fits the kind of a value. Called for every value of a config, so it avoids closures. */
function fittingOf(shape: Shape, node: ConfigNode, value: ScalarNode['value']): PlainShape | undefined {
  let fitting: PlainShape | undefined;
  for (const option of alternatives(shape)) {
    if (!(node.kind === 'scalar' ? isOfKind(value, option) : isCollection(node, option))) continue;
    if (node.kind !== 'map') return option;
    // Few shapes have several alternatives for maps.
    if (fitting !== undefined)
      return mapShape(
        alternatives(shape).filter((option) => isCollection(node, option)),
        (key) => pairOf(node, key) !== undefined,
      );
    fitting = option;
  }
  return fitting;
}

/** Required keys of a record; each list is computed once. */
function requiredOf(fields: RecordShape['fields']): readonly string[] {
  let names = required.get(fields);
  if (!names) required.set(fields, (names = Object.keys(fields).filter((name) => fields[name]?.required)));
  return names;
}
const required = new WeakMap<RecordShape['fields'], readonly string[]>();

function isCollection(node: ListNode | MapNode, shape: PlainShape): boolean {
  return node.kind === 'list'
    ? shape.kind === 'list'
    : shape.kind === 'record' || shape.kind === 'dictionary' || shape.kind === 'dependent';
}

/**
 * What a key is reserved for in a later version of the language; null for other keys. A reserved key gets this message
 * instead of a suggestion of a similar key.
 * @param owner path of the map that has the key
 */
function reservedFor(pair: Pick<Pair, 'key' | 'value'>, owner: ConfigPath): Message | null {
  const name = keyOf(pair);
  const [top, dataset] = owner;
  if (name === 'snapshot' && owner.length === 2 && top === 'data' && (dataset === 'items' || dataset === 'users'))
    return message('snapshot is reserved for daily tables, which cannot be read yet: use the table of one day');
  if (owner.length === 1 && top === 'stages' && pairOf(pair.value, 'stage'))
    return message('{0} is reserved: several stages of one kind cannot be sampled yet. Use one config for each', name);
  return null;
}
