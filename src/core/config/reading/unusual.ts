/**
 * Why the quick reader gives up: `part`, and the library reads this part of the document; `whole`, and it reads all of it (anchors, aliases,
 * tags, directives, several documents); `deep`, and nobody reads it.
 */
export type GiveUp = 'part' | 'whole' | 'deep';

/** Thrown where the quick reader gives up, and caught by the reader of the entry or of the document. */
export class Unusual extends Error {
  constructor(readonly how: GiveUp) {
    super(`unusual: ${how}`);
  }
}

// Thrown often and never shown, so made once: what an error costs is its stack.
export const part = new Unusual('part');
export const whole = new Unusual('whole');
export const deep = new Unusual('deep');
