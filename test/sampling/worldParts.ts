import { test } from 'node:test';
import { skip } from './bothEngines.ts';

/** How random worlds are divided into tests. */
interface Parts {
  /** Number of worlds of all parts. */
  readonly worlds: number;
  /** Most worlds of a part: it should take seconds. */
  readonly most: number;
  /** False if worlds are drawn without the reference; default: true. */
  readonly usesReference?: boolean;
}

/**
 * The worlds among numbered candidates that are not null. A part of the tests finds the same worlds alone as after the
 * parts before it.
 * @returns gives the world with a number, from 0
 */
export function chosenWorlds<T>(candidate: (k: number) => T | null): (number: number) => T {
  const chosen: T[] = [];
  let tried = 0;
  return (number) => {
    for (;;) {
      const world = chosen[number];
      if (world !== undefined) return world;
      const next = candidate(tried++);
      if (next !== null) chosen.push(next);
    }
  };
}

/**
 * Tests of some worlds each, in order.
 * @param title of the tests; `worlds 1 to 6 of 30` follows
 * @param tryWorld tries the world with this number, from 0
 * @param checkTotals checks what all worlds together had; runs only if all were tried
 */
export function testWorlds(
  title: string,
  { worlds, most, usesReference = true }: Parts,
  tryWorld: (world: number) => Promise<void>,
  checkTotals?: () => void,
): void {
  const options = { skip: usesReference && skip };
  let count = 0;
  for (let first = 0; first < worlds; first += most) {
    const end = Math.min(first + most, worlds);
    test(`${title}: worlds ${first + 1} to ${end} of ${worlds}`, options, async () => {
      for (let world = first; world < end; world++) {
        await tryWorld(world);
        count++;
      }
    });
  }
  if (checkTotals)
    test(`${title}: what the ${worlds} worlds have together`, options, (t) => {
      if (count === worlds) checkTotals();
      else t.skip('not all worlds were tried');
    });
}
