import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { Answers, QuestionKind } from '../../src/core/data/facts.ts';
import { render } from '../../src/core/message/message.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import type { EngineClient } from '../../src/protocol/engine.ts';
import { engine, failureCode, folder, parquet } from './fixture.ts';
import { lintOn } from './lintDemo.ts';
import { recallStage } from './recallStage.ts';

// What the linter draws before a run: for which users, how often, and what ends it.
const root = join(folder, 'feasible');
const users = 1500;

/** Every user clicks once and rejects, if at all, one item. Users from 1000 on have no rejections. */
const config = `version: 1
seed: feasible
data:
  impressions:
    path: ../log.parquet
    columns: {user: user_id, item: item_id, time: ts}
  items:
    path: ../items.parquet
    columns: {item: item_id}
  rejections:
    path: ../rejections.parquet
    columns: {user: user_id, item: item_id}
    kind: by_user
${recallStage('{on_shortfall: keep, per_positive: {global_random: 2, rejected: 1}}')}`;

const log = (count: number, rows: number): string =>
  `SELECT (r * 7919) % ${count} AS user_id, r % 50 AS item_id, TIMESTAMP '2026-11-02' + INTERVAL (r) SECOND AS ts,
     CASE WHEN r < ${count} THEN 1 ELSE 0 END::TINYINT AS is_click FROM range(${rows}) t(r) ORDER BY user_id`;

before(async () => {
  mkdirSync(join(root, 'configs'), { recursive: true });
  await parquet(join(root, 'log.parquet'), log(users, 3000));
  await parquet(join(root, 'items.parquet'), 'SELECT r AS item_id FROM range(200) t(r)');
  await parquet(join(root, 'rejections.parquet'), 'SELECT r AS user_id, 100 + r % 50 AS item_id FROM range(1000) t(r)');
});

/** The real engine, with the number of its answers by kind of question. */
function counting(): EngineClient & { readonly answers: Map<QuestionKind, number> } {
  const answers = new Map<QuestionKind, number>();
  return {
    answers,
    call: (method, params, context) => {
      if ('question' in params) answers.set(params.question.kind, (answers.get(params.question.kind) ?? 0) + 1);
      return engine.call(method, params, context);
    },
  };
}

async function answered(text = config, cache = new FactsCache(), client: EngineClient = engine) {
  const { facts, findings } = await lintOn(text, { root, cache, engine: client });
  const answer = facts.answer({ kind: 'shortfalls', stage: 'recall' });
  assert.ok(answer && 'value' in answer, JSON.stringify(answer));
  return { answer: answer.value, findings: findings.filter(({ rule }) => rule.startsWith('data/')) };
}

test('1,000 keyed users stand for all: the same ones every time, and not the first', async () => {
  const { answer, findings } = await answered();
  assert.deepEqual([answer.users, answer.allUsers], [1000, users]);
  const of = (name: string): Answers['shortfalls']['entries'][number] =>
    answer.entries.find((entry) => entry.name === name) ?? assert.fail(name);
  assert.deepEqual([of('global_random').asked, of('global_random').drawn], [2000, 2000]);
  const { asked, drawn } = of('rejected');
  // Of all users, two thirds have a rejection; of the first thousand, all would have one.
  assert.equal(asked, 1000);
  assert.ok(drawn > 600 && drawn < 730, String(drawn));
  assert.deepEqual(findings, []);
  assert.deepEqual((await answered()).answer, answer);
});

test('a list under min_fill is a warning that names the users it was drawn for', async () => {
  const { findings } = await answered(
    `${config}policy: {extends: recommended, rules: {data/shortfall: [warning, {min_fill: 0.8}]}}\n`,
  );
  assert.deepEqual(
    findings.map(({ rule, severity }) => [rule, severity]),
    [['data/shortfall', 'warning']],
  );
  assert.match(render(findings[0]?.message ?? { text: '' }), /^rejected draws \d+ of 1000 requested negatives/);
  assert.deepEqual(
    findings[0]?.details.map((detail) => render(detail)).at(-1),
    'Drawn for 1000 of 1500 users, taken at random by their ids.',
  );
});

test('equal configs and data are drawn once; another seed, mix or file is drawn again', async () => {
  const [cache, client] = [new FactsCache(), counting()];
  const drawnFor = async (text: string): Promise<number> => {
    const earlier = client.answers.get('shortfalls') ?? 0;
    await answered(text, cache, client);
    return (client.answers.get('shortfalls') ?? 0) - earlier;
  };
  assert.equal(await drawnFor(config), 1);
  assert.equal(await drawnFor(`# another comment\n${config}`), 0);
  assert.equal(await drawnFor(config.replace('seed: feasible', 'seed: other')), 1);
  assert.equal(await drawnFor(config.replace('global_random: 2', 'global_random: 3')), 1);
  assert.equal(await drawnFor(config), 0);
  await parquet(join(root, 'rejections.parquet'), 'SELECT r AS user_id, 100 AS item_id FROM range(1500) t(r)');
  assert.equal(await drawnFor(config), 1);
  const { answer } = await answered(config, cache, client);
  assert.equal(answer.entries.find(({ name }) => name === 'rejected')?.drawn, 1000);
  // The labels of the unchanged log were counted once, for all of these configs.
  assert.deepEqual(
    client.answers,
    new Map([
      ['label-values', 1],
      ['shortfalls', 4],
      ['refusal', 4],
    ]),
  );
});

test('a large log is drawn for the same number of users, and the draw can be cancelled at any step', async () => {
  await parquet(join(root, 'log.parquet'), log(40_000, 2_000_000));
  const text = config.replace('global_random: 2', 'global_random: 200');
  const { answer } = await answered(text);
  assert.deepEqual([answer.users, answer.allUsers], [1000, 40_000]);
  // Another file, so that everything is read again.
  await parquet(join(root, 'log.parquet'), log(40_000, 2_000_001));
  const steps = new Set<string>();
  for (;;) {
    const controller = new AbortController();
    const seen = steps.size;
    const code = await failureCode(
      lintOn(text, {
        root,
        signal: controller.signal,
        progress: ({ message }) => {
          if (steps.has(render(message))) return;
          steps.add(render(message));
          controller.abort();
        },
      }),
    ).catch(() => null);
    if (steps.size === seen) break;
    assert.equal(code, 'cancelled', [...steps].at(-1));
  }
  assert.ok(steps.has('Drawing'), [...steps].join());
});
