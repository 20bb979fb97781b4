import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Stage } from '../../src/core/schema/stage.ts';
import type { Rate } from '../../src/core/statistics/rate.ts';
import type { Answers, QuestionKind } from '../../src/core/data/facts.ts';
import { render } from '../../src/core/message/message.ts';
import { readConfig } from '../../src/core/config/read.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { gatherFacts } from '../../src/project/questions/gatherFacts.ts';
import { engine, folder, parquet } from './fixture.ts';
import { lintOn } from './lintDemo.ts';
import * as slow from './world/slowAnswers.ts';
import { timeForms, type TimeForm } from './world/times.ts';
import { makeWorld, window, type World, type Writing } from './world/world.ts';

interface Asking {
  readonly stage: Stage;
  /** True if the sample file and the impressions have requests. */
  readonly requests: boolean;
  readonly onlyHome: boolean;
}

/** A config with one stage for the files of a world. */
function configOf({ format, ids, layout, zone, forms }: World, { stage, requests, onlyHome }: Asking): string {
  const typed = (column: string): string =>
    format === 'csv' && ids === 'int64' ? `{column: ${JSON.stringify(column)}, type: int64}` : JSON.stringify(column);
  const [user, item, request, positive] = ['the user', 'it"em', '请求', 'pos item'].map(typed);
  const time = (column: string, form: TimeForm): string =>
    form === 's' || form === 'ms' || form === 'us' ? `{column: ${column}, unit: ${form}}` : column;
  const pair = `user: ${String(user)}, item: ${String(item)}`;
  const keyed = requests ? `, request: ${String(request)}` : '';
  const bodies: Readonly<Record<Stage, string>> = {
    recall: `{unit: positive, positives: {events: {click: 1, long_play: 1}}, negatives: {per_positive: 4, mix: {exposed_unclicked: 0.25, global_random: 0.5, host_refused: {source: rejected, share: 0.25, exclude: none}}}}`,
    coarse_ranking: `{unit: request, positives: {events: {click: 1, purchase: 1}}, negatives: {per_request: {exposed_unclicked: 2, ranked_unexposed: 2}}}`,
    fine_ranking: `{unit: impression, positives: {events: {click: 1, purchase: 1}}, negatives: {mix: {exposed_unclicked: 1}}}`,
  };
  return `version: 1
seed: world
timezone: ${zone}
data:
  impressions:
    path: impressions.${format}
    columns: {${pair}, request: ${String(request)}, time: ${time('ts', forms.impressions)}, position: pos}${onlyHome ? '\n    where: {feed: home}' : ''}
  clicks: {path: clicks.${format}, columns: {${pair}, request: ${String(request)}}}
  items: {path: items.${format}, columns: {item: ${String(item)}, created: ${time('created', forms.items)}, removed: ${time('removed', forms.items)}}}
  rejections: {path: rejections.${format}, columns: {${pair}}, kind: by_owner}
  candidates: {path: candidates.${format}, columns: {${pair}, request: ${String(request)}, reached: reached}}
  samples: {${stage}: {path: samples.${format}, layout: ${layout}, columns: {${pair}${keyed}, label: label, source: src, positive_item: ${String(positive)}, time: ${time('ts', forms.samples)}, position: pos}}}
events: {click: click, long_play: {column: play, op: ">=", value: 2.5}, purchase: bought}
window: {train: {from: ${window.from}, to: ${window.to}}}
stages: {${stage}: ${bodies[stage]}}
`;
}

const seen = new Map<string, number>();

/** Questions that are answered by counts. */
type CountedKind = Exclude<QuestionKind, 'refusal'>;

const isRate = (value: unknown): value is Rate => typeof value === 'object' && value !== null && 'hits' in value;

/** Asks the engine all questions about a stage and compares the counts, but not the examples. */
async function compare(
  world: World,
  cache: FactsCache,
  asking: Asking,
  expected: Partial<{ readonly [K in CountedKind]: Omit<Answers[K], 'examples'> }>,
): Promise<void> {
  const { stage } = asking;
  const kinds = Object.keys(expected) as CountedKind[];
  // Only these questions: a lint would also ask those of all rules.
  const facts = await gatherFacts(
    readConfig(configOf(world, asking), { language: 'yaml' }).config,
    { level: 'data', place: { folder: world.root, root: world.root }, trusted: true, engine, cache },
    () => kinds.map((kind) => ({ kind, stage })),
  );
  for (const kind of kinds) {
    const answer = facts.answer({ kind, stage });
    if (!answer) assert.fail(`${kind} was not asked`);
    if ('failure' in answer) assert.fail(`${kind}: ${render(answer.failure.message)}`);
    const { examples: _examples, ...counts } = answer.value as Readonly<Record<string, unknown>>;
    assert.deepEqual(
      counts,
      expected[kind],
      `${kind} of ${stage}: ${world.format}, ${world.ids}, ${world.zone}, ${Object.values(world.forms).join(' ')}`,
    );
    const entries = 'entries' in counts ? (counts.entries as readonly Readonly<Record<string, unknown>>[]) : [];
    for (const [name, count] of [
      ...Object.entries({ ...counts, ...(kind === 'groups' ? (counts as Answers['groups']).events : {}) }),
      ...entries.flatMap(Object.entries),
    ]) {
      const n: unknown = isRate(count) ? count.hits : count;
      if (typeof n === 'number') seen.set(`${kind} ${name}`, (seen.get(`${kind} ${name}`) ?? 0) + n);
    }
  }
}

async function compareAll(world: World): Promise<void> {
  const onlyHome = world.ids === 'int64';
  const plays = { events: ['click', 'long_play'], onlyHome } as const;
  const purchases = { events: ['click', 'purchase'], onlyHome } as const;
  const free = ['host_refused', 'rejected'];
  const cache = new FactsCache();
  await compare(
    world,
    cache,
    { stage: 'recall', requests: true, onlyHome },
    {
      groups: slow.groups(world, plays, 'positive'),
      contradictions: slow.contradictions(world, ['request', 'item'], free),
      duplicates: slow.duplicates(world, ['user', 'request', 'time', 'positive', 'item', 'label', 'source']),
      'unknown-items': slow.unknownItems(world),
      'user-shares': slow.userShares(world),
      'false-negatives': slow.falseNegatives(world, plays, ['exposed_unclicked', 'global_random']),
    },
  );
  await compare(
    world,
    cache,
    { stage: 'coarse_ranking', requests: true, onlyHome },
    {
      groups: slow.groups(world, purchases, 'request'),
      contradictions: slow.contradictions(world, ['request', 'item'], []),
      duplicates: slow.duplicates(world, ['user', 'request', 'item', 'label', 'source']),
      'false-negatives': slow.falseNegatives(world, purchases, ['exposed_unclicked', 'ranked_unexposed']),
    },
  );
  await compare(
    world,
    cache,
    { stage: 'fine_ranking', requests: true, onlyHome },
    {
      groups: slow.groups(world, purchases, 'impression'),
      // A request may be a session, in which an item is shown again.
      contradictions: slow.contradictions(world, ['request', 'item', 'position', 'time'], []),
      duplicates: slow.duplicates(world, ['request', 'item', 'position', 'time']),
      'never-exposed': slow.neverExposed(world, purchases, 'request'),
    },
  );
  await compare(
    world,
    cache,
    { stage: 'fine_ranking', requests: false, onlyHome },
    { 'never-exposed': slow.neverExposed(world, purchases, 'user') },
  );
  // Times without a time of day do not identify an impression, so the question is refused.
  if (world.forms.samples === 'date' || world.forms.samples === 'text-day') return;
  await compare(
    world,
    cache,
    { stage: 'recall', requests: false, onlyHome },
    {
      contradictions: slow.contradictions(world, ['user', 'item', 'time'], free),
      duplicates: slow.duplicates(world, ['user', 'time', 'positive', 'item', 'label', 'source']),
    },
  );
}

describe('counts equal those of a naive computation', () => {
  const form = (k: number): TimeForm => timeForms[k % timeForms.length] ?? 'naive';
  for (const [k, first] of timeForms.entries()) {
    const written: Partial<Writing> = {
      format: k % 2 === 0 ? 'parquet' : 'csv',
      ids: k % 4 < 2 ? 'int64' : 'string',
      forms: { impressions: first, items: form(k + 3), samples: form(k + 7) },
    };
    test(`times of impressions as ${first}, ${written.format ?? ''}, ids as ${written.ids ?? ''}`, async () => {
      await compareAll(await makeWorld(String(k), join(folder, `world-${k}`), written));
    });
  }

  for (const zone of ['UTC', 'Asia/Shanghai', 'America/New_York'] as const) {
    test(`counts are the same in ${zone}, with rows in lists`, async () => {
      await compareAll(
        await makeWorld(`grouped ${zone}`, join(folder, `grouped-${zone.replace('/', '-')}`), {
          format: 'parquet',
          layout: 'grouped',
          zone,
        }),
      );
    });
  }
});

test('the random worlds contain at least five of everything that is counted', () => {
  assert.deepEqual(
    [...seen].filter(([, count]) => count < 5),
    [],
  );
  assert.equal(seen.size, 25);
});

test('request numbers are per user, and a request is as old as its first row', async () => {
  const root = join(folder, 'shared-requests');
  await mkdir(root);
  // Users 1 and 2 share the request number 7. User 1 clicks item 5 twice in it, and once after the window. Request 8
  // began before the window.
  const rows = [
    [1, 5, 7, '11-05 10:00'],
    [1, 5, 7, '11-05 10:01'],
    [1, 6, 7, '11-09 00:00'],
    [2, 5, 7, '11-05 11:00'],
    [2, 9, 8, '11-04 23:59'],
    [2, 5, 8, '11-05 00:01'],
    [3, 5, null, '11-06 00:00'],
    [3, 6, null, '11-06 00:00'],
  ] as const;
  await parquet(
    'shared-requests/impressions.parquet',
    `SELECT * FROM (VALUES ${rows.map(([user, item, request, time]) => `(${user}, ${item}, ${String(request)}::INTEGER, TIMESTAMP '2026-${time}:00', true)`).join(', ')}) t(u, i, r, t, click)`,
  );
  await parquet(
    'shared-requests/candidates.parquet',
    'SELECT * FROM (VALUES (1, 1, 7), (1, 2, 7), (2, 1, 7), (2, 1, 8), (2, 1, 9)) t(u, i, r)',
  );
  const answered = async (candidates: string): Promise<unknown> => {
    const text = `version: 1
seed: a
data:
  impressions: {path: impressions.parquet, columns: {user: u, item: i, request: r, time: t}}
${candidates}events: {click: click}
window: {train: {from: 2026-11-05, to: 2026-11-08}}
stages: {coarse_ranking: {unit: request, positives: {events: {click: 1}}, negatives: {per_request: {exposed_unclicked: 2}}}}
`;
    const { facts } = await lintOn(text, {
      root,
      path: 'a.ratio.yaml',
      questions: () => [{ kind: 'groups', stage: 'coarse_ranking' }],
    });
    const answer = facts.answer({ kind: 'groups', stage: 'coarse_ranking' });
    return answer && 'value' in answer ? answer.value : answer;
  };
  assert.deepEqual(
    await answered(''),
    { positives: 5, groups: 3, events: { click: 6 } },
    'those of users 1 and 2, and the one without a number',
  );
  assert.deepEqual(
    await answered('  candidates: {path: candidates.parquet, columns: {user: u, item: i, request: r, reached: r}}\n'),
    { positives: 3, groups: 2, events: { click: 6 } },
    'those that have candidates and a time',
  );
});

test('samples with dates as times are not mistaken for impressions', async () => {
  const world = await makeWorld('days', join(folder, 'days'), {
    format: 'parquet',
    forms: { impressions: 'naive', items: 'date', samples: 'date' },
  });
  const { rules } = await lintOn(configOf(world, { stage: 'recall', requests: false, onlyHome: false }), {
    root: world.root,
    path: 'world.ratio.yaml',
  });
  for (const id of ['data/contradiction', 'data/duplicate']) {
    const status = rules.find(({ rule }) => rule === id);
    assert.equal(status?.status, 'not-run');
    assert.match(status.because ? render(status.because) : '', /whole days/);
  }
});
