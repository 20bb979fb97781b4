/** A place in a text: 0-based line and character, in UTF-16 units, as the Language Server Protocol counts. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** From `start` up to, not including, `end`. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** The same as two offsets in UTF-16 units from the beginning of the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
