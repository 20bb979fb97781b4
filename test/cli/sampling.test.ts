import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { Ajv } from 'ajv';
import { commands } from '../../src/cli/registry.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { recsample, type Outcome } from './commandLine.ts';
import { assertGolden } from './golden.ts';

const recall = 'configs/recall.ratio.yaml';
const users = ['7203685477570815477', '7203685477559026663'] as const;
const [user] = users;

let directory = '';
before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'recsample-preview-'));
  const { code } = await run(['demo', directory, '--scale', 'tiny']);
  assert.equal(code, 0);
});
after(() => rmSync(directory, { recursive: true, force: true }));

/** Runs with the real engine, in the folder of the tiny demo. */
function run(args: readonly string[], width = 140): Promise<Outcome> {
  return recsample(
    args,
    {},
    {
      directory,
      terminal: { width, colour: false },
      createEngine: () => Promise.resolve(createEngine({ threads: 1 })),
    },
  );
}
async function done(args: readonly string[], width?: number): Promise<string> {
  const { code, out, err } = await run(args, width);
  assert.equal(code, 0, err);
  return out;
}
function valid(name: string, text: string): unknown {
  const json: unknown = JSON.parse(text);
  const validate = new Ajv({ allErrors: true, validateFormats: false }).compile(
    JSON.parse(readFileSync(new URL(`../../media/schemas/${name}.schema.json`, import.meta.url), 'utf8')) as object,
  );
  assert.ok(validate(json), JSON.stringify(validate.errors, null, 2));
  return json;
}
interface PreviewOutput {
  readonly stage: string;
  readonly seed: string;
  readonly epoch: number;
  readonly users: readonly {
    readonly user: string;
    readonly groups: readonly {
      readonly key: string;
      readonly rows: readonly {
        readonly item: string;
        readonly label: number;
        readonly entry: string | null;
        readonly draw: number | null;
      }[];
      readonly shortfall: Readonly<Record<string, unknown>>;
    }[];
  }[];
}
async function previewed(...args: string[]): Promise<PreviewOutput> {
  return valid('preview', await done(['preview', ...args, '--format', 'json'])) as PreviewOutput;
}
/** Writes a changed copy of a demo config next to the good ones. */
function changed(name: string, from: string | RegExp, to: string): string {
  writeFileSync(join(directory, 'configs', name), readFileSync(join(directory, recall), 'utf8').replace(from, to));
  return `configs/${name}`;
}

suite('preview', () => {
  test('the text lists each user’s groups with the reason of each draw, then the totals', async () => {
    assertGolden('preview.txt', await done(['preview', recall, '--users', users.join(',')]));
    assertGolden('preview.narrow.txt', await done(['preview', recall, '--users', user], 80));
    assertGolden('preview.zh-cn.txt', await done(['preview', recall, '--users', user, '--locale', 'zh-cn']));
  });
  test('JSON of every stage as its schema says', async () => {
    for (const stage of ['recall', 'coarse_ranking', 'fine_ranking']) {
      const text = await done([
        'preview',
        `configs/${stage}.ratio.yaml`,
        '--stage',
        stage,
        '--users',
        users[1],
        '--format',
        'json',
      ]);
      const found = valid('preview', text) as PreviewOutput;
      assert.deepEqual(
        [found.stage, found.seed, found.epoch, found.users.map((one) => one.user)],
        [stage, 'demo', 0, [users[1]]],
      );
      assert.ok((found.users[0]?.groups.length ?? 0) > 0, stage);
      assertGolden(`preview.${stage}.json`, text);
    }
  });
  test('users come in the order given, once each, with the same rows whichever others are given', async () => {
    const [both, one] = [
      await previewed(recall, '--users', `${users[1]},${users[0]}`, '--users', users[1]),
      await previewed(recall, '--users', users[0]),
    ];
    assert.deepEqual(
      both.users.map((found) => found.user),
      [users[1], users[0]],
    );
    assert.deepEqual(both.users[1], one.users[0]);
  });
  test('another seed, epoch or config value changes the draws, and --set reaches the config', async () => {
    const keys = (found: PreviewOutput): string => JSON.stringify(found.users);
    const base = await previewed(recall, '--users', user);
    const [seed, epoch] = [
      await previewed(recall, '--users', user, '--seed', '种子'),
      await previewed(recall, '--users', user, '--epoch', '1'),
    ];
    assert.deepEqual([seed.seed, epoch.epoch], ['种子', 1]);
    assert.notEqual(keys(seed), keys(base));
    assert.notEqual(keys(epoch), keys(base));
    const variable = changed('set.ratio.yaml', 'seed: demo', 'seed: ${name}\nvars: {name: other}');
    assert.equal((await previewed(variable, '--users', user, '--set', 'name=demo')).seed, 'demo');
    assert.equal((await previewed(variable, '--users', user)).seed, 'other');
  });
  test('an unknown user has no rows, and the report says so', async () => {
    const { code, out, err } = await run(['preview', recall, '--users', 'nobody', '--format', 'json']);
    assert.equal(code, 0);
    assert.deepEqual((valid('preview', out) as PreviewOutput).users, [{ user: 'nobody', groups: [] }]);
    assert.match(err, /The log has no rows of user nobody/);
    assert.match(await done(['preview', recall, '--users', 'nobody']), /nobody {2}no rows in the log/);
  });
  test('a config with errors is drawn without the invalid parts, which are reported with their place', async () => {
    const { code, out, err } = await run([
      'preview',
      changed('partly.ratio.yaml', 'global_random: 0.2', 'no_such_source: 0.2'),
      '--users',
      user,
      '--format',
      'json',
    ]);
    assert.equal(code, 0, err);
    assert.ok(
      (valid('preview', out) as PreviewOutput).users[0]?.groups.every(({ rows }) =>
        rows.every(({ entry }) => entry !== 'no_such_source'),
      ),
    );
    assert.match(err, /^recsample: configs\/partly\.ratio\.yaml:\d+:\d+: .*no_such_source/m);
  });
});

suite('a config with errors', () => {
  const problem = async (
    name: string,
    ...change: [string | RegExp, string]
  ): Promise<Outcome & { readonly lines: readonly string[] }> => {
    const outcome = await run(['preview', changed(name, ...change), '--users', user]);
    return {
      ...outcome,
      lines: outcome.err
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/^recsample: /, '')),
    };
  };
  test('an invalid amount: one message says that no negatives are drawn, without a mix table', async () => {
    for (const [written, wrong] of [
      ['.nan', 'NaN is not a finite number'],
      ['-3', '-3 is below the minimum 1'],
      ['0', '0 is below the minimum 1'],
      ['many', 'A whole number or a map is expected here'],
    ] as const) {
      const { code, out, lines } = await problem('amount.ratio.yaml', 'per_positive: 10', `per_positive: ${written}`);
      assert.equal(code, 0);
      assert.deepEqual(lines, [
        `configs/amount.ratio.yaml:40:21: No negatives are drawn: ${wrong}`,
        '1 error in the config: run recsample lint configs/amount.ratio.yaml',
      ]);
      assert.match(out, /^1 user · 1 group · 1 positive · 0 negatives$/m);
      assert.doesNotMatch(out, /share asked/);
    }
  });
  test('an invalid share: one message says that the entry is left out', async () => {
    const { code, lines } = await problem('share.ratio.yaml', 'share: 0.4,', 'share: .nan,');
    assert.deepEqual(
      [code, lines[0]],
      [0, 'configs/share.ratio.yaml:45:29: popularity is left out: NaN is not a finite number'],
    );
    assert.equal(lines.length, 2);
  });
  test('an invalid seed and an invalid unit are reported', async () => {
    assert.equal(
      (await problem('seed.ratio.yaml', 'seed: demo', 'seed: [1]')).lines[0],
      'configs/seed.ratio.yaml:3:7: The seed 0 is used: A string or a whole number is expected here',
    );
    const { code, lines } = await problem('unit.ratio.yaml', 'unit: positive', 'unit: positiv');
    assert.deepEqual(
      [code, lines],
      [
        2,
        [
          'configs/unit.ratio.yaml:34:11: Nothing can be drawn: positiv is not known here. Did you mean positive? 1 error in the config: run recsample lint configs/unit.ratio.yaml',
        ],
      ],
    );
  });
  test('a misspelt stages key is named, with the lint command to run', async () => {
    const key = await problem('key.ratio.yaml', /^stages:/m, 'stage:');
    assert.deepEqual(
      [key.code, key.out, key.lines],
      [
        2,
        '',
        [
          'configs/key.ratio.yaml:2:1: The key stages is missing',
          'configs/key.ratio.yaml:32:1: There is no key stage here. Did you mean stages?',
          'configs/key.ratio.yaml has no stage. 2 errors in the config: run recsample lint configs/key.ratio.yaml',
        ],
      ],
    );
    const name = await problem(
      'name of.ratio.yaml',
      /^ {2}recall:$/m,
      '  fine_ranking: {unit: impression, positives: {events: {click: 1}}, negatives: {mix: {exposed_unclicked: 1}}}\n  recal:',
    );
    assert.deepEqual(
      [name.code, name.lines[0]],
      [0, 'configs/name of.ratio.yaml:34:3: There is no key recal here. Did you mean recall?'],
    );
    const { code, err } = await run(['preview', 'configs/name of.ratio.yaml', '--stage', 'recall', '--users', user]);
    assert.equal(code, 2);
    assert.match(
      err,
      /^recsample: configs\/name of\.ratio\.yaml has no stage recall\. Its stages: fine_ranking\. \d errors? in the config: run recsample lint 'configs\/name of\.ratio\.yaml'$/m,
    );
  });
});

suite('files that are broken', () => {
  /**
   * Returns the output and standard error of a preview with a damaged copy of a data set: the file is cut, or its pages
   * are damaged and its footer is intact.
   */
  async function broken(
    dataset: string,
    how: 'cut' | 'pages',
    args: readonly string[] = ['preview', '--users', user],
  ): Promise<Outcome & { readonly file: string }> {
    const name = `${dataset}.${how}`;
    const bytes = readFileSync(join(directory, `data/${dataset}.parquet`));
    const end = Math.floor(bytes.length / 2);
    const file = join(directory, 'data', `${name}.parquet`);
    writeFileSync(
      file,
      how === 'cut'
        ? bytes.subarray(0, end)
        : bytes.map((byte, k) =>
            k >= 4 && k < bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8) ? byte ^ 0x5a : byte,
          ),
    );
    const [command = '', ...rest] = args;
    return {
      ...(await run([
        command,
        changed(`${name}.ratio.yaml`, `../data/${dataset}.parquet`, `../data/${name}.parquet`),
        ...rest,
      ])),
      file,
    };
  }
  for (const how of ['cut', 'pages'] as const) {
    test(`${how}: a data set that the stage does not need is left out, with file and reason`, async () => {
      const users = await broken('users', how);
      assert.equal(users.code, 0, users.err);
      assert.ok(
        users.err.includes(`data.users is left out: ${users.file} of data.users cannot be read: The `),
        users.err,
      );
      // Its pools depend on an attribute of the users.
      assert.match(users.err, /popularity is left out: /);
      assert.match(users.out, /^● {2}global_random/m);
      const rejections = await broken('rejections', how);
      assert.equal(rejections.code, 0, rejections.err);
      assert.ok(
        rejections.err.includes(`host_refused is left out: ${rejections.file} of data.rejections cannot be read: The `),
        rejections.err,
      );
      assert.doesNotMatch(rejections.out, /host_refused/);
    });
    test(`${how}: a required data set stops the preview, with the file and advice`, async () => {
      const { code, out, err, file } = await broken('items', how);
      assert.deepEqual([code, out, err.trimEnd().split('\n').length], [2, '', 1], err);
      assert.ok(err.includes(file), err);
      assert.match(err, /Copy or write the file again/);
    });
  }
  test('explain and compare also leave it out, and say so once', async () => {
    const explained = await broken('users', 'pages', ['explain', '--user', user, '--item', '4820193361589902894']);
    const compared = await broken('users', 'pages', ['compare', '--users', user, '--seed-b', 'x']);
    for (const { code, err } of [explained, compared]) {
      assert.equal(code, 0, err);
      assert.equal(err.match(/data\.users is left out/g)?.length, 1, err);
    }
  });
});

test('every command line of the guide runs on the demo', async () => {
  const guide = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
  const lines = /```sampling\n([\s\S]*?)```/.exec(guide)?.[1]?.trim().split('\n') ?? [];
  assert.ok(lines.length >= 4);
  for (const line of lines) await done(line.split(' ').slice(1));
  for (const { name, options } of commands.filter((command) =>
    ['preview', 'explain', 'compare'].includes(command.name),
  )) {
    for (const option of Object.keys(options).filter((one) => one !== 'user' && one !== 'item'))
      assert.ok(guide.includes(`\`--${option} `), `${name} --${option}`);
  }
});

suite('explain', () => {
  test('a pair that is drawn, one that never is, and why', async () => {
    const {
      users: [found],
    } = await previewed(recall, '--users', user);
    const rows = found?.groups[0]?.rows ?? [];
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
    ['no users', ['preview', recall], /--users is missing/],
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
      changed('no-batches.ratio.yaml', ', in_batch: {batch_size: 1024}', ''),
      '--users',
      users.join(','),
    )) as Batched;
    assert.equal(without.in_batch, undefined);
    assert.deepEqual(
      groups(without),
      groups(found).map(({ in_batch: _batch, ...group }) => group),
    );
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
      /\nIn-batch: a negative of the only positive of this user with this seed; [\d.]+ expected\.\n/,
    );
    assert.match(
      await done(['explain', 'configs/batches-8.ratio.yaml', '--user', user, '--item', '1']),
      /\nIn-batch: never with this seed; no batch has a positive of this item\.\n/,
    );
  });
});
