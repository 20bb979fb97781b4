import type { Column } from '../dataset.ts';
import { isNumeric, type LogicalType } from '../type.ts';
import { printName, printString } from './ast.ts';
import { functionDefinition, functionNames } from './functions.ts';
import { tokenize, type Token } from './lexer.ts';
import type { Range } from './range.ts';

type NamedColumn = Pick<Column, 'name' | 'type'>;

/** One proposal for the text at the caret. `insert` replaces the range of the answer. */
export type ExpressionCompletion = { readonly insert: string; readonly label: string } & (
  | { readonly kind: 'column'; readonly type: LogicalType }
  | { readonly kind: 'function' }
  | { readonly kind: 'keyword' }
  /** `rows`: how many rows have the value. */
  | { readonly kind: 'value'; readonly rows: number }
);

/** A frequent value of a column, as exact text. */
export interface FrequentValue {
  readonly text: string;
  readonly rows: number;
}

interface ExpressionCompletions {
  /** What a proposal replaces: the part of a name or value before the caret. */
  readonly range: Range;
  readonly items: readonly ExpressionCompletion[];
  /** The column whose values are proposed; null if a value cannot follow. */
  readonly valuesOf: string | null;
}

const mostItems = 100;
const nothing: readonly ExpressionCompletion[] = [];
const typedName = /[\p{ID_Start}_][\p{ID_Continue}$]*$/u;
const typedNumber = /[-+]?\d[\d.]*$/u;
const comparisons = new Set(['=', '==', '!=', '<>', '<', '<=', '>', '>=']);
const operators = ['=', '!=', '<', '<=', '>', '>=', 'in (', 'not in (', 'between', 'like', 'is null', 'is not null'];

/**
 * Proposes what may follow at `caret`: columns and functions where a value may start, operators after a value, and
 * frequent values of the compared column. `frequent` returns null for a column whose values are not known yet.
 */
export function expressionCompletions(
  text: string,
  caret: number,
  columns: readonly NamedColumn[],
  frequent: (column: string) => readonly FrequentValue[] | null,
): ExpressionCompletions {
  const before = text.slice(0, caret);
  const start = startOfTyped(before);
  const range = { start, end: caret };
  const tokens = tokensOf(before.slice(0, start));
  if (tokens === null) return { range, items: nothing, valuesOf: null };
  const typed = before.slice(start);
  const compared = comparedColumn(tokens, columns);
  const place = placeAfter(tokens);
  if (place === 'field') return { range, items: found(fieldsAt(tokens, columns), typed), valuesOf: null };
  if (place === 'operator') {
    const isApart = /\s$/u.test(before.slice(0, start));
    return { range, items: isApart ? found(operatorsAfter(tokens, columns), typed) : nothing, valuesOf: null };
  }
  const values = compared ? (frequent(compared.name) ?? []).map((value) => valueItem(compared.type, value)) : [];
  const operands = typed.startsWith("'")
    ? []
    : [...columns.map(columnItem), ...functionItems, ...(place === 'value' ? [] : [keyword('not')])];
  return { range, items: found([...values, ...operands], typed), valuesOf: compared?.name ?? null };
}

/** Where the name, number or quoted text that ends at the caret starts. */
function startOfTyped(before: string): number {
  let quote = '';
  let start = 0;
  for (let at = 0; at < before.length; at++) {
    const character = before[at] ?? '';
    if (quote === '' && (character === "'" || character === '"')) [quote, start] = [character, at];
    // A doubled quote closes and opens again at once, which leaves the start wrong but the text closed or open alike.
    else if (character === quote) {
      if (before[at + 1] === quote) at++;
      else quote = '';
    }
  }
  if (quote !== '') return start;
  const typed = typedName.exec(before) ?? typedNumber.exec(before);
  return typed ? typed.index : before.length;
}

function tokensOf(text: string): readonly Token[] | null {
  try {
    return tokenize(text).slice(0, -1);
  } catch {
    return null;
  }
}

/** What may follow the tokens. `value`: an operand that is compared with the operand before. */
function placeAfter(tokens: readonly Token[]): 'operand' | 'value' | 'operator' | 'field' {
  const last = tokens.at(-1);
  if (!last) return 'operand';
  if (last.kind === 'symbol') {
    if (last.text === '.') return 'field';
    if (last.text === ')') return 'operator';
    return last.text === '(' && tokens.at(-2)?.text !== 'in' ? 'operand' : 'value';
  }
  if (last.kind !== 'keyword') return 'operator';
  if (['null', 'true', 'false', 'is'].includes(last.text)) return 'operator';
  return last.text === 'and' && isBetween(tokens)
    ? 'value'
    : ['and', 'or', 'not'].includes(last.text)
      ? 'operand'
      : 'value';
}

/** True if the last `and` belongs to a `between`. */
function isBetween(tokens: readonly Token[]): boolean {
  return tokens.at(-3)?.kind === 'keyword' && tokens.at(-3)?.text === 'between';
}

/** The column on the left of a comparison whose right side starts after the tokens. */
function comparedColumn(tokens: readonly Token[], columns: readonly NamedColumn[]): NamedColumn | null {
  let at = tokens.length - 1;
  const textAt = (place: number): string => tokens[place]?.text ?? '';
  if (textAt(at) === 'and' && isBetween(tokens)) at -= 2;
  else if (textAt(at) === '(' || textAt(at) === ',') {
    while (at >= 0 && textAt(at) !== '(') at--;
    at--;
    if (textAt(at) !== 'in') return null;
  }
  const operator = tokens[at];
  if (operator?.kind === 'keyword' && ['in', 'between', 'like', 'ilike'].includes(operator.text)) {
    if (textAt(at - 1) === 'not') at--;
  } else if (operator?.kind !== 'symbol' || !comparisons.has(operator.text)) return null;
  return textAt(at - 2) === '.' ? null : columnOf(tokens[at - 1], columns);
}

function columnOf(token: Token | undefined, columns: readonly NamedColumn[]): NamedColumn | null {
  if (token?.kind !== 'name' && token?.kind !== 'quoted-name') return null;
  return columns.find(({ name }) => name === token.text) ?? null;
}

/** Fields of the struct before the last dot. */
function fieldsAt(tokens: readonly Token[], columns: readonly NamedColumn[]): ExpressionCompletion[] {
  let first = tokens.length - 2;
  while (tokens[first - 1]?.text === '.') first -= 2;
  let type = columnOf(tokens[first], columns)?.type;
  for (let at = first + 2; at < tokens.length - 1; at += 2) {
    const name = tokens[at]?.text;
    type = type?.kind === 'struct' ? type.fields.find((field) => field.name === name)?.type : undefined;
  }
  return type?.kind === 'struct' ? type.fields.map(columnItem) : [];
}

function operatorsAfter(tokens: readonly Token[], columns: readonly NamedColumn[]): ExpressionCompletion[] {
  const last = tokens.at(-1);
  if (last?.text === 'is') return [keyword('null'), keyword('not null')];
  const isCompared = comparisons.has(tokens.at(-2)?.text ?? '') || last?.text === ')' || last?.text === 'null';
  const column = columnOf(last, columns);
  const joins = [keyword('and'), keyword('or')];
  if (isCompared) return joins;
  const fitting = column && isNumeric(column.type) ? operators.filter((operator) => operator !== 'like') : operators;
  return [...fitting.map(keyword), ...joins];
}

const keyword = (text: string): ExpressionCompletion => ({
  kind: 'keyword',
  insert: text.endsWith('(') ? text : `${text} `,
  label: text,
});

const columnItem = ({ name, type }: NamedColumn): ExpressionCompletion => ({
  kind: 'column',
  insert: printName(name),
  label: name,
  type,
});

const functionItems: readonly ExpressionCompletion[] = functionNames.map((name) => ({
  kind: 'function',
  insert: `${name}(`,
  label: functionDefinition(name).usage,
}));

function valueItem(type: LogicalType, { text, rows }: FrequentValue): ExpressionCompletion {
  const isBare = (isNumeric(type) && /^-?\d/.test(text)) || type.kind === 'boolean';
  return { kind: 'value', insert: isBare ? text : printString(text), label: text, rows };
}

/** Those that start with the typed text, then those that contain it, each in their order. */
function found(items: readonly ExpressionCompletion[], typed: string): readonly ExpressionCompletion[] {
  const wanted = typed.replace(/^['"]/u, '').toLowerCase();
  // Only the name of a function counts, not those of its parameters.
  const name = ({ kind, insert, label }: ExpressionCompletion): string =>
    (kind === 'function' ? insert : label).toLowerCase();
  const starting = items.filter((item) => name(item).startsWith(wanted));
  const containing = wanted === '' ? [] : items.filter((item) => name(item).indexOf(wanted) > 0);
  const all = [...starting, ...containing];
  // A word that is complete needs no proposal.
  return all.length === 1 && all[0]?.insert.trim() === typed ? nothing : all.slice(0, mostItems);
}
