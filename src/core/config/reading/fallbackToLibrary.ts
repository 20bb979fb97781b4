/**
 * Why `BlockReader` gives up. `part`: the library reads this part of the document. `whole`: the library reads all of it
 * (anchors, aliases, tags, directives, several documents). `deep`: the part is nested too deep and is not read.
 */
export type GiveUp = 'part' | 'whole' | 'deep';

/** Thrown when `BlockReader` or `FlowReader` gives up. The reader of the entry or of the document catches it. */
export class FallbackToLibrary extends Error {
  constructor(readonly how: GiveUp) {
    super(`unusual: ${how}`);
  }
}

// Thrown often and never shown, so created once: the stack trace is the cost of an error.
export const part = new FallbackToLibrary('part');
export const whole = new FallbackToLibrary('whole');
export const deep = new FallbackToLibrary('deep');
