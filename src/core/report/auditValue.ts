import type { TableColumn, Unit, Value } from '../audit/metric.ts';
import type { Message } from '../message/message.ts';
import { printable } from '../message/printable.ts';
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

/** A cell of a table of a metric. `text` renders a message. */
export function auditCell({ unit, texts }: TableColumn, value: Value, text: (message: Message) => string): string {
  const label = typeof value === 'string' ? texts?.[value] : undefined;
  return label ? text(label) : printable(auditValue(value, unit));
}
