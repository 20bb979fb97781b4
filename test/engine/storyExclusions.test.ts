import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { microsecondsOfIso } from '../../src/core/sampling/isoTime.ts';
import type { PreviewGroup, UserStory } from '../../src/protocol/sampling.ts';
import { storyExcludes } from '../../webview/preview/storyExcludes.ts';
import { instantOfWall } from '../../webview/preview/wallTime.ts';
import { engine, folder, parquet } from './fixture.ts';
import { groupsOf, previewed, requestOf, taken } from './samplingCase.ts';

// The texts of a page without translations.
Object.assign(globalThis, { document: { getElementById: () => null } });
const { storyFacts } = await import('../../webview/preview/storyFacts.ts');

const items = Array.from({ length: 7 }, (_, item) => String(item));
const dayMicroseconds = 86_400_000_000;
/** In New York, the clocks go back on 2026-11-01. */
const zones = ['UTC', 'Asia/Shanghai', 'America/New_York'] as const;
const days = [
  '2026-10-30',
  '2026-10-31',
  '2026-11-01',
  '2026-11-02',
  '2026-11-03',
  '2026-11-04',
  '2026-11-05',
] as const;

/** Mostly at the ends of days, where the bounds of windows, days and lookbacks are. */
const moment = fc.record({
  day: fc.constantFrom(...days),
  after: fc.oneof(
    fc.constantFrom(0, 1, -1, 999, dayMicroseconds / 2),
    fc.integer({ min: 0, max: dayMicroseconds - 1 }),
  ),
});
const row = fc.record({ item: fc.integer({ min: 0, max: items.length - 1 }), at: moment });
const worlds = fc.record({
  zone: fc.constantFrom(...zones),
  shown: fc.array(fc.record({ row, isClick: fc.boolean() }), { minLength: 6, maxLength: 24 }),
  bought: fc.array(row, { minLength: 1, maxLength: 6 }),
  events: fc.constantFrom('[click]', '[buy]', '[click, buy]', '[impressions]'),
  within: fc.constantFrom('train', 'all'),
  lookback: fc.constantFrom(null, '12h', '1d', '3d'),
  knownUntil: fc.constantFrom(null, days[3], days[5]),
  counted: fc.constantFrom(null, '1d', '2d'),
});
type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

async function write(name: string, { zone, shown, bought }: World): Promise<string> {
  const time = ({ day, after }: World['bought'][number]['at']): number =>
    (instantOfWall(day, zone) ?? assert.fail(day)) * 1000 + after;
  const log = shown.map(({ row: { item, at }, isClick }) => `('u', ${item}, ${time(at)}, ${isClick})`);
  const buys = bought.map(({ item, at }) => `('u', ${item}, ${time(at)}, true)`);
  const files = {
    log: `SELECT * FROM (VALUES ${log.join(', ')}) t(user_id, item_id, ts, is_click)`,
    buys: `SELECT * FROM (VALUES ${buys.join(', ')}) t(user_id, item_id, ts, is_buy)`,
    items: `SELECT range AS item_id FROM range(${items.length})`,
  };
  for (const [file, select] of Object.entries(files)) await parquet(`${name}.${file}.parquet`, select);
  return name;
}

const config = (name: string, { zone, events, within, lookback, knownUntil, counted }: World): string => `version: 1
seed: story
timezone: ${zone}
data:
  impressions: {path: ${name}.log.parquet, columns: {user: user_id, item: item_id, time: {column: ts, unit: us}}}
  clicks: {path: ${name}.buys.parquet, columns: {user: user_id, item: item_id, time: {column: ts, unit: us}}}
  items: {path: ${name}.items.parquet, columns: {item: item_id}}
events: {click: is_click, buy: is_buy}
window: {train: {from: ${days[1]}, to: ${days[3]}}, eval: {from: ${days[4]}, to: ${days[5]}}${knownUntil === null ? '' : `, known_until: ${knownUntil}`}}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}}
    negatives:
      per_positive: {global_random: 20, popularity: {count: 20, as_of: day, exponent: 1${counted === null ? '' : `, window: ${counted}`}}}
      exclude: {events: ${events}, within: ${within}${lookback === null ? '' : `, lookback: ${lookback}`}}
`;

/** Clicks on an item between two ends in milliseconds, both included. */
const clicks = ({ events }: UserStory, item: string, from: number, to: number): number =>
  events.filter(({ event, item: of, time, shown }) => {
    const at = Math.floor(microsecondsOfIso(shown ?? time) / 1000);
    return event === 'click' && of === item && at >= from && at <= to;
  }).length;

const own = ({ rows }: PreviewGroup): string[] => rows.flatMap(({ label, item }) => (label === 1 ? [item] : []));

test('the lanes of a story exclude the items that the draws of each group lack, and count what popularity counts', async () => {
  const seen = { groups: 0, excluded: 0, free: 0, counts: 0 };
  let made = 0;
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      const name = await write(`story-${made++}`, world);
      for (const split of ['train', 'eval'] as const) {
        const request = await requestOf(folder, 'recall', config(name, world), { split });
        const { plan } = request;
        const story = await engine.call('userStory', { ...request, user: 'u', limit: 1000 });
        for (const group of groupsOf(await previewed(request, 'u'), 'u')) {
          const parts = storyExcludes(story, group, plan);
          const excluded = parts.flatMap((part) => part.items.map(({ item }) => item));
          const free = items.filter((item) => !excluded.includes(item) && !own(group).includes(item));
          assert.deepEqual(taken(group)['global_random'] ?? [], free, `${split} ${group.time}`);
          seen.groups++;
          seen.excluded += excluded.length;
          seen.free += free.length;

          const fact = storyFacts({ story, group, plan, passed: undefined, histories: [] }, []).find(({ title }) =>
            title.startsWith('Popularity is counted before'),
          );
          for (const { item, why } of group.rows) {
            if (why.kind !== 'pool' || why.before === undefined) continue;
            const { from, to } = fact?.span ?? assert.fail('no fact of popularity');
            assert.equal(clicks(story, item, from ?? -Infinity, to ?? Infinity), why.weight / 1024, `${split} ${item}`);
            seen.counts++;
          }
        }
      }
    }),
    { numRuns: 12 },
  );
  assert.ok(seen.groups > 20 && seen.excluded > 20 && seen.free > 20 && seen.counts > 5, JSON.stringify(seen));
});
