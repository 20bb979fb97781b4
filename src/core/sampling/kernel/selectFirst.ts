import { i32At } from '../../valueAt.ts';

/** True if element a comes before element b. It must be a strict order, and false for a = b. */
export type Before = (a: number, b: number) => boolean;

/** Shorter ranges are sorted by insertion. */
const SHORT = 12;

/**
 * Moves the first `count` elements of order[from … to) to its start, sorted; the rest follows in any order. A quicksort
 * that ignores parts beyond `count`. Expected time: linear in all elements, plus n·log n in the wanted ones.
 */
export function selectFirst(order: Int32Array, from: number, to: number, count: number, before: Before): void {
  const wanted = from + count;
  let start = from;
  let end = to;
  while (end - start > SHORT) {
    if (start >= wanted) return;
    const middle = partition(order, start, end, before);
    // Sort the left part; then continue with the right part if any of it is wanted.
    if (middle >= wanted) {
      end = middle;
      continue;
    }
    selectFirst(order, start, middle, middle - start, before);
    start = middle;
  }
  insertionSort(order, start, end, before);
}

/**
 * Splits at the median of three elements; both parts are shorter than the whole. @returns the first place of the right
 * part
 */
function partition(order: Int32Array, start: number, end: number, before: Before): number {
  const pivot = median(i32At(order, start), i32At(order, (start + end) >> 1), i32At(order, end - 1), before);
  let left = start - 1;
  let right = end;
  for (;;) {
    do left++;
    while (before(i32At(order, left), pivot));
    do right--;
    while (before(pivot, i32At(order, right)));
    if (left >= right) return right + 1;
    const swapped = i32At(order, left);
    order[left] = i32At(order, right);
    order[right] = swapped;
  }
}

function median(a: number, b: number, c: number, before: Before): number {
  if (before(a, b)) return before(b, c) ? b : before(a, c) ? c : a;
  return before(a, c) ? a : before(b, c) ? c : b;
}

function insertionSort(order: Int32Array, start: number, end: number, before: Before): void {
  for (let i = start + 1; i < end; i++) {
    const value = i32At(order, i);
    let at = i;
    while (at > start && before(value, i32At(order, at - 1))) {
      order[at] = i32At(order, at - 1);
      at--;
    }
    order[at] = value;
  }
}
