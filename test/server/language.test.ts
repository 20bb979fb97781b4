import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { CodeAction, DocumentSymbol, FoldingRange, TextEdit } from 'vscode-languageserver/node';
import { changed } from '../../src/core/policy/examples/example.ts';
import { recallExample } from '../../src/core/policy/examples/recall.ts';
import type { ConfigChanged, ConfigSummary, ValidateAllResult, ValidateResult } from '../../src/protocol/language.ts';
import { codesOf, labelOf, textOf, uriOf } from './languageClient.ts';
import { at, demo, edited, fresh, startLanguage, tooMuch, whileEngineIsStopped } from './languageWorkspace.ts';

// The shipped server, `recsample lsp --stdio`, driven by a plain JSON-RPC client on a demo workspace.
const { client } = startLanguage();

const editsOf = (action: CodeAction | undefined, uri: string): TextEdit[] => action?.edit?.changes?.[uri] ?? [];

test('a finding has its severity, its code with the page of the rule, and its place', async () => {
  const uri = fresh();
  const version = await client().open(uri, tooMuch);
  const {
    diagnostics: [first, ...more],
    version: told,
  } = await client().diagnostics(uri);
  assert.deepEqual(more, []);
  assert.equal(told, version);
  const start = at(tooMuch, 'mix:');
  assert.deepEqual(first?.range, { start, end: { ...start, character: start.character + 3 } });
  assert.deepEqual(
    [first.severity, first.code, first.source, first.codeDescription?.href],
    [1, 'config/share-sum', 'RecSample', 'recsample-rule:/config/share-sum.md'],
  );
  assert.match(textOf(first.message), /1\.1/);
});

test('the preferred fix removes the finding and adds no other', async () => {
  const uri = fresh();
  await client().open(uri, tooMuch);
  const {
    diagnostics: [first],
  } = await client().diagnostics(uri);
  assert.ok(first);
  const actions = await client().actions(uri, first.range);
  const preferred = actions.filter(({ isPreferred }) => isPreferred);
  assert.equal(preferred.length, 1);
  assert.deepEqual(preferred[0]?.diagnostics, [first]);
  const version = await client().edit(uri, edited(tooMuch, editsOf(preferred[0], uri)));
  const { diagnostics } = await client().diagnostics(uri, (_, published) => published === version);
  assert.deepEqual(codesOf(diagnostics), []);
});

test('fix all makes the safe fixes in one edit, and only on request', async () => {
  const uri = fresh();
  const holes = changed(
    'recall',
    ['seed: demo\n', 'seed: demo\nvars: {shown: 0.3, random: 0.2}\n'],
    ['exposed_unclicked: {share: 0.3,', 'exposed_unclicked: {share: ${shown},'],
    ['global_random: 0.2', 'global_random: {share: ${random}}'],
  );
  await client().open(uri, holes);
  const {
    diagnostics: [first],
  } = await client().diagnostics(uri, (found) => found.length === 2);
  assert.ok(first);
  const all = (await client().actions(uri, first.range, ['source.fixAll'])).filter(
    ({ kind }) => kind === 'source.fixAll.recsample',
  );
  assert.deepEqual([all.length, all[0]?.title], [1, 'Apply all safe fixes']);
  assert.ok((await client().actions(uri, first.range, ['quickfix'])).every(({ kind }) => kind === 'quickfix'));
  const text = edited(holes, editsOf(all[0], uri));
  assert.equal(text, holes.replace('${shown}', "'${shown}'").replace('${random}', "'${random}'"));
  const version = await client().edit(uri, text);
  const { diagnostics } = await client().diagnostics(uri, (_, published) => published === version);
  assert.deepEqual(codesOf(diagnostics), []);
  assert.deepEqual(await client().actions(uri, first.range, ['source.fixAll']), []);
});

test('suppressing a finding on its line or in the file removes it', async () => {
  for (const title of ['Suppress config/share-sum on this line', 'Turn config/share-sum off in this file']) {
    const uri = fresh();
    await client().open(uri, tooMuch);
    const {
      diagnostics: [first],
    } = await client().diagnostics(uri);
    assert.ok(first);
    const action = (await client().actions(uri, first.range)).find((one) => one.title === title);
    const version = await client().edit(uri, edited(tooMuch, editsOf(action, uri)));
    const { diagnostics } = await client().diagnostics(uri, (_, published) => published === version);
    assert.deepEqual(codesOf(diagnostics), [], title);
  }
});

test('a suppression extends an existing comment; it is not offered where comments do not work', async () => {
  const uri = fresh();
  const commented = tooMuch.replace(
    '      mix:\n',
    '      # Until March.\n      # recsample-disable-next-line config/unit\n      mix:\n',
  );
  await client().open(uri, commented);
  const { diagnostics } = await client().diagnostics(uri);
  const sum = diagnostics.find(({ code }) => code === 'config/share-sum');
  assert.ok(sum);
  const action = (await client().actions(uri, sum.range)).find(
    ({ title }) => title === 'Suppress config/share-sum on this line',
  );
  assert.match(
    edited(commented, editsOf(action, uri)),
    /\n {6}# recsample-disable-next-line config\/unit,? config\/share-sum\n {6}mix:\n/,
  );

  const torn = fresh();
  await client().open(torn, tooMuch.replace('version: 1\n', 'version: [1\n'));
  const { diagnostics: broken } = await client().diagnostics(torn, (found) => codesOf(found).includes('config/syntax'));
  const syntax = broken.find(({ code }) => code === 'config/syntax');
  assert.ok(syntax);
  assert.ok(
    (await client().actions(torn, syntax.range)).every(({ title }) => title !== 'Suppress config/syntax on this line'),
  );
});

test('the page of a rule is offered where the client can open it', async () => {
  const uri = fresh();
  await client().open(uri, tooMuch);
  const {
    diagnostics: [first],
  } = await client().diagnostics(uri);
  assert.ok(first);
  const action = (await client().actions(uri, first.range)).find(({ command }) => command !== undefined);
  assert.deepEqual(action?.command, {
    title: 'Open documentation of config/share-sum',
    command: 'recsample.openRulePage',
    arguments: ['config/share-sum'],
  });
});

test('only code actions of the requested kinds are offered', async () => {
  const uri = fresh();
  await client().open(uri, tooMuch);
  const {
    diagnostics: [first],
  } = await client().diagnostics(uri);
  assert.ok(first);
  assert.ok((await client().actions(uri, first.range, ['quickfix'])).every(({ kind }) => kind === 'quickfix'));
  assert.deepEqual(await client().actions(uri, first.range, ['refactor']), []);
  assert.deepEqual(
    await client().actions(uri, { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, ['quickfix']),
    [],
  );
});

test('places are counted in UTF-16 units, behind emoji and in texts with CRLF', async () => {
  const uri = fresh();
  const line = 'output: {pass_through: ["🚀🚀", city], layot: long}';
  const text = recallExample.replace(/^output:.*$/m, line).replaceAll('\n', '\r\n');
  await client().open(uri, text);
  const found = await client().diagnostics(uri, (all) => codesOf(all).includes('config/unknown-key'));
  const range = found.diagnostics.find(({ code }) => code === 'config/unknown-key')?.range;
  const lineNumber = text.split('\r\n').indexOf(line);
  assert.deepEqual(range, {
    start: { line: lineNumber, character: line.indexOf('layot') },
    end: { line: lineNumber, character: line.indexOf('layot') + 5 },
  });
  // An edit by range, also after the emoji.
  assert.ok(range);
  const version = await client().edit(uri, 'layout', range);
  const { diagnostics } = await client().diagnostics(uri, (_, published) => published === version);
  assert.ok(!codesOf(diagnostics).includes('config/unknown-key'));
  // An inserted comment uses the line ends of the text.
  const again = await client().edit(uri, tooMuch.replaceAll('\n', '\r\n'));
  const {
    diagnostics: [first],
  } = await client().diagnostics(uri, (_, published) => published === again);
  assert.ok(first);
  const action = (await client().actions(uri, first.range)).find(({ title }) => title.startsWith('Suppress'));
  assert.deepEqual(
    editsOf(action, uri).map(({ newText }) => newText),
    ['      # recsample-disable-next-line config/share-sum\r\n'],
  );
});

test('hints show totals of shares and files, and are refreshed when counts arrive', async () => {
  const uri = fresh();
  await client().open(uri, tooMuch);
  await client().request<ValidateResult>('recsample/validate', { uri, level: 'data' });
  const lines = tooMuch.split('\n');
  const hints = (await client().hints(uri)).map(
    (hint) => `${lines[hint.position.line]?.slice(0, hint.position.character).trim() ?? ''} ⟨${labelOf(hint)}⟩`,
  );
  assert.ok(hints.includes('path: ../data/impressions/dt=*/*.parquet ⟨6,000 rows⟩'), hints.join('\n'));
  assert.ok(hints.includes('mix: ⟨sum 1.1⟩'));
  assert.ok(hints.includes('exposed_unclicked: {share: 0.3, seen: viewed, mature_after: 30m} ⟨= 3 per positive⟩'));
  assert.ok(hints.includes('global_random: 0.3 ⟨= 3 per positive⟩'));
  assert.ok(
    hints.includes(
      'training: {loss: sampled_softmax, logq: shares, in_batch: {batch_size: 1024, weight: 0.3} ⟨30.0 % of the loss at equal scores⟩',
    ),
  );
  assert.ok(hints.some((hint) => /^positives: ⟨[\d,]+ positives⟩$/.test(hint)));
});

test('lenses appear above each stage, with a command of the client or without', async () => {
  const uri = fresh();
  await client().open(uri, tooMuch);
  await client().request<ValidateResult>('recsample/validate', { uri, level: 'data' });
  const lenses = await client().lenses(uri);
  const { line } = at(tooMuch, 'recall:\n    unit');
  assert.ok(lenses.every(({ range }) => range.start.line === line));
  assert.deepEqual(
    lenses.map(({ command }) => command?.command),
    ['recsample.validate', ''],
  );
  assert.match(lenses[0]?.command?.title ?? '', /^Validate · \d+ findings?$/);
  assert.deepEqual(lenses[0]?.command?.arguments, [uri]);
  // Hot positives are downsampled, so there will be fewer rows.
  assert.match(lenses[1]?.command?.title ?? '', /^≤ [\d.,]+K? rows$/);
});

test('symbols are in the order of the text, and folding ranges match its blocks', async () => {
  const uri = fresh();
  await client().open(uri, recallExample);
  const symbols = await client().request<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument: { uri } });
  assert.deepEqual(
    symbols.map(({ name }) => name),
    [...recallExample.matchAll(/^(\w+):/gm)].map(([, key]) => key),
  );
  const stages = symbols.find(({ name }) => name === 'stages');
  assert.ok(stages?.children?.some(({ name }) => name === 'recall'));
  const folds = await client().request<FoldingRange[]>('textDocument/foldingRange', { textDocument: { uri } });
  const { line } = at(recallExample, 'stages:');
  assert.ok(folds.some(({ startLine, endLine }) => startLine === line && endLine > line + 10));
});

test('a validation gives findings, counts and rules, of a file that no editor shows as well', async () => {
  const { findings, counts, rules, level } = await client().request<ValidateResult>('recsample/validate', {
    path: demo('configs', 'recall.ratio.yaml'),
    level: 'data',
  });
  assert.deepEqual([counts.error, counts.warning], [0, 0], JSON.stringify(findings));
  assert.equal(level, 'data');
  assert.ok(rules.some(({ rule, status }) => rule === 'config/share-sum' && status === 'passed'));
  await assert.rejects(
    client().request('recsample/validate', { path: demo('configs', 'none.ratio.yaml'), level: 'schema' }),
    (error: { data: { code: string } }) => error.data.code === 'not-found',
  );
});

test('all configs are validated in one request, the missing ones named', async () => {
  const configs = ['recall', 'none', 'fine_ranking'].map((name) => ({ path: demo('configs', `${name}.ratio.yaml`) }));
  const { files, counts } = await client().request<ValidateAllResult>('recsample/validateAll', {
    configs,
    level: 'schema',
  });
  assert.deepEqual(
    files.map((file) => ('failure' in file ? file.failure.code : file.counts.error)),
    [0, 'not-found', 0],
  );
  assert.equal(counts.error, 0);
});

test('a summary has stages, entries, findings at their place, and data sets', async () => {
  const uri = fresh();
  await client().open(uri, tooMuch);
  const summary = await client().request<ConfigSummary>('recsample/configSummary', { uri });
  const [recall] = summary.stages;
  assert.deepEqual(
    [recall?.name, recall?.unit, recall?.countKey, recall?.total, recall?.counts.error],
    ['recall', 'positive', 'per_positive', 10, 1],
  );
  assert.deepEqual(recall?.range.start, at(tooMuch, 'recall:\n    unit'));
  assert.deepEqual(
    recall.entries.map(({ name, source, share, quota }) => [name, source, share, quota]),
    [
      ['exposed_unclicked', 'exposed_unclicked', 0.3, 3],
      ['popularity', 'popularity', 0.4, 4],
      ['global_random', 'global_random', 0.3, 3],
      ['same_city', 'same_attribute', 0.05, 0.5],
      ['host_refused', 'rejected', 0.05, 0.5],
    ],
  );
  assert.ok(
    client().told.all.some(
      ({ method, params }) => method === 'recsample/configChanged' && (params as { uri: string }).uri === uri,
    ),
  );
});

test('a summary is sent right after the findings that it counts, through every change of a config, open or not', async () => {
  const name = 'counted.ratio.yaml';
  const file = demo('configs', name);
  const [uri, seen] = [uriOf(file), { published: client().published.all.length, told: client().told.all.length }];
  writeFileSync(file, tooMuch);
  const changed = () =>
    client()
      .told.all.slice(seen.told)
      .flatMap(({ method, params }) =>
        method === 'recsample/configChanged' && (params as ConfigChanged).uri === uri
          ? [(params as ConfigChanged).summary]
          : [],
      );
  const total = ({ counts: { error, warning, info } }: ConfigSummary) => error + warning + info;
  const untilCounted = async (count: number): Promise<void> => {
    if (changed().at(-1)?.counts.error !== count)
      await client().told.next(
        ({ method, params }) =>
          method === 'recsample/configChanged' &&
          (params as ConfigChanged).uri === uri &&
          (params as ConfigChanged).summary?.counts.error === count,
      );
    assert.equal(
      total(changed().at(-1) as ConfigSummary),
      client()
        .published.all.filter((one) => one.uri === uri)
        .at(-1)?.diagnostics.length,
    );
  };
  // Only a list shows it: the findings that the list counts are also published.
  const summary = await client().request<ConfigSummary>('recsample/configSummary', { uri });
  assert.equal(summary.counts.error, 1);
  await untilCounted(1);
  // Edited but not saved, then closed: the file counts again.
  await client().open(uri, recallExample);
  await untilCounted(0);
  await client().close(uri);
  await untilCounted(1);
  // Deleted: the list and the findings are removed.
  rmSync(file);
  await client().connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 3 }] });
  if (changed().at(-1) !== null)
    await client().told.next(
      ({ method, params }) => method === 'recsample/configChanged' && (params as ConfigChanged).summary === null,
    );
  assert.deepEqual(
    client()
      .published.all.filter((one) => one.uri === uri)
      .at(-1)?.diagnostics,
    [],
  );
});

test('a fix is offered at each share of a mix, the rest for that share first', async () => {
  const uri = fresh();
  await client().open(uri, tooMuch);
  await client().diagnostics(uri);
  const start = at(tooMuch, 'popularity:');
  const actions = await client().actions(uri, { start, end: start }, ['quickfix']);
  assert.deepEqual(
    actions.map(({ title, isPreferred }) => [title, isPreferred]),
    [
      ['Set popularity to the rest (0.3)', true],
      ['Scale the shares to sum to 1', false],
    ],
  );
  assert.equal(
    edited(tooMuch, editsOf(actions[0], uri)),
    tooMuch.replace('popularity: {share: 0.4', 'popularity: {share: 0.3'),
  );
  // At the finding itself, the scale fix comes first.
  const mix = at(tooMuch, 'mix:');
  const titles = (await client().actions(uri, { start: mix, end: mix }, ['quickfix'])).map(({ title }) => title);
  assert.deepEqual(titles.slice(0, 4), [
    'Scale the shares to sum to 1',
    'Set exposed_unclicked to the rest (0.2)',
    'Set popularity to the rest (0.3)',
    'Set global_random to the rest (0.2)',
  ]);
  // The other entries leave nothing for the small ones.
  const city = at(tooMuch, 'same_city:');
  assert.deepEqual(
    (await client().actions(uri, { start: city, end: city }, ['quickfix'])).map(({ title }) => title),
    ['Scale the shares to sum to 1'],
  );
});

test('a lens says that there are no findings only once no rule lacks data', async () => {
  const uri = fresh();
  const title = async (): Promise<string> => (await client().lenses(uri))[0]?.command?.title ?? '';
  const never = recallExample
    .replace('../data/items.parquet', '../data/./items.parquet')
    .replace('max_per_user_per_day: 50', 'max_per_user_per_day: 51');
  await whileEngineIsStopped(client(), async () => {
    await client().open(uri, never);
    assert.equal(await title(), 'Validate · data not checked');
  });
  const { rules } = await client().request<ValidateResult>('recsample/validate', { uri, level: 'data' });
  // The demo's file is small and of another config, so these have nothing to compare.
  assert.deepEqual(
    rules.flatMap(({ rule, status, nothingToCompare }) =>
      status === 'not-run' ? [[rule, nothingToCompare === true]] : [],
    ),
    [
      ...['mix', 'log-q', 'declared-q', 'exponent', 'impossible-draw', 'missing-choices', 'split-overlap', 'digest'],
      'user-skew',
    ].map((name) => [`data/${name}`, true]),
  );
  assert.equal(await title(), 'Validate · no findings');
  // A finding of the text outside every stage counts too.
  const version = await client().edit(uri, never.replace('seed: demo', 'seed:demo'));
  await client().diagnostics(uri, (_, published) => published === version);
  assert.equal(await title(), 'Validate · 1 finding');
});
