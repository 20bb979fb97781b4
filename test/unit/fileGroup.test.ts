import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly { readonly name: string; readonly reason: string }[];
}
interface Ended {
  readonly results: readonly { readonly name: string; readonly counts: Counts }[];
  readonly problems: readonly { readonly name: string; readonly reason: string }[];
  readonly output: string;
}
interface Bundle {
  readonly name: string;
  readonly bundle: string;
}

const scripts = (file: string): string => new URL(`../../scripts/${file}`, import.meta.url).href;
const { runTestFiles } = (await import(scripts('testFiles.mjs'))) as {
  readonly runTestFiles: (
    files: readonly Bundle[],
    options: { readonly env: NodeJS.ProcessEnv; readonly started: () => void },
  ) => Promise<Ended>;
};
const { groupsOf } = (await import(scripts('groupTests.mjs'))) as {
  readonly groupsOf: (names: readonly string[]) => readonly (readonly string[])[];
};

const folder = mkdtempSync(path.join(tmpdir(), 'recsample-group-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs files of these texts in one process. Their names: `a.test.ts`, `b.test.ts` and so on. */
async function ran(...texts: readonly string[]): Promise<Ended> {
  const files = texts.map((text, k) => {
    const name = `${'abcdef'.charAt(k)}.test.ts`;
    const bundle = path.join(mkdtempSync(path.join(folder, 'run-')), `${name}.mjs`);
    writeFileSync(bundle, `import { test, before, after, beforeEach, describe } from 'node:test';\n${text}`);
    return { name, bundle };
  });
  // `node --test` gives its files another reporter.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined, RECSAMPLE_PROPERTY_SEED: '1' };
  return await runTestFiles(files, { env, started: () => undefined });
}

const counted = ({ results }: Ended): Record<string, string> =>
  Object.fromEntries(
    results.map(({ name, counts: { passed, failed, skipped } }) => [name, `${passed} ${failed} ${skipped}`]),
  );
const pass = "test('passes', () => {});";

describe('files of tests in one process', { concurrency: true }, () => {
  test('are counted and named apart, and hooks are those of their file', async () => {
    const ended = await ran(
      `globalThis.seen = []; const { seen } = globalThis;
       before(() => seen.push('before')); beforeEach(() => seen.push('each')); after(() => { delete globalThis.seen; });
       test('sees its hooks', () => { if (seen.join() !== 'before,each') throw new Error(seen.join()); });
       test('is skipped', { skip: 'no tool' }, () => {});`,
      `await new Promise((resolve) => setTimeout(resolve));
       test('is after the hooks of the file before', () => { if ('seen' in globalThis) throw new Error('not ended'); });
       test('fails', () => { throw new Error('on purpose'); });`,
      pass,
    );
    assert.deepEqual(
      counted(ended),
      { 'a.test.ts': '1 0 1', 'b.test.ts': '1 1 0', 'c.test.ts': '1 0 0' },
      ended.output,
    );
    assert.deepEqual(ended.results[1]?.counts.failures, [{ name: 'fails', reason: 'on purpose' }]);
    assert.deepEqual(ended.problems, []);
    assert.match(ended.output, /✖ fails/);
  });

  test('that end their process are named, and so are those that did not run', async () => {
    const ended = await ran(pass, `${pass} test('ends', () => process.exit(0));`, pass, pass);
    assert.deepEqual(counted(ended), { 'a.test.ts': '1 0 0' });
    assert.deepEqual(ended.problems, [
      { name: 'b.test.ts', reason: 'the tests ended early with 0' },
      { name: 'c.test.ts', reason: 'did not run, because b.test.ts ended early' },
      { name: 'd.test.ts', reason: 'did not run, because b.test.ts ended early' },
    ]);
  });

  test('whose loading never ends are named', async () => {
    const hung = await ran(pass, `${pass} await new Promise(() => {});`, pass);
    assert.deepEqual(
      [hung.results.map(({ name }) => name), hung.results[1]?.counts.failures.at(-1)?.name],
      [['a.test.ts', 'b.test.ts'], 'b.test.ts'],
      hung.output,
    );
    assert.deepEqual(
      hung.problems.map(({ name }) => name),
      ['c.test.ts'],
    );
  });

  test('whose tests start after the end of the file fail', async () => {
    const ended = await ran(
      `import { AsyncResource } from 'node:async_hooks';
       ${pass} process.once('late', AsyncResource.bind(() => void test('stray', () => {})));`,
      `test('emits', () => { process.emit('late'); });`,
    );
    assert.deepEqual(counted(ended), { 'a.test.ts': '1 0 0', 'b.test.ts': '1 0 0' }, ended.output);
    assert.deepEqual(
      ended.problems,
      [{ name: 'a.test.ts, b.test.ts', reason: 'tests started after the end of their file: stray' }],
      ended.output,
    );
  });

  test('that are alone may have a suite with a name like that of a file', async () => {
    const ended = await ran(`describe('b.test.ts', () => { ${pass} }); ${pass}`);
    assert.deepEqual(counted(ended), { 'a.test.ts': '2 0 0' }, ended.output);
  });

  test('that never end, cannot be loaded or whose hooks fail are named', async () => {
    const hung = await ran(pass, "test('hangs', () => new Promise(() => {}));", pass);
    assert.equal(counted(hung)['a.test.ts'], '1 0 0');
    assert.deepEqual(
      hung.results[1]?.counts.failures.map(({ name }) => name),
      ['hangs', 'b.test.ts'],
      hung.output,
    );
    assert.deepEqual(
      hung.problems.map(({ name }) => name),
      ['c.test.ts'],
    );
    const ended = await ran(
      "throw new Error('not loaded');",
      `${pass} after(() => { throw new Error('not removed'); });`,
      pass,
    );
    assert.deepEqual(
      ended.results.map(({ counts }) => counts.failures.map(({ reason }) => reason)),
      [['not loaded'], ['not removed'], []],
      ended.output,
    );
    assert.equal(counted(ended)['c.test.ts'], '1 0 0');
  });

  test('fail if something of them is left to the next file', async () => {
    const ended = await ran(
      `process.env.LEFT = '1'; ${pass}`,
      `process.chdir('..'); ${pass}`,
      `globalThis.left = 1; Date = class extends Date {}; ${pass}`,
      pass,
    );
    const reasons = ended.results.map(({ counts }) => counts.failures.map(({ reason }) => reason.split('.')[0]));
    assert.deepEqual(
      reasons,
      [
        ['This file changes variables of its process'],
        ['This file changes the folder of its process'],
        ['This file changes globals'],
        [],
      ],
      ended.output,
    );
    const late = await ran(
      `${pass} after(() => void setTimeout(() => { throw new Error('too late'); }, 50));`,
      `test('waits', () => new Promise((resolve) => setTimeout(resolve, 100)));`,
    );
    assert.deepEqual(
      late.problems,
      [{ name: 'a.test.ts, b.test.ts', reason: 'ended with 1, although no test failed' }],
      late.output,
    );
    assert.match(late.output, /too late/);
  });
});

test('files that take long, and those in a browser, have a process of their own', () => {
  const small = Array.from({ length: 17 }, (_, k) => `test/unit/small${k}.test.ts`);
  const apart = ['test/engine/lint.test.ts', 'test/webview/small.test.ts'];
  const groups = groupsOf([...apart, ...small]);
  assert.deepEqual(groups.flat().sort(), [...apart, ...small].sort());
  for (const file of apart) assert.ok(groups.some((group) => group.length === 1 && group[0] === file));
  assert.deepEqual(
    groups.map(({ length }) => length),
    [1, 1, 6, 6, 5],
  );
});
