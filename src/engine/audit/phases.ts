import type { Phase } from './phase.ts';
import { duplicatesPhase } from './phases/duplicates.ts';
import { mixPhase } from './phases/mix.ts';
import { rowsPhase } from './phases/rows.ts';

/** Every phase, in the order in which they run: what the user needs first comes first. Each has its own file. */
export const phases: readonly Phase[] = [rowsPhase, mixPhase, duplicatesPhase];
