import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { before, test } from 'node:test';
import { createEngine } from '../../src/engine/process/engine.ts';
import { compareCommand, previewCommand } from '../../webview/preview/command.ts';
import { folder, parquet } from '../engine/fixture.ts';
import { recsample, type Outcome } from './commandLine.ts';

// Ids that a shell, a list or a terminal could misread. A command copied from a panel must name the same users in a
// terminal.
const odd = [
  'a,b',
  ',',
  'a, b',
  '\\',
  '\\,',
  'a\\',
  'CORP\\ann',
  ' led',
  'trailed ',
  ' ',
  '\n',
  'two\nlines',
  '\ttab\t',
  'two words',
  "o'hara",
  '"quoted"',
  '$HOME',
  '`id`',
  '$(id)',
  '!!',
  '*',
  '~',
  '#1',
  'a;b|c&d',
  '-5',
  '--stage',
  '-',
  '=',
  '',
  '用户',
  '👩‍🚀',
  '‮abc',
];
const config = join(folder, 'odd $config.ratio.yaml');
const state = {
  version: 1,
  config: { uri: pathToFileURL(config).href },
  stage: 'recall',
  seed: null,
  epoch: null,
  split: 'train',
  users: odd,
  user: null,
  mode: 'preview',
  other: { config: { uri: pathToFileURL(config).href }, seed: '-1 $x' },
  swapped: true,
} as const;

before(async () => {
  const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  await parquet(
    'log.parquet',
    `SELECT user_id, 'i,' || item AS item_id, TIMESTAMP '2026-11-01 12:00' - INTERVAL (item) HOUR AS ts, item = 0 AS is_click FROM (SELECT unnest([${odd.map(literal).join(', ')}]) AS user_id), range(3) AS items(item)`,
  );
  await parquet('items.parquet', "SELECT 'i,' || range AS item_id FROM range(3)");
  writeFileSync(
    config,
    `version: 1
seed: 1
data: {impressions: {path: log.parquet, columns: {user: user_id, item: item_id, time: ts}}, items: {path: items.parquet, columns: {item: item_id}}}
events: {click: is_click}
stages: {recall: {unit: positive, positives: {events: {click: 1}}, negatives: {per_positive: {exposed_unclicked: 2, global_random: 1}}}}
`,
  );
});

/** Runs the words that a shell makes of a command line, with the real engine. */
function inShell(command: string): Promise<Outcome> {
  const words = execFileSync('sh', ['-c', `recsample() { printf '%s\\0' "$@"; }\n${command}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
  return run(words);
}
function run(words: readonly string[]): Promise<Outcome> {
  return recsample(words, {}, { directory: folder, createEngine: () => Promise.resolve(createEngine({ threads: 1 })) });
}

test('the command that a panel copies names the same users, whatever their ids are', async () => {
  const { code, out, err } = await inShell(`${previewCommand(state)} --format json`);
  assert.deepEqual([code, err], [0, '']);
  const { users } = JSON.parse(out) as { users: readonly { user: string; groups: readonly unknown[] }[] };
  assert.deepEqual(
    users.map(({ user, groups }) => [user, groups.length]),
    odd.map((user) => [user, 1]),
  );
});

test('the command copied from a comparison names the same users and seeds', async () => {
  const { code, out, err } = await inShell(`${compareCommand(state, '1') ?? ''} --format json`);
  assert.deepEqual([code, err], [0, '']);
  const { b, users } = JSON.parse(out) as { b: { seed: string }; users: readonly { user: string }[] };
  assert.deepEqual([b.seed, users.map(({ user }) => user)], ['-1 $x', odd]);
});

test('commas separate users in one value, unless a backslash precedes them', async () => {
  const { out } = await run([
    'preview',
    config,
    '--users',
    ' two words ,a\\,b, CORP\\ann,CORP\\\\ann,\\ led,,',
    '--format',
    'json',
  ]);
  assert.deepEqual(
    (JSON.parse(out) as { users: readonly { user: string }[] }).users.map(({ user }) => user),
    ['two words', 'a,b', 'CORP\\ann', ' led'],
  );
});

test('explain takes both ids unchanged; an empty id is shown as empty', async () => {
  for (const user of odd) {
    const { code, out } = await run(['explain', config, '--user', user, '--item', 'i,1', '--format', 'json']);
    const { user: found, drawn } = JSON.parse(out) as { user: { id: string; known: boolean }; drawn: number };
    assert.deepEqual([code, found.id, found.known, drawn > 0], [0, user, true, true], JSON.stringify(user));
  }
  assert.match((await run(['explain', config, '--user', '', '--item', 'i,1'])).out, /^user "", item i,1\n/);
  assert.match((await run(['preview', config, '--users', '\\'])).out, /^"" {2}3 shown/m);
});
