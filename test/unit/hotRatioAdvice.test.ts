import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { changed } from '../../src/core/policy/examples/example.ts';
import { heads } from '../../src/core/policy/rules/data/hotRatio.ts';
import { lintCase } from './lintCase.ts';

/** What data/hot-ratio advises if the head has most of the positives. */
function advice(text: string): string | undefined {
  const { findings } = lintCase({ text, answers: heads(1400, 900) }, { rule: 'data/hot-ratio' });
  const found = findings.find(({ rule }) => rule === 'data/hot-ratio');
  assert.ok(found);
  return found.details.map((detail) => render(detail)).find((detail) => detail.includes('downsample_hot'));
}

test('the advice of data/hot-ratio fits the config', () => {
  assert.match(advice(changed('recall')) ?? '', /^Lower the threshold of downsample_hot/);
  const without = changed('recall', ['      downsample_hot: {threshold: 1.0e-3}\n', '']);
  assert.match(advice(without) ?? '', /^Add downsample_hot/);
});
