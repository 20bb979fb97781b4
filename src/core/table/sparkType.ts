import type { LogicalType } from './type.ts';

const typesByName: Readonly<Record<string, LogicalType>> = {
  boolean: { kind: 'boolean' },
  tinyint: { kind: 'integer', bits: 8, signed: true },
  byte: { kind: 'integer', bits: 8, signed: true },
  smallint: { kind: 'integer', bits: 16, signed: true },
  short: { kind: 'integer', bits: 16, signed: true },
  int: { kind: 'integer', bits: 32, signed: true },
  integer: { kind: 'integer', bits: 32, signed: true },
  bigint: { kind: 'integer', bits: 64, signed: true },
  long: { kind: 'integer', bits: 64, signed: true },
  float: { kind: 'float', bits: 32 },
  real: { kind: 'float', bits: 32 },
  double: { kind: 'float', bits: 64 },
  string: { kind: 'string' },
  binary: { kind: 'binary' },
  date: { kind: 'date' },
  timestamp: { kind: 'timestamp', unit: 'us', zoned: true },
  timestamp_ltz: { kind: 'timestamp', unit: 'us', zoned: true },
  timestamp_ntz: { kind: 'timestamp', unit: 'us', zoned: false },
};

/** The type that a name of Spark SQL means, as in `DESCRIBE TABLE`; null for any other text. */
export function typeOfSpark(text: string): LogicalType | null {
  const name = text.trim().toLowerCase();
  if (Object.hasOwn(typesByName, name)) return typesByName[name] ?? null;
  // Spark reads the columns of these types as strings.
  if (/^(var)?char\s*\(\s*\d+\s*\)$/.test(name)) return { kind: 'string' };
  const list = /^array\s*<(.*)>$/s.exec(name)?.[1];
  if (list !== undefined) {
    const item = typeOfSpark(list);
    return item && { kind: 'list', item };
  }
  const decimal = /^(?:decimal|dec|numeric)(?:\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?$/.exec(name);
  if (!decimal) return null;
  const [, digits = '10', fraction = '0'] = decimal;
  const [precision, scale] = [Number(digits), Number(fraction)];
  return precision >= 1 && precision <= 38 && scale <= precision ? { kind: 'decimal', precision, scale } : null;
}

/** The name that Spark's `typeof` gives a type of `typeOfSpark`; null for any other type. */
export function sparkNameOf(type: LogicalType): string | null {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'list': {
      const item = sparkNameOf(type.item);
      return item === null ? null : `array<${item}>`;
    }
    default: {
      const match = Object.entries(typesByName).find(
        ([, candidate]) => JSON.stringify(candidate) === JSON.stringify(type),
      );
      // Aliases come after Spark's own name, so the first match is Spark's name.
      return match?.[0] ?? null;
    }
  }
}
