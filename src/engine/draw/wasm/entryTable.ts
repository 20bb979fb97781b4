import type { UserBlock } from '../../../core/sampling/world/world.ts';
import { valueAt } from '../../../core/valueAt.ts';
import type { Arena } from './arena.ts';
import type { EntryDraws } from './entryDraws.ts';

/** Writes the table of the entries of a mix for a block, see `assembly/mix.ts`, at an address. */
export function writeEntryTable(arena: Arena, place: number, draws: readonly EntryDraws[], block: UserBlock): void {
  for (const [e, { exports, hasPools }] of draws.entries()) {
    const set = valueAt(block.excludedOf, e);
    arena
      .uint32(place + e * exports.ENTRY_BYTES.value, FIELDS)
      .set([
        exports.filledOf.value,
        exports.acceptableOf.value,
        exports.totalOf.value,
        exports.rowItem.value,
        exports.rowLogQ.value,
        exports.classOfItem.value,
        exports.wide.value,
        exports.weights.value,
        exports.poolOfItem.value,
        hasPools ? exports.poolOfGroup.value : 0,
        exports.lives.value,
        exports.states.value,
        set < 0 ? 0 : exports.excludedOffsets.value,
        set < 0 ? 0 : exports.excluded.value,
        set,
      ]);
  }
}

const FIELDS = 15;
