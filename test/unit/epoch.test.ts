import assert from 'node:assert/strict';
import { test } from 'node:test';
import { epochText, isEpochColumn } from '../../src/core/table/epoch.ts';

test('integers since 1970 have their exact date, in seconds, milliseconds and microseconds', () => {
  assert.equal(epochText('1780000000'), '2026-05-28 20:26:40Z');
  assert.equal(epochText('1780000000123'), '2026-05-28 20:26:40.123Z');
  // More digits than a double holds.
  assert.equal(epochText('99999999999999999'), '5138-11-16 09:46:39.999999Z');
  assert.equal(epochText('-1780000000001'), '1913-08-06 03:33:19.999Z');
  for (const hardly of ['', '7', '20260528', '1780000000123456789', '1780000000.5', 'x'])
    assert.equal(epochText(hardly), null);
});

test('a column of integers with the role of a time has dates; others do not', () => {
  const type = { kind: 'integer', bits: 64, signed: true } as const;
  const role = (name: 'time' | 'user') => ({ role: name, set: false, reason: { text: 'x' } });
  assert.equal(isEpochColumn({ type, role: role('time') }), true);
  assert.equal(isEpochColumn({ type, role: role('user') }), false);
  assert.equal(isEpochColumn({ type, role: null }), false);
  assert.equal(isEpochColumn({ type: { kind: 'string' }, role: role('time') }), false);
});
