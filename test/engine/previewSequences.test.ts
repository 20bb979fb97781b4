import './twoThreads.ts';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { microsecondsOfIso } from '../../src/core/sampling/isoTime.ts';
import type { Preview } from '../../src/core/sampling/answers.ts';
import { sequencesOf } from '../../src/core/data/sequences.ts';
import type { ConfigDraft } from '../../src/core/config/definition/config.ts';
import { valueAt } from '../../src/core/valueAt.ts';
import { ownNames } from '../../src/core/data/outputName.ts';
import { engine, folder } from './fixture.ts';
import { queryObjects } from './queryObjects.ts';
import { plainOutput, recallConfig, requestOf, writeWorld } from './samplingCase.ts';

/**
 * 12 users, 90 impressions each over three days in bursts; many have equal times, some have no request. Every fifth
 * request shows its last item 40 minutes later, after the requests that follow.
 */
const log = `SELECT u AS user_id, hash(i * 17 + u) % 23 AS item_id,
  TIMESTAMP '2026-11-01 20:00:00' + INTERVAL (i // 3 * 47 * (1 + i // 30 * 3) + CASE WHEN i // 3 % 5 = 0 AND i % 3 = 2 THEN 2400 ELSE 0 END) SECOND AS ts,
  CASE WHEN (i // 3 + u) % 7 > 0 THEN 1000 * u + i // 3 END AS request_id, hash(i * 5 + u) % 3 = 0 AS is_click, i AS position,
  CASE WHEN hash(i + u) % 4 > 0 THEN 'd' || hash(i * 3 + u) % 3 END AS device
  FROM range(90) t(i), range(12) s(u)`;
const items = 'SELECT i AS item_id FROM range(23) t(i)';
const sequences: NonNullable<NonNullable<ConfigDraft['output']>['sequences']> = {
  clicks: {
    events: ['click'],
    length: 5,
    available_after: '1m',
    columns: ['item', 'time', 'age', 'event', { column: 'device', as: 'phone' }],
  },
  day: { events: ['click'], length: 4, as_of: 'day', available_after: '3h', dedup: 'item', lookback: '2d' },
  seen: {
    events: { impressions: 0, click: 2 },
    length: 30,
    available_after: '30s',
    session: { gap: '5m', keep: 2 },
    dedup: 'consecutive',
    columns: ['item', 'time', 'actions', 'session'],
    newest_first: true,
  },
};
const config = `${recallConfig('{per_positive: {global_random: 1}}').replace('request: request_id', 'request: request_id, position: position')}timezone: Asia/Shanghai
output: {sequences: ${JSON.stringify(sequences)}}
`;
const users = Array.from({ length: 12 }, (_, user) => String(user));

let root: string;
let preview: Preview;
before(async () => {
  root = await writeWorld('preview-sequences', { log, items });
  const request = await requestOf(root, 'recall', config);
  const copies = { names: ownNames, passThrough: [], sequences: sequencesOf({ output: { sequences } }) };
  preview = await engine.call('preview', { ...request, users, groupLimit: null, copies });
});

/** The lists of a group as the file names them; numbers and times as texts. */
function listsOf(
  user: Preview['users'][number],
  group: Preview['users'][number]['groups'][number],
): Record<string, unknown> {
  const lists: Record<string, unknown> = {};
  for (const [k, { name, columns, isNewestFirst }] of (preview.sequences ?? []).entries()) {
    const { steps, sessions, readTime } = valueAt(group.histories ?? [], k);
    const shown = steps.map((step) => valueAt(valueAt(user.steps ?? [], k), step));
    const add = (column: string, values: readonly unknown[]): void => {
      lists[`${name}__${column}`] = isNewestFirst ? values.toReversed() : values;
    };
    add(
      'item',
      shown.map(({ item }) => item),
    );
    add(
      'time',
      shown.map(({ time }) => microsecondsOfIso(time)),
    );
    if (name === 'clicks')
      add(
        'age',
        shown.map(({ time }) => Math.floor((microsecondsOfIso(readTime) - microsecondsOfIso(time)) / 1e6)),
      );
    if (sessions) add('session', sessions);
    columns.forEach((column, j) => {
      add(
        column,
        shown.map(({ values }) => values[j]),
      );
    });
  }
  return lists;
}

describe('sequences in a preview', () => {
  test('the histories are the lists that sample writes', async () => {
    const request = await requestOf(root, 'recall', config);
    const path = join(folder, 'preview-sequences', 'sample.parquet');
    const output = {
      ...plainOutput,
      path,
      format: 'parquet' as const,
      sequences: sequencesOf({ output: { sequences } }),
    };
    await engine.call('sample', { ...request, users: null, output });
    const columns = [...(preview.sequences ?? [])].flatMap(({ name, columns, session }) =>
      ['item', 'time', ...(name === 'clicks' ? ['age'] : []), ...(session ? ['session'] : []), ...columns].map(
        (column) => `${name}__${column}`,
      ),
    );
    const select = columns.map((name) =>
      name.endsWith('time')
        ? `list_transform(${name}, lambda x: epoch_us(timezone('Asia/Shanghai', x))) AS ${name}`
        : name,
    );
    const written = await queryObjects(
      `SELECT "user", positive_item, epoch_us(timezone('UTC', timezone('Asia/Shanghai', time))) AS us, ${select.join(', ')} FROM read_parquet('${path}') WHERE label = 1 ORDER BY ALL`,
    );
    const texts = (value: unknown): string =>
      JSON.stringify(value, (_, inner: unknown) =>
        typeof inner === 'bigint' || typeof inner === 'number' ? String(inner) : inner,
      );
    const keyed = new Map(
      written.map(({ user, positive_item: item, us, ...lists }) => [texts([user, item, us]), lists]),
    );
    let groups = 0;
    for (const user of preview.users)
      for (const group of user.groups) {
        groups++;
        const lists = keyed.get(texts([user.user, group.item, microsecondsOfIso(group.time)]));
        const shown = listsOf(user, group);
        for (const name of columns)
          assert.equal(texts(shown[name]), texts(lists?.[name]), `${user.user} ${group.key} ${name}`);
      }
    assert.equal(groups, written.length);
    assert.ok(groups > 100);
  });

  test('every step is in the history or left out for a reason', async () => {
    const rows = await queryObjects(
      `SELECT user_id AS "user", request_id AS request, epoch_us(timezone('Asia/Shanghai', ts)) AS us FROM read_parquet('${join(root, 'data', 'log.parquet')}') WHERE is_click`,
    );
    const of = new Map<string, { readonly request: unknown; readonly us: number }[]>();
    for (const { user, request, us } of rows)
      of.set(String(user), [...(of.get(String(user)) ?? []), { request, us: Number(us) }]);
    let ownRequests = 0;
    for (const user of preview.users)
      for (const { request, histories = [] } of user.groups) {
        const { steps, leftOut, readTime, cutOff } = valueAt(histories, 0);
        const clicks = of.get(user.user) ?? [];
        const later = clicks.filter(({ us }) => us >= microsecondsOfIso(cutOff));
        const own = later.filter((click) =>
          request === null
            ? click.request === null && click.us === microsecondsOfIso(readTime)
            : String(click.request) === request,
        );
        assert.equal(microsecondsOfIso(readTime) - microsecondsOfIso(cutOff), 60_000_000);
        assert.deepEqual(leftOut, {
          afterCutOff: later.length - own.length,
          ownRequest: own.length,
          lookback: 0,
          session: 0,
          repeated: 0,
          length: Math.max(0, clicks.length - later.length - 5),
        });
        assert.equal(steps.length, Math.min(5, clicks.length - later.length));
        ownRequests += own.length;
      }
    assert.ok(ownRequests > 100);
  });
});
