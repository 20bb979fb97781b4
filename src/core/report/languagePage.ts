import { ratioConfig } from '../config/definition/config.ts';
import { policy } from '../config/definition/policy.ts';
import {
  alternatives,
  type Field,
  type NumberShape,
  type Meaning,
  type RecordShape,
  type Shape,
} from '../schema/shape.ts';
import type { ConfigPath } from '../config/tree.ts';
import type { Source } from '../source/source.ts';
import { sources } from '../source/sources.ts';
import { markdownBlock } from '../message/escape.ts';
import { markdownTable } from './markdown.ts';
import { render } from '../message/message.ts';

/** Kinds of text, as the reference names them. */
const meanings: Readonly<Record<Meaning, string>> = {
  plain: 'text',
  path: 'path',
  column: 'column',
  event: 'event',
  sequence: 'sequence',
  count: 'event or `impressions`',
  'item-attribute': 'item attribute',
  'user-attribute': 'user attribute',
  entry: 'entry of the mix',
  'teacher-column': 'role of `candidates`, or column of `impressions`',
  duration: 'duration',
  'last-click': '`above_last_click+k`',
  day: 'day or time',
  separator: 'text of at least one character',
  'day-format': 'format of days: `yyyy`, `MM`, `dd`, each once, with `-`, `_` or `.` in between',
  timezone: 'IANA time zone',
  'pass-through': 'column',
  policy: '`recommended`, `strict` or a path',
};

/**
 * The keys of one map of the language as a Markdown table. `path` leads to it from the top of a config; `policy`: the
 * map is in a policy file. Nested maps with keys are described separately. Keys that are also in the map at `described`
 * are omitted.
 * @throws if there is no map with keys at a path
 */
export function keysTable(path: ConfigPath, described?: ConfigPath): string {
  const describedFields = described === undefined ? {} : recordAt(described).fields;
  const fields = Object.entries(recordAt(path).fields).filter(([name]) => !Object.hasOwn(describedFields, name));
  return fieldsTable(Object.fromEntries(fields));
}

/** Overview of the sources. */
export function sourcesTable(): string {
  return markdownTable(
    ['source', 'draws from', 'Chinese name', 'kind'],
    sources.map((source) => [
      `[\`${source.name}\`](#${source.name})`,
      render(source.doc),
      source.alias,
      `[${source.draws}](sampling.md#${source.draws}s)`,
    ]),
  );
}

/** A section for every source: what it draws, how, its inputs, its options. */
export function sourceSections(): string {
  return sources.map((source) => sourceSection(source)).join('\n\n');
}

/** The page of a source, which its hover links. */
export function sourcePage(source: Source): string {
  const see = `See [how a ${source.draws} draws](../../sampling.md#${source.draws}s) and [all sources](../../ratio-config.md#sources).`;
  return `${sourceSection(source, '#')}\n\n${markdownBlock(example(source), 'yaml')}\n\n${see}\n`;
}

/** An entry of a mix as an example, with the first option that has an example value. */
function example({ name, options }: Source): string {
  const [option] = Object.entries(options).flatMap(([key, { example: shown, fallback = shown }]) =>
    fallback === undefined ? [] : [`, ${key}: ${shown ?? fallback}`],
  );
  return `${name}: {share: 0.2${option ?? ''}}`;
}

function sourceSection(
  { name, doc, formula, inputs, options, reachesCorpus, reachesColdItems }: Source,
  level = '###',
): string {
  const reach = reachesCorpus
    ? reachesColdItems
      ? 'Can draw every eligible item.'
      : 'Can draw every eligible item that has events.'
    : reachesColdItems
      ? 'Can draw items without events (cold items).'
      : '';
  const needs = inputs
    .map(({ dataset, columns }) => `\`data.${dataset}\` with ${joinedNames(columns.map((column) => `\`${column}\``))}`)
    .join(', and ');
  return [
    `${level} ${name}`,
    render(doc),
    markdownBlock(formula, 'text'),
    [`Needs ${needs}.`, reach].filter((text) => text !== '').join(' '),
    ...(Object.keys(options).length === 0 ? [] : [fieldsTable(options)]),
  ].join('\n\n');
}

/** `a`, `a and b`, `a, b and c`. */
function joinedNames(names: readonly string[]): string {
  return names.join(', ').replace(/, ([^,]*)$/, ' and $1');
}

function recordAt(path: ConfigPath): RecordShape {
  let shape: Shape = path[0] === 'policy' && path.length === 1 ? policy : ratioConfig;
  if (shape !== policy) for (const step of path) shape = childShape(shape, step) ?? ratioConfig;
  const mapShapes = withKeys(shape);
  if (!mapShapes || (path.length > 0 && mapShapes === ratioConfig))
    throw new Error(`Nothing with keys stands at ${path.join('.')}`);
  return mapShapes;
}

function childShape(shape: Shape, step: string | number): Shape | undefined {
  const record = withKeys(shape);
  if (record && Object.hasOwn(record.fields, step)) return record.fields[step]?.shape;
  const dictionary = alternatives(shape).find((option) => option.kind === 'dictionary');
  if (dictionary?.kind === 'dictionary') return dictionary.value;
  const list = alternatives(shape).find((option) => option.kind === 'list');
  return list?.kind === 'list' ? list.item : undefined;
}

function withKeys(shape: Shape): RecordShape | undefined {
  const options = alternatives(shape).find((option) => option.kind === 'record' || option.kind === 'dependent');
  return options?.kind === 'dependent' ? options.otherwise : options?.kind === 'record' ? options : undefined;
}

function fieldsTable(fields: RecordShape['fields']): string {
  return markdownTable(
    ['key', 'value, example', 'default', 'meaning'],
    Object.entries(fields).map(([name, field]) => [
      `\`${name}\``,
      [valueOf(field), ...(field.example === undefined ? [] : [`\`${field.example}\``])].join('<br>'),
      field.required ? '**required**' : field.fallback === undefined ? '' : `\`${field.fallback}\``,
      meaningOf(field),
    ]),
  );
}

function valueOf({ shape }: Field): string {
  return [...new Set(alternatives(shape).map(shapeText))].join(', or ');
}

/** Maps with more keys than this have a table of their own. */
const MAX_INLINE_KEYS = 3;

function shapeText(shape: Shape): string {
  switch (shape.kind) {
    case 'text':
      return meanings[shape.meaning];
    case 'number':
      return numberWords(shape);
    case 'boolean':
      return '`true` or `false`';
    case 'choice':
      return shape.choices.length > 6 ? 'a source' : shape.choices.map(({ value }) => `\`${value}\``).join(', ');
    case 'list':
      return `list of ${alternatives(shape.item).map(shapeText).join(' or ')}`;
    case 'record':
      return mapWords(Object.keys(shape.fields));
    case 'dictionary':
      return 'map by name';
    case 'dependent':
      return 'map with options of its source';
    case 'either':
      return alternatives(shape).map(shapeText).join(', or ');
  }
}

function mapWords(keys: readonly string[]): string {
  const isColumn = keys[0] === 'column' && keys.includes('unit');
  return keys.length > MAX_INLINE_KEYS || isColumn ? 'map' : `map: ${keys.map((name) => `\`${name}\``).join(', ')}`;
}

function numberWords({ integer, min, max, above = false }: NumberShape): string {
  const kind = integer ? 'integer' : 'number';
  if (min === undefined) return max === undefined ? kind : `${kind} up to ${max}`;
  const from = above ? `${kind} above ${min}` : max === undefined ? `${kind} from ${min}` : `${kind} ${min}`;
  return max === undefined ? from : above ? `${from}, up to ${max}` : `${from} to ${max}`;
}

/** Meaning of a key, then the meaning of each value on separate lines, then further text. */
function meaningOf({ doc, more, shape }: Field): string {
  const options = alternatives(shape);
  const keys = options.flatMap((option) => (option.kind === 'dictionary' ? [render(option.doc)] : []));
  const values = options
    .flatMap((option) => (option.kind === 'choice' && option.choices.length <= 6 ? option.choices : []))
    .map(({ value, doc: about }) => `\`${value}\`: ${render(about)}`);
  return [render(doc), ...keys, ...values, ...(more ? [render(more)] : [])].map(sentence).join('<br>');
}

function sentence(text: string): string {
  return /[.!?:]$/.test(text) ? text : `${text}.`;
}
