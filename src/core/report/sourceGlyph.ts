import { sources } from '../source/sources.ts';

/** Glyphs of sources in a terminal. Each has its own shape, so that colour is not the only difference. */
const glyphs: ReadonlyMap<string | null, string> = new Map([
  ...sources.map(({ name, glyph }) => [name, glyph] as const),
  // Not a source of a mix: the trainer draws from its batch.
  ['in_batch', '✚'],
]);

/** One cell: a blank for an unknown source. */
export function sourceGlyph(source: string | null): string {
  return glyphs.get(source) ?? ' ';
}
