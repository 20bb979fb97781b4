import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import { changed } from '../../src/core/policy/examples/example.ts';
import { keepingShortfalls } from '../../src/core/policy/examples/mixes.ts';
import { requestedIn } from '../../src/core/sampling/requested.ts';
import { recallExample } from '../../src/core/policy/examples/recall.ts';
import type { Stage } from '../../src/core/schema/stage.ts';
import { languageWire } from '../../src/protocol/language.ts';
import type { CompareAnswer, PreviewAnswer, SamplerSummary, KnobEdits } from '../../src/protocol/preview.ts';
import type { FoundUser, PairExplanation } from '../../src/protocol/sampling.ts';
import { FAILURE_CODE, wire, type StatusParams } from '../../src/protocol/wire.ts';
import { wireName, type ServerParams } from '../../src/protocol/server.ts';
import { whileStopped } from '../fixtures/processes.ts';
import { dist, LanguageClient, uriOf } from './languageClient.ts';

// Tests preview requests on the shipped server with the real engine, driven by a plain client.
let scratch = '';
const demo = (...segments: string[]): string => path.join(scratch, 'demo', ...segments);
let client: LanguageClient;
const start = (initializationOptions: unknown = {}): Promise<LanguageClient> =>
  LanguageClient.start({ folder: demo(), initializationOptions });

before(async () => {
  scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'recsample-sampling-')));
  execFileSync(process.execPath, [path.join(dist, 'cli.cjs'), 'demo', demo(), '--scale', 'tiny', '--seed', 'sampling']);
  client = await start({ commands: ['recsample.preview'] });
});
after(async () => {
  assert.equal(await client.stop(), 0);
  rmSync(scratch, { recursive: true, maxRetries: 5 });
});

const configOf = (stage: Stage): { readonly config: { readonly uri: string }; readonly stage: Stage } => ({
  config: { uri: uriOf(demo('configs', `${stage}.ratio.yaml`)) },
  stage,
});
const recall = (): ReturnType<typeof configOf> => configOf('recall');
const heaviest = (limit = 2, asked = recall(), of = client): Promise<FoundUser[]> =>
  of.request(wireName('users'), { ...asked, choice: { kind: 'heaviest' }, limit, without: [] });
async function drawn(more: Partial<ServerParams<'preview'>> = {}, of = client): Promise<PreviewAnswer> {
  const asked = { ...recall(), ...more };
  const users = more.users ?? (await heaviest(2, asked, of)).map(({ user }) => user);
  return of.request(wireName('preview'), { groupLimit: null, ...asked, users });
}
/** Item, entry and draw of every negative. */
const rowsOf = ({ preview }: PreviewAnswer): string[] =>
  preview.users.flatMap(({ user, groups }) =>
    groups.flatMap(({ key, rows }) =>
      rows
        .filter(({ label }) => label === 0)
        .map(({ item, entry, draw }) => `${user} ${key} ${item} ${entry ?? ''} ${draw ?? ''}`),
    ),
  );
const failureOf = (
  promise: Promise<unknown>,
): Promise<{
  readonly code: number;
  readonly data: { readonly code: string; readonly message: { readonly text: string } };
}> =>
  promise.then(
    () => assert.fail('it did not fail'),
    (error: unknown) => error as Awaited<ReturnType<typeof failureOf>>,
  );
const pidOf = (of: LanguageClient): Promise<number | null> => of.request(wire.enginePid, undefined);

test('the stages and knobs of a config are available without opening data', async () => {
  const fresh = await start();
  const { stages, plan, seed, epoch, knobs, problems } = await fresh.request<SamplerSummary>(
    wireName('sampler'),
    recall(),
  );
  assert.deepEqual(
    [stages, plan?.entries.length, seed, epoch, knobs.length, problems],
    [['recall'], 5, 'demo', 0, 7, []],
  );
  assert.equal(await pidOf(fresh), null);
  assert.equal(await fresh.stop(), 0);
});

for (const stage of ['recall', 'coarse_ranking', 'fine_ranking'] as const) {
  test(`${stage} of the demo is drawn for its heaviest users, the same each time`, async () => {
    const asked = configOf(stage);
    const [first, again] = [await drawn(asked), await drawn(asked)];
    assert.equal(first.preview.users.length, 2);
    assert.ok(first.preview.totals.negatives > 0);
    assert.deepEqual(first.sampler.problems, []);
    assert.deepEqual(rowsOf(first), rowsOf(again));
  });
}

test('another seed draws other rows; unknown users are reported as unknown', async () => {
  const [own, other] = [await drawn(), await drawn({ seed: 'another' })];
  assert.notDeepEqual(rowsOf(own), rowsOf(other));
  assert.equal(other.sampler.seed, 'demo');
  const {
    preview: {
      users: [unknown],
    },
  } = await drawn({ users: ['no such user'] });
  assert.deepEqual([unknown?.isKnown, unknown?.groups], [false, []]);
});

test('the text of the editor is drawn, or the saved file on request', async () => {
  const { config } = recall();
  await client.open(config.uri, changed('recall', ['per_positive: 10', 'per_positive: 4'], keepingShortfalls));
  const [edited, saved] = [await drawn(), await drawn({ config: { ...config, saved: true } })];
  const perPositive = ({ preview: { totals } }: PreviewAnswer): number => requestedIn(totals.entries) / totals.groups;
  assert.deepEqual([perPositive(edited), perPositive(saved)], [4, 10]);
  const users = edited.preview.users.map(({ user }) => user);
  const compared = await client.request<CompareAnswer>(wireName('compare'), {
    a: { config: { ...config, saved: true }, stage: 'recall' },
    b: { config, stage: 'recall' },
    users,
  });
  assert.deepEqual([compared.a, compared.b].map(perPositive), [10, 4]);
  const { totals, changes } = compared.comparison;
  assert.deepEqual([totals.a, totals.b], [saved.preview.totals.negatives, edited.preview.totals.negatives]);
  assert.ok(changes.length > 0);
  await client.close(config.uri);
});

test('a slider edits the text at its version, and the preview follows', async () => {
  const stage = 'recall';
  const uri = uriOf(demo('configs', 'slider.ratio.yaml'));
  await client.open(uri, recallExample);
  const { knobs } = await client.request<SamplerSummary>(wireName('sampler'), { config: { uri }, stage });
  const knob = knobs.find(({ entry }) => entry === 'global_random');
  assert.ok(knob);
  const turned = await client.request<KnobEdits | null>(wireName('setKnobs'), {
    config: { uri },
    stage,
    values: [{ id: knob.id, value: 0.1 }],
  });
  assert.deepEqual(turned, { edits: [{ range: knob.range, text: '0.1' }] });
  await client.edit(uri, '0.1', knob.range);
  const { sampler } = await drawn({ config: { uri }, users: ['1'] });
  assert.equal(sampler.plan?.entries.find(({ name }) => name === 'global_random')?.amount, 0.1);
  await client.close(uri);
});

test('a config with errors is drawn without the invalid parts, which are reported with their place', async () => {
  const uri = uriOf(demo('configs', 'errors.ratio.yaml'));
  const text = recallExample.replace('source: rejected', 'source: refused').replace('exponent: 0.75', 'exponent: 7.5');
  await client.open(uri, text);
  const { sampler, preview } = await drawn({ config: { uri } });
  assert.deepEqual(
    preview.totals.entries.map(({ name }) => name),
    ['exposed_unclicked', 'global_random', 'popularity', 'same_city'],
  );
  const lines = sampler.problems.map(({ range }) => text.split('\n')[range?.start.line ?? -1]?.trim().split(':')[0]);
  assert.ok(lines.includes('host_refused') && lines.includes('popularity'), lines.join(', '));
  await client.close(uri);
});

test('users are found by typed text, at random and by their number of impressions', async () => {
  const [first, second] = await heaviest();
  assert.ok(first && second && first.impressions >= second.impressions);
  const find = (choice: unknown, without: readonly string[] = []): Promise<FoundUser[]> =>
    client.request(wireName('users'), { ...recall(), choice, limit: 3, without });
  assert.equal((await find({ kind: 'search', text: first.user }))[0]?.user, first.user);
  assert.ok((await find({ kind: 'heaviest' }, [first.user])).every(({ user }) => user !== first.user));
  assert.ok((await find({ kind: 'coldest' })).every(({ positiveImpressions }) => positiveImpressions > 0));
  assert.deepEqual(await find({ kind: 'random', salt: 7 }), await find({ kind: 'random', salt: 7 }));
});

test('a drawn pair is explained as drawn, and the positive with what the user did', async () => {
  const { preview } = await drawn({ users: (await heaviest(20)).map(({ user }) => user) });
  const user = preview.users.find(({ groups }) => groups.length > 0);
  const negative = user?.groups.flatMap(({ rows }) => rows).find(({ label }) => label === 0);
  const positive = user?.groups.flatMap(({ rows }) => rows).find(({ label }) => label === 1);
  assert.ok(user && negative && positive);
  const explain = (item: string): Promise<PairExplanation> =>
    client.request(wireName('explain'), { ...recall(), user: user.user, item });
  const why = await explain(negative.item);
  assert.ok(why.drawn > 0 && why.entries.some(({ name, drawnIn }) => name === negative.entry && drawnIn.length > 0));
  const never = await explain(positive.item);
  assert.ok(never.positiveIn > 0);
  assert.ok(never.history.some(({ event }) => event === 'click'));
});

test('the client cancels its running call and no other', async () => {
  // The engine must run before it can be stopped.
  await drawn();
  const pid = await pidOf(client);
  assert.ok(pid !== null);
  const cancellation = new CancellationTokenSource();
  let other = Promise.resolve<PreviewAnswer | null>(null);
  await whileStopped(pid, async () => {
    const asked = failureOf(
      client.connection.sendRequest(
        wireName('preview'),
        { ...recall(), users: ['1'], groupLimit: null },
        cancellation.token,
      ),
    );
    other = drawn();
    cancellation.cancel();
    assert.deepEqual([(await asked).code, (await asked).data.code], [FAILURE_CODE, 'cancelled']);
  });
  assert.ok(rowsOf((await other) ?? assert.fail()).length > 0);
});

test('an engine that is killed is started again, and draws the same', async () => {
  const before = await drawn();
  const pid = await pidOf(client);
  assert.ok(pid !== null);
  process.kill(pid, 'SIGKILL');
  assert.deepEqual(rowsOf(await drawn()), rowsOf(before));
  assert.notEqual(await pidOf(client), pid);
});

test('Restricted Mode opens nothing; trusting the workspace asks the preview to refresh', async () => {
  const restricted = await start({ trusted: false });
  const told = new Promise((resolve) =>
    restricted.connection.onNotification(languageWire.dataChanged, () => {
      resolve(true);
    }),
  );
  assert.equal((await failureOf(drawn({ users: ['1'] }, restricted))).data.code, 'no-permission');
  assert.equal(await pidOf(restricted), null);
  await restricted.connection.sendNotification('recsample/trust', { trusted: true });
  await told;
  assert.ok(rowsOf(await drawn({}, restricted)).length > 0);
  assert.equal(await restricted.stop(), 0);
});

test('a document without a file has no data, and says so', async () => {
  const uri = 'untitled:Untitled-1';
  await client.open(uri, recallExample);
  assert.equal(
    (await client.request<SamplerSummary>(wireName('sampler'), { config: { uri }, stage: 'recall' })).plan?.entries
      .length,
    5,
  );
  const { data } = await failureOf(drawn({ config: { uri }, users: ['1'] }));
  assert.deepEqual(
    [data.code, data.message.text],
    ['unsupported', 'This config is not a file on this machine, so its data cannot be found'],
  );
  assert.ok((await client.lenses(uri)).every(({ command }) => command?.title !== 'Preview'));
  await client.close(uri);
});

test('rows added to the log are drawn at once, with or without a change notification', async () => {
  const folder = demo('csv');
  mkdirSync(folder);
  const log = path.join(folder, 'log.csv');
  writeFileSync(
    log,
    `user,item,ts,click\n${Array.from({ length: 20 }, (_, k) => `u1,i${k},2026-11-0${1 + (k % 9)} 10:00:00,${k === 0 ? 1 : 0}`).join('\n')}\n`,
  );
  const file = path.join(folder, 'log.ratio.yaml');
  writeFileSync(
    file,
    `version: 1
seed: s
data:
  impressions: {path: log.csv, columns: {user: user, item: item, time: ts}}
events: {click: click}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}}
    negatives: {per_positive: 3, mix: {exposed_unclicked: 1}}
`,
  );
  const asked = { config: { uri: uriOf(file) }, stage: 'recall' } as const;
  assert.deepEqual(
    (await heaviest(9, asked)).map(({ user }) => user),
    ['u1'],
  );
  appendFileSync(log, 'u2,i1,2026-11-09 10:00:00,1\nu2,i2,2026-11-09 10:00:00,0\n');
  assert.deepEqual(
    (await heaviest(9, asked)).map(({ user, positiveImpressions }) => [user, positiveImpressions]),
    [
      ['u1', 1],
      ['u2', 1],
    ],
  );
  const told = new Promise((resolve) =>
    client.connection.onNotification(languageWire.dataChanged, () => {
      resolve(true);
    }),
  );
  appendFileSync(log, 'u3,i1,2026-11-09 10:00:00,1\n');
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
    changes: [{ uri: uriOf(log), type: 2 }],
  });
  await told;
  assert.deepEqual(
    (await heaviest(9, asked)).map(({ user }) => user),
    ['u1', 'u2', 'u3'],
  );
});

test('a lens previews a stage, where the client has the command', async () => {
  const uri = uriOf(demo('configs', 'lens.ratio.yaml'));
  await client.open(uri, recallExample);
  const lenses = await client.lenses(uri);
  assert.deepEqual(
    lenses
      .map(({ command }) => [command?.title, command?.command, command?.arguments])
      .find(([title]) => title === 'Preview'),
    ['Preview', 'recsample.preview', [uri, 'recall']],
  );
  await client.close(uri);
  const without = await start({ commands: ['recsample.validate'] });
  await without.open(uri, recallExample);
  assert.ok((await without.lenses(uri)).every(({ command }) => command?.title !== 'Preview'));
  assert.equal(await without.stop(), 0);
});

test('a long preview is listed in the status item with its config', async () => {
  const hanging = await LanguageClient.start({
    folder: demo(),
    command: [
      path.join(dist, 'server.cjs'),
      '--stdio',
      '--engine',
      path.join(import.meta.dirname, 'hangingEngine.mjs'),
    ],
  });
  const listed = new Promise<StatusParams>((resolve) => {
    hanging.connection.onNotification(wire.status, (status: StatusParams) => {
      if (status.running.length > 0) resolve(status);
    });
  });
  const asked = failureOf(hanging.request(wireName('preview'), { ...recall(), users: ['1'], groupLimit: null }));
  const {
    running: [first],
  } = await listed;
  assert.deepEqual([first?.method, first?.path], ['preview', demo('configs', 'recall.ratio.yaml')]);
  // The server still answers while the user types.
  await hanging.open(recall().config.uri, recallExample);
  assert.ok((await hanging.hints(recall().config.uri)).length > 0);
  await hanging.connection.sendNotification(wire.cancel, { token: first?.token });
  assert.equal((await asked).data.code, 'cancelled');
  assert.equal(await hanging.stop(), 0);
});
