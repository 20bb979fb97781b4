import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Turning, type Turn } from '../../webview/preview/turning.ts';
import type { Knob } from '../../src/protocol/preview.ts';

const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
function knobOf(id: string, kind: Knob['kind'], value: number, max = 1): Knob {
  return {
    id,
    kind,
    entry: id,
    source: null,
    family: null,
    value,
    min: 0,
    max,
    step: kind === 'count' ? 1 : 0.01,
    range,
  };
}
const knobs = [
  knobOf('a', 'share', 0.3),
  knobOf('b', 'share', 0.4),
  knobOf('c', 'share', 0.2),
  knobOf('d', 'share', 0.1),
  knobOf('n', 'count', 10, 20),
];
const [a, b] = knobs as [Knob, Knob];

/** Moves along a path in one gesture, and returns what is shown and what was written. */
async function moved(
  path: readonly { readonly value: number; readonly alone: boolean }[],
  knob = a,
): Promise<{ readonly shown: number[]; readonly turns: Turn[]; readonly steps: number }> {
  const turns: Turn[] = [];
  const turning = new Turning(
    (turn) => {
      turns.push(turn);
      return Promise.resolve(true);
    },
    () => assert.fail('lost'),
  );
  turning.adopt(knobs, true);
  for (const { value, alone } of path) turning.turn(knob, value, alone);
  turning.settle();
  await turning.written();
  return { shown: knobs.map((each) => turning.at(each)), turns, steps: turning.steps };
}

test('where a gesture ends decides what it leaves, not what it passed on the way', async () => {
  const place = fc.record({ value: fc.integer({ min: 0, max: 100 }).map((n) => n / 100), alone: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(place, { maxLength: 12 }), place, async (path, end) => {
      const [direct, detour] = [await moved([end]), await moved([...path, end])];
      assert.deepEqual(detour.shown, direct.shown);
      const last = (turns: readonly Turn[]): Record<string, number> =>
        Object.fromEntries((turns.at(-1)?.values ?? []).map(({ id, value }) => [id, value]));
      // Other values that the detour changed are restored.
      assert.deepEqual(
        { a: 0.3, b: 0.4, c: 0.2, d: 0.1, ...last(detour.turns) },
        { a: 0.3, b: 0.4, c: 0.2, d: 0.1, ...last(direct.turns) },
      );
    }),
  );
});

test('a gesture is one step; one that ends where it began is none', async () => {
  assert.equal(
    (
      await moved([
        { value: 0.5, alone: false },
        { value: 0.6, alone: false },
      ])
    ).steps,
    1,
  );
  const back = await moved([
    { value: 0.5, alone: false },
    { value: 0.3, alone: false },
  ]);
  assert.deepEqual([back.steps, back.shown], [0, [0.3, 0.4, 0.2, 0.1, 10]]);
});

test('the ends of a slider stay while it is moved, though the text allows more', () => {
  const turning = new Turning(
    () => new Promise(() => undefined),
    () => undefined,
  );
  turning.adopt(knobs, true);
  turning.turn(knobs[4] ?? a, 20, true);
  const grown = knobOf('n', 'count', 20, 100);
  turning.adopt([...knobs.slice(0, 4), grown], true);
  assert.equal(turning.ends(grown).max, 20);
});

test('a text that somebody else changed ends the gesture', async () => {
  const turning = new Turning(
    () => Promise.resolve(true),
    () => undefined,
  );
  turning.adopt(knobs, true);
  turning.turn(a, 0.5, true);
  await turning.written();
  turning.adopt([{ ...a, value: 0.5 }, ...knobs.slice(1)], true);
  assert.equal(turning.at({ ...a, value: 0.5 }), 0.5);
  turning.adopt([{ ...a, value: 0.9 }, { ...b, value: 0.05 }, ...knobs.slice(2)], true);
  assert.deepEqual([turning.at({ ...a, value: 0.9 }), turning.at({ ...b, value: 0.05 })], [0.9, 0.05]);
});
