import { message } from '../../report/message.ts';
import type { TextChange } from '../problem.ts';
import type { Pair, ScalarNode } from '../tree.ts';
import type { Problems } from './problems.ts';
import { plainValue } from './scalar.ts';

/** `name:value`. Not an address (`s3://…`), and nothing that begins with a digit, such as a time. */
const unspaced = /^([\p{L}_][\p{L}\p{N}_./-]*):(?!\/\/|\\)(\S.*)$/u;

/** True for a plain text such as `share:0.9` on one line. */
export function isUnspaced({ quoted, source, span }: ScalarNode): boolean {
  // A source of another length than its place goes over several lines.
  return !quoted && span.end - span.start === source.length && unspaced.test(source);
}

/** The name in `name:{`, `name:[` and `name:"` at an offset; null where something else is there. */
export function nameBeforeValue(text: string, at: number): string | null {
  beforeValue.lastIndex = at;
  return beforeValue.exec(text)?.[1] ?? null;
}
const beforeValue = /([\p{L}_][\p{L}\p{N}_./-]{0,200}):(?=[{["'])/uy;

/**
 * Where the spaces are missing in a text whose every line is `name:value`, where a map is expected; null for another text. Behind its key, it becomes
 * a flow map.
 */
export function unspacedMap(
  { quoted, span }: ScalarNode,
  text: string,
): { readonly name: string; readonly changes: readonly TextChange[] } | null {
  const lines = text.slice(span.start, span.end).split('\n');
  const found = quoted ? [] : lines.map((line) => unspaced.exec(line.trim())?.[1]);
  const [name] = found;
  if (name === undefined || found.includes(undefined)) return null;
  let start = span.start;
  const changes = lines.map((line): TextChange => {
    const at = start + line.indexOf(':') + 1;
    start += line.length + 1;
    return { span: { start: at, end: at }, text: ' ' };
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
 * The pair that `share:0.9` means, with a problem that says where the space is missing; null for another text. YAML reads the whole
 * text as a key without a value, which no config has.
 */
export function unspacedPair(key: ScalarNode, problems: Problems): Pair | null {
  const [, name, rest] = isUnspaced(key) ? (unspaced.exec(key.source) ?? []) : [];
  if (name === undefined || rest === undefined) return null;
  const colon = key.span.start + name.length;
  missingSpace(name, colon, problems, key.span.end);
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

/** Reports that the space after the colon at an offset is missing. `end`: of what is underlined. */
export function missingSpace(name: string, colon: number, problems: Problems, end = colon + 1): void {
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
