import type { TrialReport, TrialWindow } from './report.ts';

/** What an earlier trial compared, and on which data. */
export interface EarlierTrial {
  /** Digests of the data sets, by name. */
  readonly data: Readonly<Record<string, string>>;
  readonly eval: TrialWindow;
  /** Digests of the configs. */
  readonly arms: readonly string[];
}

export function earlierTrial({
  data,
  windows,
  arms,
}: Pick<TrialReport, 'data' | 'windows'> & { readonly arms: readonly { readonly digest: string }[] }): EarlierTrial {
  return { data, eval: windows.eval, arms: arms.map(({ digest }) => digest) };
}

/**
 * The number of other configs that were compared on the same data and evaluation window: each was one more look at the
 * clicks that decide this trial.
 */
export function earlierConfigs(earlier: readonly EarlierTrial[], own: EarlierTrial): number {
  const others = earlier
    .filter((one) => isSameWindow(one.eval, own.eval) && isSameData(one.data, own.data))
    .flatMap(({ arms }) => arms);
  return new Set(others.filter((digest) => !own.arms.includes(digest))).size;
}

const isSameWindow = (a: TrialWindow, b: TrialWindow): boolean => a.from === b.from && a.to === b.to;

/** Data sets that only one of the trials reads do not count. */
function isSameData(a: EarlierTrial['data'], b: EarlierTrial['data']): boolean {
  return Object.entries(a).every(([name, digest]) => b[name] === undefined || b[name] === digest);
}
