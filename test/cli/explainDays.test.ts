import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changed, recall, useDemoFolder } from './demoFolder.ts';
import { done, previewed, user, valid } from './previewOutput.ts';

useDemoFolder();

test('with as_of: day, the count of each table is named, also if it is zero', async () => {
  const {
    users: [found],
  } = await previewed(recall, '--users', user);
  const items = found?.groups.flatMap(({ rows }) =>
    rows.flatMap(({ entry, item }) => (entry === 'global_random' ? [item] : [])),
  );
  const [item = ''] = items ?? [];
  const explained = async (config: string) => {
    const args = ['explain', config, '--user', user, '--item', item];
    const { entries } = valid('explain', await done([...args, '--format', 'json'])) as {
      readonly entries: readonly {
        readonly name: string;
        readonly refused: { readonly absent: number };
        readonly day_counts?: readonly { readonly count: number; readonly groups: number }[];
      }[];
    };
    const entry = entries.find(({ name }) => name === 'popularity') ?? assert.fail();
    return { text: await done(args), entry };
  };
  const plain = await explained(recall);
  const none = plain.entry.day_counts?.filter(({ count }) => count === 0) ?? [];
  assert.ok(none.length > 0, plain.text);
  // Exactly the groups whose table counts none cannot draw it.
  assert.equal(
    plain.entry.refused.absent,
    none.reduce((sum, { groups }) => sum + groups, 0),
  );
  assert.match(plain.text, /popularity +no click in the 7 days before 2026-11-2\d.*, so it cannot be drawn · in /);

  const smoothed = await explained(changed('smoothed.ratio.yaml', 'as_of: day', 'as_of: day, smoothing: 1'));
  assert.equal(smoothed.entry.refused.absent, 0);
  assert.match(smoothed.text, /popularity +no click in the 7 days .*: only smoothing gives it weight · in /);
  assert.deepEqual(smoothed.entry.day_counts?.filter(({ count }) => count === 0).length, none.length);
});
