import { message, type Message } from '../message/message.ts';
import { durationOf } from '../schema/form.ts';
import { millisecondsOfDay, momentOf } from '../schema/moment.ts';
import type { ScalarNode } from './tree.ts';

type Value = ScalarNode['value'];

/** The text between `${` and `}`: `dt`, `dt - 7d`, `dt:yyyyMMdd` or `dt + 1d:yyyy/MM/dd`. */
export interface Hole {
  readonly name: string;
  /** The duration that is added or subtracted, such as `- 7d`; null: none. */
  readonly shift: { readonly text: string; readonly sign: 1 | -1; readonly amount: string } | null;
  /** Format of the result, such as `yyyyMMdd`; null: like the value of the variable. */
  readonly format: string | null;
}

const holePattern = /^\s*(.*?)\s*(?:([+-])\s*(\d+[a-z]+)\s*)?(?::\s*(.*?)\s*)?$/;

/**
 * Parses the text of a hole.
 * @param isName true for the name of a variable, which may contain `-` or `:`
 */
export function parseHole(text: string, isName: (name: string) => boolean): Hole {
  const [, name = '', sign, amount, format] = isName(text) ? [] : (holePattern.exec(text) ?? []);
  if (name === '') return { name: text, shift: null, format: null };
  const shift =
    sign !== undefined && amount !== undefined
      ? { text: `${sign} ${amount}`, sign: sign === '-' ? (-1 as const) : (1 as const), amount }
      : null;
  return { name, shift, format: format ?? null };
}

/** The value of a hole, or why there is none. */
export function valueOfHole({ name, shift, format }: Hole, value: Value): { readonly value: Value } | Message {
  if (shift === null && format === null) return { value };
  const time = timeOf(value);
  if (time === null)
    return message(
      'The variable {0} is {1}. Only a day or a time, such as {2}, can be moved or formatted',
      name,
      String(value),
      '2026-11-20',
    );
  const moved = shift === null ? time : movedBy(time, shift, name);
  if (!('wall' in moved)) return moved;
  return format === null ? { value: writtenLike(moved, value) } : formatted(moved, format);
}

/** A day or a time as it is written, without its zone. */
interface WrittenTime {
  /** Milliseconds since 1970 of the written date and time, read as UTC. */
  readonly wall: number;
  readonly kind: 'day' | 'digits' | 'time';
}

const digitsPattern = /^(\d{4})(\d{2})(\d{2})$/;

function timeOf(value: Value): WrittenTime | null {
  const text = String(value);
  const [, year, month, day] = digitsPattern.exec(text) ?? [];
  if (year !== undefined) {
    const moment = momentOf(`${year}-${month ?? ''}-${day ?? ''}`);
    return moment && { wall: moment.first, kind: 'digits' };
  }
  // The zone is cut here and written unchanged later.
  const moment = typeof value === 'string' ? momentOf(text.replace(/(Z|[+-]\d{2}:?\d{2})$/, zoneAfterTime)) : null;
  return moment && { wall: moment.first, kind: moment.last > moment.first ? 'day' : 'time' };
}

/** Removes a zone, but not the end of a day. */
const zoneAfterTime = (zone: string, _: string, offset: number): string => (offset > 'yyyy-MM-dd'.length ? '' : zone);

function movedBy({ wall, kind }: WrittenTime, shift: NonNullable<Hole['shift']>, name: string): WrittenTime | Message {
  const milliseconds = durationOf(shift.amount);
  if (milliseconds === null)
    return message('{0} is not a duration: write a whole number and a unit, such as {1}', shift.amount, '7d');
  if (kind !== 'time' && milliseconds % millisecondsOfDay !== 0)
    return message('The variable {0} is a day: move it by whole days, such as {1}', name, '7d');
  const moved = wall + shift.sign * milliseconds;
  // The written form has four digits for the year.
  const [first, end] = [Date.UTC(1000, 0, 1), Date.UTC(10_000, 0, 1)];
  return moved >= first && moved < end
    ? { wall: moved, kind }
    : message('{0} moved by {1} is not between the years 1000 and 9999', name, shift.text);
}

/** A moved value in the form of the original one: the same separators, fraction and zone. */
function writtenLike({ wall, kind }: WrittenTime, original: Value): Value {
  const iso = new Date(wall).toISOString();
  if (kind === 'day') return iso.slice(0, 10);
  if (kind === 'digits') {
    const text = iso.slice(0, 10).replaceAll('-', '');
    return typeof original === 'number' ? Number(text) : text;
  }
  const text = String(original);
  const seconds = /^.{16}:\d{2}/.test(text) ? iso.slice(16, 19) : '';
  return `${iso.slice(0, 10)}${text.slice(10, 11)}${iso.slice(11, 16)}${seconds}${text.slice(16 + seconds.length)}`;
}

const letterGroups = /yyyy|MM|dd|HH|mm|ss|[A-Za-z]+/g;

function formatted({ wall }: WrittenTime, format: string): { readonly value: Value } | Message {
  const iso = new Date(wall).toISOString();
  const parts: Readonly<Record<string, string>> = {
    yyyy: iso.slice(0, 4),
    MM: iso.slice(5, 7),
    dd: iso.slice(8, 10),
    HH: iso.slice(11, 13),
    mm: iso.slice(14, 16),
    ss: iso.slice(17, 19),
  };
  const unknown = [...format.matchAll(letterGroups)].find(([part]) => !Object.hasOwn(parts, part));
  if (format === '' || unknown)
    return message(
      '{0} is not a format: it consists of {1} and other characters',
      format,
      Object.keys(parts).join(', '),
    );
  return { value: format.replace(letterGroups, (part) => parts[part] ?? part) };
}
