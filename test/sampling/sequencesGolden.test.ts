import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { sequencesOf, type Sequence } from '../../src/core/data/sequences.ts';
import type { SequenceDraft } from '../../src/core/config/definition/sequences.ts';
import { Histories } from '../../src/core/sampling/kernel/histories.ts';
import { SampledTables } from '../../src/engine/inputs/sampledTables.ts';
import { Tables } from '../../src/engine/tables/tables.ts';
import { stepOrder, stepsSql, stepTables } from '../../src/engine/sequences/stepsSql.ts';
import type { AskedEvent, AskedEventTable } from '../../src/protocol/askedTable.ts';

interface Golden {
  readonly timezone: string;
  readonly tables: Readonly<Record<string, { readonly event: string; readonly within?: string }>>;
  readonly sequences: Readonly<Record<string, SequenceDraft>>;
}

const folder = path.resolve(import.meta.dirname, '../golden/sequences');
const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
const golden = JSON.parse(read('config.json')) as Golden;
const expected = JSON.parse(read('expected.json')) as Readonly<
  Record<string, Readonly<Record<string, (string | number | null)[]>>>
>;
const ref = (name: string) => ({ id: name, path: path.join(folder, `${name}.csv`) });
const DAY = 86_400_000_000;

const int = (name: string) => ({ name, type: 'int64' as const });
const text = (name: string) => ({ name, type: 'string' as const });
const impressions = {
  ref: ref('impressions'),
  columns: {
    user: int('user'),
    item: int('item'),
    time: { name: 'time' },
    request: text('request'),
    position: { name: 'position' },
  },
};
const eventTable = (name: 'orders' | 'taps') =>
  ({
    name: `clicks.${name}` as AskedEventTable['name'],
    ref: ref(name),
    columns: {
      user: int('user'),
      item: int('item'),
      time: { name: 'time' },
      ...(name === 'taps' ? { request: text('request') } : {}),
    },
    within: DAY,
    unmatched: 'exclude',
  }) satisfies AskedEventTable;
const always = (name: string, table?: AskedEventTable['name']): AskedEvent => ({
  name,
  column: 'user',
  op: '>',
  value: 0,
  ...(table ? { table } : {}),
});

let tables: Tables;
const scratch = mkdtempSync(path.join(tmpdir(), 'recsample-sequences-'));
before(async () => {
  const names = ['impressions', 'orders', 'taps', 'searches', 'items', 'groups'];
  tables = await Tables.open(names.map(ref), path.join(scratch, 'tables'), { threads: 1, memoryBytes: 1e9 }, {});
});
after(async () => {
  await tables.close();
  rmSync(scratch, { recursive: true, force: true });
});

test('steps and histories are those of the golden tables', async () => {
  const searches = {
    name: 'clicks.searches' as const,
    ref: ref('searches'),
    columns: { user: int('user'), value: { name: 'value' }, time: { name: 'time' } },
    within: DAY,
    unmatched: 'ignore' as const,
  };
  const clicks = [eventTable('orders'), eventTable('taps'), searches];
  const events: AskedEvent[] = [
    { name: 'is_click', column: 'is_click' },
    always('order', clicks[0]?.name),
    always('tap', clicks[1]?.name),
    always('search', searches.name),
  ];
  const log = { impressions, clicks, events };
  const sampled = await SampledTables.open(tables, { log }, golden.timezone, {});
  const groups = await tables.rows(
    `SELECT "group", CAST(user AS BIGINT), CAST(CAST(epoch_us(CAST(g.time AS TIMESTAMPTZ)) AS BIGINT) AS VARCHAR), request FROM ${tables.table(ref('groups')).relation()} g`,
    {},
  );
  const known = await tables.rows(
    `SELECT CAST("user" AS VARCHAR), CAST(request AS VARCHAR), epoch_us(min(time)) FROM ${sampled.exposures()} WHERE request IS NOT NULL GROUP BY ALL UNION ALL SELECT CAST("user" AS VARCHAR), request, epoch_us(time) FROM ${sampled.eventRequests() ?? ''}`,
    {},
  );
  const drawn: Record<string, Record<string, unknown[]>> = {};
  for (const sequence of sequencesOf({ output: { sequences: golden.sequences } })) {
    const steps = await tables.rows(
      `SELECT CAST("user" AS VARCHAR), epoch_us(time), CAST(item AS VARCHAR), event, actions, "copied device" FROM ${stepsSql(sampled, sequence, stepTables(log), ['device'])} ORDER BY ${stepOrder(['device'])}`.replaceAll(
        '"copied device"',
        '*EXCLUDE("user", time, item, event, actions, request, position, source)',
      ),
      {},
    );
    for (const [group, user, time, request] of groups) {
      const own = steps.filter(([owner]) => String(owner) === String(user));
      const times = known.flatMap(([owner, of, first]) =>
        String(owner) === String(user) && of === request && request !== null ? [Number(first)] : [],
      );
      const readTime = Math.min(Number(time), ...times);
      drawn[String(group)] = { ...drawn[String(group)], ...listsOf(sequence, own, readTime) };
    }
  }
  for (const [group, lists] of Object.entries(expected))
    for (const [name, values] of Object.entries(lists)) {
      if (name.endsWith('__category')) continue;
      assert.deepEqual(
        drawn[group]?.[name],
        values.map((value) => (value === null ? null : String(value))),
        `${group} ${name}`,
      );
    }
});

function listsOf(
  sequence: Sequence,
  rows: readonly (readonly unknown[])[],
  readTime: number,
): Record<string, unknown[]> {
  const items = new Map<string, number>();
  const numberOf = (item: string): number => items.get(item) ?? (items.set(item, items.size), items.size - 1);
  const histories = new Histories(
    {
      time: Float64Array.from(rows, ([, time]) => Number(time)),
      item: Uint32Array.from(rows, ([, , item]) => numberOf(String(item))),
    },
    sequence,
  );
  const delayed = readTime - sequence.availableAfter;
  const zone = 8 * 3_600_000_000;
  const cutOff = sequence.asOf === 'day' ? Math.floor((delayed + zone) / DAY) * DAY - zone : delayed;
  const { steps, sessions } = histories.of({ cutOff, readTime });
  const values: Readonly<Record<string, (row: readonly unknown[], k: number) => unknown>> = {
    item: ([, , item]) => String(item),
    value: ([, , item]) => String(item),
    time: ([, time]) => new Date(Number(time) / 1000).toISOString().replace('.000Z', 'Z'),
    age: ([, time]) => String(Math.floor((readTime - Number(time)) / 1_000_000)),
    event: ([, , , event]) => event,
    actions: ([, , , , actions]) => String(actions),
    session: (_, k) => String(sessions?.[k]),
    device: ([, , , , , device]) => device,
  };
  return Object.fromEntries(
    sequence.columns.map((column) => {
      const name = typeof column === 'string' ? column : column.column;
      const list = steps.map((step, k) => values[name]?.(rows[step] ?? [], k));
      return [`${sequence.name}__${name}`, sequence.isNewestFirst ? list.reverse() : list];
    }),
  );
}
