import { message, type Message } from '../message/message.ts';
import { suggest } from '../message/suggest.ts';
import type { ConfigDocument, ConfigLanguage } from './document.ts';
import { expectation, wordsOf } from './expectation.ts';
import { isSound } from './fit.ts';
import type { TextFix } from './problem.ts';
import { plainValue } from './reading/scalar.ts';
import { unspacedMap } from './reading/unspacedPair.ts';
import { alternatives, type Shape } from '../schema/shape.ts';
import type { ConfigNode, ScalarNode } from './tree.ts';
import { written } from './written.ts';

/** Message and fixes for a value that does not fit. */
interface Repair {
  readonly text: Message;
  readonly fixes: readonly TextFix[];
}

/** Repairs a value that is nearly right: wrong quotes, a percent sign, `yes`, a misspelled word, a missing list. */
export function repair(
  node: ConfigNode,
  shape: Shape,
  { language, text }: Pick<ConfigDocument, 'language' | 'text'>,
): Repair {
  const none: Repair = { text: expectation(shape), fixes: [] };
  // The value of an alias also has another place, and the value of a variable may have one.
  if (node.kind !== 'scalar' || node.alias === true || node.source.includes('${')) return none;
  const map =
    language === 'yaml' && alternatives(shape).some(({ kind }) => mapKinds.has(kind)) ? unspacedMap(node, text) : null;
  if (map)
    return {
      text: message('A space is missing after the colon of {0}', map.name),
      fixes: [{ title: message('Insert the space'), changes: map.changes, safe: true }],
    };
  for (const attempt of [unquoted, quoted, percentage, truth, word, listed]) {
    const replacement = attempt(node, shape, language);
    if (replacement) return replacement;
  }
  return none;
}

const mapKinds: ReadonlySet<Shape['kind']> = new Set<Shape['kind']>(['record', 'dictionary', 'dependent']);

type Attempt = (node: ScalarNode, shape: Shape, language: ConfigLanguage) => Repair | null;

const unquoted: Attempt = (node, shape) => {
  const value = node.quoted && /^\S+$/.test(node.source) ? plainValue(node.source) : node.source;
  if (typeof value === 'string' || value === null || !fits(value, shape)) return null;
  return {
    text: message('Remove the quotes around {0}: they make it a string', node.source),
    fixes: [replacing(node, message('Remove the quotes'), node.source, true)],
  };
};

const quoted: Attempt = (node, shape, language) => {
  if (node.quoted || typeof node.value === 'string' || node.value === null || !fits(node.source, shape)) return null;
  const text = language === 'json' ? JSON.stringify(node.source) : `'${node.source}'`;
  return {
    text: message('Put quotes around {0} to make it a string', node.source),
    fixes: [replacing(node, message('Quote it'), text, true)],
  };
};

const percentage: Attempt = (node, shape) => {
  const [, number] = /^(\d+(?:\.\d+)?)\s*%$/.exec(node.source) ?? [];
  const value = Number((Number(number) / 100).toPrecision(15));
  if (number === undefined || !fits(value, shape)) return null;
  return {
    text: message('{0} is a string. Write it as the number {1}', node.source, value),
    fixes: [replacing(node, message('Change to {0}', value), String(value), true)],
  };
};

/** YAML 1.1 had more words for true and false; JSON has one spelling. */
const truth: Attempt = (node, shape) => {
  const value = /^(?:yes|on|y|true)$/i.test(node.source)
    ? true
    : /^(?:no|off|n|false)$/i.test(node.source)
      ? false
      : null;
  if (value === null || !fits(value, shape)) return null;
  return {
    text: expectation(shape),
    fixes: [replacing(node, message('Change to {0}', String(value)), String(value), true)],
  };
};

const word: Attempt = (node, shape, language) => {
  const near = suggest(node.source, wordsOf(shape));
  if (near === null) return null;
  const choice = alternatives(shape)
    .flatMap((option) => (option.kind === 'choice' ? option.choices : []))
    .find(({ value }) => String(value) === near);
  // A number that is not among the choices is no misspelling of another number.
  if (typeof choice?.value === 'number') return null;
  return {
    text: message('{0} is not known here. Did you mean {1}?', node.source, near),
    fixes: [replacing(node, message('Change to {0}', near), written(near, language), false)],
  };
};

const listed: Attempt = (node, shape, language) => {
  const list = alternatives(shape).find((option) => option.kind === 'list');
  if (list?.kind !== 'list' || (list.min ?? 0) > 1 || node.value === null || !fits(node.value, list.item)) return null;
  const text = `[${node.quoted ? written(String(node.value), language) : node.source}]`;
  return { text: expectation(shape), fixes: [replacing(node, message('Make it a list'), text, true)] };
};

function fits(value: ScalarNode['value'], shape: Shape): boolean {
  return alternatives(shape).some((option) => isSound(value, option));
}

function replacing({ span }: ScalarNode, title: Message, text: string, safe: boolean): TextFix {
  return { title, changes: [{ span, text }], safe };
}
