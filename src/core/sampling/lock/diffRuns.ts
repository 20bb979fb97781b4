import type { PlanChange } from '../plan/planChanges.ts';
import { compareTexts } from '../compareTexts.ts';
import { runCounts, runFacts, type Run, type RunData, type RunEntry, type RunFact } from './run.ts';
import { inLockOrder, type LockedDataset, type LockedFile, type QFigures } from './sampleLock.ts';

/** Differences of two runs, A and B. Values that are unknown in one run are not compared. */
export interface RunDiff {
  /**
   * True if the rows should be equal: the runs differ at most in the text of the config, and in the order, number and
   * format of the files.
   */
  readonly same: boolean;
  /** Names of values that are known and equal in both runs. */
  readonly unchanged: {
    readonly facts: readonly (RunFact | 'config' | 'plan')[];
    readonly data: readonly LockedDataset[];
  };
  /** Data sets whose digest is unknown in one run. */
  readonly notCompared: readonly LockedDataset[];
  readonly facts: readonly { readonly name: RunFact | 'config' | 'plan'; readonly a: string; readonly b: string }[];
  /** Differences of config values, in config syntax. */
  readonly settings: readonly PlanChange[];
  readonly data: readonly DataDiff[];
  /** Counts that are known in both runs; of `namedCounts`, those that differ. */
  readonly counts: readonly { readonly name: string; readonly a: number; readonly b: number }[];
  /** Entries of A, then those only in B. */
  readonly entries: readonly EntryDiff[];
  readonly logQMix: { readonly positives: QDiff | null; readonly negatives: QDiff | null };
}

/** A data set that differs; `a` or `b` is null if only the other run reads it. */
export interface DataDiff {
  readonly name: LockedDataset;
  readonly a: Pick<RunData, 'sha256' | 'path'> | null;
  readonly b: Pick<RunData, 'sha256' | 'path'> | null;
  /** Null if one run does not know its files. */
  readonly files: { readonly same: number; readonly changes: readonly FileChange[] } | null;
}
/**
 * `renamed`: the same content under another path; `from`: its path in A. `a` and `b`: bytes in A and in B; null if the
 * file does not exist there.
 */
export interface FileChange {
  readonly kind: 'removed' | 'added' | 'changed' | 'renamed';
  readonly path: string;
  readonly from: string | null;
  readonly a: number | null;
  readonly b: number | null;
}

export interface EntryDiff {
  readonly name: string;
  readonly source: string;
  /** Null if that run has no such entry. */
  readonly a: EntrySide | null;
  readonly b: EntrySide | null;
  /** Null if it is unknown in one run, or if neither run has rows. */
  readonly logQ: QDiff | null;
}
/** `share`: share of all drawn rows. */
export interface EntrySide extends Pick<RunEntry, 'asked' | 'drawn' | 'shortfalls'> {
  readonly share: number;
}

/**
 * Distributions of log q. `moved`: share of rows, from 0 to 1, that would have to change their half-nat bin to turn A's
 * distribution into B's; null if one run has no rows.
 */
export interface QDiff {
  readonly a: QFigures | null;
  readonly b: QFigures | null;
  readonly moved: number | null;
}

/** Facts that may differ between files with the same rows. */
const fileFacts = new Set<string>(['config', 'format', 'order', 'shards']);

export function diffRuns(a: Run, b: Run): RunDiff {
  const allFacts = [
    ...runFacts.map((name) => ({ name, a: a.facts[name], b: b.facts[name] })),
    { name: 'config' as const, a: a.config, b: b.config },
    { name: 'plan' as const, a: a.plan, b: b.plan },
  ];
  const comparedFacts = allFacts.flatMap(({ name, a: x, b: y }) =>
    x === null || y === null ? [] : [{ name, a: x, b: y }],
  );
  const facts = comparedFacts.filter((fact) => fact.a !== fact.b);
  const sets = inLockOrder([...a.data.keys(), ...b.data.keys()]);
  const notCompared = sets.filter((name) => [a, b].some((run) => run.data.get(name)?.sha256 === null));
  const data = sets
    .filter((name) => !notCompared.includes(name))
    .flatMap((name) => dataDiff(name, a.data.get(name), b.data.get(name)));
  const settings = a.settings && b.settings ? settingsDiff(a, b, a.settings, b.settings) : [];
  const counts = runCounts.flatMap((name) => {
    const [x, y] = [a.counts[name], b.counts[name]];
    return x === null || y === null ? [] : [{ name, a: x, b: y }];
  });
  const namedCounts = Object.entries(a.namedCounts).flatMap(([name, x]) => {
    const y = b.namedCounts[name];
    return y === undefined || x === y ? [] : [{ name, a: x, b: y }];
  });
  const entries = a.entries && b.entries ? entriesDiff(a.entries, b.entries, a.locked && b.locked) : [];
  const logQMix =
    a.logQMix && b.logQMix
      ? {
          positives: qDiff(a.logQMix.positives, b.logQMix.positives),
          negatives: qDiff(a.logQMix.negatives, b.logQMix.negatives),
        }
      : { positives: null, negatives: null };
  return {
    same:
      facts.every(({ name }) => fileFacts.has(name)) &&
      settings.length === 0 &&
      data.length === 0 &&
      counts.every((count) => count.a === count.b) &&
      namedCounts.length === 0 &&
      entries.every(isSame) &&
      [logQMix.positives, logQMix.negatives].every(isSameQ),
    unchanged: {
      facts: comparedFacts.filter((fact) => fact.a === fact.b).map(({ name }) => name),
      data: sets.filter((name) => !notCompared.includes(name) && !data.some((dataset) => dataset.name === name)),
    },
    notCompared,
    facts,
    settings,
    data,
    counts: [...counts, ...namedCounts],
    entries,
    logQMix,
  };
}

/** Of an entry that only one run has, only its `share` or `count` is reported. */
function settingsDiff(
  a: Run,
  b: Run,
  left: Readonly<Record<string, string>>,
  right: Readonly<Record<string, string>>,
): PlanChange[] {
  const [namesA, namesB] = [namesOf(a), namesOf(b)];
  const unmatchedNames = [...namesA, ...namesB].filter((name) => !namesA.includes(name) || !namesB.includes(name));
  const isReported = (path: string): boolean =>
    !unmatchedNames.some(
      (name) => path.startsWith(`${name}.`) && !['share', 'count'].includes(path.slice(name.length + 1)),
    );
  const valueIn = (settings: Readonly<Record<string, string>>, path: string): string | null =>
    Object.hasOwn(settings, path) ? (settings[path] ?? null) : null;
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].sort(compareTexts).flatMap((path) => {
    const [x, y] = [valueIn(left, path), valueIn(right, path)];
    return x === y || !isReported(path) ? [] : [{ path, a: x, b: y }];
  });
}

function namesOf({ entries }: Run): string[] {
  return (entries ?? []).map(({ name }) => name);
}

function dataDiff(name: LockedDataset, a: RunData | undefined, b: RunData | undefined): DataDiff[] {
  if (a && b && a.sha256 === b.sha256) return [];
  const side = (data: RunData | undefined): DataDiff['a'] => (data ? { sha256: data.sha256, path: data.path } : null);
  return [{ name, a: side(a), b: side(b), files: a?.files && b?.files ? filesDiff(a.files, b.files) : null }];
}

function filesDiff(a: readonly LockedFile[], b: readonly LockedFile[]): NonNullable<DataDiff['files']> {
  const [left, right] = [new Map(a.map((file) => [file.path, file])), new Map(b.map((file) => [file.path, file]))];
  const removed = a.filter(({ path }) => !right.has(path));
  const addedBySha256 = new Map<string, LockedFile[]>();
  for (const file of b)
    if (!left.has(file.path)) addedBySha256.set(file.sha256, [...(addedBySha256.get(file.sha256) ?? []), file]);
  const changes: FileChange[] = [];
  let same = 0;
  for (const file of a) {
    const other = right.get(file.path);
    if (other?.sha256 === file.sha256) same++;
    else if (other) changes.push({ kind: 'changed', path: file.path, from: null, a: file.bytes, b: other.bytes });
  }
  for (const file of removed) {
    const twin = addedBySha256.get(file.sha256)?.shift();
    changes.push(
      twin
        ? { kind: 'renamed', path: twin.path, from: file.path, a: file.bytes, b: twin.bytes }
        : { kind: 'removed', path: file.path, from: null, a: file.bytes, b: null },
    );
  }
  for (const file of [...addedBySha256.values()].flat())
    changes.push({ kind: 'added', path: file.path, from: null, a: null, b: file.bytes });
  return { same, changes: changes.sort((x, y) => compareTexts(x.path, y.path)) };
}

function entriesDiff(a: readonly RunEntry[], b: readonly RunEntry[], locked: boolean): EntryDiff[] {
  const names = [...new Set([...a, ...b].map(({ name }) => name))];
  const side = (entries: readonly RunEntry[], entry: RunEntry | undefined): EntrySide | null => {
    if (!entry) return null;
    const allDrawn = entries.reduce((sum, { drawn }) => sum + drawn, 0);
    return {
      asked: entry.asked,
      drawn: entry.drawn,
      shortfalls: entry.shortfalls,
      share: allDrawn === 0 ? 0 : entry.drawn / allDrawn,
    };
  };
  return names.map((name) => {
    const [x, y] = [a, b].map((entries) => entries.find((entry) => entry.name === name));
    return {
      name,
      source: (x ?? y)?.source ?? '',
      a: side(a, x),
      b: side(b, y),
      logQ: locked ? qDiff(x?.logQ ?? null, y?.logQ ?? null) : null,
    };
  });
}

function isSame({ a, b, logQ }: EntryDiff): boolean {
  return (
    a !== null &&
    b !== null &&
    a.asked === b.asked &&
    a.drawn === b.drawn &&
    (['pool', 'attempts', 'list'] as const).every((cause) => a.shortfalls[cause] === b.shortfalls[cause]) &&
    isSameQ(logQ)
  );
}

function isSameQ(q: QDiff | null): boolean {
  return q === null || JSON.stringify(q.a) === JSON.stringify(q.b);
}

function qDiff(a: QFigures | null, b: QFigures | null): QDiff | null {
  return a || b ? { a, b, moved: a && b ? movedShare(a, b) : null } : null;
}

/** Total variation: half of the summed differences of the shares over half-nat bins. */
function movedShare(a: QFigures, b: QFigures): number {
  const [left, right] = [new Map(a.bins), new Map(b.bins)];
  return (
    [...new Set([...left.keys(), ...right.keys()])].reduce(
      (sum, bin) => sum + Math.abs((left.get(bin) ?? 0) / a.rows - (right.get(bin) ?? 0) / b.rows),
      0,
    ) / 2
  );
}
