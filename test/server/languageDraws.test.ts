import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changed } from '../../src/core/policy/examples/example.ts';
import { keepingShortfalls } from '../../src/core/policy/examples/mixes.ts';
import type { ConfigSummary, ValidateResult } from '../../src/protocol/language.ts';
import { labelOf, textOf, type LanguageClient } from './languageClient.ts';
import { at, fresh, startClient, startLanguage, whileEngineIsStopped } from './languageWorkspace.ts';

// Tests what the editor says about expected draws: in hovers, hints, lenses and the tree.
const { client } = startLanguage();

const keep = changed('recall', keepingShortfalls);
const refill = changed('recall');

const validate = (uri: string, editor = client()): Promise<ValidateResult> =>
  editor.request('recsample/validate', { uri, level: 'data' });

interface Shown {
  readonly hints: readonly string[];
  readonly lenses: readonly string[];
  readonly tree: readonly (readonly [string, { readonly drawn: number; readonly requested: number } | null])[];
}

async function shown(uri: string, editor: LanguageClient = client()): Promise<Shown> {
  const { stages } = await editor.request<ConfigSummary>('recsample/configSummary', { uri });
  return {
    hints: (await editor.hints(uri)).map(labelOf).filter((hint) => hint.includes('≈')),
    lenses: (await editor.lenses(uri)).flatMap(({ command }) => command?.title.split(' · ') ?? []),
    tree: stages.flatMap(({ entries }) => entries.map(({ name, draws }) => [name, draws] as const)),
  };
}

async function hovered(uri: string, text: string, word: string, editor = client()): Promise<string> {
  return textOf((await editor.hover(uri, at(text, word)))?.contents);
}

test('every entry says how many of the requested negatives it draws', async () => {
  const uri = fresh();
  await client().open(uri, keep);
  const { findings } = await validate(uri);
  const { hints, lenses, tree } = await shown(uri);
  const figures = new Map(tree);
  const refused = figures.get('host_refused') ?? assert.fail('host_refused is not drawn');
  assert.ok(refused.drawn < refused.requested / 2, JSON.stringify(refused));
  const figure = ({ drawn, requested }: typeof refused): string =>
    `≈ ${drawn.toLocaleString('en')} of ${requested.toLocaleString('en')}`;
  assert.deepEqual(
    hints,
    [...figures].map(
      ([, draws], k) => `= ${[3, 4, 2, 0.5, 0.5][k]} per positive · ${figure(draws ?? assert.fail('an entry'))}`,
    ),
  );
  const short = lenses.filter((title) => title.includes('≈'));
  assert.equal(short[0], `host_refused: ${figure(refused)}`);
  assert.ok(short.length <= 3 && short.every((title) => !title.startsWith('global_random')), short.join());
  const ofPool = await hovered(uri, keep, 'global_random:');
  assert.match(ofPool, /Pool: \d+ items\. The most popular 1 % of them get [\d.]+ % of the draws/);
  assert.match(
    ofPool,
    /\[Documentation\]\(command:recsample\.openRulePage\?%255B%2522source%252Fglobal_random%2522%255D\)/,
  );
  // This editor has no previews.
  assert.doesNotMatch(ofPool, /command:recsample\.preview/);
  assert.match(await hovered(uri, keep, 'host_refused:'), new RegExp(`Draws ${figure(refused)} requested negatives`));
  assert.deepEqual(
    findings.map(({ rule, severity }) => [rule, severity]),
    [['data/shortfall', 'warning']],
  );
});

test('where refill fills the gap, the filling entry shows both requests, and there is no finding', async () => {
  const uri = fresh();
  await client().open(uri, refill);
  assert.deepEqual((await validate(uri)).findings, []);
  const figures = new Map((await shown(uri)).tree);
  const [random, refused] = [figures.get('global_random'), figures.get('host_refused')];
  assert.ok(random && refused);
  const hover = await hovered(uri, refill, 'global_random: 0.2');
  const before = Number(/, (\d+) of them before refill/.exec(hover)?.[1]);
  assert.ok(before < random.requested, hover);
  assert.ok(random.requested - before >= refused.requested - refused.drawn);
});

test('nothing is shown while the draws of the current text are unknown, and typing does not wait for them', async () => {
  const uri = fresh();
  await client().open(uri, keep);
  await validate(uri);
  assert.equal((await shown(uri)).hints.length, 5);
  const other = keep.replace(
    'host_refused: {source: rejected, share: 0.05',
    'host_refused: {source: rejected, share: 0.04',
  );
  const mixed = other.replace('global_random: 0.2', 'global_random: 0.21');
  await whileEngineIsStopped(client(), async () => {
    await client().edit(uri, mixed);
    const { hints, lenses, tree } = await shown(uri);
    assert.deepEqual(hints, []);
    assert.deepEqual(
      lenses.filter((title) => /negatives| of /.test(title)),
      [],
    );
    assert.ok(tree.every(([, draws]) => draws === null));
  });
  // A save counts again. A text that was drawn before is known at once.
  const drawn = client().told.next(
    ({ method, params }) =>
      method === 'recsample/configChanged' &&
      (params as { uri: string }).uri === uri &&
      JSON.stringify(params).includes('"requested"'),
  );
  await client().save(uri);
  await drawn;
  assert.equal((await shown(uri)).hints.length, 5);
  await client().edit(uri, keep);
  assert.equal((await shown(uri)).hints.length, 5);
});

test('a mix that does not sum to 1 and a stage that draws nothing have no figures', async () => {
  for (const text of [changed('recall', ['global_random: 0.2', 'global_random: 0.3']), changed('fine_ranking')]) {
    const uri = fresh();
    await client().open(uri, text);
    await validate(uri);
    const { hints, tree } = await shown(uri);
    assert.deepEqual(hints, []);
    assert.ok(tree.every(([, draws]) => draws === null));
  }
});

test('counts have a hint too, and a stage without shortfall one lens', async () => {
  const text = changed('coarse_ranking', ['exposed_unclicked: 10', 'exposed_unclicked: 1']);
  const uri = fresh();
  await client().open(uri, text);
  await validate(uri);
  const { hints, lenses } = await shown(uri);
  assert.equal(hints.length, 3);
  assert.ok(
    hints.every((hint) => /^≈ [\d,]+ of [\d,]+$/.test(hint)),
    hints.join(),
  );
  assert.ok(
    lenses.some((title) => /^≈ [\d,.]+K? negatives, no shortfall$/.test(title)),
    lenses.join(),
  );
});

test('a stage says how long its histories are, and how large its lists', async () => {
  const uri = fresh();
  const sequences = 'recent: {events: [click], length: 50, available_after: 1m}';
  const text = changed('fine_ranking', ['output: {', `output: {sequences: {${sequences}}, `]);
  await client().open(uri, text);
  await validate(uri);
  const hover = await hovered(uri, text, 'recent:');
  assert.match(hover, /The newest 50 of click before the request minus 1m/);
  assert.match(hover, /fine\\?_ranking: ≈ [\d.]+ of 50 steps/);
  const { lenses } = await shown(uri);
  assert.ok(
    lenses.some((title) => /^recent: ≈ [\d.]+ of 50 steps, [\d.]+ % empty$/.test(title)),
    lenses.join(),
  );
  assert.ok(
    lenses.some((title) => /^lists ≈ [\d.]+ [kM]?B$/.test(title)),
    lenses.join(),
  );
  const shuffled = fresh();
  const long = `output: {layout: long, order: shuffled_rows, sequences: {${sequences}}}`;
  await client().open(shuffled, changed('coarse_ranking', ['output: {layout: long, pass_through: [city]}', long]));
  await validate(shuffled);
  const smaller = (await shown(shuffled)).lenses;
  assert.ok(
    smaller.some((title) => /^layout request: ≈ [\d.]+ [kM]?B$/.test(title)),
    smaller.join(),
  );
});

test('the figures are in Chinese too', async () => {
  const editor = await startClient({ initializationOptions: { locale: 'zh-cn' } });
  const uri = fresh();
  await editor.open(uri, keep);
  await validate(uri, editor);
  const { hints, lenses } = await shown(uri, editor);
  assert.ok(
    hints.some((hint) => /· ≈ \d+ \/ \d+$/.test(hint)),
    hints.join(),
  );
  assert.ok(
    lenses.some((title) => /^host_refused：≈ \d+ \/ \d+$/.test(title)),
    lenses.join(),
  );
  assert.match(await hovered(uri, keep, 'host_refused:', editor), /应采 \d+ 个负样本，约采到 \d+ 个/);
  assert.equal(await editor.stop(), 0);
});
