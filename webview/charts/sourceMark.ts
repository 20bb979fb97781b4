import { sourceMarks, type SourceMark } from './sourceMarks.ts';

const unknown: SourceMark = { family: 'other', path: 'M3 3h4v4h-4z', hollow: false };

export function sourceMark(source: string): SourceMark {
  return sourceMarks.get(source) ?? unknown;
}
