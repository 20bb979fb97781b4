import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Arena } from '../../src/engine/draw/wasm/arena.ts';

test('a memory grows seldom, because each time all modules that use it are updated', () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const grow = memory.grow.bind(memory);
  let grown = 0;
  memory.grow = (pages) => {
    grown++;
    return grow(pages);
  };
  const arena = new Arena(memory);
  const places = Array.from({ length: 2000 }, (_, k) => arena.keep(Uint32Array.of(k, ...new Uint32Array(8191))));
  assert.deepEqual(
    places.filter((place, k) => arena.uint32(place, 1)[0] !== k),
    [],
  );
  assert.ok(grown < 25, `grown ${grown} times`);
});

test('a memory near its limit grows by what is missing, and by no more', () => {
  const limits = { initial: 1, maximum: 10 };
  const memory = new WebAssembly.Memory(limits);
  const arena = new Arena(memory, 10);
  for (let k = 0; k < 9; k++) arena.take(65536);
  assert.equal(memory.buffer.byteLength, 10 * 65536);
  assert.throws(() => arena.take(65536), RangeError);
});
