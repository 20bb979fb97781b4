import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { commands } from '../../src/cli/commands/registry.ts';
import { changed, demoId, recall, run, useDemoFolder } from './demoFolder.ts';
import { assertGolden } from './golden.ts';
import { done, previewed, user, users, valid, type PreviewOutput } from './previewOutput.ts';

useDemoFolder();

test('the guide names every option', () => {
  const guide = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
  for (const { name, options } of commands.filter((command) =>
    ['preview', 'explain', 'compare'].includes(command.name),
  )) {
    for (const option of Object.keys(options).filter((one) => one !== 'user' && one !== 'item'))
      assert.ok(guide.includes(`\`--${option} `), `${name} --${option}`);
  }
});

test('the command lines of the page about evaluation run, and its config fits the demo', async () => {
  const page = readFileSync(new URL('../../docs/evaluation.md', import.meta.url), 'utf8');
  const lines = /```sampling\n([\s\S]*?)```/.exec(page)?.[1]?.trim().split('\n') ?? [];
  assert.equal(lines.length, 2);
  for (const line of lines.filter((one) => !demoId.test(one))) await done(line.split(' ').slice(1));
  const window = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const config = changed('evaluation.ratio.yaml', /window:\n(?: {2}.*\n)+/, window);
  const { code, out } = await run(['lint', config]);
  assert.equal(code, 0, out);
});

test('--split eval previews and explains the groups that sample writes', async () => {
  const file = 'made/eval.parquet';
  await done(['sample', recall, '--split', 'eval', '--out', file]);
  const rows = await done(['inspect', file, '--format', 'json', '--rows', '5000']);
  const [found] = /7203685477\d{9}/.exec(rows) ?? assert.fail('the file has no user');
  const preview = valid(
    'preview',
    await done(['preview', recall, '--users', found, '--split', 'eval', '--format', 'json']),
  ) as {
    split: string;
    users: { groups: { time: string }[] }[];
  };
  assert.equal(preview.split, 'eval');
  const times = preview.users.flatMap(({ groups }) => groups.map(({ time }) => time));
  assert.ok(
    times.every((time) => time.startsWith('2026-11-21T')),
    times.join(', '),
  );
  const why = await done(['explain', recall, '--user', user, '--item', '1', '--split', 'eval']);
  assert.match(why, /recall · eval · /);
});

suite('explain', () => {
  test('an item without events in the window of an entry: its pool counts none', async () => {
    const {
      users: [found],
    } = await previewed(recall, '--users', user);
    const items = found?.groups.flatMap(({ rows }) =>
      rows.flatMap(({ entry, item }) => (entry === 'global_random' ? [item] : [])),
    );
    const cut = changed('cut.ratio.yaml', 'as_of: day', 'as_of: cut');
    const whys = await Promise.all(
      (items ?? []).slice(0, 4).map((item) => done(['explain', cut, '--user', user, '--item', item])),
    );
    assert.match(whys.join('\n'), /popularity .*not in the pool: no click is counted/);
  });

  test('a pair that is drawn, one that never is, and why', async () => {
    const {
      users: [found],
    } = await previewed(recall, '--users', user);
    const rows = found?.groups.flatMap((group) => group.rows) ?? [];
    const [drawn, positive] = [
      rows.find(({ entry }) => entry === 'popularity')?.item ?? '',
      rows.find(({ label }) => label === 1)?.item ?? '',
    ];
    for (const [name, item] of [
      ['drawn', drawn],
      ['positive', positive],
    ] as const) {
      assertGolden(`explain.${name}.txt`, await done(['explain', recall, '--user', user, '--item', item]));
      const json = await done(['explain', recall, '--user', user, '--item', item, '--format', 'json']);
      const { drawn: times, expected } = valid('explain', json) as { drawn: number; expected: number };
      assert.equal(times > 0, name === 'drawn');
      assert.equal(expected > 0, name === 'drawn');
      assertGolden(`explain.${name}.json`, json);
    }
    assertGolden(
      'explain.zh-cn.txt',
      await done(['explain', recall, '--user', user, '--item', drawn, '--locale', 'zh-cn']),
    );
  });
  test('with as_of: day, preview and explanation say which events the table of a draw counts', async () => {
    const day = changed('day.ratio.yaml', 'policy: recommended\n', '');
    const text = await done(['preview', day, '--users', users.join(',')], 200);
    assertGolden('preview.day.txt', text);
    const found = valid('preview', await done(['preview', day, '--users', user, '--format', 'json'])) as PreviewOutput;
    const rows = found.users.flatMap(({ groups }) => groups).flatMap((group) => group.rows);
    const row = rows.find(({ entry }) => entry === 'popularity');
    assert.ok(row);
    assert.deepEqual(row.table, { before: '2026-11-20', value: '华东' });
    const args = ['explain', day, '--user', user, '--item', row.item];
    assertGolden('explain.day.txt', await done(args));
    valid('explain', await done([...args, '--format', 'json']));
  });
  test('a title names its item in any case; if several items have it, their ids are listed', async () => {
    const { sample } = JSON.parse(
      await done(['inspect', 'data/items.parquet', '--rows', '10000', '--format', 'json']),
    ) as { sample: { item_id: string; title: string }[] };
    const named = sample.map(({ title }) => sample.filter((other) => other.title === title));
    const one = named.find(({ length }) => length === 1) ?? [];
    const several = named.find(({ length }) => length > 1) ?? [];
    const pair = (item: string): string[] => ['explain', recall, '--user', user, '--item', item, '--format', 'json'];
    const { item } = valid('explain', await done(pair(one[0]?.title.toUpperCase() ?? ''))) as { item: { id: string } };
    assert.equal(item.id, one[0]?.item_id);
    const { code, err } = await run(pair(several[0]?.title ?? ''));
    assert.equal(code, 2, err);
    assert.match(err, /\d+ items have the title/);
    for (const { item_id: id } of several.slice(0, 5)) assert.ok(err.includes(id), err);
  });
  test('an unknown item and an unknown user are reported', async () => {
    assert.match(await done(['explain', recall, '--user', user, '--item', '1']), /This item is not in the corpus\./);
    assert.match(
      await done(['explain', recall, '--user', '1', '--item', '1']),
      /Never: the log has no rows of this user\./,
    );
  });
});

suite('compare', () => {
  test('config against config: what changed, what stays', async () => {
    const other = changed('exponent.ratio.yaml', 'exponent: 0.75', 'exponent: 0.5');
    const args = ['compare', recall, other, '--users', users.join(',')];
    assertGolden('compare.txt', await done(args));
    const json = await done([...args, '--format', 'json']);
    const { entries, changes } = valid('compare', json) as {
      entries: readonly { name: string; same: number; larger: number }[];
      changes: readonly unknown[];
    };
    assert.deepEqual(changes, [{ path: 'popularity.exponent', a: '0.75', b: '0.5' }]);
    // Draws are keyed, so entries that the change does not affect keep their draws.
    for (const { name, same, larger } of entries) if (name !== 'popularity') assert.equal(same, larger, name);
    assertGolden('compare.json', json);
  });
  test('copied columns that differ are named, and the distances of both sides are shown', async () => {
    const sides = changed(
      'sides.ratio.yaml',
      /pass_through: .*?\]/,
      'pass_through: [city, {column: device, from: impressions, side: exposure}, {column: item_ctr, from: impressions, side: item}, position]',
    );
    const args = ['compare', recall, sides, '--users', user];
    const text = await done(args);
    assert.match(text, /pass-through column device +side: context → exposure/);
    const { columns, distances } = valid('compare', await done([...args, '--format', 'json'])) as {
      readonly columns: readonly { readonly name: string; readonly a: unknown; readonly b: unknown }[];
      readonly distances: readonly {
        readonly of: string;
        readonly name: string | null;
        readonly a: number | null;
        readonly b: number | null;
      }[];
    };
    const preview = valid('preview', await done(['preview', recall, '--users', user, '--format', 'json'])) as {
      readonly distance: {
        readonly exposures: number;
        readonly entries: readonly { readonly name: string; readonly distance: number | null }[];
      };
    };
    assert.deepEqual(
      columns.map(({ name, a, b }) => [name, a !== null, b !== null]),
      [
        ['category', true, false],
        ['activity', true, false],
        ['device', true, true],
        ['item_ctr', true, true],
        ['position', false, true],
      ],
    );
    const { exposures, entries } = preview.distance;
    assert.deepEqual(
      distances.filter(({ of }) => of !== 'in_batch').map(({ name, a }) => [name, a]),
      [[null, exposures], ...entries.map(({ name, distance }) => [name, distance])],
    );
    // Equal plans have equal distances.
    assert.ok(distances.every(({ a, b }) => a !== null && a === b));
    assert.match(text, /Distance to the corpus in bits, 0 to 1 +A +B\n +exposures alone +0\.\d\d +0\.\d\d\n/);
    assert.match(text, /popularity +(nearer|farther) 0\.\d\d +(nearer|farther) 0\.\d\d\n/);
  });
  test('seed against seed', async () => {
    const { a, b } = valid(
      'compare',
      await done(['compare', recall, '--users', user, '--seed-b', 'x', '--format', 'json']),
    ) as Readonly<Record<'a' | 'b', { readonly seed: string }>>;
    assert.deepEqual([a.seed, b.seed], ['demo', 'x']);
  });
});

suite('messages of a comparison', () => {
  test('a problem of both sides is reported once, and notices of the draws are reported', async () => {
    const { code, err } = await run([
      'compare',
      changed('seedless.ratio.yaml', 'seed: demo\n', ''),
      '--users',
      `${user},nobody`,
      '--seed-b',
      'x',
    ]);
    assert.equal(code, 0, err);
    const lines = err.trimEnd().split('\n');
    assert.equal(new Set(lines).size, lines.length, err);
    assert.equal(lines.filter((line) => /There is no seed/.test(line)).length, 1, err);
    assert.ok(
      lines.some((line) => /downsample_hot/.test(line)) && lines.some((line) => /no rows of user nobody/.test(line)),
      err,
    );
  });
});

suite('wrong usage prints one line and exits with 2', () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no users', ['compare', recall, '--seed-b', 'x'], /--users is missing/],
    ['no config', ['preview', '--users', user], /CONFIG is missing/],
    ['no such config', ['preview', 'none.ratio.yaml', '--users', user], /none\.ratio\.yaml/],
    [
      'a stage that the config does not have',
      ['preview', recall, '--stage', 'fine_ranking', '--users', user],
      /has no stage fine_ranking.*Its stages: recall/,
    ],
    [
      'a word that is no stage',
      ['preview', recall, '--stage', 'fine', '--users', user],
      /--stage must be one of recall, coarse_ranking, fine_ranking, not fine/,
    ],
    ['an epoch that is no number', ['preview', recall, '--epoch', '-1', '--users', user], /--epoch/],
    [
      'an epoch above 2^53 - 1',
      ['preview', recall, '--epoch', '9007199254740992', '--users', user],
      /a whole number from 0 to 9007199254740991, not 9007199254740992/,
    ],
    [
      'nothing to compare with',
      ['compare', recall, '--users', user],
      /Nothing to compare: both sides have the same config and the same seed/,
    ],
    ['a pair without item', ['explain', recall, '--user', user], /--item is missing/],
  ];
  for (const [name, args, expected] of cases) {
    test(name, async () => {
      const { code, out, err } = await run(args);
      assert.deepEqual([code, out], [2, '']);
      assert.match(err, expected);
      assert.equal(err.trimEnd().split('\n').length, 1, err);
    });
  }
  test('more rows than memory holds are refused before anything is drawn', async () => {
    const { code, out, err } = await run([
      'preview',
      changed('many.ratio.yaml', 'per_positive: 10', 'per_positive: 20000000'),
      '--users',
      user,
    ]);
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /need [\d,]+ rows, but at most 10,000,000 can be drawn at once\. Choose fewer users/);
  });
  test('missing data are reported with their place and advice', async () => {
    const { code, err } = await run([
      'preview',
      changed('missing.ratio.yaml', '../data/impressions/', '../data/none/'),
      '--users',
      user,
    ]);
    assert.equal(code, 2);
    assert.match(err, /missing\.ratio\.yaml:\d+:\d+: .*data\.impressions.*recsample lint/);
  });
});

suite('in-batch negatives', () => {
  interface Batched extends PreviewOutput {
    readonly in_batch?: Readonly<Record<string, number | boolean | null>>;
    readonly users: readonly {
      readonly user: string;
      readonly groups: readonly {
        readonly key: string;
        readonly rows: PreviewOutput['users'][number]['groups'][number]['rows'];
        readonly shortfall: Readonly<Record<string, unknown>>;
        readonly in_batch?: {
          readonly batch: number;
          readonly others: number;
          readonly masked: number;
          readonly false_negatives: number;
          readonly items: readonly { readonly item: string; readonly count: number }[];
        };
      }[];
    }[];
  }
  const batched = async (size: number, ...more: string[]): Promise<Batched> =>
    await previewed(
      changed(`batches-${size}.ratio.yaml`, 'batch_size: 1024', `batch_size: ${size}`),
      '--users',
      users.join(','),
      ...more,
    );
  const groups = (found: Batched): Batched['users'][number]['groups'][number][] =>
    found.users.flatMap((one) => one.groups);

  test('each group shows its batch, the totals what the trainer adds; written rows do not change', async () => {
    const found = await batched(8);
    const own = groups(found).map(({ in_batch: batch }) => batch);
    assert.ok(own.length > 0 && own.every((batch) => batch && batch.others <= 7 && batch.items.length > 0));
    const sum = (of: (batch: NonNullable<(typeof own)[number]>) => number): number =>
      own.reduce((all, batch) => all + (batch ? of(batch) : 0), 0);
    const { in_batch: totals } = found;
    assert.deepEqual(
      [totals?.['batch_size'], totals?.['negatives'], totals?.['masked'], totals?.['false_negatives']],
      [
        8,
        sum(({ others, masked }) => others - masked),
        sum(({ masked }) => masked),
        sum((batch) => batch.false_negatives),
      ],
    );
    const written = groups(found)
      .flatMap(({ rows }) => rows)
      .filter(({ label }) => label === 0).length;
    assert.equal(
      totals?.['share'],
      sum(({ others, masked }) => others - masked) / (sum(({ others, masked }) => others - masked) + written),
    );
    const without = (await previewed(
      changed('no-batches.ratio.yaml', ', in_batch: {batch_size: 1024, weight: 0.3}', ''),
      '--users',
      users.join(','),
    )) as Batched;
    assert.equal(without.in_batch, undefined);
    // Corrections depend on the batches, draws do not.
    const drawn = (all: ReturnType<typeof groups>): unknown =>
      all.map(({ in_batch: _batch, rows, ...group }) => ({
        ...group,
        rows: rows.map((row) =>
          Object.fromEntries(Object.entries(row).filter(([name]) => !/logq|log_q_batch/.test(name))),
        ),
      }));
    assert.deepEqual(drawn(groups(without)), drawn(groups(found)));
  });
  test('another seed makes other batches; the order of the users does not', async () => {
    const of = (found: Batched): unknown =>
      groups(found).map(({ in_batch: batch }) => batch?.items.map(({ item }) => item));
    const found = await batched(4, '--seed', 'a');
    assert.notDeepEqual(of(found), of(await batched(4, '--seed', 'b')));
    const reversed = await previewed(
      'configs/batches-4.ratio.yaml',
      '--seed',
      'a',
      '--users',
      users.toReversed().join(','),
    );
    assert.deepEqual(
      [reversed.users.map((one) => one.user), reversed.users.toReversed()],
      [users.toReversed(), found.users],
    );
  });
  test('explain says whether batches make a pair a negative, apart from the written rows', async () => {
    const [first] = groups(await batched(8));
    const item = first?.in_batch?.items[0]?.item ?? '';
    const asked = ['explain', 'configs/batches-8.ratio.yaml', '--user', user, '--item', item];
    const found = valid('explain', await done([...asked, '--format', 'json'])) as {
      readonly in_batch: Readonly<Record<string, number>>;
    };
    assert.ok(
      (found.in_batch['groups'] ?? 0) >= 1 &&
        (found.in_batch['drawn'] ?? 0) >= (found.in_batch['groups'] ?? 0) &&
        (found.in_batch['expected'] ?? 0) > 0,
    );
    assert.match(
      await done(asked),
      /\nIn-batch: a negative of \d+ of 4 positives of this user with this seed; [\d.]+ expected\.\n/,
    );
    assert.match(
      await done(['explain', 'configs/batches-8.ratio.yaml', '--user', user, '--item', '1']),
      /\nIn-batch: never with this seed; no batch has a positive of this item\.\n/,
    );
  });
});
