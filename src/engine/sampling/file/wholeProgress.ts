import type { Progress } from '../../../protocol/engine.ts';
import type { SampleFormat } from '../../../protocol/sampling.ts';
import type { Work } from '../../database/connections.ts';

/** How much of the work behind the reading the phases are. The reading before them cannot say how far it is. */
type Phases = { readonly [P in NonNullable<Progress['phase']>]: { readonly from: number; readonly share: number } };
/** Most is written while it is drawn. */
const together: Phases = { drawing: { from: 0, share: 0.9 }, writing: { from: 0.9, share: 0.1 } };
const inTurn: Phases = { drawing: { from: 0, share: 0.7 }, writing: { from: 0.7, share: 0.3 } };

/** Phases that each begin at 0 as one job: its fraction is null while the data are read, and never goes back. */
export function wholeProgress({ progress }: Pick<Work, 'progress'>, format: SampleFormat): Work['progress'] {
  if (!progress) return undefined;
  // Nothing of an Arrow file is written before all is drawn.
  const phases = format === 'arrow' ? inTurn : together;
  let whole: number | null = null;
  return ({ fraction, message, phase }) => {
    if (phase) whole = Math.max(whole ?? 0, phases[phase].from + phases[phase].share * Math.min(1, fraction ?? 0));
    progress({ fraction: whole, message });
  };
}
