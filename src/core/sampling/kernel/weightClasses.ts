import { f64At, outOfRange, valueFor } from '../../valueAt.ts';
import type { Allocate } from '../alias.ts';

/** Class numbers in the narrowest type that fits: data for random lookups should fit into a cache. */
export type ClassNumbers = Uint16Array | Uint32Array;

/** The distinct weights of a pool, with their logs. Most items of a log share their weight with many others. */
export interface WeightClasses {
  /** Indexed by class, from 1; class 0 has weight 0. */
  readonly weights: Float64Array;
  readonly logs: Float64Array;
}

const NARROW = 65536;

/** Allocates numbers for the given count of classes, including class 0. */
export function classNumbers(length: number, classes: number, allocate: Allocate): ClassNumbers {
  return classes <= NARROW ? new Uint16Array(allocate(length * 2)) : new Uint32Array(allocate(length * 4));
}

/** The class at a place. */
export function classAt(numbers: ClassNumbers, place: number): number {
  return numbers[place] ?? outOfRange(numbers, place);
}

/**
 * Classes of the weights of a pool, in order of first occurrence, and the class at each place (null if every weight is
 * 1).
 */
export function weightClasses(
  weights: Float64Array | null,
  allocate: Allocate,
): { readonly classes: WeightClasses; readonly ofPlace: ClassNumbers | null } {
  const numbers = new Map([[0, 0]]);
  if (!weights) numbers.set(1, 1);
  else for (const weight of weights) if (!numbers.has(weight)) numbers.set(weight, numbers.size);
  const distinct = new Float64Array(allocate(numbers.size * 8));
  const logs = new Float64Array(allocate(numbers.size * 8));
  for (const [weight, number] of numbers) {
    distinct[number] = weight;
    logs[number] = Math.log(weight);
  }
  const ofPlace = weights && classNumbers(weights.length, numbers.size, allocate);
  if (weights && ofPlace)
    for (let place = 0; place < weights.length; place++) ofPlace[place] = valueFor(numbers, f64At(weights, place));
  return { classes: { weights: distinct, logs }, ofPlace };
}
