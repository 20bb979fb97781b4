import assert from 'node:assert/strict';
import { test } from 'node:test';
import { budget } from './budget.ts';
import { read, trackedFiles } from './repository.ts';

/** Lines are counted in hundreds, so that a small change needs no new figure. */
const step = 100;

test('each layer has the lines that test/repo/budget.json allows, in hundreds', () => {
  const lines = new Map(Object.keys(budget.lines).map((layer) => [layer, 0]));
  for (const file of trackedFiles()) {
    const layer = [...lines.keys()].find((name) => file.startsWith(`${name}/`));
    if (layer !== undefined && /\.(?:ts|mjs|py)$/.test(file))
      lines.set(layer, (lines.get(layer) ?? 0) + read(file).replace(/\n$/, '').split('\n').length);
  }
  assert.deepEqual(
    Object.fromEntries([...lines].map(([layer, count]) => [layer, Math.ceil(count / step) * step])),
    budget.lines,
    'lower the figure if lines went; raise it only for a feature, and say in the commit which one',
  );
});
