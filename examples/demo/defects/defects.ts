import type { Defect } from './defect.ts';
import { otherDefects } from './otherDefects.ts';
import { rowDefects } from './rowDefects.ts';
import { sequenceDefects } from './sequenceDefects.ts';

/** Each fault that the audit finds, as far as one can plant it. */
export const defects: readonly Defect[] = [...rowDefects, ...otherDefects, ...sequenceDefects];

/** The folder of a demo that holds the healthy samples and those with defects, a folder for each. */
export const plantedFolder = 'defects';

/** The strength that is planted unless another one is given. */
export function usualStrength({ strengths, usual, target }: Defect): number {
  return usual ?? target ?? Math.max(...strengths);
}

/** A strength as people write it. */
export function strengthText({ unit }: Defect, strength: number): string {
  if (unit === 'share') return `${Number((100 * strength).toPrecision(3))} %`;
  const named = unit === 'rows' || unit === 'days';
  return named
    ? `${strength} ${strength === 1 ? unit.slice(0, -1) : unit}`
    : `${unit === 'times' ? '×' : '±'}${strength}`;
}
