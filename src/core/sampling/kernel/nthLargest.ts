/**
 * The n-th largest of values[0 … count), n from 1. No value may be NaN. The values are reordered. Expected time: linear
 * in their number.
 */
export function nthLargest(values: Float64Array, count: number, n: number): number {
  let start = 0;
  let end = count - 1;
  const place = n - 1;
  while (start < end) {
    const pivot = values[(start + end) >> 1] ?? 0;
    let left = start;
    let right = end;
    while (left <= right) {
      while ((values[left] ?? 0) > pivot) left++;
      while ((values[right] ?? 0) < pivot) right--;
      if (left > right) break;
      const swapped = values[left] ?? 0;
      values[left++] = values[right] ?? 0;
      values[right--] = swapped;
    }
    // All values between the two equal the pivot.
    if (place <= right) end = right;
    else if (place >= left) start = left;
    else break;
  }
  return values[place] ?? 0;
}
