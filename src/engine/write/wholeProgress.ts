import type { Progress } from '../../protocol/engine.ts';
import type { SampleOutput } from '../../protocol/sampling.ts';
import type { Work } from '../database/connections.ts';

/** Share of each phase in the work after reading. Reading, which comes first, cannot report a fraction. */
type Phases = { readonly [P in NonNullable<Progress['phase']>]: { readonly from: number; readonly share: number } };
/** Most of the file is written while rows are drawn. */
const together: Phases = { drawing: { from: 0, share: 0.9 }, writing: { from: 0.9, share: 0.1 } };
const inTurn: Phases = { drawing: { from: 0, share: 0.7 }, writing: { from: 0.7, share: 0.3 } };

/** True if all rows must be drawn before the first is written: Arrow files begin with metadata about all rows. */
export function writesLater({ format, placement }: Pick<SampleOutput, 'format' | 'placement'>): boolean {
  return format === 'arrow' || (placement !== undefined && (placement.order !== 'user' || placement.folder !== null));
}

/**
 * Combines phases that each begin at 0 into one progress. Its fraction is null while data is read, and it never
 * decreases.
 */
export function wholeProgress(
  { progress }: Pick<Work, 'progress'>,
  output: Pick<SampleOutput, 'format' | 'placement'>,
): Work['progress'] {
  if (!progress) return undefined;
  const phases = writesLater(output) ? inTurn : together;
  let whole: number | null = null;
  return ({ fraction, message, phase }) => {
    if (phase) whole = Math.max(whole ?? 0, phases[phase].from + phases[phase].share * Math.min(1, fraction ?? 0));
    progress({ fraction: whole, message });
  };
}
