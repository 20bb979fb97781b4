import type { TrialReport, TrialWindow } from './report.ts';

/** The configs and the data of an earlier trial. */
export interface EarlierTrial {
  /** Digests of the data sets, by the name of the data set. */
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
 * Number of other configs that earlier trials compared on the same data and evaluation window. Each of them was one
 * more comparison on the clicks that decide this trial.
 */
export function earlierConfigs(earlier: readonly EarlierTrial[], current: EarlierTrial): number {
  const others = earlier
    .filter((trial) => isSameWindow(trial.eval, current.eval) && isSameData(trial.data, current.data))
    .flatMap(({ arms }) => arms);
  return new Set(others.filter((digest) => !current.arms.includes(digest))).size;
}

const isSameWindow = (a: TrialWindow, b: TrialWindow): boolean => a.from === b.from && a.to === b.to;

/** True if all data sets that both trials read are equal. */
function isSameData(a: EarlierTrial['data'], b: EarlierTrial['data']): boolean {
  return Object.entries(a).every(([name, digest]) => b[name] === undefined || b[name] === digest);
}
