import { ownValue } from '../ownValue.ts';

/** Glyphs of sources in a terminal, those of the editor as far as fonts of terminals have them. A shape a source: never colour alone. */
const glyphs: Readonly<Record<string, string>> = {
  exposed_unclicked: '■',
  exposed_random: '□',
  popularity: '▟',
  global_random: '●',
  same_attribute: '○',
  in_batch: '✚',
  hard_rank: '◆',
  hard_score: '◇',
  ranked_unexposed: '▼',
  coarse_filtered: '▽',
  rejected: '✕',
};

/** One cell; a blank for a source that is not known. */
export function sourceGlyph(source: string | null): string {
  return (source === null ? undefined : ownValue(glyphs, source)) ?? ' ';
}
