import { Dice } from './dice.ts';
import {
  actionTable,
  day,
  hour,
  hourlyRate,
  micros,
  timeText,
  type Action,
  type ActionLog,
  type Shown,
} from './actionLog.ts';
import type { Row, Table } from './world.ts';

export interface NewsShape {
  readonly name: string;
  readonly users: number;
  readonly items: number;
  /** Days of the log; the last one is for evaluation. With 1, its last six hours are, known for four. */
  readonly days: number;
}

const start = Date.UTC(2026, 10, 9) * 1000;
/** Requests of the first user. */
const heavyRequests = 110;
const categories = ['news', 'sports', 'finance', 'travel', 'lifestyle', 'video'];
const regions = ['north', 'south', '杭州'];

/**
 * A log in the form of MIND: requests of 20 to 40 impressions with one or two clicks, ids such as `N123`, a history of
 * clicked ids separated by spaces, users with a heavy tail, articles that
 * appear day by day, visits without an impression, and rejections.
 */
export function newsLog({ name, users, items, days }: NewsShape): ActionLog {
  const dice = new Dice(name);
  const corpus = new Map(
    Array.from({ length: items }, (_, k) => {
      // Every fourth article has no date; the others appear from two days before the log to its end.
      const created = k % 4 === 0 ? null : start + Math.floor((dice.unit() * (days + 2) - 2) * day);
      return [`N${1000 + k * 7}`, { created, category: dice.pick(categories) }] as const;
    }),
  );
  const ids = [...corpus.keys()];
  const shown: Shown[] = [];
  const places: Place[] = [];
  const visits: Action[] = [];
  const rejections: Action[] = [];
  for (let u = 0; u < users; u++) {
    const user = `U${100 + u}`;
    const requests = u === 0 ? heavyRequests : 1 + Math.floor(2 * (1 - dice.unit()) ** -0.7) + (u % 3);
    const history = dice.some(ids, dice.whole(0, 12));
    for (const time of timesOf(Math.min(requests, heavyRequests), days, dice)) {
      const request = `${user}-${time}`;
      const there = ids.filter((id) => (corpus.get(id)?.created ?? 0) <= time);
      // Half of an impression list is fresh or popular, half is anything.
      const picked = [
        ...dice.some(there.slice(-Math.ceil(there.length / 3)), 10),
        ...dice.some(there, dice.whole(20, 40)),
      ];
      const list = [...new Set(picked)].slice(0, dice.whole(20, 40));
      const clicks = new Set(dice.some(list, dice.whole(1, 2)));
      const past = history.slice(-50).join(' ');
      for (const [k, item] of list.entries()) {
        shown.push({ row: shown.length, user, item, time, request, clicked: clicks.has(item) });
        places.push({ slot: k + 1, history: past });
      }
      history.push(...clicks);
      // Visits come from search: some of a shown item within hours, most of an item that nobody showed.
      if (dice.chance(0.3))
        visits.push({ user, item: dice.pick(dice.chance(0.3) ? list : ids), time: time + dice.whole(1, 7200) * 1e6 });
      if (dice.chance(0.2)) rejections.push({ user, item: dice.pick(list), time: time + 5e6 });
    }
  }
  const end = start + days * day;
  const cut = days === 1 ? end - 6 * hour : end - day;
  const bound = (time: number): string => timeText(time).slice(0, days === 1 ? 19 : 10);
  const deviceOf = ({ request }: Shown): string => ['phone', 'tablet', 'web'][Number(request.slice(-8)) % 3] ?? '';
  const people = new Map(
    Array.from({ length: users }, (_, u) => [`U${100 + u}`, { region: regions[u % 3] ?? '' }] as const),
  );
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
    eval: { from: cut, to: end - 1 },
    knownUntil: days === 1 ? end - 2 * hour : null,
    window: {
      train: { from: bound(start), to: bound(cut - 1e6) },
      eval: { from: bound(cut), to: bound(end - 1e6) },
    },
    data: {
      impressions: {
        columns: {
          user: 'user_id',
          item: 'item_id',
          time: micros('shown_at'),
          request: 'request_id',
          position: 'slot',
        },
      },
      clicks: { columns: { user: 'user_id', item: 'item_id', time: micros('done_at') } },
      items: { columns: { item: 'item_id', created: micros('published'), attributes: ['category'] } },
      users: { columns: { user: 'user_id', attributes: ['region'] } },
      rejections: { kind: 'by_user', columns: { user: 'user_id', item: 'item_id', time: micros('done_at') } },
    },
    events: { click: 'clicked', visit: { column: 'action', op: '=', value: 'visit' } },
    tables: {
      impressions: impressionTable(shown, places, deviceOf),
      clicks: actionTable(visits, 'VARCHAR'),
      rejections: actionTable(rejections, 'VARCHAR'),
      items: {
        types: { item_id: 'VARCHAR', published: 'BIGINT', category: 'VARCHAR' },
        rows: [...corpus].map(([id, { created, category }]) => ({ item_id: id, published: created, category })),
      },
      users: {
        types: { user_id: 'VARCHAR', region: 'VARCHAR' },
        rows: [...people].map(([id, { region }]) => ({ user_id: id, region })),
      },
    },
  };
}

/** Distinct times of requests in order, in whole seconds. Every day has some, the last one too. */
function timesOf(requests: number, days: number, dice: Dice): number[] {
  const times = new Set<number>();
  while (times.size < requests) times.add(start + dice.whole(0, days * 86_400 - 1) * 1_000_000);
  return [...times].sort((a, b) => a - b);
}

/** Where an item was shown, and what the user had clicked before, separated by spaces. */
interface Place {
  readonly slot: number;
  readonly history: string;
}

function impressionTable(shown: readonly Shown[], places: readonly Place[], deviceOf: ActionLog['deviceOf']): Table {
  return {
    types: {
      user_id: 'VARCHAR',
      item_id: 'VARCHAR',
      shown_at: 'BIGINT',
      request_id: 'VARCHAR',
      slot: 'INTEGER',
      clicked: 'BOOLEAN',
      history: 'VARCHAR',
      row_no: 'BIGINT',
      device: 'VARCHAR',
      item_rate: 'DOUBLE',
    },
    rows: shown.map((one, k): Row => ({
      user_id: one.user,
      item_id: one.item,
      shown_at: one.time,
      request_id: one.request,
      slot: places[k]?.slot ?? null,
      clicked: one.clicked,
      history: places[k]?.history || null,
      row_no: one.row,
      device: deviceOf(one),
      item_rate: hourlyRate(one.item, one.time),
    })),
  };
}
