/** A position in a text: 0-based line and character, in UTF-16 units as in the Language Server Protocol. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** From `start` to `end`; `end` is excluded. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A range as two offsets in UTF-16 units from the start of the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
