import type { Column } from '../dataset.ts';
import { failureOf, type Failure } from '../../message/failure.ts';
import { check } from './check.ts';
import { parse } from './parser.ts';
import type { Range } from './range.ts';
import type { TypedExpression } from './typed.ts';

/** `expression` null: the text is blank and selects all rows. */
export type ParsedExpression =
  | { readonly ok: true; readonly expression: TypedExpression | null }
  | { readonly ok: false; readonly failure: Failure; readonly range: Range };

/**
 * Parses the text of the expression box and checks it against the columns, for validation while typing. Never throws.
 */
export function parseExpression(text: string, columns: readonly Pick<Column, 'name' | 'type'>[]): ParsedExpression {
  if (text.trim() === '') return { ok: true, expression: null };
  try {
    return { ok: true, expression: check(parse(text), columns, text) };
  } catch (error) {
    const failure = failureOf(error);
    const start = Math.min((failure.place?.character ?? 1) - 1, text.length);
    return { ok: false, failure, range: { start, end: Math.min(start + (failure.place?.length ?? 0), text.length) } };
  }
}
