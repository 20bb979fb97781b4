/**
 * Orders texts by their UTF-8 bytes, which is the order of their code points. JavaScript compares UTF-16 units, which
 * puts characters beyond the basic plane before some inside it.
 */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let k = 0; k < length; k++) {
    const left = a.charCodeAt(k);
    const right = b.charCodeAt(k);
    if (left !== right) return order(left) - order(right);
  }
  return a.length - b.length;
}

/** Surrogates of characters beyond the basic plane come after all units within it. */
function order(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x2800 : unit;
}
