import type { Exclude } from '../config/definition/stage.ts';
import type { StageView } from '../config/entries.ts';
import type { ConfigPath } from '../config/tree.ts';

type History = NonNullable<globalThis.Exclude<Exclude, 'none'>['history']>;

/** A key `exclude.history` of the config. */
export interface WrittenHistory {
  readonly history: History;
  readonly path: ConfigPath;
}

/** The histories that stages and their entries exclude, in text order. */
export function historiesIn(stages: readonly StageView[]): WrittenHistory[] {
  return stages.flatMap(({ path, draft, entries }) =>
    [
      { at: [...path, 'negatives'], exclude: draft.negatives?.exclude },
      ...entries.map((entry) => ({ at: entry.path, exclude: entry.options.exclude })),
    ].flatMap(({ at, exclude }) =>
      exclude === undefined || exclude === 'none' || exclude.history === undefined
        ? []
        : [{ history: exclude.history, path: [...at, 'exclude', 'history'] }],
    ),
  );
}
