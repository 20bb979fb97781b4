import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { createEngine } from '../../src/engine/process/engine.ts';
import { recsample } from './commandLine.ts';

const directory = mkdtempSync(join(tmpdir(), 'recsample-later-'));
after(() => rmSync(directory, { recursive: true, force: true }));

async function run(...args: string[]): Promise<string> {
  const createOne = (): Promise<ReturnType<typeof createEngine>> => Promise.resolve(createEngine({ threads: 1 }));
  const { code, out, err } = await recsample(args, {}, { directory, createEngine: createOne });
  assert.ok(code < 2, err);
  return out;
}

// Two days of 40 users. A request shows three items, 20 s apart; the first of them is clicked in some requests.
const log = Array.from({ length: 960 }, (_, k) => {
  const [request, place] = [Math.floor(k / 3), k % 3];
  const second = Math.floor((request * 172_800) / 320) + 20 * place;
  return { user: `u${request % 40}`, item: `i${(k * k + 5 * k) % 83}`, second, request, click: place === 0 ? 1 : 0 };
});
const at = (second: number): string => new Date(Date.UTC(2026, 10, 1) + second * 1000).toISOString().slice(0, 19);
writeFileSync(
  join(directory, 'log.csv'),
  [
    'uid,iid,ts,rid,click',
    ...log.map((row) => `${row.user},${row.item},${at(row.second)},${row.request},${row.click}`),
  ].join('\n'),
);

interface Options {
  readonly before: boolean;
  readonly scope?: string;
  readonly request?: string;
}

function config(name: string, { before, scope = 'request_then_user', request = '' }: Options): string {
  const file = `${name}.ratio.yaml`;
  writeFileSync(
    join(directory, file),
    `version: 1
seed: 1
data:
  impressions: {path: log.csv, columns: {user: uid, item: iid, time: ts${request}}}
  samples: {recall: {path: ${name}.csv, columns: {user: uid, item: iid, label: label, entry: entry, time: ts}}}
events: {click: click}
window: {train: {from: 2026-11-01, to: 2026-11-01}, eval: {from: 2026-11-02, to: 2026-11-02}}
stages:
  recall: {unit: positive, positives: {events: {click: 1}}, negatives: {per_positive: {global_random: 2, exposed_unclicked: {count: 9, scope: ${scope}, before: ${before}}}}}
`,
  );
  return file;
}

/** Negatives of a file that were first shown after their positive, and whose request did not begin before it either. */
function laterIn(file: string, hasRequests: boolean): number {
  const [head = '', ...lines] = readFileSync(join(directory, file), 'utf8').trim().split('\n');
  const names = head.split(',');
  const began = (row: (typeof log)[number]): number =>
    hasRequests ? (log.find(({ request }) => request === row.request)?.second ?? 0) : row.second;
  return lines.filter((line) => {
    const cells = line.split(',');
    const cell = (name: string): string => cells[names.indexOf(name)] ?? '';
    if (cell('entry') !== 'exposed_unclicked') return false;
    const shown = log.filter(({ user, item }) => user === cell('uid') && item === cell('iid')).map(began);
    return at(Math.min(...shown)) > cell('ts').replace(' ', 'T').slice(0, 19);
  }).length;
}

/**
 * What data/future says about a file of `drawn`, as if another tool had written it, by a config with `before: true`.
 */
async function foundIn(drawn: string, honest: string, split: string, hasRequests: boolean) {
  const file = `${drawn}.csv`;
  await run('sample', drawn, '--split', split, '--out', file);
  rmSync(join(directory, `${file}.recsample.json`));
  const audit = await run('audit', file, '--config', honest, '--split', split, '--format', 'json');
  const { findings, rules } = JSON.parse(audit) as {
    readonly findings: readonly { readonly rule: string; readonly message: string }[];
    readonly rules: readonly { readonly rule: string; readonly status: string }[];
  };
  return {
    status: rules.find(({ rule }) => rule === 'data/future')?.status,
    messages: findings.flatMap(({ rule, message }) => (rule === 'data/future' ? [message] : [])),
    later: laterIn(file, hasRequests),
  };
}

suite('an audit counts exposures after the positive in a file of any tool', () => {
  test('a bare log, train', async () => {
    const honest = config('bare-before', { before: true, scope: 'user' });
    const file = config('bare-all', { before: false, scope: 'user' });
    const { messages, later } = await foundIn(file, honest, 'train', false);
    assert.ok(later > 0);
    assert.match(
      messages.join(),
      new RegExp(`rows come from .*\\nExposed-unclicked rows that were shown only later: ${later}\\.`),
    );
  });

  test('a bare log whose config prefers the request: its other exposures are not known, so none is counted', async () => {
    const honest = config('request-before', { before: true });
    const file = config('request-all', { before: false });
    const { messages, later } = await foundIn(file, honest, 'train', false);
    assert.ok(later > 0);
    assert.deepEqual(messages, []);
  });

  test('a config that declares it: the number is an info, in an audit and in lint', async () => {
    for (const split of ['train', 'eval']) {
      const declared = config(`declared-${split}`, { before: false, scope: 'user' });
      const { status, messages, later } = await foundIn(declared, declared, split, false);
      assert.ok(later > 0);
      assert.equal(status, 'found');
      assert.equal(messages.length, 1);
      assert.match(messages.join(), new RegExp(`^${later} of \\d+ rows are negatives that their user saw only after`));
      if (split === 'eval') continue;
      copyFileSync(join(directory, `${declared}.csv`), join(directory, 'declared-train.csv'));
      const lint = await run('lint', declared, '--facts', 'data');
      assert.match(lint, new RegExp(`info +${later} of [\\d,]+ rows are negatives that their user saw only`));
    }
  });

  test('a log with requests, eval: the other exposures of the request may come later', async () => {
    const request = ', request: rid';
    const honest = config('before', { before: true, request });
    assert.deepEqual(await foundIn(honest, honest, 'eval', true), { status: 'passed', messages: [], later: 0 });
    const { messages, later } = await foundIn(config('all', { before: false, request }), honest, 'eval', true);
    assert.ok(later > 0);
    assert.match(messages.join(), new RegExp(`Exposed-unclicked rows that were shown only later: ${later}\\.`));
  });
});
