import assert from 'node:assert/strict';
import { readdirSync, renameSync, utimesSync } from 'node:fs';
import { suite, test } from 'node:test';
import type { MetricOutcome, Value } from '../../src/core/audit/metric.ts';
import { FailureError } from '../../src/core/message/failure.ts';
import { phaseGroups } from '../../src/engine/audit/phases.ts';
import { AuditCache } from '../../src/project/audit/auditCache.ts';
import type { Audited } from '../../src/project/audit/auditJob.ts';
import type { AuditAnswer } from '../../src/protocol/audit.ts';
import type { EngineMethod } from '../../src/protocol/engine.ts';
import { figure, measured } from './auditCase.ts';
import {
  auditedStage,
  numbers,
  stageRequest,
  writtenSample,
  writtenWorld,
  type Sampled,
  type Shown,
  type StageWorld,
} from './auditStage.ts';
import { assertLikeliest, usedRows } from './exponentLikelihood.ts';
import { engine, folder } from './fixture.ts';

const ITEMS = 40;
const entries = ['pool', 'list', 'even'];

/** A world whose log prefers items with small ids, and a sample of 4 negatives for each click. */
function world(seed: number): { readonly stage: StageWorld; readonly rows: readonly Sampled[] } {
  const next = numbers(seed);
  const below = (n: number): number => Math.floor(next() * n);
  const popular = (): number => Math.min(below(ITEMS), below(ITEMS));
  const log: Shown[] = Array.from({ length: 400 }, (_, k) => ({
    user: below(15),
    item: popular(),
    request: `r${Math.floor(k / 8)}`,
    hour: below(24),
    click: next() < 0.2,
  }));
  const requests = [...new Set(log.map(({ request }) => request))];
  const stage: StageWorld = {
    log,
    candidates: requests.flatMap((request) => {
      const items = [...new Set(Array.from({ length: 10 }, popular))];
      return items.map((item, k) => ({ request, item, rank: k + 1 }));
    }),
    items: new Map(Array.from({ length: ITEMS }, (_, item) => [item, ['east', 'west', 'south'][item % 3] ?? ''])),
    users: new Map(Array.from({ length: 15 }, (_, user) => [user, user % 2 === 0 ? 'new' : 'old'])),
  };
  const rows = log
    .filter(({ click }) => click)
    .flatMap(({ user, item, request, hour }): Sampled[] => {
      const own = { user, request, positive: item, hour };
      const shown = log.filter((row) => row.user === user && !row.click);
      const list = shown[below(Math.max(1, shown.length))];
      return [
        { ...own, item, label: 1, entry: null },
        { ...own, item: popular(), label: 0, entry: 'pool' },
        { ...own, item: popular(), label: 0, entry: 'pool' },
        { ...own, item: list?.item ?? 0, label: 0, entry: 'list' },
        { ...own, item: below(ITEMS), label: 0, entry: 'even' },
      ];
    });
  return { stage, rows };
}

const { stage, rows } = world(7);
const negatives = rows.filter(({ label }) => label === 0);
const own = await writtenWorld(stage);
const named = await writtenSample(own, rows, true);

const near = (actual: Value | undefined, expected: number, name: string): void => {
  assert.ok(
    typeof actual === 'number' && Math.abs(actual - expected) < 1e-9,
    `${name}: ${String(actual)} is not ${expected}`,
  );
};

/** A table as records. */
function records({ answer }: Audited, metric: string, id: string): Readonly<Record<string, Value>>[] {
  const found = measured(answer, metric).tables.find((one) => one.id === id) ?? assert.fail(`${metric} ${id}`);
  return found.rows.map((row) => Object.fromEntries(found.columns.map((column, k) => [column.id, row[k] ?? null])));
}

const isShown = (user: number, item: number): boolean =>
  stage.log.some((row) => row.user === user && row.item === item);

suite('metrics of a stage, against plain loops over the rows', () => {
  test('exposed negatives, difficulty, divergence by entry and attributes', async () => {
    const audited = await auditedStage(own, named);
    for (const entry of entries) {
      const some = negatives.filter((row) => row.entry === entry);
      const exposed = some.filter(({ user, item }) => isShown(user, item));
      const same = exposed.filter(({ user, item, request }) =>
        stage.log.some((row) => row.user === user && row.item === item && row.request === request),
      );
      const [found] = records(audited, 'exposed_requests', 'entries').filter((row) => row['entry'] === entry);
      assert.deepEqual(
        [found?.['split'], found?.['rows'], found?.['exposed'], found?.['same_request']],
        ['train', some.length, exposed.length, same.length],
      );

      const city = (item: number): string => stage.items.get(item) ?? '';
      const [alike] = records(audited, 'difficulty', 'attributes').filter((row) => row['entry'] === entry);
      near(
        alike?.['same'],
        some.filter((row) => city(row.item) === city(row.positive)).length / some.length,
        'same city',
      );
      const share = (name: string): number =>
        [...stage.items.values()].filter((other) => other === name).length / ITEMS;
      near(
        alike?.['expected'],
        some.reduce((sum, row) => sum + share(city(row.positive)), 0) / some.length,
        'same city in the corpus',
      );
      const ranks = some.flatMap(({ request, item }) =>
        stage.candidates.filter((row) => row.request === request && row.item === item).map(({ rank }) => rank),
      );
      const [ranked] = records(audited, 'difficulty', 'candidates').filter((row) => row['entry'] === entry);
      near(ranked?.['known'], ranks.length / some.length, 'ranked');
      assert.equal(ranked?.['p50'] ?? null, ranks.sort((a, b) => a - b)[Math.ceil(ranks.length / 2) - 1] ?? null);

      // JS by entropies, of the entry's items and the uniform corpus.
      const shares = Array.from(
        { length: ITEMS },
        (_, item) => some.filter((row) => row.item === item).length / some.length,
      );
      const h = (p: readonly number[]): number => -p.reduce((sum, x) => sum + (x > 0 ? x * Math.log2(x) : 0), 0);
      const js = h(shares.map((p) => (p + 1 / ITEMS) / 2)) - (h(shares) + Math.log2(ITEMS)) / 2;
      const [distance] = records(audited, 'divergence', 'entries').filter((row) => row['entry'] === entry);
      near(distance?.['js'], js, `js of ${entry}`);
      assert.equal(typeof distance?.['js_expected'], 'number');
    }
    const users = records(audited, 'psi', 'attributes').find((row) => row['of'] === 'users');
    const tier = (some: readonly { readonly user: number }[]): number =>
      some.filter(({ user }) => stage.users.get(user) === 'new').length / some.length;
    const [n, s] = [tier(rows), tier(stage.log)];
    near(users?.['psi'], (n - s) * Math.log(n / s) + (s - n) * Math.log((1 - n) / (1 - s)), 'psi of the users');
  });

  test('the exponent of each pool, with what the user excludes, by trying exponents', async () => {
    const audited = await auditedStage(own, named);
    const clicks = (item: number): number => stage.log.filter((row) => row.item === item && row.click).length;
    const isClicked = (user: number, item: number): boolean =>
      stage.log.some((row) => row.user === user && row.item === item && row.click);
    for (const [entry, smoothing] of [
      ['pool', 0],
      ['even', 1],
    ] as const) {
      const draws = {
        items: [...stage.items.keys()],
        countOf: (item: number) => clicks(item) + smoothing,
        isExcluded: isClicked,
        rows: negatives.filter((row) => row.entry === entry),
      };
      const [found] = records(audited, 'exponent', 'entries').filter((row) => row['entry'] === entry);
      assert.deepEqual([found?.['rows'], found?.['declared']], [draws.rows.length, entry === 'pool' ? 1 : 0]);
      near(found?.['used'], usedRows(draws).length / draws.rows.length, 'used');
      const value = Number(found?.['fitted']);
      assertLikeliest(draws, value, entry);
      assert.ok(Number(found?.['low']) < value && value < Number(found?.['high']));
    }
  });

  test('a file without sources: classes, ratio and unit', async () => {
    const unnamed = await writtenSample(own, rows, false);
    const audited = await auditedStage(own, unnamed);
    const classOf = ({ user, item, request }: Sampled): string => {
      const shown = stage.log.filter((row) => row.user === user && row.item === item);
      if (shown.some(({ click }) => !click)) return 'exposed_unclicked';
      if (shown.length > 0) return 'exposed_clicked';
      return stage.candidates.some((row) => row.request === request && row.item === item) ? 'candidate' : 'corpus_only';
    };
    const expected = new Map<string, number>();
    for (const row of negatives) expected.set(classOf(row), (expected.get(classOf(row)) ?? 0) + 1);
    const classes = records(audited, 'implied', 'classes');
    assert.deepEqual(new Map(classes.map((row) => [String(row['class']), row['rows']])), expected);
    assert.deepEqual(
      new Map(
        records(audited, 'mix', 'entries').flatMap((row) =>
          row['rows'] === 0 ? [] : [[String(row['entry']), row['rows']]],
        ),
      ),
      expected,
    );
    const { notes, figures } = measured(audited.answer, 'mix');
    assert.match(notes[0]?.text ?? '', /does not name the sources/);
    assert.ok(figures.some(({ id }) => id === 'total_variation'));
    const found = measured(audited.answer, 'implied');
    near(figure(found, 'ratio'), 4, 'ratio');
    const users = [...new Set(rows.map(({ user }) => user))];
    const shown = (user: number): number =>
      [...stage.items.keys()].filter((item) =>
        stage.log.some((row) => row.user === user && row.item === item && !row.click),
      ).length / ITEMS;
    near(
      classes.find((row) => row['class'] === 'exposed_unclicked')?.['by_chance'],
      users.reduce((sum, user) => sum + shown(user) * negatives.filter((row) => row.user === user).length, 0) /
        negatives.length,
      'shown by chance',
    );
    assert.equal(figure(found, 'unit'), 'positive');
  });

  test('by an attribute of the users and of the items: every metric is that of the rows alone', async () => {
    const byUser = await auditedStage(own, named, { by: 'tier' });
    for (const tier of ['new', 'old']) {
      const some = rows.filter(({ user }) => stage.users.get(user) === tier);
      const [counts] = records(byUser, 'rows', 'by_value').filter((row) => row['value'] === tier);
      assert.deepEqual(
        [counts?.['rows'], counts?.['negatives'], counts?.['items']],
        [some.length, some.filter(({ label }) => label === 0).length, new Set(some.map(({ item }) => item)).size],
      );
      const mix = records(byUser, 'mix', 'entries_by_value').filter((row) => row['value'] === tier);
      for (const { entry, rows: count } of mix)
        assert.equal(count, some.filter((row) => row.label === 0 && row.entry === entry).length);
    }
    const byItem = await auditedStage(own, named, { by: 'items.city' });
    const cover = records(byItem, 'coverage', 'by_value').find((row) => row['value'] === 'east');
    const east = [...stage.items].filter(([, city]) => city === 'east').map(([item]) => item);
    assert.deepEqual(
      [cover?.['input_items'], cover?.['covered']],
      [east.length, east.filter((item) => negatives.some((row) => row.item === item)).length],
    );
    for (const { metric, state } of byUser.answer.metrics)
      if (state === 'measured' && measured(byUser.answer, metric).figures.length > 0 && metric !== 'by')
        assert.ok(
          measured(byUser.answer, metric).tables.some(({ id }) => id === 'by_value'),
          metric,
        );
    await assert.rejects(auditedStage(own, named, { by: 'nothing' }), /There is no column/);
  });

  test('the corpus by its impressions as the input', async () => {
    const { answer } = await auditedStage(own, named, { input: 'impressions' });
    const shares = (some: readonly { readonly item: number }[]): number[] =>
      Array.from({ length: ITEMS }, (_, item) => some.filter((row) => row.item === item).length / some.length);
    const h = (p: readonly number[]): number => -p.reduce((sum, x) => sum + (x > 0 ? x * Math.log2(x) : 0), 0);
    const [n, s] = [shares(negatives), shares(stage.log)];
    near(
      figure(measured(answer, 'divergence'), 'js'),
      h(n.map((x, k) => (x + (s[k] ?? 0)) / 2)) - (h(n) + h(s)) / 2,
      'js',
    );
    near(figure(measured(answer, 'divergence'), 'js_exposures'), 0, 'js of the exposures');
  });

  test('the drift from another sample', async () => {
    const other = world(8).rows.slice(0, 200);
    const audited = await auditedStage(own, named, { baseline: await writtenSample(own, other, true) });
    const found = measured(audited.answer, 'drift');
    assert.deepEqual([figure(found, 'rows'), figure(found, 'baseline_rows')], [rows.length, 200]);
    const then = other.filter(({ label }) => label === 0);
    const mix = (some: readonly Sampled[], entry: string): number =>
      some.filter((row) => row.entry === entry).length / some.length;
    near(
      figure(found, 'mix_total_variation'),
      entries.reduce((sum, entry) => sum + Math.abs(mix(negatives, entry) - mix(then, entry)), 0) / 2,
      'mix',
    );
    const items = records(audited, 'drift', 'items').find((row) => row['of'] === 'negatives');
    const [now, old] = [new Set(negatives.map(({ item }) => item)), new Set(then.map(({ item }) => item))];
    assert.deepEqual(
      [items?.['new_items'], items?.['gone_items']],
      [[...now].filter((item) => !old.has(item)).length, [...old].filter((item) => !now.has(item)).length],
    );
    assert.ok(audited.drift);
    // A sample does not drift from itself.
    const same = await auditedStage(own, named, { baseline: named });
    for (const row of records(same, 'drift', 'items'))
      assert.deepEqual([row['js'], row['psi'], row['new_items']], [0, 0, 0]);
    assert.deepEqual([same.drift?.fresh, same.drift?.gone], [[], []]);
  });

  test('the age of the labels', async () => {
    const { answer } = await auditedStage(own, named);
    const found = measured(answer, 'time');
    const hours = rows.map(({ hour }) => hour);
    // The cut is the last microsecond of the day.
    const age = (hour: number): number => 24 - hour - 1e-6 / 3600;
    near(figure(found, 'label_age_youngest'), age(Math.max(...hours)), 'youngest');
    near(figure(found, 'label_age_oldest'), age(Math.min(...hours)), 'oldest');
  });

  test('an audit is repeated only if a file changed, or if it is asked for', async () => {
    const answers = new AuditCache();
    const run = async (file: string, isFresh = false): Promise<EngineMethod[]> => {
      const asked: EngineMethod[] = [];
      const { answer } = await auditedStage(own, file, {
        cache: { answers, isFresh },
        asked: (method) => asked.push(method),
      });
      assert.ok(answer.metrics.length > 0);
      return asked.filter((method) => method === 'audit');
    };
    const file = await writtenSample(own, rows, true);
    assert.deepEqual(await run(file), ['audit']);
    assert.deepEqual(await run(file), []);
    assert.deepEqual(await run(file, true), ['audit']);
    const other = await writtenSample(own, rows.slice(5), true);
    renameSync(other, file);
    assert.deepEqual(await run(file), ['audit']);
  });

  test('a sample or baseline that changes before the rules have read it: the audit fails, because they would judge another file', async () => {
    for (const isBaseline of [false, true]) {
      const file = await writtenSample(own, rows, true);
      const changed = auditedStage(own, isBaseline ? named : file, {
        ...(isBaseline ? { baseline: file } : {}),
        asked: (method) => {
          if (method === 'answer') utimesSync(file, 1, 1);
        },
      });
      await assert.rejects(changed, (error) => error instanceof FailureError && error.failure.code === 'changed');
    }
  });

  test('a config without a corpus: what compares with it says so, and the rest goes on', async () => {
    const { data, ...request } = await stageRequest(own, named);
    assert.ok(data);
    const { items: _corpus, ...without } = data;
    const { metrics } = await engine.call('audit', { ...request, data: without });
    const stateOf = (id: string): string | undefined => metrics.find(({ metric }) => metric === id)?.state;
    assert.deepEqual(['divergence', 'coverage', 'psi', 'mix', 'popularity', 'false_negatives', 'users'].map(stateOf), [
      'not-run',
      'not-run',
      'not-run',
      'measured',
      'measured',
      'measured',
      'measured',
    ]);
  });

  test('the first figures come before the counts of groups; a later report replaces them', async () => {
    const reports: MetricOutcome[] = [];
    await engine.call('audit', await stageRequest(own, named), {
      progress: ({ audited }) => reports.push(...(audited ?? [])),
    });
    const [first, second] = reports;
    assert.deepEqual([first?.metric, second?.metric], ['rows', 'rows']);
    const figuresOf = (outcome: MetricOutcome | undefined): [string, Value][] =>
      outcome?.state === 'measured' ? outcome.figures.map(({ id, value }) => [id, value]) : [];
    const early = new Map(figuresOf(first));
    assert.equal(early.get('rows'), rows.length);
    assert.equal(early.get('negatives'), negatives.length);
    const whole = new Map(figuresOf(second));
    for (const [id, value] of early) assert.equal(whole.get(id), value, id);
    assert.equal(whole.get('users'), new Set(rows.map(({ user }) => user)).size);
  });

  test('cancelled in any phase, an audit leaves nothing behind, and the next one is whole', async () => {
    const request = await stageRequest(own, named);
    const labels = new Set<string>();
    const run = async (cancelAt: string | null): Promise<AuditAnswer> => {
      const abort = new AbortController();
      return await engine.call('audit', request, {
        signal: abort.signal,
        progress: ({ message }) => {
          if (cancelAt === null) labels.add(message.text);
          else if (message.text === cancelAt) abort.abort();
        },
      });
    };
    const files = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
    const whole = await run(null);
    // Closes what that audit has left to the rules.
    await assert.rejects(run('Counting rows'));
    const before = files();
    for (const phase of phaseGroups.flat())
      if (!phase.isAsked) assert.ok(labels.has(phase.label.text), phase.label.text);
    for (const label of labels) {
      await assert.rejects(
        run(label),
        (error) => error instanceof FailureError && error.failure.code === 'cancelled',
        label,
      );
      assert.deepEqual(files(), before, label);
    }
    assert.deepEqual((await run(null)).metrics, whole.metrics);
  });
});
