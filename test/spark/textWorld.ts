import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const days = ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04', '2026-11-05'];
const users = ['a,b', 'say "hi"', '007', '用户', ' c', 'd ', '${env:HOME}', "a\\;'b", '-- g', '/* h'];
/** A text of the config that must not be read as syntax. No city has it. */
const hostile = '\\\\""" \', ${env:HOME}; DROP TABLE t; -- /*';
/** Ids beyond 2^53. */
const items = Array.from({ length: 30 }, (_, k) => String(9_007_199_254_740_993n + BigInt(k)));
const quoted = (cell: string): string =>
  /[",;\n\t ]/.test(cell) || cell === '' ? `"${cell.replaceAll('"', '""')}"` : cell;

/** A log in CSV, items in JSON Lines, users and events in other delimited text, some of it compressed. */
export function writeTextWorld(directory: string): string {
  const write = (path: string, text: string): void => {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, path.endsWith('.gz') ? gzipSync(text) : text);
  };
  const at = (day: number, k: number): string =>
    `${days[day] ?? ''} ${String(6 + (k % 17)).padStart(2, '0')}:${String((k * 7) % 60).padStart(2, '0')}:30.25`;
  days.forEach((day, d) => {
    const rows = users.flatMap((user, u) =>
      Array.from({ length: 4 }, (_, k) => {
        const n = d * 41 + u * 13 + k * 7;
        const note = n % 5 === 0 ? '' : n % 7 === 0 ? 'two\nlines' : n % 3 === 0 ? null : `é, "${n}"`;
        const past = [items[n % 30], items[(n * 3) % 30]].join('|');
        return [
          user,
          items[(n * n + k) % 30] ?? '',
          at(d, n),
          `r${d}-${u}-${k >> 1}`,
          String(k),
          String(n % 4 === 0),
          (n % 11) / 4,
          past,
          note,
        ]
          .map((cell) => (cell === null ? '' : quoted(String(cell))))
          .join(',');
      }),
    );
    const header = 'user_id,item_id,ts,request_id,position,is_click,play,hist,note';
    write(`data/log/dt=${day}/part-0.csv.gz`, `${[header, ...rows].join('\n')}\n`);
  });
  write(
    'data/items/items.jsonl.gz',
    items
      .map((item, k) => {
        const more =
          k % 6 === 0 ? '' : `,"created":"2026-10-${String(1 + (k % 28)).padStart(2, '0')}","price":${k / 8}`;
        return `{"item_id":${item},"city":"${k % 2 === 0 ? 'Oslo' : 'København \\"S\\"'}"${more}}\n`;
      })
      .join(''),
  );
  write(
    'data/users/users[1],{2}.tsv',
    `user_id\tregion\n${users.map((user, k) => `${user.includes('"') ? `"${user.replaceAll('"', '""')}"` : user}\t${k % 4 === 3 ? '' : `r${k % 3}`}`).join('\n')}\n`,
  );
  write(
    'data/buys/buys.csv',
    `uid;iid;at;paid\n${users
      .flatMap((user, u) =>
        [1, 2, 3].map((k) =>
          [
            quoted(user),
            items[(u * 5 + k * 11) % 30] ?? '',
            `${days[k] ?? ''}T2${k % 4}:15:00Z`,
            k % 3 === 0 ? '0' : '1',
          ].join(';'),
        ),
      )
      .join('\n')}\n`,
  );
  const config = {
    version: 1,
    seed: 5,
    timezone: 'America/New_York',
    data: {
      impressions: {
        path: '../data/log',
        columns: { user: 'user_id', item: 'item_id', time: 'ts', request: 'request_id', position: 'position' },
        partition: { column: 'dt', day_of: 'time' },
      },
      items: {
        path: '../data/items',
        columns: { item: 'item_id', created: 'created', attributes: ['city'] },
        where: { city: { op: '!=', value: hostile } },
      },
      users: { path: '../data/users/users[1],{2}.tsv', columns: { user: 'user_id', attributes: ['region'] } },
      clicks: {
        path: '../data/buys/buys.csv',
        columns: { user: 'uid', item: 'iid', time: 'at' },
        unmatched: 'positive',
      },
    },
    events: {
      click: 'is_click',
      buy: { column: 'paid', op: '=', value: 1 },
      long: { all: ['is_click', { column: 'play', op: '>=', value: 1.5 }] },
    },
    window: {
      train: { from: '2026-11-02', to: '2026-11-04T18:00:00' },
      eval: { from: '2026-11-04T18:00:01', to: '2026-11-05' },
    },
    stages: {
      recall: {
        unit: 'positive',
        positives: { events: { click: 1, buy: 2 } },
        negatives: {
          per_positive: {
            exposed_unclicked: 2,
            popularity: { count: 2, as_of: 'day' },
          },
          exclude: { history: { column: 'hist', separator: '|' } },
        },
        training: { logq: 'shares' },
      },
      // Of few statements.
      fine_ranking: {
        unit: 'impression',
        positives: { events: { click: 1, buy: 2 } },
        negatives: { mix: { exposed_unclicked: { share: 1 } }, downsample: 0.8 },
      },
    },
    output: {
      pass_through: [{ column: 'note', side: 'context' }, 'price', { column: 'region', from: 'users' }],
      events: ['click', { event: 'buy', mature_after: '20h' }, 'long'],
      graded: true,
    },
  };
  const path = join(directory, 'configs', 'text.ratio.json');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(config, null, 2));
  return path;
}
