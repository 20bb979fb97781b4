import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { VerticalScroll, rowHeight } from '../../../webview/grid/geometry.ts';
import { HorizontalScroll } from '../../../webview/grid/horizontalScroll.ts';
import { layOut, visibleLanes } from '../../../webview/grid/layout.ts';
import { gridAction } from '../../../webview/grid/keyboard.ts';
import { rectangle } from '../../../webview/grid/selection.ts';
import type { Column } from '../../../src/core/table/dataset.ts';

const body = 660;
function scrolled(rows: number): VerticalScroll {
  const vertical = new VerticalScroll();
  vertical.resize(rows, body);
  return vertical;
}

test('both ends of a scroll bar are the first and the last row, for any number of rows', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000_000_000 }), (rows) => {
      const vertical = scrolled(rows);
      vertical.scrolled(vertical.height);
      assert.equal(vertical.visible().end, rows);
      vertical.scrolled(0);
      assert.equal(vertical.visible().first, 0);
      assert.equal(vertical.top, 0);
    }),
  );
});

test('the active column stays visible if columns before it become wider, but not if the user scrolls', () => {
  const column: Column = { name: 'last', type: { kind: 'string' }, role: null, partition: false };
  const lane = (x: number) => ({ index: 3, column, pinned: false, x, width: 60 });
  const horizontal = new HorizontalScroll();
  horizontal.resize(360, 33, lane(300));
  horizontal.reveal(lane(300), 33);
  horizontal.resize(360, 33, lane(300));
  assert.equal(horizontal.left, 300);
  horizontal.resize(460, 33, lane(400));
  assert.equal(horizontal.left, 400);
  horizontal.left = 0;
  horizontal.resize(460, 33, lane(400));
  assert.equal(horizontal.left, 0);
  horizontal.resize(560, 33, lane(500));
  assert.equal(horizontal.left, 0);
});

test('every row can be revealed exactly', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 1_000_000_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (rows, share) => {
        const vertical = scrolled(rows);
        const row = Math.floor(share * (rows - 1));
        vertical.reveal(row);
        assert.ok(vertical.top <= row * rowHeight && (row + 1) * rowHeight <= vertical.top + body);
      },
    ),
  );
});

test('small movements of the scroll bar count one to one in a grid of twenty million rows', () => {
  const vertical = scrolled(20_000_000);
  vertical.moveTo(1_000_000 * rowHeight);
  const { top, scrollTop } = vertical;
  vertical.scrolled(scrollTop + 40);
  assert.equal(vertical.top, top + 40);
  vertical.scrolled(4_000_000);
  assert.ok(Math.abs(vertical.top / vertical.total - 0.5) < 0.001);
});

const columns = (count: number): Column[] =>
  Array.from({ length: count }, (_, k) => ({ name: `c${k}`, type: { kind: 'string' }, role: null, partition: false }));
const prefs = { hidden: ['c1'], pinned: ['c3'], widths: {} };

test('pinned columns come first, hidden ones nowhere', () => {
  const layout = layOut(columns(5), prefs, 60, () => 100);
  assert.deepEqual(
    layout.lanes.map((lane) => lane.column.name),
    ['c3', 'c0', 'c2', 'c4'],
  );
  assert.deepEqual([layout.pinnedCount, layout.pinnedWidth, layout.movingWidth], [1, 160, 300]);
});

test('columns of equal names are all shown, in place', () => {
  const twice = columns(3).map((column) => ({ ...column, name: 'same' }));
  assert.deepEqual(
    layOut(twice, { ...prefs, hidden: [], pinned: [] }, 60, () => 10).lanes.map((lane) => lane.index),
    [0, 1, 2],
  );
});

test('visible lanes are those that a scan of all would find', () => {
  const layout = layOut(columns(10_000), { ...prefs, pinned: ['c9'] }, 60, (index) => 40 + ((index * 37) % 200));
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: Math.floor(layout.movingWidth) - 1 }),
      fc.integer({ min: 1, max: 2000 }),
      (left, width) => {
        const expected = layout.lanes.flatMap((lane, position) =>
          lane.pinned || (lane.x + lane.width > left && lane.x < left + width) ? [position] : [],
        );
        assert.deepEqual(visibleLanes(layout, left, width), expected);
      },
    ),
    { numRuns: 30 },
  );
});

test('keys of the grid map to their documented actions', () => {
  const key = (name: string, modifiers: Partial<Record<'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey', boolean>> = {}) =>
    gridAction({ key: name, ctrlKey: false, shiftKey: false, altKey: false, metaKey: false, ...modifiers });
  assert.deepEqual(key('c', { ctrlKey: true }), { kind: 'copy', headers: 'usual' });
  assert.deepEqual(key('C', { ctrlKey: true, shiftKey: true }), { kind: 'copy', headers: false });
  assert.deepEqual(key('End', { ctrlKey: true }), { kind: 'edge', row: 'last', position: 'last', extend: false });
  assert.deepEqual(key('ArrowDown', { shiftKey: true }), { kind: 'move', rows: 1, positions: 0, extend: true });
  assert.deepEqual(
    [key('f'), key('s'), key('p'), key(' ')].map((action) => action?.kind),
    ['filterByValue', 'sort', 'pin', 'detail'],
  );
  assert.equal(key('f', { ctrlKey: true }), null);
  assert.equal(key('x'), null);
});

test('whole rows reach over all columns, whole columns over all rows', () => {
  const anchor = { row: 5, position: 2 };
  const active = { row: 3, position: 4 };
  assert.deepEqual(rectangle({ mode: 'cells', anchor, active }, 100, 10), { top: 3, bottom: 5, left: 2, right: 4 });
  assert.deepEqual(rectangle({ mode: 'rows', anchor, active }, 100, 10), { top: 3, bottom: 5, left: 0, right: 9 });
  assert.deepEqual(rectangle({ mode: 'columns', anchor, active }, 100, 10), { top: 0, bottom: 99, left: 2, right: 4 });
});
