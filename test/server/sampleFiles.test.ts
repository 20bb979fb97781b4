import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import { changed } from '../../src/core/policy/examples/example.ts';
import { keepingShortfalls } from '../../src/core/policy/examples/mixes.ts';
import { recallExample } from '../../src/core/policy/examples/recall.ts';
import type { Stage } from '../../src/core/schema/stage.ts';
import { render, type Message } from '../../src/core/message/message.ts';
import type { RecordedStage } from '../../src/protocol/auditView.ts';
import type { PreviewAnswer } from '../../src/protocol/preview.ts';
import type { FoundUser } from '../../src/protocol/sampling.ts';
import { wire, type ProgressParams, type StatusParams } from '../../src/protocol/wire.ts';
import { wireName, type ServerParams, type GeneratedSample, type SampleOffer } from '../../src/protocol/server.ts';
import { untilEnded } from '../fixtures/processes.ts';
import { dist, LanguageClient, uriOf } from './languageClient.ts';

// Tests sample files written by the shipped server with real engines, requested by a plain client.
let scratch = '';
const demo = (...segments: string[]): string => path.join(scratch, 'demo', ...segments);
let client: LanguageClient;
const start = (initializationOptions: unknown = {}): Promise<LanguageClient> =>
  LanguageClient.start({ folder: demo(), initializationOptions });

before(async () => {
  scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'recsample-files-')));
  execFileSync(process.execPath, [path.join(dist, 'cli.cjs'), 'demo', demo(), '--scale', 'tiny', '--seed', 'files']);
  client = await start({ commands: ['recsample.generateSampleFile'] });
});
after(async () => {
  assert.equal(await client.stop(), 0);
  rmSync(scratch, { recursive: true, maxRetries: 5 });
});

const configOf = (stage: Stage): { readonly config: { readonly uri: string }; readonly stage: Stage } => ({
  config: { uri: uriOf(demo('configs', `${stage}.ratio.yaml`)) },
  stage,
});
let files = 0;
const place = (format = 'jsonl'): string => demo('written', `${++files}.${format}`);
function generated(more: Partial<ServerParams<'generate'>> = {}, of = client): Promise<GeneratedSample> {
  return of.request(wireName('generate'), { ...configOf('recall'), split: 'train', file: place(), ...more });
}
interface Refusal {
  readonly code: string;
  readonly said: string;
  readonly line: number | undefined;
}
function refusal(promise: Promise<unknown>): Promise<Refusal> {
  return promise.then(
    () => assert.fail('it did not fail'),
    (error: unknown) => {
      const { data } = error as {
        readonly data: {
          readonly code: string;
          readonly message: Message;
          readonly advice?: Message;
          readonly place?: { readonly line?: number };
        };
      };
      return {
        code: data.code,
        said: [data.message, ...(data.advice ? [data.advice] : [])].map((one) => render(one)).join('. '),
        line: data.place?.line,
      };
    },
  );
}
/** Process ids of the writing engines started from now on, from the log. */
function writers(of: LanguageClient): () => number[] {
  const before = of.log.all.length;
  return () =>
    of.log.all.slice(before).flatMap((text) => {
      const pid = /engine of sample started, process (\d+)/.exec(text)?.[1];
      return pid === undefined ? [] : [Number(pid)];
    });
}
/** Item and label of a user's rows in a file. */
function rowsOf(file: string, user: string): string[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .filter((row) => row.includes(`"user_id":${user},`))
    .map((row) => `${/"item_id":(\d+)/.exec(row)?.[1] ?? ''} ${/"label":(\d)/.exec(row)?.[1] ?? ''}`);
}
async function heaviest(of = client): Promise<string> {
  const [found] = await of.request<FoundUser[]>(wireName('users'), {
    ...configOf('recall'),
    choice: { kind: 'heaviest' },
    limit: 1,
    without: [],
  });
  return found?.user ?? assert.fail('nobody');
}

test('what is offered: the file of the config, the formats of its layout, its windows', async () => {
  const fresh = await start();
  assert.deepEqual(await fresh.request<SampleOffer>(wireName('sampleOffer'), configOf('recall')), {
    file: demo('out', 'recall.parquet'),
    isDefault: false,
    folder: false,
    formats: ['parquet', 'arrow', 'csv', 'jsonl'],
    splits: ['train', 'eval'],
  });
  assert.equal(await fresh.request(wire.enginePid, undefined), null);
  const { uri } = configOf('recall').config;
  await fresh.open(
    uri,
    recallExample
      .replace('layout: long', 'layout: grouped')
      .replace('../out/recall.parquet', '../out/*.parquet')
      .replace(/^ {2}eval:.*\n/m, ''),
  );
  const { file, formats, splits } = await fresh.request<SampleOffer>(wireName('sampleOffer'), configOf('recall'));
  assert.deepEqual([file, formats, splits], [null, ['parquet', 'arrow', 'jsonl'], ['train']]);
  await fresh.edit(uri, recallExample.replace(/^ {2}samples:\n(?: {4}.*\n)+/m, ''));
  const unnamed = await fresh.request<SampleOffer>(wireName('sampleOffer'), configOf('recall'));
  assert.deepEqual([unnamed.file, unnamed.isDefault], [demo('out', 'recall.parquet'), true]);
  assert.equal(await fresh.stop(), 0);
});

test('generating writes the whole file with progress and report; users have their preview rows', async () => {
  const told: ProgressParams[] = [];
  const listening = client.connection.onNotification(wire.progress, (params: ProgressParams) => {
    told.push(params);
  });
  const file = place();
  const answer = await generated({ file, token: 'mine' } as Partial<ServerParams<'generate'>>);
  listening.dispose();
  assert.equal(answer.file, file);
  assert.equal(readFileSync(file, 'utf8').trim().split('\n').length, answer.summary.rows);
  assert.ok(told.some(({ token, progress }) => token === 'mine' && progress.fraction !== null));
  const line = path.join('written', path.basename(file));
  assert.match(answer.report, new RegExp(`^${line}\nrecall · train · seed demo · epoch 0 · .*\n[\\d,]+ rows · `));
  const user = await heaviest();
  const { preview } = await client.request<PreviewAnswer>(wireName('preview'), {
    ...configOf('recall'),
    users: [user],
    groupLimit: null,
  });
  const shown = preview.users.flatMap(({ groups }) =>
    groups.flatMap(({ rows }) => rows.map(({ item, label }) => `${item} ${label}`)),
  );
  assert.ok(shown.length > 0);
  assert.deepEqual(rowsOf(file, user), shown);
});

test('the command line writes the same: rows, facts and lock file', async () => {
  const { file } = await generated({
    file: demo('written', 'own', 'recall.parquet'),
    seed: 'other',
    epoch: 3,
    split: 'eval',
  });
  const twin = demo('written', 'twin', 'recall.parquet');
  execFileSync(
    process.execPath,
    [
      path.join(dist, 'cli.cjs'),
      'sample',
      'configs/recall.ratio.yaml',
      '--seed',
      'other',
      '--epoch',
      '3',
      '--split',
      'eval',
      '--out',
      twin,
    ],
    { cwd: demo() },
  );
  const [own, other] = [file, twin].map((one) => readFileSync(`${one}.recsample.json`, 'utf8'));
  assert.match(own ?? '', /"path": "configs\/recall\.ratio\.yaml"/);
  assert.equal(own, other);
  assert.deepEqual(readFileSync(file), readFileSync(twin));
  const recorded = await client.request<RecordedStage>(wireName('recorded'), { path: file, token: 'host-1' });
  assert.deepEqual(recorded, { config: configOf('recall').config.uri, stage: 'recall' });
});

test('the unsaved text of the editor is what is written', async () => {
  const { uri } = configOf('recall').config;
  await client.open(uri, changed('recall', ['per_positive: 10', 'per_positive: 4'], keepingShortfalls));
  const {
    summary: { entries, groups },
  } = await generated();
  assert.equal(
    entries.reduce((sum, { asked }) => sum + asked, 0),
    groups * 4,
  );
  await client.close(uri);
});

test('previews run on another engine meanwhile, and the writing engine exits afterwards', async () => {
  const pids = writers(client);
  const user = await heaviest();
  const before = readdirSync(tmpdir());
  const writing = generated();
  const { preview } = await client.request<PreviewAnswer>(wireName('preview'), {
    ...configOf('recall'),
    users: [user],
    groupLimit: null,
  });
  assert.ok(preview.totals.groups > 0);
  const { summary } = await writing;
  assert.ok(summary.rows > 0);
  assert.equal(pids().length, 1);
  assert.notEqual(pids()[0], await client.request(wire.enginePid, undefined));
  const [pid = 0] = pids();
  await untilEnded(pid);
  const left = readdirSync(tmpdir()).filter(
    (name) => name.startsWith(`recsample-engine-${pid}-`) && !before.includes(name),
  );
  assert.deepEqual(left, []);
});

test('an engine killed while writing is reported once and writes nothing; the next one writes', async () => {
  const pids = writers(client);
  const file = place();
  const killed = new Promise<void>((resolve) => {
    const listening = client.connection.onNotification(wire.progress, () => {
      const [pid] = pids();
      if (pid === undefined) return;
      listening.dispose();
      process.kill(pid, 'SIGKILL');
      resolve();
    });
  });
  const { code, said } = await refusal(
    Promise.all([generated({ file, token: 'doomed' } as Partial<ServerParams<'generate'>>), killed]),
  );
  assert.deepEqual(
    [code, said],
    [
      'engine-stopped',
      'The engine stopped before it finished. No output was kept. The log says why the engine stopped.',
    ],
  );
  assert.deepEqual([pids().length, existsSync(file)], [1, false]);
  assert.ok((await generated({ file })).summary.rows > 0);
  assert.deepEqual(
    readdirSync(path.dirname(file)).filter((name) => name.startsWith('.')),
    [],
  );
});

test('a running generation is listed and can be cancelled; a second one for its file is refused', async () => {
  const hanging = await LanguageClient.start({
    folder: demo(),
    command: [
      path.join(dist, 'server.cjs'),
      '--stdio',
      '--engine',
      path.join(import.meta.dirname, 'hangingWriter.mjs'),
    ],
  });
  const running = (): Promise<StatusParams['running']> =>
    new Promise((resolve) => {
      const listening = hanging.connection.onNotification(wire.status, (status: StatusParams) => {
        if (!status.running.some(({ method }) => method === 'sample')) return;
        listening.dispose();
        resolve(status.running);
      });
    });
  const file = place();
  const [listed, cancelled] = [running(), refusal(generated({ file }, hanging))];
  const [first] = (await listed).filter(({ method }) => method === 'sample');
  assert.equal(first?.path, demo('configs', 'recall.ratio.yaml'));
  assert.match((await refusal(generated({ file }, hanging))).said, /^This file is already being written/);
  await hanging.connection.sendNotification(wire.cancel, { token: first.token });
  assert.equal((await cancelled).code, 'cancelled');
  const cancellation = new CancellationTokenSource();
  const again = refusal(
    hanging.connection.sendRequest(
      wireName('generate'),
      { ...configOf('recall'), split: 'train', file },
      cancellation.token,
    ),
  );
  cancellation.cancel();
  assert.equal((await again).code, 'cancelled');
  assert.equal(await hanging.stop(), 0);
});

test('a config that cannot be drawn completely is refused, with line and reason', async () => {
  const uri = uriOf(demo('configs', 'refused.ratio.yaml'));
  const asked = { config: { uri }, stage: 'recall' } as const;
  const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;
  const cases: readonly (readonly [string, string, RegExp])[] = [
    // Errors of the language, of a rule, and of the data.
    [
      changed('recall', ['global_random: 0.2', 'no_such_source: 0.2'], keepingShortfalls),
      'no_such_source: 0.2',
      /^Nothing is written: the config has errors\. .*no_such_source/,
    ],
    [
      recallExample.replace('data/rejections.parquet', 'data/nothing.parquet'),
      'host_refused',
      /^Nothing is written: .*rejections/,
    ],
  ];
  for (const [text, part, said] of cases) {
    await client.open(uri, text);
    const file = place();
    const found = await refusal(generated({ ...asked, file }));
    assert.equal(found.code, 'bad-request');
    assert.match(found.said, said);
    assert.ok(Math.abs((found.line ?? 0) - lineOf(text, part)) < 30, `${found.line}`);
    assert.equal(existsSync(file), false);
    await client.close(uri);
  }
});

test('a split without rows is refused with the step that left no rows, and nothing is written', async () => {
  const { uri } = configOf('recall').config;
  await client.open(
    uri,
    recallExample.replace('eval: {from: 2026-11-21, to: 2026-11-21}', 'eval: {from: 2027-01-01, to: 2027-01-02}'),
  );
  const file = place();
  const found = await refusal(generated({ split: 'eval', file }));
  assert.equal(found.code, 'bad-request');
  assert.match(
    found.said,
    /^No file is written because there are no rows: none of the [\d,]+ impressions is in window\.eval: they range from .* Set window\.eval to days that the log has\.$/,
  );
  assert.equal(existsSync(file), false);
  await client.close(uri);
});

test('invalid target paths are refused', async () => {
  for (const [file, code, said] of [
    [
      demo('written', 'x.txt'),
      'bad-request',
      /^The file extension does not match a writable format: parquet, arrow, csv, jsonl\. Write to another file\.$/,
    ],
    [demo('configs', 'recall.ratio.yaml'), 'bad-request', /^The output file is the config itself/],
    [demo('data', 'items.parquet'), 'bad-request', /^The config reads this file or its folder/],
    [demo('data'), 'bad-request', /^The file extension does not match a writable format/],
  ] as const) {
    const found = await refusal(generated({ file }));
    assert.equal(found.code, code, found.said);
    assert.match(found.said, said);
  }
  const uri = 'untitled:Untitled-1';
  await client.open(uri, recallExample);
  assert.equal((await refusal(generated({ config: { uri } }))).code, 'unsupported');
  assert.ok((await client.lenses(uri)).every(({ command }) => command?.title !== 'Generate'));
  await client.close(uri);
});

test('in Restricted Mode nothing is offered or written', async () => {
  const restricted = await start({ trusted: false });
  const file = place();
  // One after another, because a request refused before it is awaited would be an unhandled rejection.
  for (const ask of [
    () => restricted.request(wireName('sampleOffer'), configOf('recall')),
    () => generated({ file }, restricted),
  ]) {
    assert.deepEqual(await refusal(ask()), {
      code: 'no-permission',
      said: 'Restricted Mode: no sample file is written. Trust this workspace to write one.',
      line: undefined,
    });
  }
  assert.equal(existsSync(file), false);
  assert.equal(await restricted.request(wire.enginePid, undefined), null);
  assert.equal(await restricted.stop(), 0);
});

test('a lens writes the file of a stage, where the client has the command', async () => {
  const uri = uriOf(demo('configs', 'lens.ratio.yaml'));
  await client.open(uri, recallExample);
  const lens = (await client.lenses(uri)).find(({ command }) => command?.title === 'Generate');
  assert.deepEqual(
    [lens?.command?.command, lens?.command?.arguments],
    ['recsample.generateSampleFile', [uri, 'recall']],
  );
  await client.close(uri);
});
