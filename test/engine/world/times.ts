/** How a column of times is stored. */
export const timeForms = [
  'naive',
  'zoned',
  'date',
  's',
  'ms',
  'us',
  'text',
  'text-zoned',
  'text-offset',
  'text-day',
] as const;
export type TimeForm = (typeof timeForms)[number];

/** A stored time as its first and last microsecond since 1970 UTC; they differ if only the day is stored. */
export interface Moment {
  readonly from: number;
  readonly to: number;
}

/** Microseconds. */
export const second = 1_000_000;
export const day = 86_400 * second;

/** Zones and their offset from UTC in hours; no world contains a clock change. */
export const zones = { UTC: 0, 'Asia/Shanghai': 8, 'America/New_York': -5 } as const;
export type Zone = keyof typeof zones;
const shift = (zone: Zone): number => zones[zone] * 3600 * second;

const types: Readonly<Record<TimeForm, string>> = {
  naive: 'TIMESTAMP',
  zoned: 'TIMESTAMPTZ',
  date: 'DATE',
  s: 'BIGINT',
  ms: 'BIGINT',
  us: 'BIGINT',
  text: 'VARCHAR',
  'text-zoned': 'VARCHAR',
  'text-offset': 'VARCHAR',
  'text-day': 'VARCHAR',
};
export const sqlType = (form: TimeForm): string => types[form];

/** What remains of a microsecond after it is stored. */
export function momentOf(at: number, form: TimeForm, zone: Zone): Moment {
  if (form === 'date' || form === 'text-day') {
    const from = Math.floor((at + shift(zone)) / day) * day - shift(zone);
    return { from, to: from + day - 1 };
  }
  const unit = form === 's' ? second : form === 'ms' ? 1000 : 1;
  const from = Math.floor(at / unit) * unit;
  return { from, to: from };
}

/** The cell that stores a microsecond. */
export function cellOf(at: number, form: TimeForm, zone: Zone): string {
  const { from } = momentOf(at, form, zone);
  switch (form) {
    case 's':
      return String(from / second);
    case 'ms':
      return String(from / 1000);
    case 'us':
      return String(from);
    case 'zoned':
      return `${written(from, ' ')}+00`;
    case 'naive':
      return written(from + shift(zone), ' ');
    case 'text':
      return written(from + shift(zone), 'T');
    case 'text-zoned':
      return `${written(from, 'T')}Z`;
    case 'text-offset':
      return `${written(from + 5.5 * 3600 * second, 'T')}+05:30`;
    case 'date':
    case 'text-day':
      return written(from + shift(zone), 'T').slice(0, 10);
  }
}

/** First and last microsecond of a day such as `2026-11-03` in a zone. */
export function dayMoment(text: string, zone: Zone): Moment {
  const from = Date.parse(`${text}T00:00:00Z`) * 1000 - shift(zone);
  return { from, to: from + day - 1 };
}

function written(at: number, between: string): string {
  const text = new Date(Math.floor(at / 1000)).toISOString().slice(0, 23).replace('T', between);
  return `${text}${String(((at % 1000) + 1000) % 1000).padStart(3, '0')}`;
}
