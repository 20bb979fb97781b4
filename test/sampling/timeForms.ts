import type { Cell } from './world.ts';

/** How a file stores a time: a number with a unit, text, or a time type; `date` stores only the day. */
export type TimeForm = 'us' | 'ms' | 's' | 'seconds' | 'text' | 'zoned' | 'local' | 'date';
export const zones = ['UTC', 'Asia/Shanghai', 'America/New_York'] as const;

const units = { us: 1, ms: 1000, s: 1_000_000 } as const;
const types: Readonly<Record<TimeForm, string>> = {
  us: 'BIGINT',
  ms: 'BIGINT',
  s: 'BIGINT',
  seconds: 'DOUBLE',
  text: 'VARCHAR',
  zoned: 'TIMESTAMPTZ',
  local: 'TIMESTAMP',
  date: 'DATE',
};

/** Type and cells of a time column, from microseconds since 1970 UTC. */
export function columnOfTime(
  form: TimeForm,
  zone: string,
): { readonly type: string; readonly cell: (at: number | null) => Cell } {
  const write = (at: number): Cell => {
    switch (form) {
      case 'us':
      case 'ms':
      case 's':
        return Math.floor(at / units[form]);
      case 'seconds':
        return at / units.s;
      case 'text':
        return `${iso(at + hours(8))}+08:00`;
      case 'zoned':
        return `${iso(at)}+00:00`;
      case 'local':
        return iso(at + offset(at, zone));
      case 'date':
        return iso(at + offset(at, zone)).slice(0, 10);
    }
  };
  return { type: types[form], cell: (at) => (at === null ? null : write(at)) };
}

/** The config entry for such a column. */
export function roleOfTime(
  form: TimeForm,
  column: string,
): string | { readonly column: string; readonly unit: string } {
  if (form === 'seconds') return { column, unit: 's' };
  return form in units ? { column, unit: form } : column;
}

const hours = (count: number): number => count * 3_600_000_000;

/** Offset of a zone from UTC in microseconds. In autumn 2026, New York's clocks go back on 1 November at 06:00 UTC. */
function offset(at: number, zone: string): number {
  if (zone === 'UTC') return 0;
  if (zone === 'Asia/Shanghai') return hours(8);
  return hours(at < Date.UTC(2026, 10, 1, 6) * 1000 ? -4 : -5);
}

function iso(at: number): string {
  const milliseconds = Math.floor(at / 1000);
  return `${new Date(milliseconds).toISOString().slice(0, 23)}${String(at - milliseconds * 1000).padStart(3, '0')}`;
}
