import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { failureOf } from '../../src/core/message/failure.ts';
import { render } from '../../src/core/message/message.ts';
import { previewJson } from '../../src/core/report/previewJson.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { addressOfUri } from '../../src/server/language/address.ts';
import { PreviewService } from '../../src/server/sampling/previewService.ts';
import { engine } from '../engine/fixture.ts';
import { tinyDemo } from '../fixtures/tinyDemo.ts';
import { queryRows } from './sparkJob.ts';
import { extractOf, openedStage } from './extractWorld.ts';
import { run } from './locks.ts';
import { shownGroups } from './shownGroups.ts';

let directory = '';
let users: readonly string[] = [];
before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'recsample-extract-'));
  await tinyDemo(directory, { bad: false });
  users = await usersOf('recall', 'train', 4);
});
after(() => rmSync(directory, { recursive: true, force: true }));

const configOf = (stage: string): string => `configs/${stage}.ratio.yaml`;
const at = (...parts: readonly string[]): string => join(directory, ...parts);

/** Users with groups, from the local file. */
async function usersOf(stage: string, split: string, count: number): Promise<string[]> {
  const file = at(`${stage}-${split}.parquet`);
  const { code, err } = await run(directory, 'sample', configOf(stage), '--split', split, '--out', file);
  assert.equal(code, 0, err);
  const rows = await queryRows(
    `SELECT CAST(user_id AS VARCHAR) FROM read_parquet('${file}') GROUP BY 1 ORDER BY md5(CAST(user_id AS VARCHAR)) LIMIT ${count}`,
  );
  return rows.map((row) => String((JSON.parse(row) as unknown[])[0]));
}

/** Writes an extract of the demo with the statements of its job. */
async function write(
  stage: 'recall' | 'coarse_ranking' | 'fine_ranking',
  split: 'train' | 'eval',
  of: readonly string[],
): Promise<string> {
  const opened = await openedStage(at(configOf(stage)), stage, { split });
  const folder = at(`${stage}-${split}.extract`);
  await extractOf(opened, of, folder);
  return folder;
}

for (const [stage, split] of [
  ['recall', 'train'],
  ['recall', 'eval'],
  ['coarse_ranking', 'train'],
  ['fine_ranking', 'train'],
] as const)
  test(`preview --extract shows the groups of the whole data: ${stage} of the demo, ${split}`, async () => {
    const own = await usersOf(stage, split, 3);
    const folder = await write(stage, split, own);
    const args = ['preview', configOf(stage), '--split', split, '--format', 'json'];
    const expected = await run(directory, ...args, '--users', own.join(','));
    // The data may be elsewhere: only the extract is on this machine.
    cpSync(at('data'), at('elsewhere'), { recursive: true });
    rmSync(at('data'), { recursive: true });
    try {
      const found = await run(directory, ...args, '--extract', folder);
      assert.equal(found.code, 0, found.err);
      const groups = shownGroups(found.out);
      assert.deepEqual(groups, shownGroups(expected.out));
      assert.ok(JSON.stringify(groups).length > 2000);
      const text = await run(directory, 'preview', configOf(stage), '--split', split, '--extract', folder);
      assert.equal(text.code, 0, text.err);
      assert.doesNotMatch(text.out, /corpus of/);
    } finally {
      cpSync(at('elsewhere'), at('data'), { recursive: true });
      rmSync(at('elsewhere'), { recursive: true });
    }
  });

test('the preview panel shows the rows of an extract: those of the command line, for its users', async () => {
  const own = await usersOf('recall', 'train', 2);
  const folder = await write('recall', 'train', own);
  const expected = await run(directory, 'preview', configOf('recall'), '--format', 'json', '--extract', folder);
  const config = { uri: pathToFileURL(at(configOf('recall'))).href };
  const text = readFileSync(at(configOf('recall')), 'utf8');
  const serviceIn = (trusted: boolean): PreviewService =>
    new PreviewService({
      engine,
      cache: new FactsCache(),
      trusted: () => trusted,
      rootOf: () => directory,
      text: () => Promise.resolve({ address: addressOfUri(config.uri), language: 'yaml', version: 1, text }),
    });
  const call = { signal: new AbortController().signal, progress: () => undefined };
  const service = serviceIn(true);
  renameSync(at('data'), at('elsewhere'));
  try {
    const { stage, split, users: found } = await service.extract({ config, folder }, call);
    assert.deepEqual({ stage, split, found }, { stage: 'recall', split: 'train', found: own });
    const params = { config, stage, split, users: own, groupLimit: null, extract: folder };
    const { sampler, preview } = await service.preview(params, call);
    assert.ok(sampler.plan);
    assert.deepEqual(shownGroups(previewJson(sampler.plan, preview)), shownGroups(expected.out));
    const heaviest = { config, stage, choice: { kind: 'heaviest' }, limit: 5, without: [], extract: folder } as const;
    const users = await service.users(heaviest, call);
    assert.deepEqual(users.map(({ user }) => user).sort(), [...own].sort());
    await assert.rejects(
      service.preview({ ...params, users: ['42'] }, call),
      failsWith(/does not have these users: 42/),
    );
    await assert.rejects(
      service.preview({ ...params, stage: 'fine_ranking' }, call),
      failsWith(/These parts differ: stage recall → fine_ranking/),
    );
    const refused = /Restricted Mode/;
    await assert.rejects(serviceIn(false).extract({ config, folder }, call), failsWith(refused));
    await assert.rejects(serviceIn(false).preview(params, call), failsWith(refused));
  } finally {
    renameSync(at('elsewhere'), at('data'));
  }
});

const failsWith =
  (expected: RegExp) =>
  (error: unknown): boolean => {
    assert.match(render(failureOf(error).message), expected);
    return true;
  };

test('the job of an extract reads as in the golden file', async () => {
  const { out, err, code } = await run(
    directory,
    ...['spark', configOf('fine_ranking'), '--extract', '--users', '7203685477500000123,42'],
    ...['--input-root', 'data=s3a://lake/data', '--output', 's3a://samples/fine_ranking.extract'],
  );
  assert.equal(code, 0, err);
  const text = out
    .replaceAll(/_sha256: .*/g, '_sha256: …')
    .replaceAll(/-[0-9a-f]{12}-extract\b/g, '-…-extract')
    .replaceAll(/'[0-9a-f]{64}'/g, "'…'");
  const file = new URL('../golden/spark/fine_ranking.extract.sql', import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  else assert.equal(text, readFileSync(file, 'utf8'), 'test/golden/spark/fine_ranking.extract.sql');
});

/** Ways in which a folder is no extract of this config, and what the command says. */
const wrong: readonly {
  readonly name: string;
  readonly change?: (folder: string) => void | Promise<void>;
  readonly args?: readonly string[];
  readonly says: RegExp;
}[] = [
  {
    name: 'it does not exist',
    change: (folder) => {
      rmSync(folder, { recursive: true });
    },
    says: /The extract is not complete: .*changed\.extract\/manifest is missing or empty/,
  },
  {
    name: 'its job was killed before the manifest',
    change: (folder) => {
      for (const file of readdirSync(join(folder, 'manifest')))
        if (file !== '_SUCCESS') writeFileSync(join(folder, 'manifest', file), '');
    },
    says: /The extract is not complete: .*manifest/,
  },
  {
    name: 'its manifest is being written',
    change: (folder) => {
      rmSync(join(folder, 'manifest', '_SUCCESS'));
    },
    says: /The extract is not complete: .*manifest/,
  },
  {
    name: 'its manifest is cut off',
    change: (folder) => {
      writeFileSync(join(folder, 'manifest', 'part-0.json'), '{"kind":"extract","na');
    },
    says: /This is not JSON/,
  },
  {
    name: 'its manifest is something else',
    change: (folder) => {
      writeFileSync(join(folder, 'manifest', 'part-0.json'), '[1]\n');
    },
    says: /not the manifest of an extract/,
  },
  {
    name: 'its manifest names a folder outside of it',
    change: (folder) => {
      writeFileSync(join(folder, 'manifest', 'part-1.json'), '{"kind":"dataset","name":"users","value":"../data"}');
    },
    says: /not the manifest of an extract/,
  },
  {
    name: 'it is of another version',
    change: (folder) => {
      const file = join(folder, 'manifest', 'part-0.json');
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace('"name":"version","value":"1"', '"name":"version","value":"2"'),
      );
    },
    says: /another version of RecSample/,
  },
  {
    name: 'a folder is missing',
    change: (folder) => {
      rmSync(join(folder, 'items'), { recursive: true });
    },
    says: /changed\.extract\/items/,
  },
  {
    name: 'a file is cut off',
    change: (folder) => {
      const file = join(folder, 'pools', 'part-0.parquet');
      writeFileSync(file, readFileSync(file).subarray(0, 1000));
    },
    says: /changed\.extract\/pools/,
  },
  {
    name: 'rows are missing',
    change: async (folder) => {
      await rewrite(join(folder, 'impressions', 'part-0.parquet'), 'SELECT * FROM rows LIMIT 5');
    },
    says: /The rows of the extract are not those that its job wrote/,
  },
  {
    name: 'a weight differs',
    change: async (folder) => {
      await rewrite(
        join(folder, 'pools', 'part-0.parquet'),
        'SELECT entry, value, item, CASE WHEN item = (SELECT max(item) FROM rows) THEN weight + 1 ELSE weight END AS weight FROM rows',
      );
    },
    says: /The rows of the extract are not those that its job wrote/,
  },
  { name: 'it is of the other split', args: ['--split', 'eval'], says: /These parts differ: split train → eval/ },
  { name: 'its draws have another seed', args: ['--seed', 'other'], says: /These parts differ: seed .* → other/ },
  { name: 'it lacks a user', args: ['--users', '1'], says: /does not have these users: 1[\s\S]*It has: \d/ },
];

async function rewrite(file: string, select: string): Promise<void> {
  await queryRows(
    `COPY (WITH rows AS MATERIALIZED (SELECT * FROM read_parquet('${file}')) ${select}) TO '${file}.new' (FORMAT parquet)`,
  );
  cpSync(`${file}.new`, file);
  rmSync(`${file}.new`);
}

for (const { name, change, args = [], says } of wrong)
  test(`preview refuses an extract: ${name}`, async () => {
    const whole = at('recall-train.extract');
    if (!existsSync(whole)) await write('recall', 'train', users);
    const folder = at('changed.extract');
    rmSync(folder, { recursive: true, force: true });
    cpSync(whole, folder, { recursive: true });
    await change?.(folder);
    const { code, err, out } = await run(
      directory,
      'preview',
      configOf('recall'),
      '--extract',
      'changed.extract',
      ...args,
    );
    assert.equal(code, 2, out);
    assert.match(err, says);
  });

test('preview refuses an extract of another stage or config, and names the parts that differ', async () => {
  const whole = at('recall-train.extract');
  if (!existsSync(whole)) await write('recall', 'train', users);
  const other = await run(directory, 'preview', configOf('coarse_ranking'), '--extract', whole);
  assert.match(other.err, /These parts differ: stage recall → coarse_ranking/);
  const text = readFileSync(at(configOf('recall')), 'utf8');
  mkdirSync(at('configs'), { recursive: true });
  writeFileSync(at('configs', 'changed.ratio.yaml'), text.replace(/exponent: 0\.75/, 'exponent: 0.5'));
  const changed = await run(directory, 'preview', 'configs/changed.ratio.yaml', '--extract', whole);
  assert.equal(changed.code, 2);
  assert.match(changed.err, /These parts differ: negatives\.popularity/);
});

test('another seed draws from the same extract if the extract has no draws', async () => {
  const stage = 'fine_ranking';
  const own = await usersOf(stage, 'train', 2);
  const folder = await write(stage, 'train', own);
  const args = ['preview', configOf(stage), '--seed', 'another', '--format', 'json'];
  const expected = await run(directory, ...args, '--users', own.join(','));
  const found = await run(directory, ...args, '--extract', folder);
  assert.equal(found.code, 0, found.err);
  assert.deepEqual(shownGroups(found.out), shownGroups(expected.out));
});

test('other shares draw from the same extract if the extract has no draws', async () => {
  const text = readFileSync(at(configOf('recall')), 'utf8');
  const newest = /, \{column: item_ctr, [^}]*\}/;
  assert.match(text, newest);
  const plain = text.replace(newest, '');
  const other = plain
    .replace('popularity: {share: 0.4', 'popularity: {share: 0.3')
    .replace('global_random: 0.2', 'global_random: 0.3');
  assert.notEqual(other, plain);
  writeFileSync(at('configs', 'plain.ratio.yaml'), plain);
  writeFileSync(at('configs', 'shares.ratio.yaml'), other);
  const folder = at('plain.extract');
  await extractOf(await openedStage(at('configs', 'plain.ratio.yaml'), 'recall'), users, folder);
  const args = ['preview', 'configs/shares.ratio.yaml', '--format', 'json'];
  const expected = await run(directory, ...args, '--users', users.join(','));
  const found = await run(directory, ...args, '--extract', folder);
  assert.equal(found.code, 0, found.err);
  assert.deepEqual(shownGroups(found.out), shownGroups(expected.out));
});

test('spark --extract needs --users, and is no estimate', async () => {
  const none = await run(directory, 'spark', configOf('recall'), '--extract');
  assert.equal(none.code, 2);
  assert.match(none.err, /--extract needs --users/);
  const estimate = await run(directory, 'spark', configOf('recall'), '--extract', '--users', '1', '--estimate');
  assert.match(estimate.err, /--estimate and --extract cannot be combined/);
});
