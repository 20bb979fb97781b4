import {
  count,
  documentText,
  flag,
  lines,
  list,
  nullable,
  number,
  oneOf,
  optional,
  record,
  sha256,
  share,
  text,
} from '../json/codec.ts';
import type { RunDiff } from '../sampling/lock/diffRuns.ts';
import { runFacts } from '../sampling/lock/run.ts';
import { datasetName, shortfalls } from '../sampling/lock/sampleLock.ts';
import type { DiffSide } from './diffText.ts';

const side = record({ path: text, lock: flag });
const fact = oneOf(...runFacts, 'config', 'plan');
const dataset = nullable(record({ sha256: nullable(sha256), path: nullable(text) }));
const figures = nullable(record({ rows: count, mean: number, least: number, greatest: number }));
const entry = nullable(record({ asked: count, drawn: count, share, shortfalls }));
const logQ = nullable(record({ a: figures, b: figures, moved: nullable(share) }));
const change = record({
  kind: oneOf('removed', 'added', 'changed', 'renamed'),
  path: text,
  from: nullable(text),
  a: nullable(count),
  b: nullable(count),
});

/** The output of `recsample diff --format json`. */
export const diffOutput = record(
  {
    same: flag,
    a: side,
    b: side,
    unchanged: record({ facts: list(fact), data: list(datasetName) }),
    notCompared: optional(list(datasetName)),
    facts: lines(record({ name: fact, a: text, b: text })),
    settings: lines(record({ path: text, a: nullable(text), b: nullable(text) })),
    data: lines(
      record({
        name: datasetName,
        a: dataset,
        b: dataset,
        files: nullable(record({ same: count, changes: list(change) })),
      }),
    ),
    counts: lines(record({ name: text, a: count, b: count })),
    entries: lines(record({ name: text, source: text, a: entry, b: entry, logQ })),
    logQMix: record({ positives: logQ, negatives: logQ }),
  },
  'block',
);

/** Difference of two runs as JSON text. Never localised. */
export function diffJson(a: DiffSide, b: DiffSide, diff: RunDiff): string {
  const side = ({ name, locked }: DiffSide): { path: string; lock: boolean } => ({ path: name, lock: locked });
  return documentText(diffOutput, {
    ...diff,
    a: side(a),
    b: side(b),
    notCompared: diff.notCompared.length === 0 ? undefined : diff.notCompared,
  });
}
