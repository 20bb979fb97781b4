import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hoverAt } from '../../src/core/config/assist/hover.ts';
import { readConfig } from '../../src/core/config/read.ts';
import { render } from '../../src/core/message/message.ts';
import { examples } from '../../src/core/policy/examples/example.ts';

const training = '{loss: sampled_softmax, logq: shares, in_batch: {batch_size: 1024, weight: 0.3}}';

/** The amount that the hover of `in_batch` shows. */
function amountOf(other: string): string | null {
  const text = examples.recall.replace(training, other);
  const { document, config } = readConfig(text, { language: 'yaml' });
  const part = hoverAt(document, text.indexOf('in_batch'), config)?.parts.find(({ kind }) => kind === 'amount');
  return part && 'message' in part ? render(part.message) : null;
}

describe('the hover of in_batch shows its part of the loss', () => {
  for (const [name, written, expected] of [
    ['its weight', training, '30.0 % of the loss at equal scores'],
    [
      'without a weight, its part of the candidates',
      '{loss: sampled_softmax, logq: shares, in_batch: {batch_size: 1024}}',
      'about 99.0 % of the loss at equal scores',
    ],
    [
      'a weight without shares has no effect',
      '{loss: sampled_softmax, logq: false, in_batch: {batch_size: 1024, weight: 0.3}}',
      'about 99.0 % of the loss at equal scores',
    ],
    ['nothing with corpus', '{loss: sampled_softmax, logq: corpus, in_batch: {batch_size: 1024}}', null],
    ['nothing without a softmax', '{loss: pairwise, in_batch: {batch_size: 1024}}', null],
  ] as const)
    test(name, () => assert.equal(amountOf(written), expected));
});
