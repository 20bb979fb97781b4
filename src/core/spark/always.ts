/** Before and after all times. Sums with a duration stay inside 64 bits. */
export const always = { first: -(1n << 62n), last: 1n << 62n } as const;
