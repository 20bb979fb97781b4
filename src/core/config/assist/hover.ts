import { message, type Message } from '../../message/message.ts';
import { ownValue } from '../../ownValue.ts';
import type { Source } from '../../source/source.ts';
import { sourceOf } from '../../source/sources.ts';
import type { ConfigDraft } from '../definition/config.ts';
import type { ConfigDocument } from '../document.ts';
import { stageViews, type Entry, type StageView } from '../entries.ts';
import { alternatives } from '../../schema/shape.ts';
import type { Span } from '../span.ts';
import { keyOf, type ConfigNode, type ConfigPath, type Pair, type ScalarNode } from '../tree.ts';
import { parseHole, valueOfHole } from '../variableHole.ts';
import { effectiveText, inBatchShareText } from './effective.ts';
import { placeAt, type Place } from './shapesAt.ts';

/**
 * A paragraph of a hover. `title`, `formula` and `example` are code, never translated. `amount`: rows of this entry.
 */
export type HoverPart =
  | { readonly kind: 'title'; readonly text: string; readonly alias?: string }
  | { readonly kind: 'amount'; readonly message: Message }
  | { readonly kind: 'text'; readonly message: Message }
  | { readonly kind: 'formula'; readonly text: string }
  | { readonly kind: 'example'; readonly text: string };

export interface ConfigHover {
  /** Range of the key or value that the hover is about. */
  readonly span: Span;
  readonly path: ConfigPath;
  readonly parts: readonly HoverPart[];
}

/**
 * Documentation of the key or the value at an offset: definition, default and example. For entries also the source with
 * its formula, and the number of negatives. Null if nothing is known.
 */
export function hoverAt(document: ConfigDocument, offset: number, config: ConfigDraft): ConfigHover | null {
  const hit = hitAt(document.root, offset, []);
  if (!hit) return null;
  const { path, scalar, pair } = hit;
  const place = placeAt(document.root, path);
  const parts = pair ? aboutKey(path, pair, place, config) : aboutValue(scalar, path, place, config);
  return parts.length === 0 ? null : { span: scalar.span, path, parts };
}

function aboutKey(path: ConfigPath, pair: Pair, place: Place, config: ConfigDraft): HoverPart[] {
  const name = keyOf(pair);
  const parts: HoverPart[] = [];
  const { field } = place;
  if (field) {
    parts.push({ kind: 'title', text: name }, text(field.doc));
    if (field.required) parts.push(text(message('Required.')));
    if (field.fallback !== undefined) parts.push(text(message('Default: {0}', field.fallback)));
    if (field.more) parts.push(text(field.more));
    if (field.example !== undefined) parts.push({ kind: 'example', text: `${name}: ${field.example}` });
  }
  const views = stageViews(config);
  const entry = views.flatMap(({ entries }) => entries).find((candidate) => samePath(candidate.path, path));
  const isEntry = path.length === 5 && path[0] === 'stages' && place.shapes.some(({ kind }) => kind === 'dependent');
  if (isEntry)
    parts.push(
      ...aboutEntry(
        name,
        entry,
        views.find((view) => view.name === path[1]),
      ),
    );
  else if (!field && path[0] === 'vars')
    parts.push(
      { kind: 'title', text: `\${${name}}` },
      text(message('{0} is replaced by this value below', `\${${name}}`)),
    );
  else if (!field && path[0] === 'events')
    parts.push(
      { kind: 'title', text: name },
      text(message('An event of the impressions: a boolean or 0-1 column, or a condition on a column')),
    );
  else if (!field && path.length === 3 && path[1] === 'sequences')
    parts.push({ kind: 'title', text: name }, ...aboutSequence(name, config));
  else if (!field && path.at(-2) === 'events')
    parts.push(
      { kind: 'title', text: name },
      text(
        message('The weight of the positives of this event. If a row has several events, the largest weight applies'),
      ),
    );
  if (field && path.length === 4 && (name === 'mix' || name === 'per_positive' || name === 'per_request')) {
    const view = views.find((candidate) => candidate.name === path[1]);
    const total = view ? effectiveText(view) : null;
    if (total) parts.push({ kind: 'amount', message: total });
  }
  if (field && name === 'in_batch') {
    const view = views.find((candidate) => candidate.name === path[1]);
    const share = view ? inBatchShareText(view) : null;
    if (share) parts.push({ kind: 'amount', message: share });
  }
  return parts;
}

/** Which steps a sequence has. */
function aboutSequence(name: string, { output }: ConfigDraft): HoverPart[] {
  const { events, length, as_of: asOf, available_after: delay = '0s' } = output?.sequences?.[name] ?? {};
  if (events === undefined || length === undefined) return [];
  const names = Object.entries(events)
    .map(([key, value]) => (typeof value === 'string' ? value : key))
    .join(', ');
  return [
    text(
      asOf === 'day'
        ? message('The newest {0} of {1} before the day of the request minus {2}', length, names, delay)
        : message('The newest {0} of {1} before the request minus {2}', length, names, delay),
    ),
  ];
}

function aboutEntry(name: string, entry: Entry | undefined, view: StageView | undefined): HoverPart[] {
  const source = entry?.source ?? sourceOf(name);
  if (!source) return [{ kind: 'title', text: name }, text(message('Draws from the source given in its key `source`'))];
  const amount = entry && view ? amountText(entry, view) : null;
  return [
    ...aboutSource(source, source.name === name ? name : `${name} (${source.name})`),
    ...(amount ? [{ kind: 'amount', message: amount } as const] : []),
  ];
}

/** Name, name used in practice, and what it draws with which probability. */
function aboutSource({ alias, doc, formula }: Source, title: string): HoverPart[] {
  return [{ kind: 'title', text: title, alias }, text(doc), { kind: 'formula', text: formula }];
}

function amountText({ quota, share }: Entry, view: StageView): Message | null {
  if (quota !== null && view.total !== null && share !== null)
    return view.unit === 'request'
      ? message('{0} of {1} negatives per request', rounded(quota), rounded(view.total))
      : message('{0} of {1} negatives per positive', rounded(quota), rounded(view.total));
  if (quota !== null)
    return view.unit === 'request'
      ? message('{0} negatives per request', rounded(quota))
      : message('{0} negatives per positive', rounded(quota));
  return null;
}

/** At most four decimals, so that 0.1 + 0.2 is shown as 0.3. */
function rounded(value: number): string {
  return String(Number(value.toFixed(4)));
}

function aboutValue(scalar: ScalarNode, path: ConfigPath, place: Place, config: ConfigDraft): HoverPart[] {
  const [holeText, inner] = /\$\{([^}]*)\}/.exec(scalar.source) ?? [];
  const { vars } = config;
  if (holeText !== undefined && inner !== undefined && vars) {
    const hole = parseHole(inner, (name) => Object.hasOwn(vars, name));
    const value = ownValue(vars, hole.name);
    const result = value === undefined ? null : valueOfHole(hole, value);
    if (result)
      return [
        { kind: 'title', text: holeText },
        text('value' in result ? message('{0} is {1} here', holeText, String(result.value)) : result),
      ];
  }
  for (const shape of place.shapes.flatMap(alternatives)) {
    if (shape.kind !== 'choice') continue;
    const choice = shape.choices.find(({ value }) => String(value) === scalar.source);
    if (!choice) continue;
    const source = path.at(-1) === 'source' ? sourceOf(scalar.source) : undefined;
    return source ? aboutSource(source, source.name) : [{ kind: 'title', text: scalar.source }, text(choice.doc)];
  }
  return [];
}

const text = (about: Message): HoverPart => ({ kind: 'text', message: about });

function samePath(a: ConfigPath, b: ConfigPath): boolean {
  return a.length === b.length && a.every((step, k) => step === b[k]);
}

interface Hit {
  readonly scalar: ScalarNode;
  readonly path: ConfigPath;
  /** The pair of this key; null for values. */
  readonly pair: Pair | null;
}

/** The key or scalar at an offset; its end is included. */
function hitAt(node: ConfigNode | null, offset: number, path: ConfigPath): Hit | null {
  if (!node || node.alias === true) return null;
  if (node.kind === 'scalar') return within(node.span, offset) ? { scalar: node, path, pair: null } : null;
  if (node.kind === 'list') {
    for (const [k, item] of node.items.entries()) {
      const hit = hitAt(item, offset, [...path, k]);
      if (hit) return hit;
    }
    return null;
  }
  for (const pair of node.pairs) {
    const inside = [...path, keyOf(pair)];
    if (within(pair.key.span, offset)) return { scalar: pair.key, path: inside, pair };
    if (pair.value && !within(pair.value.span, offset)) continue;
    const hit = hitAt(pair.value, offset, inside);
    if (hit) return hit;
  }
  return null;
}

function within({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}
