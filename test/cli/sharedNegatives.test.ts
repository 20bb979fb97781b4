import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { ownFolder } from './ownFolder.ts';

// Lists of two entries may bring the same item for a group. The audit says how often, and what to do.
const { directory, run } = ownFolder('shared-negatives');

const requests = Array.from({ length: 60 }, (_, request) => request);
const at = (request: number): string =>
  `2026-11-01T${String(10 + (request % 10))}:${String(request % 60).padStart(2, '0')}:00`;
const log = requests.flatMap((request) =>
  [0, 1, 2].map(
    (place) => `u${request % 12},i${(request * 5 + place) % 40},r${request},${at(request)},${place === 0 ? 1 : 0}`,
  ),
);
const candidates = requests.flatMap((request) =>
  Array.from({ length: 12 }, (_, place) => {
    const stage = place < 3 ? 'exposed' : place < 9 ? 'fine' : 'coarse';
    return `u${request % 12},i${(request * 5 + place) % 40},r${request},${at(request)},${place + 1},${stage}`;
  }),
);
writeFileSync(join(directory, 'log.csv'), ['uid,iid,rid,ts,click', ...log].join('\n'));
writeFileSync(join(directory, 'candidates.csv'), ['uid,iid,rid,ts,rank,reached', ...candidates].join('\n'));

function config(name: string, mix: string, more = '', key = 'on_shortfall: keep', training = ''): string {
  writeFileSync(
    join(directory, `${name}.ratio.yaml`),
    `version: 1
seed: 1
data:
  impressions: {path: log.csv, columns: {user: uid, item: iid, request: rid, time: ts}}
  candidates: {path: candidates.csv, columns: {user: uid, item: iid, request: rid, time: ts, rank: rank, reached: reached}}
events: {click: click}
window: {train: {from: 2026-11-01, to: 2026-11-01}, eval: {from: 2026-11-02, to: 2026-11-02}}
stages:
  coarse_ranking: {unit: request, positives: {events: {click: 1}}, negatives: {per_request: {${mix}}, ${key}}${training}}
${more}`,
  );
  return `${name}.ratio.yaml`;
}

async function found(file: string, of: string): Promise<readonly (readonly string[])[]> {
  const { out, err } = await run('audit', file, '--config', of, '--format', 'json');
  assert.notEqual(out, '', err);
  const { findings } = JSON.parse(out) as {
    readonly findings: readonly { readonly rule: string; readonly message: string }[];
  };
  return findings.flatMap(({ rule, message }) => (rule === 'data/duplicate' ? [message.split('\n')] : []));
}

/** Negatives of a file, those of the entries beyond the first of their request and item, and the file without them. */
function counted(file: string): { readonly rows: number; readonly again: number; readonly once: string } {
  const [head = '', ...lines] = readFileSync(join(directory, file), 'utf8').trim().split('\n');
  const names = head.split(',');
  const cell = (line: string, name: string): string => line.split(',')[names.indexOf(name)] ?? '';
  const seen = new Set<string>();
  const kept = lines.filter((line) => {
    const pair = `${cell(line, 'rid')} ${cell(line, 'iid')}`;
    return !seen.has(pair) && seen.add(pair);
  });
  const rows = lines.filter((line) => cell(line, 'label') === '0').length;
  return { rows, again: lines.length - kept.length, once: [head, ...kept].join('\n') };
}

suite('items that lists of two entries bring for a group', () => {
  const mix = 'ranked_unexposed: 4, near: {source: hard_rank, count: 3, ranks: [1, 12]}';

  test('their number, by entries, and the way out', async () => {
    const of = config('shared', mix);
    await run('sample', of, '--out', 'shared.csv');
    const { rows, again, once } = counted('shared.csv');
    assert.ok(again > 0.01 * rows);
    const [[text, by, advice] = [], ...more] = await found('shared.csv', of);
    assert.match(
      text ?? '',
      new RegExp(`^${again} of ${rows} negatives of lists are in their group under another entry`),
    );
    assert.equal(by, `near, ranked_unexposed: ${again}`);
    assert.match(advice ?? '', /^The loss uses them twice\. distinct: true drops the second rows/);
    assert.deepEqual(more, []);
    writeFileSync(join(directory, 'once.csv'), once);
    assert.deepEqual(await found('once.csv', of), []);
  });

  test('distinct: true writes the file without the second rows, and says how many it dropped', async () => {
    const plain = config('both', mix);
    await run('sample', plain, '--out', 'both.csv');
    const { again, once } = counted('both.csv');
    const of = config('distinct', mix, '', 'distinct: true');
    const { out } = await run('sample', of, '--out', 'distinct.csv');
    assert.match(out, new RegExp(`ranked_unexposed .* ${again} dropped by distinct\n`));
    assert.equal(readFileSync(join(directory, 'distinct.csv'), 'utf8').trim(), once);
    const { entries } = JSON.parse(readFileSync(join(directory, 'distinct.csv.recsample.json'), 'utf8')) as {
      readonly entries: readonly { readonly name: string; readonly repeated: number }[];
    };
    assert.deepEqual(
      entries.map(({ name, repeated }) => [name, repeated]),
      [
        ['near', 0],
        ['ranked_unexposed', again],
      ],
    );
    assert.deepEqual(await found('distinct.csv', of), []);
    // The file of another config.
    const [[, , advice] = []] = await found('both.csv', of);
    assert.match(advice ?? '', /^The config has distinct: true, so the file is of another config/);
    const shown = await run('preview', of, '--users', 'u0,u1,u2,u3');
    assert.match(shown.out, /⊘ +ranked_unexposed +i\d+ .*dropped by distinct: an earlier entry has the item/);
    const lint = await run('lint', plain, '--facts', 'none');
    assert.match(lint.out, /near and ranked_unexposed draw from the same items|ranked_unexposed and near draw/);
    assert.doesNotMatch((await run('lint', of, '--facts', 'none')).out, /draw from the same items/);
  });

  test('distinct with a log q correction is an error, and sample writes nothing', async () => {
    const of = config('corrected', mix, '', 'distinct: true', ', training: {loss: softmax, logq: shares}');
    const { code, out } = await run('lint', of);
    assert.equal(code, 1);
    assert.match(out, /config\/distinct/);
    const refused = await run('sample', of, '--out', 'corrected.csv');
    assert.equal(refused.code, 2);
    assert.match(refused.err, /distinct is left out: with training.logq/);
    assert.equal(existsSync(join(directory, 'corrected.csv')), false);
  });

  test('lists that a config keeps apart, or that a team allows, are no finding', async () => {
    const apart = config('apart', 'ranked_unexposed: 3, coarse_filtered: 2');
    await run('sample', apart, '--out', 'apart.csv');
    assert.equal(counted('apart.csv').again, 0);
    assert.deepEqual(await found('apart.csv', apart), []);
    const allowed = config(
      'allowed',
      mix,
      'policy: {extends: recommended, rules: {data/duplicate: [warning, {max_shared: 1}]}}',
    );
    await run('sample', allowed, '--out', 'allowed.csv');
    assert.deepEqual(await found('allowed.csv', allowed), []);
  });
});
