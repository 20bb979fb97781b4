import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import type { Answers, QuestionKind } from '../../src/core/data/facts.ts';
import { failureOf } from '../../src/core/message/failure.ts';
import { CountedTables } from '../../src/engine/tables/countedTables.ts';
import { Tables } from '../../src/engine/tables/tables.ts';
import { AuditWorld } from '../../src/engine/audit/auditWorld.ts';
import { createEngine } from '../../src/engine/process/engine.ts';
import { OpenDatasets } from '../../src/engine/answers/openDatasets.ts';
import type { Audited } from '../../src/project/audit/auditJob.ts';
import type { AnswerRequest } from '../../src/protocol/answers.ts';
import type { EngineClient } from '../../src/protocol/engine.ts';
import { auditedStage, numbers, stageRequest, writtenSample, writtenWorld, type Sampled } from './auditStage.ts';
import { engine, file, folder, parquet, ref } from './fixture.ts';

const shared: readonly string[] = [
  'duplicates',
  'false-negatives',
  'split-times',
  'user-shares',
  'sample-mix',
  'item-distances',
  'chances',
  'unknown-items',
];

/** Those that need no row of the file. */
const onlyCounts: readonly string[] = ['false-negatives', 'split-times', 'user-shares', 'sample-mix'];

/**
 * Ten users with three clicks each and four negatives for each click; with `repeat`, the first negative twice, and −1
 * as the label of negatives.
 */
async function sampledWorld(repeat: boolean): Promise<{ own: string; sample: string }> {
  const random = numbers(7);
  const log = Array.from({ length: 30 }, (_, k) => ({
    ...{ user: k % 10, item: k % 13, request: `r${k}`, hour: k % 20, click: true },
  }));
  const own = await writtenWorld({
    log: log.flatMap((row) => [row, { ...row, item: 13 + (row.item % 5), click: false }]),
    candidates: log.map(({ request, item }) => ({ request, item, rank: 1 })),
    items: new Map(Array.from({ length: 40 }, (_, k) => [k, 'x'])),
    users: new Map(Array.from({ length: 10 }, (_, k) => [k, 'x'])),
  });
  const rows = log.flatMap(({ user, item, request, hour }): Sampled[] => {
    const common = { user, request, hour, positive: item };
    const negative = (entry: string, own: number): Sampled => ({ ...common, item: own, label: 0, entry });
    return [
      { ...common, item, label: 1, entry: null },
      negative('list', 13 + (item % 5)),
      negative('even', 20 + Math.floor(random() * 10)),
      ...[30, 35].map((from) => negative('pool', from + Math.floor(random() * 5))),
    ];
  });
  return {
    own,
    sample: await writtenSample(own, [...rows, ...rows.slice(1, repeat ? 2 : 1)], true, { negative: repeat ? -1 : 0 }),
  };
}

/** Writes a sample as two files and requires the findings of the one file, for which its rules open no file. */
async function requireEqualParts(context: TestContext, own: string, sample: string, whole: Audited): Promise<void> {
  const parts = join(own, 'parts');
  mkdirSync(parts);
  // One of two equal rows is in each part.
  for (const part of [0, 1])
    await parquet(
      join(parts, `part-${part}.parquet`),
      `SELECT * EXCLUDE (file_row_number) FROM read_parquet('${sample}', file_row_number = true) WHERE file_row_number % 2 = ${part}`,
    );
  const opens = context.mock.method(Tables, 'open');
  const inParts = await auditedStage(own, parts);
  const opened = opens.mock.calls.filter(({ arguments: [refs] }) => refs.some(({ path }) => path === parts));
  opens.mock.restore();
  assert.equal(opened.length, 1, 'the audit');
  const ofRules = ({ findings, rules }: Audited): unknown => ({
    findings: findings.map(({ rule, message: { text, args } }) => ({ rule, text, args })),
    rules,
  });
  assert.deepEqual(ofRules(inParts), ofRules(whole));
}

const outcomeOf = async (client: EngineClient, request: AnswerRequest): Promise<unknown> =>
  await client.call('answer', request).catch((error: unknown) => failureOf(error));

test('rules get the same answers from what the audit counted as from the file or its parts, without opening them', async (context) => {
  // On a busy machine, seconds pass between two questions.
  context.mock.timers.enable({ apis: ['setTimeout'] });
  for (const repeat of [false, true]) {
    const { own, sample } = await sampledWorld(repeat);
    const questions: AnswerRequest[] = [];
    const audited = await auditedStage(own, sample, {
      asked: (method, params) => {
        if (method !== 'answer') return;
        const asked = params as AnswerRequest;
        // Other questions read the file through the same open tables; once is enough.
        if (!repeat || shared.includes(asked.question.kind)) questions.push(asked);
      },
    });
    const kinds = questions.map(({ question }) => question.kind);
    for (const kind of shared) assert.ok(kinds.includes(kind as QuestionKind), `${kind} is not asked`);
    assert.equal(
      audited.findings.some(({ rule }) => rule === 'data/duplicate'),
      repeat,
    );
    if (repeat) await requireEqualParts(context, own, sample, audited);
    const fresh = createEngine({ temporaryDirectory: folder, threads: 1, memoryBytes: 1e9 });
    try {
      const expected = [];
      for (const one of questions) expected.push(await outcomeOf(fresh, one));
      for (const [k, kind] of kinds.entries())
        if (kind === 'sample-mix')
          assert.equal(
            (expected[k] as Answers['sample-mix']).counts.reduce((sum, one) => sum + one.rows, 0),
            repeat ? 121 : 120,
          );
        else if (shared.includes(kind)) assert.ok(!Object.hasOwn(expected[k] as object, 'code'), `${kind} fails`);
      const keeps = context.mock.method(CountedTables.prototype, 'keep');
      await engine.call('audit', await stageRequest(own, sample));
      const kept = keeps.mock.calls.at(-1)?.arguments[0];
      keeps.mock.restore();
      const left = (await kept?.rows('SELECT table_name FROM duckdb_tables()', {}))?.flat() ?? [];
      assert.ok(left.length > 0 && left.every((name) => /^audit \d+$/.test(String(name))), left.join(', '));
      const opens = context.mock.method(Tables, 'open');
      const reads = context.mock.method(Tables.prototype, 'rows');
      for (const [k, one] of questions.entries()) {
        const { kind } = one.question;
        reads.mock.resetCalls();
        assert.deepEqual(await outcomeOf(engine, one), expected[k], kind);
        if (onlyCounts.includes(kind))
          assert.ok(!reads.mock.calls.some(({ arguments: [sql] }) => sql.includes(sample)), `${kind} reads the file`);
      }
      reads.mock.restore();
      const opened = opens.mock.calls.flatMap(({ arguments: [refs] }) => refs.map(({ path }) => path));
      assert.ok(!opened.includes(sample), opened.join(', '));
      opens.mock.restore();
      // Counts of an earlier state of the file are no answer.
      utimesSync(sample, 1, 1);
      for (const one of questions.filter(({ question }) => 'samples' in question))
        assert.equal(((await outcomeOf(engine, one)) as { code?: string }).code, 'changed', one.question.kind);
    } finally {
      await fresh.dispose();
    }
  }
});

test('an audit fails if the sample or its baseline changes after the metrics, before the rules', async () => {
  const { own, sample } = await sampledWorld(false);
  const baseline = join(own, 'baseline.parquet');
  copyFileSync(sample, baseline);
  for (const path of [sample, baseline]) {
    let isFirst = true;
    const asked = (method: string): void => {
      if (method === 'answer' && isFirst) {
        isFirst = false;
        utimesSync(path, 1, 1);
      }
    };
    await assert.rejects(
      auditedStage(own, sample, { baseline, asked }),
      (error) => failureOf(error).code === 'changed',
      path,
    );
  }
});

test('an audit that is cancelled while its counts are kept leaves nothing to the rules', async (context) => {
  const { own, sample } = await sampledWorld(false);
  const request = await stageRequest(own, sample);
  const abort = new AbortController();
  const keeps = context.mock.method(CountedTables.prototype, 'keep');
  const drops = context.mock.method(AuditWorld.prototype, 'dropExcept', async () => {
    abort.abort();
    await Promise.resolve();
  });
  await assert.rejects(
    engine.call('audit', request, { signal: abort.signal }),
    (error) => failureOf(error).code === 'cancelled',
  );
  assert.equal(keeps.mock.callCount(), 0);
  drops.mock.restore();
  // The engine goes on.
  assert.equal((await engine.call('audit', request)).sample.rows, 150);
  assert.equal(keeps.mock.callCount(), 1);
});

suite('data sets of an audit', () => {
  const counts = {
    columns: {},
    rows: 2,
    users: null,
    userEntries: null,
    items: null,
    distinctWithin: null,
    shared: {},
  };
  const sum = async (tables: Tables, path: string): Promise<unknown> => {
    const [row] = await tables.rows(`SELECT CAST(sum(n) AS VARCHAR) FROM ${tables.table(ref(path)).relation()}`, {});
    return row?.[0];
  };

  test('stay open for the next questions, until one fails, a file changes, or another task needs the memory', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const datasets = new OpenDatasets({ temporaryDirectory: folder, threads: 1, memoryBytes: 1e8 });
    const opens = context.mock.method(Tables, 'open');
    const path = file('counted.csv', 'n\n1\n2\n');
    const audit = async (isCounted: boolean): Promise<unknown> =>
      await datasets.audited([{ id: 'audit', path }], {}, async (tables) => {
        if (isCounted) tables.counts.set(path, counts);
        return await Promise.resolve(null);
      });
    const asked = async (): Promise<number> => {
      const before = opens.mock.callCount();
      assert.equal(await datasets.asked([ref(path)], {}, async (tables) => await sum(tables, path)), '3');
      return opens.mock.callCount() - before;
    };
    try {
      await audit(false);
      assert.equal(await asked(), 1, 'nothing was counted');
      await audit(true);
      assert.equal(await asked(), 0);
      assert.equal(await asked(), 0);
      await assert.rejects(datasets.asked([ref(path)], {}, async (tables) => await tables.rows('SELECT x', {})));
      assert.equal(await asked(), 1, 'a failed question may have left tables');
      await audit(true);
      utimesSync(path, 1, 1);
      assert.equal(await asked(), 1, 'the file has changed');
      await audit(true);
      await datasets.together([ref(path)], {}, async () => await Promise.resolve());
      assert.equal(await asked(), 1, 'another task has closed them');
      await audit(true);
      const failed = datasets.audited([ref(path)], {}, async (tables) => {
        tables.counts.set(path, counts);
        return await Promise.reject(new Error('cancelled'));
      });
      await assert.rejects(failed);
      assert.equal(await asked(), 1, 'the audit has failed');
      await audit(true);
      for (let k = 0; k < 2; k++) {
        context.mock.timers.tick(9_900);
        assert.equal(await datasets.counted.during(asked), 0);
      }
      context.mock.timers.tick(10_100);
      assert.equal(await asked(), 1, 'the questions have ended');
    } finally {
      await datasets.closeAll();
    }
  });
});
