import { cancelled } from '../../core/queue/cancelled.ts';
import type { DatasetFacts } from '../../core/data/facts.ts';
import { failureOf, type Failure } from '../../core/message/failure.ts';
import type { Dataset } from '../../core/table/dataset.ts';
import { traitsOf } from '../../core/table/sampleName.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { CallContext, EngineClient } from '../../protocol/engine.ts';
import type { Probe } from './factsCache.ts';

type Known = Extract<DatasetFacts, { state: 'known' }>;

/** The engine's reference to a data set of a config. Configs that name the same files share one. */
export function lintRef(path: string, root: string): DatasetRef {
  return { id: `lint ${root}\0${path}`, path, within: root };
}

/**
 * Probes the files of a path: columns, sizes, and the ranges of the given columns. Reads only metadata, and does not
 * ask again for what `before` knows about the same files.
 * @throws FailureError only `cancelled`; every other failure is part of the facts
 */
export async function probeDataset(
  engine: EngineClient,
  path: string,
  root: string,
  columns: readonly string[],
  before: Probe | undefined,
  call: Partial<CallContext>,
): Promise<Probe> {
  const ref = lintRef(path, root);
  try {
    const dataset = await engine.call('open', { ref }, call);
    // Otherwise a long text file would be read to its end in the background, which metadata do not need.
    if (dataset.rows === null) await engine.call('close', { id: ref.id });
    if (
      before?.facts.state === 'known' &&
      before.facts.fingerprint === dataset.fingerprint &&
      before.columns.join('\0') === columns.join('\0')
    )
      return before;
    return { facts: await knownFacts(engine, ref, dataset, columns, call), columns };
  } catch (error) {
    if (call.signal?.aborted) throw cancelled();
    return { facts: factsOf(failureOf(error)), columns };
  }
}

async function knownFacts(
  engine: EngineClient,
  ref: DatasetRef,
  dataset: Dataset,
  columns: readonly string[],
  call: Partial<CallContext>,
): Promise<Known> {
  const { fingerprint, rows, files, bytes } = dataset;
  const { isText, hasStatistics } = traitsOf(dataset.format);
  const rangeColumns = !hasStatistics
    ? []
    : columns.filter((name) => dataset.columns.some((column) => column.name === name && !column.partition));
  // A single file has no partition folders that could disagree.
  const metadata =
    rangeColumns.length > 0 || files > 1
      ? await engine.call('metadata', { ref: { ...ref, fingerprint }, columns: rangeColumns }, call)
      : { ranges: {}, unevenPartitions: [] };
  return { state: 'known', columns: dataset.columns, rows, files, bytes, fingerprint, ...metadata, textual: isText };
}

/** The facts that follow from a failure to open the files. */
function factsOf(failure: Failure): DatasetFacts {
  switch (failure.code) {
    case 'not-found':
      return { state: 'missing' };
    case 'refused-path':
      return { state: 'refused', failure };
    case 'engine-stopped':
    case 'out-of-memory':
    case 'disk-full':
    case 'cancelled':
    case 'changed':
      return { state: 'unknown', failure };
    case 'internal':
      return failure.place?.path === undefined ? { state: 'unknown', failure } : { state: 'unreadable', failure };
    default:
      return { state: 'unreadable', failure };
  }
}
