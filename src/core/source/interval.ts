/** Two bounds, both included. */
export type Interval = readonly [first: number, last: number];

export function intersect(a: Interval, b: Interval): boolean {
  return a[0] <= b[1] && b[0] <= a[1];
}
