import { message, type Message } from '../../message/message.ts';
import { sourceOf } from '../../source/sources.ts';
import { alternatives, type Field, type PlainShape, type Shape } from '../../schema/shape.ts';
import { nodeAt } from '../tree.ts';
import type { Completion, CompletionKind } from './completion.ts';
import type { AssistContext } from './context.ts';
import { datasetOf } from './datasetOf.ts';
import type { Known } from './known.ts';
import { keysOf } from './shapesAt.ts';
import { choiceText, exampleText, plainSnippet } from './snippet.ts';

/** Keys that the map does not have yet, each once: required ones first, then in the order of the definition. */
export function keyCompletions(context: AssistContext, known: Known): Completion[] {
  const shapes = fitting(context);
  const fields = shapes.flatMap((shape) => (shape.kind === 'record' ? Object.entries(shape.fields) : []));
  const free = fields.filter(([name]) => !context.taken.includes(name));
  const ordered = [...free.filter(([, { required }]) => required), ...free.filter(([, { required }]) => !required)];
  return [
    // Of a key that several shapes have, the first one explains it.
    ...ordered
      .filter(([name], index) => ordered.findIndex(([other]) => other === name) === index)
      .map(([name, field]) =>
        completion(context, name, 'key', valueSnippet(field.shape, field, context), {
          detail: typeText(field),
          doc: docOf(field),
          again: asksAgain(field.shape),
        }),
      ),
    ...shapes.flatMap((shape) =>
      shape.kind === 'dictionary' ? nameCompletions(context, shape.keys, shape.value, known) : [],
    ),
  ];
}

/** The shapes that the keys of the map allow: a map with `column` and `op` is no longer a map with `all`. */
function fitting({ place: { shapes }, taken }: AssistContext): readonly PlainShape[] {
  const begun = shapes.filter(
    (shape) => shape.kind === 'record' && taken.some((name) => Object.hasOwn(shape.fields, name)),
  );
  return begun.length > 0 ? begun : shapes;
}

/** Names that the author chooses, proposed from the things they refer to. */
function nameCompletions(context: AssistContext, keys: string, value: Shape, known: Known): Completion[] {
  const { root, path, taken } = context;
  const free = (names: readonly string[]): string[] => names.filter((name) => !taken.includes(name));
  if (keys === 'event')
    return free(keysOf(nodeAt(root, ['events']))).map((name) => completion(context, name, 'event', '${1:1}'));
  if (keys === 'sequence')
    return free(keysOf(nodeAt(root, ['output', 'sequences']))).map((name) =>
      completion(context, name, 'value', '${1:1}'),
    );
  if (keys === 'column') {
    const dataset = datasetOf(path);
    return (dataset === null ? [] : (known.columns(dataset) ?? []))
      .filter(({ name }) => !taken.includes(name))
      .map(({ name, typeName }) => completion(context, name, 'column', '$1', { detail: typeName }));
  }
  if (keys === 'source') {
    const entry = alternatives(value).find(({ kind }) => kind === 'dependent');
    if (entry?.kind !== 'dependent') return [];
    const amount = path.at(-1) === 'mix' ? 'share' : 'count';
    return free(Object.keys(entry.cases)).map((name) => {
      const source = sourceOf(name);
      const required = Object.entries(source?.options ?? {}).filter(([, field]) => field.required);
      const number = amount === 'share' ? '0.1' : '10';
      // An entry with few options is usually written as its amount alone.
      const snippet =
        required.length === 0 && Object.keys(source?.options ?? {}).length <= 1
          ? `\${1:${number}}`
          : `{${quoted(amount, context)}: \${1:${number}}${required.map(([option, { example = '' }], k) => `, ${quoted(option, context)}: \${${k + 2}:${plainSnippet(exampleText(example, context.json))}}`).join('')}$0}`;
      return completion(context, name, 'source', snippet, {
        detail: source?.alias ?? '',
        doc: source ? [source.doc] : [],
      });
    });
  }
  if (path.at(-1) === 'rules')
    return (known.rules ?? [])
      .filter(({ id }) => !taken.includes(id))
      .map(({ id, summary }) => completion(context, id, 'rule', '${1|off,info,warning,error|}', { doc: [summary] }));
  return [];
}

/** A key with a placeholder for its value. */
function completion(
  context: AssistContext,
  name: string,
  kind: CompletionKind,
  value: string,
  {
    detail = '',
    doc = [],
    again = false,
  }: { readonly detail?: string; readonly doc?: readonly Message[]; readonly again?: boolean } = {},
): Completion {
  const key = context.quote === '' ? quoted(name, context) : name;
  // After an open quote the editor closes the quote; the author writes the rest of the pair.
  const snippet =
    context.hasColon || context.quote !== ''
      ? plainSnippet(key)
      : `${plainSnippet(key)}:${value.startsWith('\n') ? '' : ' '}${value}`;
  return {
    label: name,
    kind,
    detail,
    doc,
    snippet: context.lead + snippet + context.parting,
    span: context.span,
    filter: name,
    again: again && !context.hasColon,
  };
}

const quoted = (name: string, { json }: AssistContext): string => (json ? JSON.stringify(name) : name);

/** With more choices than this, a separate completion list that explains each value is better. */
const MAX_CHOICES = 6;

/** Placeholder for a value of a shape. */
function valueSnippet(
  shape: Shape,
  { fallback, example }: Pick<Field, 'fallback' | 'example'>,
  context: AssistContext,
): string {
  const [first] = alternatives(shape);
  const { flow, json } = context;
  switch (first?.kind) {
    case 'record':
    case 'dictionary':
    case 'dependent':
      return flow || json ? '{$1}' : '\n  $1';
    case 'list':
      return '[$1]';
    case 'choice':
      if (alternatives(shape).length > 1 || first.choices.length > MAX_CHOICES) return '$1';
      if (first.choices.length === 1) return String(first.choices[0]?.value);
      return `\${1|${first.choices.map(({ value }) => choiceText(typeof value === 'string' && json ? JSON.stringify(value) : String(value))).join(',')}|}`;
    case 'boolean':
      return fallback === 'true' ? '${1|false,true|}' : '${1|true,false|}';
    case 'number':
      return `\${1:${plainSnippet(example ?? fallback ?? '')}}`;
    case 'text':
      return json
        ? '"$1"'
        : first.meaning === 'duration' || first.meaning === 'day'
          ? `\${1:${plainSnippet(example ?? fallback ?? '')}}`
          : '$1';
    case undefined:
      return '$1';
  }
}

/** True if only a further completion list can offer the values. */
function asksAgain(shape: Shape): boolean {
  const [first] = alternatives(shape);
  return (
    (first?.kind === 'choice' && (first.choices.length > MAX_CHOICES || alternatives(shape).length > 1)) ||
    first?.kind === 'list' ||
    first?.kind === 'record' ||
    first?.kind === 'dictionary' ||
    (first?.kind === 'text' && first.meaning !== 'plain' && first.meaning !== 'duration' && first.meaning !== 'day')
  );
}

/** The default of a field, else its example, else ''. */
function typeText({ fallback, example }: Field): string {
  return fallback ?? example ?? '';
}

/** Documentation of a key: its meaning, whether it is required, its default, and its consequences. */
function docOf({ doc, required, fallback, more }: Field): Message[] {
  return [
    doc,
    ...(required ? [message('Required.')] : []),
    ...(fallback === undefined ? [] : [message('Default: {0}', fallback)]),
    ...(more === undefined ? [] : [more]),
  ];
}
