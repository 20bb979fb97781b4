import { message } from '../../message/message.ts';
import { badFilter, type Range } from './range.ts';

/** Maximum length of an expression, in UTF-16 units. */
export const maxLength = 10_000;

export const keywords = ['and', 'or', 'not', 'in', 'between', 'like', 'ilike', 'is', 'null', 'true', 'false'] as const;
export type Keyword = (typeof keywords)[number];

export const symbols = [
  '==',
  '!=',
  '<>',
  '<=',
  '>=',
  '=',
  '<',
  '>',
  '+',
  '-',
  '*',
  '/',
  '%',
  '(',
  ')',
  ',',
  '.',
] as const;
export type TokenSymbol = (typeof symbols)[number];

export type Token = { readonly range: Range } & (
  | { readonly kind: 'number' | 'string' | 'name' | 'quoted-name'; readonly text: string }
  | { readonly kind: 'keyword'; readonly text: Keyword; readonly written: string }
  | { readonly kind: 'symbol'; readonly text: TokenSymbol }
  | { readonly kind: 'end'; readonly text: '' }
);

const keywordSet: ReadonlySet<string> = new Set(keywords);
const blank = /\s+/uy;
const number = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/uy;
const name = /[\p{ID_Start}_][\p{ID_Continue}$]*/uy;
const nameStart = /[\p{ID_Start}_]/uy;

/** Characters from pasted text or input methods, with the ASCII characters that are meant. */
const lookalikes: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '＇': "'",
  '＂': '"',
  '（': '(',
  '）': ')',
  '，': ',',
  '、': ',',
  '＝': '=',
  '＜': '<',
  '＞': '>',
  '！': '!',
  '。': '.',
  '－': '-',
  '−': '-',
  '×': '*',
  '≤': '<=',
  '≥': '>=',
  '≠': '!=',
};

/** True if a name needs no quotes in an expression. */
export function isBareName(text: string): boolean {
  name.lastIndex = 0;
  return name.exec(text)?.[0] === text && !keywordSet.has(text.toLowerCase());
}

/**
 * Splits a text into tokens; the last one is `end`.
 * @throws FailureError `bad-filter` at text that is not part of the grammar
 */
export function tokenize(text: string): Token[] {
  if (text.length > maxLength) {
    throw badFilter(
      { start: maxLength, end: text.length },
      message('The expression has {0} characters; at most {1} are allowed', text.length, maxLength),
    );
  }
  const lone = /\p{Surrogate}/u.exec(text);
  if (lone)
    throw badFilter(
      { start: lone.index, end: lone.index + 1 },
      message('The text contains half a character (an unpaired surrogate)'),
    );
  const tokens: Token[] = [];
  let offset = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = offset;
    return pattern.exec(text)?.[0];
  };
  while (offset < text.length) {
    const space = match(blank);
    if (space !== undefined) {
      offset += space.length;
      continue;
    }
    const token =
      quoted(text, offset) ?? word(match(name), offset) ?? numeral(match(number), offset, text) ?? symbol(text, offset);
    tokens.push(token);
    offset = token.range.end;
  }
  tokens.push({ kind: 'end', text: '', range: { start: text.length, end: text.length } });
  return tokens;
}

function word(text: string | undefined, start: number): Token | undefined {
  if (text === undefined) return undefined;
  const range = { start, end: start + text.length };
  const lower = text.toLowerCase();
  return keywordSet.has(lower)
    ? { kind: 'keyword', text: lower as Keyword, written: text, range }
    : { kind: 'name', text, range };
}

function numeral(text: string | undefined, start: number, whole: string): Token | undefined {
  if (text === undefined) return undefined;
  const end = start + text.length;
  nameStart.lastIndex = end;
  if (nameStart.test(whole)) {
    name.lastIndex = end;
    const suffix = name.exec(whole)?.[0] ?? '';
    throw badFilter(
      { start, end: end + suffix.length },
      message('“{0}” is neither a number nor a name', text + suffix),
      message('Put single quotes around a string, and double quotes around a column name that starts with a digit.'),
    );
  }
  return { kind: 'number', text, range: { start, end } };
}

/** `'text'` or `"column"`; a quote inside is doubled. */
function quoted(text: string, start: number): Token | undefined {
  const quote = text[start];
  if (quote !== "'" && quote !== '"') return undefined;
  let value = '';
  for (let offset = start + 1; ;) {
    const close = text.indexOf(quote, offset);
    if (close < 0) {
      const range = { start, end: text.length };
      throw quote === "'"
        ? badFilter(range, message('This string has no closing quote'))
        : badFilter(range, message('This column name has no closing quote'));
    }
    value += text.slice(offset, close);
    if (text[close + 1] !== quote)
      return { kind: quote === "'" ? 'string' : 'quoted-name', text: value, range: { start, end: close + 1 } };
    value += quote;
    offset = close + 2;
  }
}

function symbol(text: string, start: number): Token {
  const pair = text.slice(start, start + 2);
  if (pair === '--' || pair === '/*')
    throw badFilter({ start, end: start + 2 }, message('Comments are not allowed in an expression'));
  if (pair === '::')
    throw badFilter(
      { start, end: start + 2 },
      message('Casts are not allowed in an expression'),
      message('A value gets the type of the column that it is compared with.'),
    );
  if (pair === '||')
    throw badFilter(
      { start, end: start + 2 },
      message('“||” is not an operator here'),
      message('Write “or” between conditions.'),
    );
  if (pair === '&&')
    throw badFilter(
      { start, end: start + 2 },
      message('“&&” is not an operator here'),
      message('Write “and” between conditions.'),
    );
  const symbolText = symbols.find((s) => text.startsWith(s, start));
  if (symbolText) return { kind: 'symbol', text: symbolText, range: { start, end: start + symbolText.length } };
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
  const range = { start, end: start + character.length };
  if (character === ';') throw badFilter(range, message('An expression is one condition; “;” is not allowed'));
  if (character === '!')
    throw badFilter(range, message('“!” is not an operator here'), message('Write “not” before a condition.'));
  const ascii = lookalikes[character];
  if (ascii !== undefined) throw badFilter(range, message('Write {0} instead of “{1}”', ascii, character));
  throw badFilter(
    range,
    message(
      'The character “{0}” is not allowed here',
      character < ' ' ? `U+${character.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}` : character,
    ),
  );
}
