import type { Dataset } from '../../src/core/table/dataset.ts';
import type { Condition } from '../../src/core/table/filter.ts';
import { isNumeric } from '../../src/core/table/type.ts';
import { withMinus } from '../scalar.ts';
import { t } from '../strings.ts';

/** The three parts of a filter chip: `ts`, `on`, `2026-03-14`. */
export interface ConditionParts {
  readonly column: string;
  readonly op: string;
  readonly value: string;
}

export function conditionParts(condition: Condition, dataset: Dataset | null): ConditionParts {
  const { column, op, values } = condition;
  const type = dataset?.columns.find((c) => c.name === column)?.type;
  const texts = values.map((value) => (value === '' ? '""' : type && isNumeric(type) ? withMinus(value) : value));
  const [first = '', second = ''] = texts;
  switch (op) {
    case '=':
      return { column, op: type && isNumeric(type) ? '=' : t('is'), value: first };
    case '!=':
      return { column, op: type && isNumeric(type) ? '≠' : t('is not'), value: first };
    case '<=':
      return { column, op: '≤', value: first };
    case '>=':
      return { column, op: '≥', value: first };
    case 'between': {
      const day = dayOf(condition);
      return day === null
        ? { column, op: t('between'), value: t('{0} and {1}', first, second) }
        : { column, op: t('on'), value: day };
    }
    case 'in':
      return { column, op: t('one of'), value: texts.join(', ') };
    case 'contains':
      return { column, op: t('contains'), value: first };
    case 'starts with':
      return { column, op: t('starts with'), value: first };
    case 'is null':
      return { column, op: t('is'), value: 'null' };
    case 'is not null':
      return { column, op: t('is not'), value: 'null' };
    default:
      return { column, op, value: first };
  }
}

export function conditionText(condition: Condition, dataset: Dataset | null): string {
  const { column, op, value } = conditionParts(condition, dataset);
  return `${column} ${op} ${value}`;
}

const start = ' 00:00:00';
const end = /^ 23:59:59(\.9+)?$/;

/** A condition for one whole day of a timestamp column. `digits`: decimals of the seconds, as in the column. */
export function onDay(column: string, day: string, digits: number): Condition {
  return {
    column,
    op: 'between',
    values: [day + start, `${day} 23:59:59${digits === 0 ? '' : `.${'9'.repeat(digits)}`}`],
  };
}

/** The day of a condition made by `onDay`; null for any other condition. */
export function dayOf({ op, values: [from = '', to = ''] }: Condition): string | null {
  const day = from.slice(0, 10);
  return op === 'between' && from === day + start && to.startsWith(day) && end.test(to.slice(10)) ? day : null;
}
