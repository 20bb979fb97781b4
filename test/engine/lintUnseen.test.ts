import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changed } from '../../src/core/policy/examples/example.ts';
import { render } from '../../src/core/message/message.ts';
import { lintOn, writeDemoBefore } from './lintDemo.ts';

writeDemoBefore();

test('data/unseen does not run where the file does not say which of two entries drew a row', async () => {
  const text = changed('recall', [
    '        exposed_unclicked: {share: 0.3, seen: viewed, mature_after: 30m}\n',
    '        exposed_unclicked: {share: 0.2, seen: viewed}\n        again: {source: exposed_unclicked, share: 0.1, mature_after: 1h}\n',
  ]);
  const { rules: statuses } = await lintOn(text);
  const found = statuses.find(({ rule }) => rule === 'data/unseen');
  assert.ok(found?.status === 'not-run', JSON.stringify(found));
  assert.ok(found.because);
  assert.match(render(found.because), /do not distinguish one entry from another/);
});
