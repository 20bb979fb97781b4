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
  more: Pick<Partial<SampleOutput>, 'layout' | 'passThrough' | 'sequences' | 'placement'> = {},
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

/** The columns of a Parquet file, and whether each is a list. */
export async function parquetColumns(file: string): Promise<{ readonly name: string; readonly isList: boolean }[]> {
  return await withConnection(async (connection) => {
    const described = await connection.run(`DESCRIBE SELECT * FROM read_parquet('${file}')`);
    return (await described.getRowsJson()).map(([name, type]) => ({
      name: name as string,
      isList: (type as string).endsWith('[]'),
    }));
  });
}

/** SQL of one row for each element of the lists of a file. @param isKept lists that stay lists */
export async function unnestedRows(file: string, isKept: (name: string) => boolean = () => false): Promise<string> {
  const columns = await parquetColumns(file);
  const values = columns.map(({ name, isList }) =>
    isList && !isKept(name) ? `unnest("${name}") AS "${name}"` : `"${name}"`,
  );
  return `SELECT ${values.join(', ')} FROM read_parquet('${file}')`;
}
