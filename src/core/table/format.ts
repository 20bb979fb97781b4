/** Locale of numbers: both group digits with commas; the large units differ (`19.2 M`, `1,920 万`). */
export type NumberLocale = 'en' | 'zh-cn';

/** U+2212: as wide as a digit, and no line break follows it. */
const minus = '−';

/** Groups the digits before the point by three and writes U+2212 as minus. Exact for texts of any length. */
export function groupDigits(text: string): string {
  const match = /^(-?)(\d+)(\.\d+)?(e[+-]?\d+)?$/i.exec(text);
  if (!match) return text;
  const [, sign = '', whole = '', fraction = '', exponent = ''] = match;
  return (sign && minus) + whole.replace(/\B(?=(\d{3})+$)/g, ',') + fraction + exponent.replace('-', minus);
}

/** A number with `digits` digits after the point; a value that rounds to zero has no sign. */
export function fixed(x: number, digits: number): string {
  const text = x.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** A count in full: `19,191,123`. */
export function formatCount(count: number): string {
  return groupDigits(plainDigits(count));
}

/** A count in three digits: `19.2 M`, `864 k`, `999`; in Chinese `1,920 万`, `1.92 亿`. */
export function formatCompactCount(count: number, locale: NumberLocale = 'en'): string {
  const units =
    locale === 'en'
      ? ([
          ['T', 1e12],
          ['G', 1e9],
          ['M', 1e6],
          ['k', 1e3],
        ] as const)
      : ([
          ['亿', 1e8],
          ['万', 1e4],
        ] as const);
  const size = Math.abs(count);
  for (const [i, [name, unit]] of units.entries()) {
    if (size < unit) continue;
    // 999,950 is 1.00 M, not 1,000 k: a value that rounds up to the next unit uses that unit.
    const nextUnit = units[i - 1];
    const text =
      nextUnit && Number((size / unit).toPrecision(3)) * unit >= nextUnit[1]
        ? `1.00 ${nextUnit[0]}`
        : `${groupDigits(threeDigits(size / unit))} ${name}`;
    return count < 0 ? minus + text : text;
  }
  return formatCount(count);
}

/** Bytes in decimal units, as in file managers and object stores: `812 B`, `1.42 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${plainDigits(bytes)} B`;
  let value = bytes;
  let unit = -1;
  do {
    value /= 1000;
    unit++;
  } while (Number(value.toPrecision(3)) >= 1000 && unit < 4);
  return `${threeDigits(value)} ${['kB', 'MB', 'GB', 'TB', 'PB'][unit] ?? 'PB'}`;
}

/** A share from 0 to 1 as `9.71 %` or `0.46 %`. Only exactly 1 is shown as 100 %, and only exactly 0 as 0 %. */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return '–';
  const percent = share * 100;
  if (percent === 0 || percent === 100) return `${percent} %`;
  const size = Math.abs(percent);
  const sign = percent < 0 ? minus : '';
  if (size >= 99.95 && size < 100) {
    const text = size >= 99.995 ? '> 99.99' : size.toFixed(2);
    return `${sign}${text} %`;
  }
  if (size < 0.0001) return `${sign}< 0.0001 %`;
  const text = size >= 9.995 ? size.toFixed(1) : size >= 1 ? size.toFixed(2) : plainText(Number(size.toPrecision(2)));
  return `${sign}${groupDigits(text)} %`;
}

/** A time span: `12 ms`, `1.84 s`, `2 min 5 s`, `1 h 3 min`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${threeDigits(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The fewest digits that parse to the same float of `bits` bits: `0.1`, `-13.99`, `NaN`. Exponent only beyond 1e21. */
export function shortestFloat(value: number, bits: 32 | 64 = 64): string {
  if (Object.is(value, -0)) return '-0';
  if (bits === 64 || !Number.isFinite(value) || Math.fround(value) !== value) return String(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

/** Maximum significant digits of a float in a column. The detail pane and copied text show the exact value. */
const maxDigits = 7;

/**
 * Formats floats of a column with the same number of decimals (`−14.00`, `−13.99`): as many as the values need, but at
 * most seven significant digits for the largest. If their sizes differ too much for that, each is formatted alone with
 * an exponent.
 */
export function formatFloats(values: readonly (number | null)[], bits: 32 | 64 = 64): string[] {
  const finite = values.filter((v): v is number => v !== null && Number.isFinite(v));
  const sizes = finite.map(Math.abs).filter((v) => v > 0);
  const largest = Math.max(0, ...sizes);
  const smallest = Math.min(...sizes, largest);
  const needed = Math.max(0, ...finite.map((v) => decimalsOf(shortestFloat(v, bits))));
  const integerDigits = largest === 0 ? 1 : Math.floor(Math.log10(largest)) + 1;
  const decimals = Math.min(needed, Math.max(0, maxDigits - integerDigits), 20);
  const vanishes = smallest > 0 && Number(smallest.toFixed(decimals)) === 0;
  const exponents = largest >= 1e15 || vanishes;
  return values.map((v) => {
    if (v === null) return '';
    if (Number.isNaN(v)) return 'NaN';
    if (!Number.isFinite(v)) return v > 0 ? '∞' : `${minus}∞`;
    if (v === 0) return exponents ? '0' : (0).toFixed(decimals);
    return groupDigits(
      exponents ? v.toExponential(Math.min(maxDigits - 1, significantDecimals(v, bits))) : v.toFixed(decimals),
    );
  });
}

/** Pads exact decimal texts of a column with zeros to the same number of decimals: `−14.00`, `−13.99`. */
export function alignFractions(texts: readonly string[]): string[] {
  const plain = /^[-−]?\d+(?:\.(\d+))?$/;
  const maxDecimals = Math.max(0, ...texts.map((t) => plain.exec(t)?.[1]?.length ?? 0));
  return texts.map((t) => {
    const match = plain.exec(t);
    const decimals = match?.[1]?.length ?? 0;
    return match && maxDecimals > decimals
      ? `${t}${decimals === 0 ? '.' : ''}${'0'.repeat(maxDecimals - decimals)}`
      : t;
  });
}

/** One float for reading, with at most `digits` significant digits: `4.83`, `−13.99`, `1.2e−9`. */
export function formatFloat(value: number, digits = 6): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${minus}∞`;
  return groupDigits(String(Number(value.toPrecision(digits))));
}

function decimalsOf(shortest: string): number {
  const match = /^-?\d+(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(shortest);
  const [, digits = '', exponent = '0'] = match ?? [];
  return Math.max(0, digits.length - Number(exponent));
}

function significantDecimals(value: number, bits: 32 | 64): number {
  const digits = shortestFloat(value, bits)
    .replace(/e.*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '')
    .replace(/0+$/, '');
  return Math.max(0, digits.length - 1);
}

function threeDigits(value: number): string {
  const text = value.toPrecision(3);
  return text.includes('e') ? String(Number(text)) : text;
}

/** All digits: `toString` would use an exponent from 1e21 and below 1e−6. */
function plainDigits(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : BigInt(Math.round(value)).toString();
}

function plainText(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(decimalsOf(text)) : text;
}
