import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { formatCount, formatPercent } from '../../src/core/table/format.ts';
import { changed, directory, recall, run, useDemoFolder } from './demoFolder.ts';
import { assertGolden } from './golden.ts';
import { done, previewed, user, users, valid } from './previewOutput.ts';

useDemoFolder();

const passed = `pass_through:
    - {column: category, from: items}
    - {column: city, from: items, as: "Ort <b>"}
    - {column: position, from: impressions, side: exposure, as: shown_at}
    - {column: position, from: impressions, side: item, as: last_position, max_age: 30h}
    - {column: request_id, from: impressions, side: context, as: group_request}
    - {column: region, from: users}`;

/** The item of the first row that an entry drew. */
async function itemOf(entry: string, ...args: string[]): Promise<string> {
  const rows = (await previewed(...args)).users.flatMap(({ groups }) => groups.flatMap((group) => group.rows));
  return rows.find((row) => row.entry === entry)?.item ?? assert.fail(`no row of ${entry}`);
}

interface Row {
  readonly item: string;
  readonly entry: string | null;
  readonly passed: Readonly<Record<string, string | null>>;
  readonly null_reasons?: Readonly<Record<string, string>>;
}

/** The recall config of the demo with a column of every side that its unit supports. */
const config = (): string => changed('passed.ratio.yaml', /pass_through: .*/, passed);

suite('copied columns', () => {
  test('the text shows them as far as they fit, and names the others', async () => {
    assertGolden('previewPassed.txt', await done(['preview', config(), '--users', user], 200));
    assertGolden('previewPassed.narrow.txt', await done(['preview', config(), '--users', user], 110));
    assertGolden(
      'previewPassed.chosen.txt',
      await done(
        ['preview', config(), '--users', user, '--columns', 'last_position,logq_correction', '--columns', 'weight'],
        140,
      ),
    );
  });

  test('JSON has every value, and why it is null', async () => {
    const text = await done(['preview', config(), '--users', user, '--format', 'json']);
    assertGolden('previewPassed.json', text);
    const found = valid('preview', text) as {
      readonly users: readonly { readonly groups: readonly { readonly rows: readonly Row[] }[] }[];
    };
    const rows = found.users.flatMap(({ groups }) => groups.flatMap((group) => group.rows));
    assert.ok(rows.length > 5);
    for (const { entry, passed: values, null_reasons: reasons = {} } of rows) {
      assert.equal(Object.keys(values).length, 6);
      for (const [name, value] of Object.entries(values))
        assert.equal(value === null, Object.hasOwn(reasons, name), name);
      if (entry === 'global_random' || entry === 'popularity') assert.equal(reasons['shown_at'], 'no-exposure');
    }
  });

  test('explain says of every value of the pair’s rows where it comes from', async () => {
    const item = await itemOf('popularity', config(), '--users', user);
    const args = ['explain', config(), '--user', user, '--item', item];
    assertGolden('explainPassed.txt', await done(args));
    assertGolden('explainPassed.zh-cn.txt', await done([...args, '--locale', 'zh-cn']));
    const json = await done([...args, '--format', 'json']);
    valid('explain', json);
    assertGolden('explainPassed.json', json);
    const coarse = changed('teacher.ratio.yaml', 'pass_through:', 'pass_through:', 'configs/coarse_ranking.ratio.yaml');
    const shown = await itemOf('exposed_unclicked', coarse, '--users', users[1]);
    const pair = ['explain', coarse, '--user', users[1], '--item', shown];
    assertGolden('explainTeacher.txt', await done(pair));
    valid('explain', await done([...pair, '--format', 'json']));
  });

  test('--columns is refused for JSON, and for a column that the file does not have', async () => {
    const json = await run(['preview', recall, '--users', user, '--format', 'json', '--columns', 'city']);
    assert.equal(json.code, 2);
    assert.match(json.err, /--columns is for text: JSON has all columns/);
    const unknown = await run(['preview', recall, '--users', user, '--columns', 'city,ctr']);
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /The file has no column ctr to show/);
    assert.match(
      unknown.err,
      /Columns that can be shown: city, category, activity, device, item_ctr, log_q, log_q_mix, logq_correction/,
    );
  });
});

test('the lock file has the coverage of the teacher that the report shows', async () => {
  const report = await done([
    'sample',
    'configs/coarse_ranking.ratio.yaml',
    '--stage',
    'coarse_ranking',
    '--out',
    'made/coarse.parquet',
  ]);
  const lock = valid('lock', readFileSync(join(directory, 'made', 'coarse.parquet.recsample.json'), 'utf8')) as {
    readonly teacher: readonly { readonly entry: string | null; readonly trusted: number; readonly known: number }[];
  };
  const [, line = ''] = /^Teacher, rows with a value · (.*)$/m.exec(report) ?? [];
  const shown = lock.teacher
    .filter(({ entry, trusted }) => entry === null || trusted > 0)
    .map(
      ({ entry, trusted, known }) =>
        `${entry ?? 'positives'} ${formatPercent(known / trusted)} of ${formatCount(trusted)}`,
    );
  assert.ok(shown.length > 1);
  assert.equal(line, shown.join(' · '));
});
