import { f64At } from '../../valueAt.ts';

/**
 * The n-th largest of values[0 … count), n from 1. No value may be NaN. The values are reordered. Expected time: linear
 * in their number.
 */
export function nthLargest(values: Float64Array, count: number, n: number): number {
  let start = 0;
  let end = count - 1;
  const place = n - 1;
  while (start < end) {
    const pivot = f64At(values, (start + end) >> 1);
    let left = start;
    let right = end;
    while (left <= right) {
      while (f64At(values, left) > pivot) left++;
      while (f64At(values, right) < pivot) right--;
      if (left > right) break;
      const swapped = f64At(values, left);
      values[left++] = f64At(values, right);
      values[right--] = swapped;
    }
    // All values between the two equal the pivot.
    if (place <= right) end = right;
    else if (place >= left) start = left;
    else break;
  }
  return f64At(values, place);
}
