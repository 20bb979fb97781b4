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
  /** `rows`: number of rows with the value. */
  | { readonly kind: 'value'; readonly rows: number }
);

/** A frequent value of a column, as exact text. */
export interface FrequentValue {
  readonly text: string;
  readonly rows: number;
}

interface ExpressionCompletions {
  /** The text that a proposal replaces: the name or value before the caret. */
  readonly range: Range;
  readonly items: readonly ExpressionCompletion[];
  /** The column whose values are proposed; null if a value cannot follow. */
  readonly valuesOf: string | null;
}

const maxItems = 100;
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
  const expected = expectedAfter(tokens);
  if (expected === 'field') return { range, items: matching(fieldsAt(tokens, columns), typed), valuesOf: null };
  if (expected === 'operator') {
    const isApart = /\s$/u.test(before.slice(0, start));
    return { range, items: isApart ? matching(operatorsAfter(tokens, columns), typed) : nothing, valuesOf: null };
  }
  const values = compared ? (frequent(compared.name) ?? []).map((value) => valueItem(compared.type, value)) : [];
  const operands = typed.startsWith("'")
    ? []
    : [...columns.map(columnItem), ...functionItems, ...(expected === 'value' ? [] : [keyword('not')])];
  return { range, items: matching([...values, ...operands], typed), valuesOf: compared?.name ?? null };
}

/** Start of the name, number or quoted text that ends at the caret. */
function startOfTyped(before: string): number {
  let quote = '';
  let start = 0;
  for (let index = 0; index < before.length; index++) {
    const character = before[index] ?? '';
    if (quote === '' && (character === "'" || character === '"')) [quote, start] = [character, index];
    // A doubled quote closes and reopens the text. The start is then wrong, but whether the text is open is right.
    else if (character === quote) {
      if (before[index + 1] === quote) index++;
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

/** What can follow the tokens. `value`: an operand that is compared with the operand before it. */
function expectedAfter(tokens: readonly Token[]): 'operand' | 'value' | 'operator' | 'field' {
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
  let index = tokens.length - 1;
  const textAt = (position: number): string => tokens[position]?.text ?? '';
  if (textAt(index) === 'and' && isBetween(tokens)) index -= 2;
  else if (textAt(index) === '(' || textAt(index) === ',') {
    while (index >= 0 && textAt(index) !== '(') index--;
    index--;
    if (textAt(index) !== 'in') return null;
  }
  const operator = tokens[index];
  if (operator?.kind === 'keyword' && ['in', 'between', 'like', 'ilike'].includes(operator.text)) {
    if (textAt(index - 1) === 'not') index--;
  } else if (operator?.kind !== 'symbol' || !comparisons.has(operator.text)) return null;
  return textAt(index - 2) === '.' ? null : columnOf(tokens[index - 1], columns);
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
  for (let index = first + 2; index < tokens.length - 1; index += 2) {
    const name = tokens[index]?.text;
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

/** Items that start with the typed text, then items that contain it, each in their order. */
function matching(items: readonly ExpressionCompletion[], typed: string): readonly ExpressionCompletion[] {
  const prefix = typed.replace(/^['"]/u, '').toLowerCase();
  // A function matches only by its name, not by its parameters.
  const name = ({ kind, insert, label }: ExpressionCompletion): string =>
    (kind === 'function' ? insert : label).toLowerCase();
  const starting = items.filter((item) => name(item).startsWith(prefix));
  const containing = prefix === '' ? [] : items.filter((item) => name(item).indexOf(prefix) > 0);
  const all = [...starting, ...containing];
  // A complete word needs no proposal.
  return all.length === 1 && all[0]?.insert.trim() === typed ? nothing : all.slice(0, maxItems);
}
