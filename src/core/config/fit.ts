import { message, type Message } from '../message/message.ts';
import { hasForm } from '../schema/form.ts';
import type { NumberShape, PlainShape } from '../schema/shape.ts';
import type { ScalarNode } from './tree.ts';

type Value = ScalarNode['value'];

/** True if a scalar has the kind of a shape, even if it is out of range. */
export function isOfKind(value: Value, shape: PlainShape): boolean {
  switch (shape.kind) {
    case 'text':
      return typeof value === 'string' && hasForm(value, shape.meaning);
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint';
    case 'boolean':
      return typeof value === 'boolean';
    case 'choice':
      return shape.choices.some((choice) => choice.value === value);
    case 'list':
    case 'record':
    case 'dictionary':
    case 'dependent':
      return false;
  }
}

/** True if a scalar has the kind of a shape and is in range. */
export function isSound(value: Value, shape: PlainShape): boolean {
  return (
    isOfKind(value, shape) &&
    (shape.kind !== 'number' || typeof value === 'string' || rangeProblem(value, shape) === null)
  );
}

/** Why a number is out of the range of a shape; null if it is in range. */
export function rangeProblem(stored: Value, { integer, min, max, above = false }: NumberShape): Message | null {
  const value = Number(stored);
  if (!Number.isFinite(value)) return message('{0} is not a finite number', String(value));
  if (integer && !Number.isInteger(value)) return message('{0} is not a whole number', value);
  if (integer && !Number.isSafeInteger(value))
    return message('{0} has too many digits to be stored exactly', String(stored));
  const isBelow = min !== undefined && (above ? value <= min : value < min);
  const isAbove = max !== undefined && value > max;
  if (!isBelow && !isAbove) return null;
  if (min === undefined) return message('{0} is above the maximum {1}', value, max ?? Infinity);
  if (max === undefined)
    return above ? message('{0} must be above {1}', value, min) : message('{0} is below the minimum {1}', value, min);
  return above
    ? message('{0} must be above {1} and at most {2}', value, min, max)
    : message('{0} is not between {1} and {2}', value, min, max);
}

/** What is wrong with the length of a list; null if nothing is. */
export function lengthProblem(
  length: number,
  { min = 0, max = Infinity }: { readonly min?: number; readonly max?: number },
): Message | null {
  if (length >= min && length <= max) return null;
  if (min === max) return message('The list has {0} values, but must have {1}', length, min);
  return length < min
    ? message('The list has {0} values, but must have at least {1}', length, min)
    : message('The list has {0} values, but can have at most {1}', length, max);
}
