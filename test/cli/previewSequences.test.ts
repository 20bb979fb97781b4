import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { changed, useDemoFolder } from './demoFolder.ts';
import { assertGolden } from './golden.ts';
import { done, user, valid } from './previewOutput.ts';

useDemoFolder();

/** The recall config of the demo with sequences of every kind. */
const config = (): string =>
  changed(
    'sequences.ratio.yaml',
    /output: .*/,
    `output:
  sequences:
    clicks: {events: [click], length: 3, available_after: 1m, columns: [item, time, city, device]}
    yesterday: {events: [click], length: 10, as_of: day, available_after: 6h, lookback: 3d, dedup: item}
    seen: {events: {impressions: 0, click: 1}, length: 4, available_after: 0s, session: {gap: 30m, keep: 1}, columns: [item, time, actions, session], newest_first: true}
`,
  );

suite('sequences in a preview', () => {
  test('the text shows the newest steps of each history, its cut-off, and what is left out', async () => {
    assertGolden('previewSequences.txt', await done(['preview', config(), '--users', user]));
    assertGolden(
      'previewSequences.zh-cn.txt',
      await done(['preview', config(), '--users', user, '--locale', 'zh-cn'], 100),
    );
  });

  test('JSON has every step in the order of the file', async () => {
    const text = await done(['preview', config(), '--users', user, '--format', 'json']);
    assertGolden('previewSequences.json', text);
    valid('preview', text);
  });

  test('explain says which histories have the item, and why others do not', async () => {
    const args = ['explain', config(), '--user', user, '--item', '4820193330027665416'];
    assertGolden('explainSequences.txt', await done(args));
    assertGolden('explainSequences.zh-cn.txt', await done([...args, '--locale', 'zh-cn']));
    const text = await done([...args, '--format', 'json']);
    assertGolden('explainSequences.json', text);
    valid('explain', text);
  });

  test('preview and explain of a user whose histories are all too short name min_steps', async () => {
    const sequences = '{clicks: {events: [click], length: 10000, available_after: 1m}}';
    changed('one.ratio.yaml', /output: .*/, `output: {sequences: ${sequences}}`);
    const limited = 'positives:\n      min_steps: {clicks: 9999}\n';
    const path = changed('short.ratio.yaml', 'positives:\n', limited, 'configs/one.ratio.yaml');
    const preview = ['preview', path, '--users', user];
    const line = /min_steps leaves out (\d+) positives of this user: .*clicks of the first has (\d+) of 9999 steps/;
    const [, groups, steps] = line.exec((await done(preview, 300)).replaceAll('\n', ' ')) ?? [];
    assert.ok(Number(groups) > 1);
    const previewed = await done([...preview, '--format', 'json']);
    valid('preview', previewed);
    const explain = ['explain', path, '--user', user, '--item', '4820193330027665416'];
    const answer = await done(explain, 300);
    assert.match(answer, line);
    assert.doesNotMatch(answer, /of 0 groups/);
    const explained = await done([...explain, '--format', 'json']);
    valid('explain', explained);
    const left = /"left_out":.*?"groups": ?(\d+).*?"steps": ?(\d+), ?"required": ?9999/s;
    for (const json of [previewed, explained]) assert.deepEqual(left.exec(json)?.slice(1), [groups, steps]);
  });
});
