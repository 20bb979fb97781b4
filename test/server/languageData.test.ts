import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { changed, examples } from '../../src/core/policy/examples/example.ts';
import type { ValidateResult } from '../../src/protocol/language.ts';
import { codesOf, labelOf, textOf, uriOf, type LanguageClient } from './languageClient.ts';
import { at, demo, fresh, startClient, startLanguage, tooMuch } from './languageWorkspace.ts';

// Tests the features that depend on data files, and the behaviour when no file may be opened.
const { client } = startLanguage();

/** Opens a text and waits until its rows are counted. */
async function counted(text: string, uri = fresh()): Promise<string> {
  await client().open(uri, text);
  await client().request<ValidateResult>('recsample/validate', { uri, level: 'data' });
  return uri;
}

async function hovered(uri: string, text: string, word: string): Promise<string> {
  return textOf((await client().hover(uri, at(text, word)))?.contents);
}

async function proposed(
  editor: LanguageClient,
  uri: string,
  text: string,
  behind: string,
): Promise<Map<string, string>> {
  const list = await editor.completion(uri, at(text, behind, 'end'));
  return new Map(list?.items.map(({ label, detail = '' }) => [label, detail]));
}

test('completion offers columns found only in the Parquet files, with types, the likeliest first', async () => {
  const text = changed(
    'recall',
    ['rank: recall_rank, reached: reached', 'rank: , reached: reached'],
    ['attributes: [region, activity]', 'attributes: [region, ]'],
  );
  assert.ok(!text.includes('recall_rank') && !text.includes('birth_year'));
  const uri = await counted(text);
  const ranks = await proposed(client(), uri, text, 'channel: channel, rank: ');
  assert.equal(ranks.get('recall_rank')?.includes('int32'), true, [...ranks.keys()].join());
  assert.equal([...ranks.keys()][0], 'recall_rank');
  const attributes = await proposed(client(), uri, text, 'attributes: [region, ');
  assert.ok(attributes.has('language') && attributes.has('birth_year'), [...attributes.keys()].join());
});

test('keys, sources, values, events, attributes and paths are proposed where they belong', async () => {
  const text = changed(
    'recall',
    ['        global_random: 0.2\n', '        \n'],
    ['seen: viewed', 'seen: '],
    ['group_by: region', 'group_by: '],
    ['within: train', 'within: '],
    ['../data/items.parquet', '../data/'],
    ['policy: recommended', 'policy: '],
  );
  const uri = await counted(text);
  const keys = async (behind: string): Promise<string[]> => [...(await proposed(client(), uri, text, behind)).keys()];
  const sources = await keys('group_by: }\n        ');
  assert.ok(
    ['global_random', 'exposed_random', 'hard_rank'].every((name) => sources.includes(name)),
    sources.join(),
  );
  assert.ok(!sources.includes('exposed_unclicked'), 'it is there already');
  assert.deepEqual((await keys('seen: ')).slice(0, 2), ['all', 'viewed']);
  assert.ok((await keys('group_by: ')).includes('region'));
  assert.ok((await keys('within: ')).includes('train'));
  const paths = await keys('  items:\n    path: ../data/');
  assert.ok(
    paths.some((path) => path.includes('items.parquet')) && paths.some((path) => path.endsWith('/')),
    paths.join(),
  );
  const policies = await keys('policy: ');
  assert.ok(
    ['recommended', 'strict'].every((name) => policies.includes(name)),
    policies.join(),
  );
});

test('a hover shows the definition, the formula and the amounts in the data', async () => {
  const uri = await counted(examples.recall);
  const positives = Number(
    (await client().hints(uri)).flatMap(
      (hint) => /^([\d,]+) positives$/.exec(labelOf(hint))?.[1]?.replaceAll(',', '') ?? [],
    )[0],
  );
  assert.ok(positives > 100, String(positives));
  const popularity = await hovered(uri, examples.recall, 'popularity:');
  assert.match(popularity, /^\*\*`popularity`\*\*/);
  assert.match(popularity, /```text\n[\s\S]+\n```/);
  assert.match(popularity, /4 of 10 negatives per positive/);
  assert.match(popularity, new RegExp(`In the data: ${positives} positives, so ${positives * 4} rows`));
  assert.match(
    await hovered(uri, examples.recall, 'per_positive:'),
    new RegExp(
      `10 negatives per positive[\\s\\S]*In the data: ${positives} positives, so ${(positives * 10).toLocaleString('en')} rows`,
    ),
  );
  assert.match(await hovered(uri, examples.recall, 'is_click'), /Column of the data files, type int8/);
  assert.match(await hovered(uri, examples.recall, '../data/items.parquet'), /700 rows/);
});

test('other units also show their effective negatives per positive', async () => {
  const coarse = await counted(examples.coarse_ranking);
  assert.match(
    await hovered(coarse, examples.coarse_ranking, 'per_request:'),
    /60 negatives per request[\s\S]*In the data: [\d.]+ negatives per positive \(\d+ positives in [\d,]+ requests\), [\d,]+ rows/,
  );
  const fine = await counted(examples.fine_ranking);
  assert.match(
    await hovered(fine, examples.fine_ranking, 'fine_ranking:\n    unit'),
    /In the data: [\d.]+ negatives per positive \(\d+ positives in [\d,]+ impressions\)/,
  );
});

test('findings about data appear after opening, and again when a file they depend on changes', async () => {
  const text = changed('recall', ['../data/users.parquet', '../data/people.parquet']);
  const uri = fresh();
  await client().open(uri, text);
  const { diagnostics } = await client().diagnostics(uri, (found) => codesOf(found).includes('schema/file-missing'));
  assert.deepEqual(codesOf(diagnostics), ['schema/file-missing']);
  const [{ range } = assert.fail()] = diagnostics;
  const choose = (await client().actions(uri, range)).find(({ title }) => title === 'Choose files…');
  assert.deepEqual([choose?.command?.command, choose?.command?.arguments], ['recsample.chooseFiles', [uri, range]]);
  const mended = client().published.next((params) => params.uri === uri && params.diagnostics.length === 0);
  writeFileSync(demo('data/people.parquet'), readFileSync(demo('data/users.parquet')));
  await client().connection.sendNotification('workspace/didChangeWatchedFiles', {
    changes: [{ uri: uriOf(demo('data/people.parquet')), type: 1 }],
  });
  await mended;
});

test('an untrusted workspace opens no file; trusting it adds the findings about data', async () => {
  const editor = await startClient({ initializationOptions: { trusted: false } });
  const uri = fresh();
  const text = changed(
    'recall',
    ['global_random: 0.2', 'global_random: 0.3'],
    ['../data/users.parquet', '../data/nobody.parquet'],
  );
  await editor.open(uri, text);
  assert.deepEqual(codesOf((await editor.diagnostics(uri)).diagnostics), ['config/share-sum']);
  const { level, findings } = await editor.request<ValidateResult>('recsample/validate', { uri, level: 'data' });
  assert.deepEqual([level, findings.map(({ rule }) => rule)], ['none', ['config/share-sum']]);
  assert.equal((await proposed(editor, uri, text, 'rank: ')).has('recall_rank'), false);
  const more = editor.published.next(
    (params) => params.uri === uri && codesOf(params.diagnostics).includes('schema/file-missing'),
  );
  await editor.connection.sendNotification('recsample/trust', { trusted: true });
  await more;
  assert.equal(await editor.stop(), 0);
});

test('a document without a local file is linted by its text alone', async () => {
  for (const uri of ['vscode-vfs://github/team/project/recall.ratio.yaml', 'untitled:Untitled-1']) {
    await client().open(uri, tooMuch);
    assert.deepEqual(codesOf((await client().diagnostics(uri)).diagnostics), ['config/share-sum']);
    const { level, findings, rules } = await client().request<ValidateResult>('recsample/validate', {
      uri,
      level: 'data',
    });
    assert.deepEqual([level, findings.map(({ rule }) => rule)], ['none', ['config/share-sum']]);
    assert.ok(rules.some(({ rule, status }) => rule === 'schema/column-missing' && status === 'not-run'));
    assert.match(await hovered(uri, tooMuch, 'popularity:'), /4 of 10 negatives per positive/);
  }
});

test('a JSON config has findings and fixes, but no suppression comments', async () => {
  const uri = fresh('json');
  const text = `{\n  "version": 1,\n  "seed": "json",\n  "data": { "impressions": { "path": "../data/impressions", "columns": { "user": "user_id", "item": "item_id", "time": "ts" } } },\n  "events": { "click": "is_click" },\n  "stages": { "fine_ranking": { "unit": "impression", "positives": { "events": { "click": 1 } }, "negatives": { "mix": { "exposed_unclicked": 0.9 } } } },\n}\n`;
  await client().open(uri, text, 'ratio-json');
  const { diagnostics } = await client().diagnostics(uri, (found) => codesOf(found).includes('config/share-sum'));
  const sum = diagnostics.find(({ code }) => code === 'config/share-sum');
  assert.ok(sum);
  const titles = (await client().actions(uri, sum.range)).map(({ title }) => title);
  assert.ok(
    titles.includes('Turn config/share-sum off in this file') &&
      !titles.some((title) => title.includes('on this line')),
    titles.join(),
  );
});

test('messages are in the language that the client asks for', async () => {
  const editor = await startClient({ locale: 'zh-cn' });
  const uri = fresh();
  await editor.open(uri, tooMuch);
  const {
    diagnostics: [first],
  } = await editor.diagnostics(uri);
  assert.match(textOf(first?.message), /占比合计为 1\.1/);
  assert.equal(await editor.stop(), 0);
});

test('a client without commands gets no lens and no action that would call one', async () => {
  const editor = await startClient({ initializationOptions: { commands: [] } });
  const uri = fresh();
  await editor.open(uri, tooMuch);
  const {
    diagnostics: [first],
  } = await editor.diagnostics(uri);
  assert.ok(first);
  await editor.request<ValidateResult>('recsample/validate', { uri, level: 'data' });
  assert.deepEqual(
    (await editor.lenses(uri)).map(({ command }) => command?.command),
    [''],
  );
  assert.ok((await editor.actions(uri, first.range)).every(({ command }) => command === undefined));
  assert.equal(await editor.stop(), 0);
});

test(
  'typing does not wait for a hanging engine, and a count survives its kill',
  { skip: process.platform === 'linux' ? false : 'children are found in /proc' },
  async () => {
    const editor = await startClient();
    const uri = fresh();
    await editor.open(uri, examples.recall);
    await editor.request<ValidateResult>('recsample/validate', { uri, level: 'schema' });
    const engine = Number(
      readFileSync(`/proc/${String(editor.process.pid)}/task/${String(editor.process.pid)}/children`, 'utf8')
        .trim()
        .split(' ')[0],
    );
    assert.ok(engine > 0);
    process.kill(engine, 'SIGSTOP');
    const waiting = editor.request<ValidateResult>('recsample/validate', { uri, level: 'data' });
    const version = await editor.edit(uri, tooMuch);
    const { diagnostics } = await editor.diagnostics(uri, (_, published) => published === version);
    assert.deepEqual(codesOf(diagnostics), ['config/share-sum']);
    assert.match(textOf((await editor.hover(uri, at(tooMuch, 'popularity:')))?.contents), /negatives per positive/);
    process.kill(engine, 'SIGKILL');
    // The validation uses the current text and a new engine.
    const { findings, rules } = await waiting;
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ['config/share-sum'],
    );
    assert.ok(
      rules.some(({ rule, status }) => rule === 'data/duplicate' && status === 'passed'),
      JSON.stringify(rules.filter(({ status }) => status === 'not-run')),
    );
    assert.equal(await editor.stop(), 0);
  },
);
