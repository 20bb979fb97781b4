import { test } from 'node:test';
import { skip } from './bothEngines.ts';

/** What the tests of a part say about their worlds. */
interface Parts {
  /** Number of worlds of all parts. */
  readonly worlds: number;
  /** Most worlds of a part: it should take seconds. */
  readonly most: number;
  /** False if worlds are drawn without the reference; default: true. */
  readonly reference?: boolean;
}

/**
 * Tests of some worlds each, in order. @param title of the tests; `worlds 1 to 6 of 30` follows
 * @param tried tries the world with this number, from 0
 * @param totals checks what all worlds together had; runs only if all were tried
 */
export function testWorlds(
  title: string,
  { worlds, most, reference = true }: Parts,
  tried: (world: number) => Promise<void>,
  totals?: () => void,
): void {
  const options = { skip: reference && skip };
  let count = 0;
  for (let first = 0; first < worlds; first += most) {
    const end = Math.min(first + most, worlds);
    test(`${title}: worlds ${first + 1} to ${end} of ${worlds}`, options, async () => {
      for (let world = first; world < end; world++) {
        await tried(world);
        count++;
      }
    });
  }
  if (totals)
    test(`${title}: what the ${worlds} worlds have together`, options, (t) => {
      if (count === worlds) totals();
      else t.skip('not all worlds were tried');
    });
}
