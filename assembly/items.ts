// Looks up items: their class, their weight, their eligible states, and whether a group already has them.
import { classOfItem, poolOfItem, positiveOffsets, positives, weights, wide } from './poolDrawBatch';

/** Golden ratio, as in `itemSet.ts`. */
const GOLDEN: u32 = 0x9e3779b1;

/** Class of an item; 0 if the pool does not contain it. Items of a class have equal weights. */
export function classOf(item: u32): u32 {
  if (classOfItem === 0) return 1;
  return wide ? load<u32>(classOfItem + ((<usize>item) << 2)) : <u32>load<u16>(classOfItem + ((<usize>item) << 1));
}

export function weightOf(item: u32): f64 {
  return load<f64>(weights + ((<usize>classOf(item)) << 3));
}

/** Weight of an item in a pool; 0 if the pool does not contain it. */
export function weightIn(item: u32, pool: u32): f64 {
  return poolOfItem !== 0 && load<u32>(poolOfItem + ((<usize>item) << 2)) !== pool ? 0 : weightOf(item);
}

/**
 * True if an item is eligible in a state. `place`: address of two u32, the first eligible state and the first after it.
 */
export function isAlive(place: usize, state: u32): bool {
  return load<u32>(place) <= state && state < load<u32>(place, 4);
}

/**
 * The slot that has an item with one of the two stamps. If there is no such slot: the free slot for the item, which has
 * neither stamp.
 */
export function slotOf(item: u32, set: usize, shift: u32, mask: u32, ofUser: u32, ofGroup: u32): usize {
  let slot = set + (((item * GOLDEN) >> shift) << 3);
  for (
    let stampAt = load<u32>(slot);
    (stampAt === ofUser || stampAt === ofGroup) && load<u32>(slot, 4) !== item;
    stampAt = load<u32>(slot)
  )
    slot = set + ((slot + 8 - set) & mask);
  return slot;
}

export function isPositive(group: u32, item: u32): bool {
  const to = load<u32>(positiveOffsets + ((<usize>group) << 2) + 4);
  for (let k = load<u32>(positiveOffsets + ((<usize>group) << 2)); k < to; k++)
    if (load<u32>(positives + ((<usize>k) << 2)) === item) return true;
  return false;
}
