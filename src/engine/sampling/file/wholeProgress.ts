import type { Work } from '../../database/connections.ts';

/** Steps that say how far they are, and how much of the work behind the reading they are, by their message. The reading before them cannot say. */
const steps: Readonly<Record<string, { readonly from: number; readonly share: number }>> = {
  Drawing: { from: 0, share: 0.7 },
  'Writing the file': { from: 0.7, share: 0.3 },
};

/** Steps that each begin at 0 as one job: its fraction is null while the data are read, and never goes back. */
export function wholeProgress({ progress }: Pick<Work, 'progress'>): Work['progress'] {
  if (!progress) return undefined;
  let whole: number | null = null;
  return ({ fraction, message }) => {
    const step = steps[message.text];
    if (step) whole = Math.max(whole ?? 0, step.from + step.share * Math.min(1, fraction ?? 0));
    progress({ fraction: whole, message });
  };
}
