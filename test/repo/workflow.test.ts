import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { assertNone, read, trackedFiles } from './repository.ts';

interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}
interface Job {
  readonly permissions?: unknown;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
}

const workflows = trackedFiles()
  .filter((file) => file.startsWith('.github/workflows/'))
  .map((file) => ({ file, workflow: parse(read(file)) as Workflow }));

test('the hosted workflow runs what continuous integration runs here', () => {
  const steps = workflows.flatMap(({ workflow }) => Object.values(workflow.jobs).flatMap((job) => job.steps));
  assert.ok(steps.some(({ run }) => run === 'bash .ci/run'));
});

test('workflows pin their actions to commits, may only read, and end in time', () => {
  for (const { file, workflow } of workflows) {
    assert.deepEqual(workflow.permissions, { contents: 'read' }, file);
    for (const job of Object.values(workflow.jobs)) {
      assert.equal(job.permissions, undefined, file);
      assert.ok((job['timeout-minutes'] ?? Infinity) <= 60, file);
      assertNone(
        job.steps.flatMap(({ uses }) =>
          uses === undefined || /@[0-9a-f]{40}$/.test(uses) ? [] : [`${file}: ${uses}`],
        ),
        'not pinned',
      );
    }
  }
});
