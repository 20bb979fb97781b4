import assert from 'node:assert/strict';
import { test } from 'node:test';

const { breakingTests } = (await import(new URL('../../scripts/changedTests.mjs', import.meta.url).href)) as {
  readonly breakingTests: (tests: readonly string[]) => Promise<(changed: readonly string[]) => readonly string[]>;
};

const command = 'test/cli/audit.test.ts';
const engine = 'test/engine/audit.test.ts';
const unit = 'test/unit/auditMetrics.test.ts';
const spark = 'test/spark/demo.test.ts';
const session = 'test/spark/session.test.ts';
const webview = 'test/webview/inspector.test.ts';
const window = 'test/workbench/browser/preview.test.ts';
const other = 'test/unit/glob.test.ts';

/** A changed file, tests that it can break, and tests that it cannot break. */
const cases: readonly (readonly [changed: string, broken: readonly string[], others: readonly string[]])[] = [
  ['src/core/audit/metrics.ts', [command, engine, unit, spark, session, window], [other]],
  ['webview/inspector/main.ts', [webview, window], [command, engine, unit, spark, other]],
  // Spark's tests run the command line from its sources.
  ['src/cli/commands/inspect.ts', [command, spark, session, window], [engine, unit, webview, other]],
  ['test/spark/plans.py', [session], [command, engine, unit, webview, window, other]],
  ['test/spark/requirements-4.3.txt', [spark, session], [command, engine, unit, webview, window, other]],
  // Helpers read these.
  ['media/schemas/lock.schema.json', [spark, session, window], [unit, webview, other]],
  ['test/golden/cli/audit.zh-cn.txt', [command], [engine, unit, spark, webview, window, other]],
  ['scripts/process.mjs', [command, engine, unit, spark, session, webview, window, other], []],
];

test('a change runs the tests that it can break, and few others', async () => {
  const breakingOf = await breakingTests([command, engine, unit, spark, session, webview, window, other]);
  for (const [changed, broken, others] of cases) {
    const found = breakingOf([changed]);
    assert.deepEqual(
      broken.filter((file) => !found.includes(file)),
      [],
      `a change of ${changed} breaks them`,
    );
    assert.deepEqual(
      others.filter((file) => found.includes(file)),
      [],
      `a change of ${changed} does not break them`,
    );
  }
});
