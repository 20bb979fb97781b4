import { message } from '../../message/message.ts';
import type { TextChange } from '../problem.ts';
import type { Pair, ScalarNode } from '../tree.ts';
import type { Problems } from './problems.ts';
import { plainValue } from './scalar.ts';

/** `name:value`. Excludes addresses (`s3://…`) and names that begin with a digit, such as times. */
const unspaced = /^([\p{L}_][\p{L}\p{N}_./-]*):(?!\/\/|\\)(\S.*)$/u;

/** True for a plain text such as `share:0.9` on one line. */
export function isUnspaced({ quoted, source, span }: ScalarNode): boolean {
  // If the source and its span differ in length, the scalar spans several lines.
  return !quoted && span.end - span.start === source.length && unspaced.test(source);
}

/** The name in `name:{`, `name:[`, `name:"` and `name:'` at an offset; null for any other text. */
export function nameBeforeValue(text: string, offset: number): string | null {
  beforeValue.lastIndex = offset;
  return beforeValue.exec(text)?.[1] ?? null;
}
const beforeValue = /([\p{L}_][\p{L}\p{N}_./-]{0,200}):(?=[{["'])/uy;

/**
 * Fixes a text in which every line is `name:value` where a map is expected; null for any other text. Behind a key, the
 * lines become a flow map.
 */
export function unspacedMap(
  { quoted, span }: ScalarNode,
  text: string,
): { readonly name: string; readonly changes: readonly TextChange[] } | null {
  const lines = text.slice(span.start, span.end).split('\n');
  const names = quoted ? [] : lines.map((line) => unspaced.exec(line.trim())?.[1]);
  const [name] = names;
  if (name === undefined || names.includes(undefined)) return null;
  let start = span.start;
  const changes = lines.map((line): TextChange => {
    const colonEnd = start + line.indexOf(':') + 1;
    start += line.length + 1;
    return { span: { start: colonEnd, end: colonEnd }, text: ' ' };
  });
  const isBehindKey = text.slice(text.lastIndexOf('\n', span.start - 1) + 1, span.start).trim() !== '';
  if (!isBehindKey) return { name, changes };
  return lines.length > 1
    ? null
    : {
        name,
        changes: [
          { span: { start: span.start, end: span.start }, text: '{' },
          ...changes,
          { span: { start: span.end, end: span.end }, text: '}' },
        ],
      };
}

/**
 * Converts `share:0.9` to the intended pair, and adds a problem for the missing space; null for any other text. YAML
 * reads the whole text as a key without a value, which no config has.
 */
export function unspacedPair(key: ScalarNode, problems: Problems): Pair | null {
  const [, name, rest] = isUnspaced(key) ? (unspaced.exec(key.source) ?? []) : [];
  if (name === undefined || rest === undefined) return null;
  const colon = key.span.start + name.length;
  reportMissingSpace(name, colon, problems, key.span.end);
  return {
    key: { kind: 'scalar', span: { start: key.span.start, end: colon }, value: name, source: name, quoted: false },
    colon,
    value: {
      kind: 'scalar',
      span: { start: colon + 1, end: key.span.end },
      value: plainValue(rest),
      source: rest,
      quoted: false,
    },
  };
}

/** Reports that the space after the colon at an offset is missing. `end`: end of the underlined range. */
export function reportMissingSpace(name: string, colon: number, problems: Problems, end = colon + 1): void {
  const after = { start: colon + 1, end: colon + 1 };
  problems.add(
    'config/syntax',
    { start: colon - name.length, end },
    message('A space is missing after the colon of {0}', name),
    {
      fixes: [{ title: message('Insert the space'), changes: [{ span: after, text: ' ' }], safe: true }],
    },
  );
}
