export type JsonKind = 'string' | 'number' | 'boolean' | 'null' | 'nested';

/** Half of a pair, which JSON can write as an escape. */
export const loneSurrogate = /\p{Surrogate}/u;

export interface Member {
  readonly key: string;
  readonly kind: JsonKind;
  /** Strings are decoded. Numbers and nested values are the source text, so no digit is lost. Null for null. */
  readonly text: string | null;
  /** Of a nested value. */
  readonly value?: unknown;
}

/**
 * The members of a line with a JSON object; null for any other line. JSON.parse decides what is valid. The texts of
 * numbers come from the source, because a parsed number has only 53 bits.
 */
export function jsonMembers(line: string): Member[] | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const members: Member[] = [];
  let i = line.indexOf('{') + 1;
  for (;;) {
    i = skipSpace(line, i);
    if (line[i] === '}') return members;
    if (line[i] === ',') i = skipSpace(line, i + 1);
    const keyEnd = endOfString(line, i);
    const key = decode(line.slice(i, keyEnd));
    i = skipSpace(line, skipSpace(line, keyEnd) + 1);
    const c = line[i] ?? '';
    let end: number;
    if (c === '"') {
      end = endOfString(line, i);
      members.push({ key, kind: 'string', text: decode(line.slice(i, end)) });
    } else if (c === '{' || c === '[') {
      end = endOfNested(line, i);
      members.push({ key, kind: 'nested', text: line.slice(i, end), value: (value as Record<string, unknown>)[key] });
    } else {
      end = i;
      while (end < line.length && !',} \t\r\n'.includes(line[end] ?? '')) end++;
      const text = line.slice(i, end);
      members.push(
        text === 'null'
          ? { key, kind: 'null', text: null }
          : { key, kind: text === 'true' || text === 'false' ? 'boolean' : 'number', text },
      );
    }
    i = end;
  }
}

function decode(literal: string): string {
  return literal.includes('\\') ? String(JSON.parse(literal)) : literal.slice(1, -1);
}

function skipSpace(line: string, from: number): number {
  let i = from;
  while (line[i] === ' ' || line[i] === '\t' || line[i] === '\r' || line[i] === '\n') i++;
  return i;
}

/** Index after the closing quote of the string that begins at `from`. */
function endOfString(line: string, from: number): number {
  for (let i = from + 1; ; i++) {
    const quote = line.indexOf('"', i);
    if (quote < 0) return line.length;
    let slashes = 0;
    while (line[quote - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return quote + 1;
    i = quote;
  }
}

function endOfNested(line: string, from: number): number {
  let depth = 0;
  for (let i = from; i < line.length; i++) {
    const c = line[i];
    if (c === '"') i = endOfString(line, i) - 1;
    else if (c === '{' || c === '[') depth++;
    else if ((c === '}' || c === ']') && --depth === 0) return i + 1;
  }
  return line.length;
}
