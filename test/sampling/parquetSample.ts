import { withConnection } from '../engine/testDatabase.ts';
import { ownNames } from '../../src/core/data/outputName.ts';
import type { SampleOutput, SampleSummary, SamplingRequest } from '../../src/protocol/sampling.ts';
import { engine } from '../engine/fixture.ts';

/** A long Parquet file with our own column names, and nothing else. */
export function longParquet(path: string): SampleOutput {
  return { path, format: 'parquet', layout: 'long', names: ownNames, passThrough: [], within: null, facts: {} };
}

/** Writes the sample of all users as Parquet, in several blocks and several row groups. */
export async function writeParquet(
  { plan, data }: SamplingRequest,
  path: string,
  more: Pick<Partial<SampleOutput>, 'layout' | 'passThrough' | 'sequences'> = {},
): Promise<SampleSummary> {
  const output: SampleOutput = { ...longParquet(path), rowsAtOnce: 30, ...more };
  // Shortfalls do not end the run; another test covers that.
  const kept = { ...plan, onShortfall: plan.onShortfall === 'fail' ? ('keep' as const) : plan.onShortfall };
  return await engine.call('sample', { plan: kept, data, users: null, allowEmpty: true, output, blockRows: 40 });
}

/** The rows of a query as texts, sorted. */
export async function sortedRows(select: string): Promise<string[]> {
  return await withConnection(async (connection) => {
    const rows = await connection.run(select);
    return (await rows.getRowsJson()).map((row) => JSON.stringify(row)).sort();
  });
}
