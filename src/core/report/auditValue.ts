import type { Unit, Value } from '../audit/metric.ts';
import { fixed, formatCount, formatFloat, formatPercent } from '../table/format.ts';

/** A value of the audit with its unit, for people. */
export function auditValue(value: Value, unit: Unit): string {
  if (value === null) return '–';
  if (typeof value === 'string') return value;
  switch (unit) {
    case 'count':
      return formatCount(value);
    case 'share':
      return formatPercent(value);
    case 'bits':
      return `${fixed(value, 4)} bits`;
    case 'nats':
      return `${fixed(value, 4)} nats`;
    case 'ratio':
    case 'number':
    case 'text':
      return formatFloat(value, 4);
  }
}
