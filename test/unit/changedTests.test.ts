import assert from 'node:assert/strict';
import { test } from 'node:test';

const { testsThatBreak } = (await import(new URL('../../scripts/changedTests.mjs', import.meta.url).href)) as {
  readonly testsThatBreak: (changed: readonly string[], tests: readonly string[]) => Promise<readonly string[]>;
};

const audits = ['test/cli/audit.test.ts', 'test/engine/audit.test.ts', 'test/unit/auditMetrics.test.ts'];
const onSpark = ['test/spark/demo.test.ts', 'test/spark/session.test.ts'];
const inBrowser = ['test/webview/audit.test.ts', 'test/workbench/browser/generate.test.ts'];
const others = ['test/unit/glob.test.ts', 'test/sampling/promises.test.ts'];

const cases: readonly (readonly [changed: string, broken: readonly string[]])[] = [
  ['src/core/audit/metrics.ts', [...audits, ...onSpark, ...inBrowser]],
  ['webview/inspector/main.ts', inBrowser],
  // Spark's tests run the command line from its sources.
  ['src/cli/commands/inspect.ts', [...onSpark, audits[0] ?? '', inBrowser[1] ?? '']],
  ['test/spark/plans.py', ['test/spark/session.test.ts']],
  ['test/spark/requirements-4.3.txt', onSpark],
  // A helper reads it.
  ['media/schemas/lock.schema.json', [...onSpark, inBrowser[1] ?? '']],
  ['test/golden/cli/audit.zh-cn.txt', [audits[0] ?? '']],
  [
    'src/engine/sampling/draw/threads/drawWorker.ts',
    [...audits.slice(0, 2), ...onSpark, ...inBrowser.slice(1), others[1] ?? ''],
  ],
];

for (const [changed, broken] of cases)
  test(`a change of ${changed} runs the tests that it can break`, async () => {
    const found = await testsThatBreak([changed], [...audits, ...onSpark, ...inBrowser, ...others]);
    assert.deepEqual([...found].sort(), [...broken].sort());
  });
