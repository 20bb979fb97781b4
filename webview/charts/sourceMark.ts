import { sourceMarks, type SourceMark } from './sourceMarks.ts';

const unknown: SourceMark = { family: 'other', path: 'M3 3h4v4h-4z', hollow: false };

export function sourceMark(source: string): SourceMark {
  return sourceMarks.get(source) ?? unknown;
}

/**
 * The classes of an area of a source: the hue of its family, outlined if its sign is hollow. So the two sources of a
 * family differ without their colour.
 */
export function sourceInk(source: string): string {
  const { family, hollow } = sourceMark(source);
  return hollow ? `fill-${family} outlined` : `fill-${family}`;
}
