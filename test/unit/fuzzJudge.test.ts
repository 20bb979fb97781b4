import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Outcome } from '../fuzz/case.ts';
import { judgeShipped } from '../fuzz/judge.ts';

const refused: Extract<Outcome, { kind: 'cli' }> = {
  kind: 'cli',
  code: 2,
  out: '',
  err: 'recsample: no\n',
  internal: [],
  outOfMemory: false,
};

describe('the shipped form and the source', () => {
  test('another exit code is a finding', () => {
    assert.equal(judgeShipped(refused, { code: 2, err: '' }), null);
    assert.match(judgeShipped(refused, { code: 0, err: '' }) ?? '', /0 as it ships, 2 from its source/);
  });

  test('what the source refuses for lack of memory may be accepted with the memory of a user, but may not fail', () => {
    const short = { ...refused, outOfMemory: true };
    assert.equal(judgeShipped(short, { code: 0, err: '' }), null);
    assert.match(judgeShipped(short, { code: 70, err: 'bug' }) ?? '', /70 as it ships/);
  });
});
