import type { Dice } from './dice.ts';
import { hostileNumbers, hostileTexts } from './hostile.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const garbage: readonly Json[] = [null, true, -1, 0.5, 'toString', [], {}, [[]], { length: 1e9 }];

/**
 * Changes one place of a value. `kept`: types stay unchanged, so that the receiver's own checks are tested, not the
 * compiler's.
 * @param fixed keys whose values never change
 */
export function mutateValue(dice: Dice, value: unknown, kept: boolean, fixed: readonly string[] = []): unknown {
  return changed(dice, value as Json, kept, fixed);
}

function changed(dice: Dice, value: Json, kept: boolean, fixed: readonly string[]): Json {
  const inner = typeof value === 'object' && value !== null && dice.chance(0.85);
  if (Array.isArray(value)) {
    const list = value as readonly Json[];
    if (inner && list.length > 0)
      return list.with(dice.below(list.length), changed(dice, dice.pick(list), kept, fixed));
    const [first] = list;
    if (first === undefined) return kept ? list : dice.pick(garbage);
    return dice.pick([[], [...list, ...list], list.slice(1), Array.from({ length: 300 }, () => first)]);
  }
  if (typeof value === 'object' && value !== null) {
    const record = value as Readonly<Record<string, Json>>;
    const keys = Object.keys(record).filter((key) => !fixed.includes(key));
    if (keys.length > 0 && (inner || kept)) {
      const key = dice.pick(keys);
      return { ...record, [key]: changed(dice, record[key] ?? null, kept, fixed) };
    }
    return kept ? record : dice.pick([{}, { ...record, ['__proto__x']: 1 }, ...garbage]);
  }
  if (!kept && dice.chance(0.5)) return dice.pick(garbage);
  if (typeof value === 'string') return dice.pick(hostileTexts);
  if (typeof value === 'number') return dice.pick(hostileNumbers);
  if (typeof value === 'boolean') return !value;
  return kept ? null : dice.pick(garbage);
}
