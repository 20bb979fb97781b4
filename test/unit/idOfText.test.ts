import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FailureError } from '../../src/core/message/failure.ts';
import { render } from '../../src/core/message/message.ts';
import { COMPARED, idOfText } from '../../src/core/sampling/idOfText.ts';

const big = '9223372036854775807';

test('an equal id is before a title, and a title is compared in any case', () => {
  const found = [
    { id: '7', title: null },
    { id: big, title: '7' },
    { id: '8', title: ' Old House ' },
    { id: '9', title: '' },
  ];
  assert.equal(idOfText('7', found, 'items'), '7');
  assert.equal(idOfText('7', found.slice(1), 'items'), big);
  assert.equal(idOfText('old house', found, 'items'), '8');
  assert.equal(idOfText('10', found, 'users'), '10');
  // An item without a title is not found by an empty text.
  assert.equal(idOfText('', found, 'items'), '');
});

test('a part of a title names its only item; the title itself is before titles that contain it', () => {
  const found = [
    { id: '8', title: 'Old House by the river' },
    { id: '9', title: 'House' },
    { id: '10', title: 'Boat' },
  ];
  assert.equal(idOfText('the RIVER', found, 'items'), '8');
  assert.equal(idOfText('house', found, 'items'), '9');
  assert.throws(
    () => idOfText('o', found.slice(1), 'items'),
    (error) =>
      error instanceof FailureError &&
      render(error.failure.message) === '2 items have o in their title' &&
      error.failure.advice !== undefined &&
      render(error.failure.advice) === 'Enter more of it, or one of the ids: 9 (House), 10 (Boat)',
  );
});

test('a title that several have is refused with some of their ids', () => {
  const failure = (count: number, what: 'items' | 'users'): string => {
    const found = Array.from({ length: count }, (_, k) => ({ id: `i${k}`, title: 'Twin' }));
    try {
      idOfText('twin', found, what);
    } catch (error) {
      if (error instanceof FailureError)
        return [error.failure.message, error.failure.advice].map((one) => (one ? render(one) : '')).join('. ');
    }
    return assert.fail('no failure');
  };
  assert.equal(failure(2, 'users'), '2 users have the name twin. Enter one of their ids: i0, i1');
  // The search ends at so many.
  assert.equal(
    failure(COMPARED, 'items'),
    '1000+ items have the title twin. Enter one of their ids: i0, i1, i2, i3, i4',
  );
});
