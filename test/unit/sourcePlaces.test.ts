import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { buildSync } from 'esbuild';

const { runTestFiles } = (await import(new URL('../../scripts/testFiles.mjs', import.meta.url).href)) as {
  readonly runTestFiles: (
    files: readonly { readonly name: string; readonly bundle: string }[],
    options: { readonly env: NodeJS.ProcessEnv; readonly started: () => void },
  ) => Promise<{
    readonly output: string;
    readonly results: readonly { readonly counts: { readonly failed: number } }[];
  }>;
};

const source = `import test from 'node:test';

test('fails', () => {
  throw new Error('on purpose, no URL: file:///a%2Fb.mjs:1:1');
});

test('fails with paths, as in Playwright', () => {
  const error = new Error('on purpose');
  error.stack = error.stack.replaceAll('file:///', '/');
  throw error;
});
`;

test('a failure in a bundle names the file and the line of its source', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'recsample-places-'));
  try {
    const file = path.join(folder, 'fails.test.ts');
    writeFileSync(file, source);
    const bundle = path.join(folder, 'bundles', 'fails.test.mjs');
    buildSync({ entryPoints: [file], outfile: bundle, format: 'esm', sourcemap: 'linked', banner: { js: '//\n//' } });
    // `node --test` gives its files another reporter.
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined, RECSAMPLE_PROPERTY_SEED: '1' };
    const files = [{ name: 'fails.test.ts', bundle }];
    const { output, results } = await runTestFiles(files, { env, started: () => undefined });
    assert.deepEqual(
      results.map(({ counts }) => counts.failed),
      [2],
    );
    assert.match(output, /✖ fails {2}\(.*fails\.test\.ts\)/);
    for (const line of [4, 8]) assert.ok(output.includes(`${file}:${line}:`), output);
    assert.deepEqual(new Set(output.match(/\S*\.mjs:\d+:\d+/g)), new Set(['file:///a%2Fb.mjs:1:1']), output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
