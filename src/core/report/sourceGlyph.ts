import { sources } from '../sampling/sources.ts';

/** Signs of sources in a terminal, each a shape of its own: never colour alone. The batch of the trainer is no source of a mix. */
const glyphs: ReadonlyMap<string | null, string> = new Map([
  ...sources.map(({ name, glyph }) => [name, glyph] as const),
  ['in_batch', '✚'],
]);

/** One cell: a blank for an unknown source. */
export function sourceGlyph(source: string | null): string {
  return glyphs.get(source) ?? ' ';
}
