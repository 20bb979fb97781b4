import { Dice } from './dice.ts';
import { actionTable, day, hourlyRate, micros, type Action, type ActionLog, type Shown } from './actionLog.ts';
import type { Row } from './world.ts';

const start = Date.UTC(2026, 8, 1) * 1000;
const days = 70;
const cut = start + 60 * day;
const genres = ['drama', 'comedy', 'action', 'thriller', 'romance'];
const occupations = ['student', 'writer', 'engineer', 'none'];

/**
 * A log in the form of MovieLens 100K: ratings from 1 to 5 with times in seconds and no requests. A user rates 20 to
 * some hundreds of films in one to three sessions, several of them within the same second. A rating of 4 or 5 is a
 * click. Ids are integers.
 */
export function ratingLog(name: string, users: number, films: number): ActionLog {
  const dice = new Dice(name);
  const corpus = new Map(
    Array.from({ length: films }, (_, k) => [`${k + 1}`, { created: null, category: dice.pick(genres) }] as const),
  );
  const shown: Shown[] = [];
  const ratings: number[] = [];
  const rejections: Action[] = [];
  const visits: Action[] = [];
  for (let u = 0; u < users; u++) {
    const user = `${u + 1}`;
    const count = u < 3 ? 300 + 100 * u : 20 + Math.floor(30 * ((1 - dice.unit()) ** -0.8 - 1));
    const sessions = Array.from(
      { length: dice.whole(1, 3) },
      () => start + dice.whole(0, days * 86_400 - 20_000) * 1_000_000,
    );
    const films3 = Array.from({ length: 3 * Math.min(count, 700) }, () => Math.floor(dice.unit() ** 1.7 * films) + 1);
    const items = [...new Set(films3)].slice(0, count);
    for (const [k, number] of items.entries()) {
      // Three ratings share a second.
      const time = (sessions[k % sessions.length] ?? start) + Math.floor(k / 3 / sessions.length) * 7_000_000;
      const rating = dice.pick([1, 2, 3, 3, 4, 4, 5]);
      shown.push({ row: shown.length, user, item: `${number}`, time, request: '', clicked: rating >= 4 });
      ratings.push(rating);
      if (rating === 1 && dice.chance(0.5)) rejections.push({ user, item: `${number}`, time: time + 1_000_000 });
    }
    // A visit of a film that the user never rates.
    const rated = new Set(items);
    for (let k = 0; k < 4; k++) {
      const number = dice.whole(1, films);
      const time = dice.pick(sessions) + dice.whole(0, 9) * day;
      if (!rated.has(number)) visits.push({ user, item: `${number}`, time });
    }
  }
  const people = new Map(
    Array.from({ length: users }, (_, u) => [`${u + 1}`, { region: occupations[u % 4] ?? '' }] as const),
  );
  const deviceOf = ({ user, time }: Shown): string => (Number(user) % 2 === 0 ? `even-${time % 7}` : `odd-${time % 7}`);
  const dayOf = (time: number): string => new Date(time / 1000).toISOString().slice(0, 10);
  return {
    name,
    shown,
    visits,
    rejections,
    items: corpus,
    users: people,
    rateOf: hourlyRate,
    deviceOf,
    train: { from: start, to: cut - 1 },
    eval: { from: cut, to: start + days * day - 1 },
    knownUntil: null,
    window: {
      train: { from: dayOf(start), to: dayOf(cut - 1) },
      eval: { from: dayOf(cut), to: dayOf(start + days * day - 1) },
    },
    data: {
      impressions: { columns: { user: 'user_id', item: 'item_id', time: { column: 'shown_at', unit: 's' } } },
      clicks: { columns: { user: 'user_id', item: 'item_id', time: micros('done_at') } },
      items: { columns: { item: 'item_id', attributes: ['category'] } },
      users: { columns: { user: 'user_id', attributes: ['region'] } },
      rejections: { kind: 'by_user', columns: { user: 'user_id', item: 'item_id', time: micros('done_at') } },
    },
    events: {
      click: { column: 'rating', op: '>=', value: 4 },
      visit: { column: 'action', op: '=', value: 'visit' },
    },
    tables: {
      impressions: {
        types: {
          user_id: 'BIGINT',
          item_id: 'BIGINT',
          shown_at: 'BIGINT',
          rating: 'INTEGER',
          row_no: 'BIGINT',
          device: 'VARCHAR',
          item_rate: 'DOUBLE',
        },
        rows: shown.map((one, k): Row => ({
          user_id: Number(one.user),
          item_id: Number(one.item),
          shown_at: one.time / 1_000_000,
          rating: ratings[k] ?? null,
          row_no: one.row,
          device: deviceOf(one),
          item_rate: hourlyRate(one.item, one.time),
        })),
      },
      clicks: actionTable(visits, 'BIGINT'),
      rejections: actionTable(rejections, 'BIGINT'),
      items: {
        types: { item_id: 'BIGINT', category: 'VARCHAR' },
        rows: [...corpus].map(([id, { category }]) => ({ item_id: Number(id), category })),
      },
      users: {
        types: { user_id: 'BIGINT', region: 'VARCHAR' },
        rows: [...people].map(([id, { region }]) => ({ user_id: Number(id), region })),
      },
    },
  };
}
