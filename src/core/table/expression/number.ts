/** A decimal number, exact at any size, without leading zeros of `whole` and trailing zeros of `fraction`. */
export interface ExactNumber {
  readonly negative: boolean;
  /** Digits before the point, '' if there are none. */
  readonly whole: string;
  /** Digits after the point, '' if there are none. */
  readonly fraction: string;
}

/** Maximum number of digits, after the exponent is expanded; longer numbers only exist as floats. */
const maxDigits = 400;

const pattern = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,9}))?$/;

/** Parses `-12`, `+1.50`, ` .5 `, `1e-3`; null for any other text and for numbers of more than 400 digits. */
export function readNumber(text: string): ExactNumber | null {
  const match = pattern.exec(text.trim());
  if (!match) return null;
  const [, , mantissa = '', exponent = '0'] = match;
  const [whole = '', fraction = ''] = mantissa.split('.');
  const shift = Number(exponent);
  const digits = whole + fraction;
  const point = whole.length + shift;
  if (/^0*$/.test(digits)) return { negative: false, whole: '', fraction: '' };
  if (Math.abs(point) > maxDigits || digits.length > maxDigits) return null;
  const padded = point < 0 ? '0'.repeat(-point) + digits : digits.padEnd(point, '0');
  const cut = Math.max(0, point);
  return {
    negative: match[1] === '-',
    whole: padded.slice(0, cut).replace(/^0+/, ''),
    fraction: padded.slice(cut).replace(/0+$/, ''),
  };
}

/** Plain digits, without exponent: `-0.5`, `12`. */
export function printNumber(n: ExactNumber): string {
  return `${n.negative ? '-' : ''}${n.whole || '0'}${n.fraction === '' ? '' : `.${n.fraction}`}`;
}

/**
 * A short number that compares like `n` to every decimal of at most `wholeDigits` digits before and `scale` digits
 * after the point. A longer fraction becomes a single 5 after the last relevant digit, which lies between two
 * neighbours and equals neither. A larger number becomes 10^wholeDigits. This keeps comparisons exact in 128 bits.
 */
export function comparable(n: ExactNumber, wholeDigits: number, scale: number): ExactNumber {
  if (n.whole.length > wholeDigits) return { negative: n.negative, whole: `1${'0'.repeat(wholeDigits)}`, fraction: '' };
  if (n.fraction.length <= scale) return n;
  return { ...n, fraction: `${n.fraction.slice(0, scale)}5` };
}
