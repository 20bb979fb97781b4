import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Outcome } from './commandLine.ts';
import { changed, directory, recall, run, useDemoFolder } from './demoFolder.ts';
import { assertGolden } from './golden.ts';
import { done, previewed, user, users, valid, type PreviewOutput } from './previewOutput.ts';

useDemoFolder();

suite('preview', () => {
  test('the text lists each user’s groups with the reason of each draw, then the totals', async () => {
    assertGolden('preview.txt', await done(['preview', recall, '--users', users.join(',')]));
    // Without users, random ones show what the config draws.
    const random = await run(['preview', recall, '--format', 'json']);
    assert.match(random.err, /Random users of the log are shown/);
    const chosen = valid('preview', random.out) as PreviewOutput;
    assert.equal(chosen.users.length, 3);
    assert.ok(chosen.users.some(({ groups }) => groups.length > 0));
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
      ['-3', '-3 is below the minimum 0'],
      ['many', 'A whole number or a map is expected here'],
    ] as const) {
      const { code, out, lines } = await problem('amount.ratio.yaml', 'per_positive: 10', `per_positive: ${written}`);
      assert.equal(code, 0);
      assert.deepEqual(lines, [
        `configs/amount.ratio.yaml:40:21: No negatives are drawn: ${wrong}`,
        '1 error in the config: run recsample lint configs/amount.ratio.yaml',
      ]);
      assert.match(out, /^1 user · 4 groups · 4 positives · 0 negatives$/m);
      assert.doesNotMatch(out, /share asked/);
    }
  });
  test('an invalid share: one message says that the entry is left out', async () => {
    const { code, lines } = await problem('share.ratio.yaml', 'share: 0.4,', 'share: .nan,');
    assert.deepEqual(
      [code, lines[0]],
      [0, 'configs/share.ratio.yaml:46:29: popularity is left out: NaN is not a finite number'],
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
