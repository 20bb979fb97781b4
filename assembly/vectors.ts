// The vectors of users and items, which are trained (`probe.ts`) and ranked (`ranking.ts`).

/** Bytes of a vector. */
export const ROW: usize = 128;

/** Addresses of the f32 vectors. */
export let users: usize = 0;
export let items: usize = 0;

/** The sum of four lanes. */
export function lanes(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 2) + (f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 3));
}

/** Four products of the numbers of two vectors at an offset in bytes. */
export function times(a: usize, b: usize, at: usize): v128 {
  return f32x4.mul(v128.load(a + at), v128.load(b + at));
}
