import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recallExample } from '../../src/core/policy/examples/recall.ts';
import { fail, FailureError } from '../../src/core/message/failure.ts';
import { message, render } from '../../src/core/message/message.ts';
import type { Column, Dataset } from '../../src/core/table/dataset.ts';
import type { CallContext, EngineClient, EngineMethod, Params, Result } from '../../src/protocol/engine.ts';
import type { SamplingRequest } from '../../src/protocol/sampling.ts';
import type { ServerParams } from '../../src/protocol/server.ts';
import { addressOfUri } from '../../src/server/language/address.ts';
import type { ConfigVersion } from '../../src/server/language/snapshot.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { PreviewService } from '../../src/server/sampling/previewService.ts';
import { demoDatasets } from '../fixtures/demoFacts.ts';

// Tests what the server does with a preview request before and after the engine. This engine only records its requests.
const uri = 'file:///demo/configs/recall.ratio.yaml';
const call: CallContext = { signal: new AbortController().signal, progress: () => undefined };
const columns = Object.values(demoDatasets).flatMap((facts): readonly (readonly Column[])[] =>
  facts?.state === 'known' ? [facts.columns] : [],
);

/** Opens the demo files, all with the fingerprint `now`, and refuses to sample files with another fingerprint. */
class FakeEngine implements EngineClient {
  now = 'monday';
  /** The error for every sampling request. */
  trouble: FailureError | null = null;
  /** True: rows of the users cannot be read. */
  damagedUsers = false;
  readonly asked: EngineMethod[] = [];
  readonly requests: SamplingRequest[] = [];

  call<M extends EngineMethod>(method: M, params: Params<M>): Promise<Result<M>> {
    this.asked.push(method);
    return new Promise((resolve) => {
      resolve(this.#answer(method, params) as Result<M>);
    });
  }

  #answer(method: EngineMethod, params: Params<EngineMethod>): unknown {
    if (method === 'open') return this.#dataset((params as Params<'open'>).ref.path);
    if (method === 'metadata') return { ranges: {}, unevenPartitions: [] };
    if (method === 'close') return null;
    const request = params as SamplingRequest;
    this.requests.push(request);
    if (this.trouble) throw this.trouble;
    const damaged = request.data.users?.ref.path;
    if (this.damagedUsers && damaged !== undefined)
      throw fail('corrupt', message('The file is damaged'), { place: { path: damaged, dataset: damaged } });
    if (request.data.log.impressions.ref.fingerprint !== this.now) throw fail('changed', message('The files changed'));
    return {
      users: [],
      totals: { entries: [] },
      facts: { exposureDistance: null },
      notices: [],
      milliseconds: { drawing: 0, total: 0 },
    };
  }

  #dataset(path: string): Dataset {
    const name = Object.keys(demoDatasets).find((dataset) => path.includes(`/${dataset}`)) ?? assert.fail(path);
    const found = demoDatasets[name as keyof typeof demoDatasets];
    assert.ok(found?.state === 'known' && columns.includes(found.columns));
    return {
      columns: found.columns,
      rows: found.rows,
      files: found.files,
      bytes: found.bytes,
      fingerprint: this.now,
      format: 'parquet',
    } as Dataset;
  }

  count(method: EngineMethod): number {
    return this.asked.filter((one) => one === method).length;
  }
}

function samplers(
  engine: FakeEngine,
  {
    text = recallExample,
    trusted = true,
    saved = recallExample,
  }: { readonly text?: string; readonly trusted?: boolean; readonly saved?: string } = {},
): PreviewService {
  return new PreviewService({
    engine,
    cache: new FactsCache(),
    trusted: () => trusted,
    rootOf: () => '/demo',
    text: (config) =>
      Promise.resolve({
        address: addressOfUri(config.uri),
        language: 'yaml',
        version: 1,
        text: config.saved === true ? saved : text,
      } satisfies ConfigVersion),
  });
}
const params = (more: Partial<ServerParams<'preview'>> = {}): ServerParams<'preview'> => ({
  config: { uri },
  stage: 'recall',
  users: ['1'],
  groupLimit: null,
  ...more,
});
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => assert.fail('it did not fail'),
    (error: unknown) => (error instanceof FailureError ? error.failure : assert.fail(String(error))),
  );

test('files are checked before the first draw, not at every move of a slider', async () => {
  const engine = new FakeEngine();
  const under = samplers(engine);
  await under.preview(params(), call);
  const opened = engine.count('open');
  assert.ok(opened > 0);
  await under.preview(params({ seed: 'another' }), call);
  await under.users({ config: { uri }, stage: 'recall', choice: { kind: 'heaviest' }, limit: 1, without: [] }, call);
  await under.explain({ config: { uri }, stage: 'recall', user: '1', item: '2' }, call);
  assert.equal(engine.count('open'), opened);
  assert.deepEqual(
    engine.requests.map(({ plan }) => plan.seed),
    ['demo', 'another', 'demo', 'demo'],
  );
});

test('a data set with damaged rows is left out, reported at its line, and the rest is drawn', async () => {
  const engine = new FakeEngine();
  engine.damagedUsers = true;
  const { sampler } = await samplers(engine).preview(params(), call);
  assert.deepEqual(
    engine.requests.map(({ data }) => data.users !== undefined),
    [true, false],
  );
  assert.deepEqual(
    sampler.problems.map((problem) => render(problem.message)),
    ['users', 'popularity'].map(
      (what, k) =>
        `${k === 0 ? 'data.' : ''}${what} is left out: /demo/data/users.parquet of data.users cannot be read: The file is damaged`,
    ),
  );
  assert.ok(sampler.problems.every(({ range }) => range !== null));
  assert.ok(sampler.plan?.entries.every(({ name }) => name !== 'popularity'));
});

test('files that changed unnoticed are checked again before drawing', async () => {
  const engine = new FakeEngine();
  const under = samplers(engine);
  await under.preview(params(), call);
  engine.now = 'tuesday';
  await under.preview(params(), call);
  assert.deepEqual(
    engine.requests.map(({ data }) => data.log.impressions.ref.fingerprint),
    ['monday', 'monday', 'tuesday'],
  );
});

test('files reported as changed are checked before drawing', async () => {
  const engine = new FakeEngine();
  const under = samplers(engine);
  await under.preview(params(), call);
  engine.now = 'tuesday';
  under.dataChanged();
  await under.preview(params(), call);
  assert.deepEqual(
    engine.requests.map(({ data }) => data.log.impressions.ref.fingerprint),
    ['monday', 'tuesday'],
  );
});

test('files that keep changing fail after the second check; other failures fail at once', async () => {
  const engine = new FakeEngine();
  const under = samplers(engine);
  await under.preview(params(), call);
  engine.trouble = fail('changed', message('The files changed'));
  assert.equal((await failureOf(under.preview(params(), call))).code, 'changed');
  assert.equal(engine.requests.length, 3);
  engine.trouble = fail('out-of-memory', message('Too much'));
  assert.equal((await failureOf(under.preview(params(), call))).code, 'out-of-memory');
  assert.equal(engine.requests.length, 4);
});

test('Restricted Mode opens no data, and describes the stage from the config alone', async () => {
  const engine = new FakeEngine();
  const under = samplers(engine, { trusted: false });
  const failure = await failureOf(under.preview(params(), call));
  assert.deepEqual(
    [failure.code, render(failure.message)],
    ['no-permission', 'Restricted Mode: the data of /demo/configs/recall.ratio.yaml are not opened'],
  );
  const { plan, knobs, problems } = await under.sampler({ config: { uri }, stage: 'recall' });
  assert.deepEqual([plan?.entries.length, knobs.length, problems], [5, 7, []]);
  assert.deepEqual(engine.asked, []);
});

test('an unsaved config without a file has no data, and says so', async () => {
  const engine = new FakeEngine();
  for (const virtual of ['untitled:recall.ratio.yaml', 'vscode-vfs://github/x/recall.ratio.yaml']) {
    const failure = await failureOf(samplers(engine).preview(params({ config: { uri: virtual } }), call));
    assert.deepEqual([failure.code, failure.place?.path], ['unsupported', virtual]);
  }
  assert.deepEqual(engine.asked, []);
});

test('invalid parts are reported with their place, and the rest is drawn', async () => {
  const engine = new FakeEngine();
  const text = recallExample.replace('global_random: 0.2', 'globl_random: 0.2');
  const { sampler } = await samplers(engine, { text }).preview(params(), call);
  assert.deepEqual(
    sampler.plan?.entries.map(({ name }) => name),
    ['exposed_unclicked', 'host_refused', 'popularity', 'same_city'],
  );
  const line = text.split('\n').findIndex((one) => one.includes('globl_random'));
  assert.ok(
    sampler.problems.some(({ range }) => range?.start.line === line),
    JSON.stringify(sampler.problems),
  );
});

test('a stage of which nothing can be drawn fails at its place', async () => {
  const engine = new FakeEngine();
  const text = recallExample.replace('path: ../data/impressions/dt=*/*.parquet', 'path: ../../elsewhere/*.parquet');
  const failure = await failureOf(samplers(engine, { text }).preview(params(), call));
  const line = text.split('\n').findIndex((one) => one.startsWith('  impressions:')) + 1;
  assert.deepEqual([failure.code, failure.place], ['bad-request', { path: '/demo/configs/recall.ratio.yaml', line }]);
  assert.match(render(failure.message), /^Nothing can be drawn: the path of data\.impressions is refused/);
});

test('the text of the editor is compared with that of the disk', async () => {
  const engine = new FakeEngine();
  const under = samplers(engine, { text: recallExample.replace('per_positive: 10', 'per_positive: 4') });
  const { a, b, comparison } = await under.compare(
    { a: { config: { uri, saved: true }, stage: 'recall' }, b: { config: { uri }, stage: 'recall' }, users: ['1'] },
    call,
  );
  assert.deepEqual(
    [a, b].map(({ sampler }) => sampler.knobs[0]?.value),
    [10, 4],
  );
  assert.ok(comparison.changes.length > 0);
});

test('a slider gives the edits of the text at its version', async () => {
  const under = samplers(new FakeEngine());
  const {
    knobs: [first],
  } = await under.sampler({ config: { uri }, stage: 'recall' });
  assert.ok(first);
  const turned = await under.setKnobs({ config: { uri }, stage: 'recall', values: [{ id: first.id, value: 12 }] });
  assert.deepEqual(turned, { edits: [{ range: first.range, text: '12' }] });
  assert.equal(
    await under.setKnobs({ config: { uri }, stage: 'fine_ranking', values: [{ id: first.id, value: 12 }] }),
    null,
  );
});
