import { bombs } from './bombs.ts';
import { letterCase } from './letterCase.ts';
import { sparkNames } from './sparkNames.ts';
import { texts } from './texts.ts';
import { times } from './times.ts';

/** Sound files with hostile names, values and counts, and what must be read from them. */
export const hostileFileTargets = [times, texts, letterCase, sparkNames, bombs];
