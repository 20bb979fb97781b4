/** DuckDB itself, as a data engineer would use it: one statement per task, no preparation. SUMMARIZE is its profile. */
import { DuckDBInstance } from '@duckdb/node-api';
import { PAGE, filterExpression, positions, profiled, type Answer, type Task } from '../inspect/tasks.ts';

const [task, folder] = process.argv.slice(2) as [Task, string];
const say = (a: Answer): void => void process.stdout.write(JSON.stringify(a) + '\n');
const connection = await (await DuckDBInstance.create()).connect();
const source = `read_parquet('${folder.replaceAll("'", "''")}/*/*.parquet', hive_partitioning=true)`;
const rowsOf = async (sql: string): Promise<unknown[]> => (await connection.runAndReadAll(sql)).getRowsJson();
const timed = async (sql: string): Promise<number> => {
  const start = performance.now();
  await rowsOf(sql);
  return performance.now() - start;
};

const total = async (): Promise<number> => Number(((await rowsOf(`SELECT count(*) FROM ${source}`))[0] as string[])[0]);
const measure: Partial<Record<Task, () => Promise<number[]>>> = {
  first: async () => {
    await rowsOf(`DESCRIBE SELECT * FROM ${source}`);
    await rowsOf(`SELECT * FROM ${source} LIMIT ${PAGE}`);
    say({ event: 'ready' });
    return [];
  },
  anywhere: async () =>
    each(positions(await total(), 20), (at) => `SELECT * FROM ${source} LIMIT ${PAGE} OFFSET ${at}`),
  sort: () => each([0, 0, 0], () => `SELECT * FROM ${source} ORDER BY ts DESC LIMIT ${PAGE}`),
  'sorted-anywhere': async () =>
    each(positions(await total(), 2), (at) => `SELECT * FROM ${source} ORDER BY user_id LIMIT ${PAGE} OFFSET ${at}`),
  filter: async () => [await timed(`SELECT * FROM ${source} WHERE ${filterExpression} LIMIT ${PAGE}`)],
  'filter-count': async () => {
    const start = performance.now();
    await rowsOf(`SELECT count(*) FROM ${source} WHERE ${filterExpression}`);
    await rowsOf(`SELECT * FROM ${source} WHERE ${filterExpression} LIMIT ${PAGE}`);
    return [performance.now() - start];
  },
  'profile-base': async () => [await timed(`SELECT count(*), ${profiled.map(facts).join(', ')} FROM ${source}`)],
  'profile-full': async () => [await timed(`SUMMARIZE SELECT ${profiled.join(', ')} FROM ${source}`)],
};

async function each(places: readonly number[], sql: (at: number) => string): Promise<number[]> {
  const ms: number[] = [];
  for (const row of places) ms.push(await timed(sql(row)));
  return ms;
}

function facts(column: string): string {
  const moments = column === 'ts' ? '' : `, avg(${column}), stddev_samp(${column})`;
  return `count(${column}), min(${column}), max(${column}), approx_count_distinct(${column})${moments}`;
}

const notes: Partial<Record<Task, string>> = {
  'profile-base': 'one statement by hand',
  'profile-full': 'SUMMARIZE: quartiles, no top values, no histograms',
};
const note = notes[task];
const run = measure[task];
if (run)
  say({
    event: 'done',
    ms: await run(),
    ...(note === undefined ? {} : { note }),
    peakMb: process.resourceUsage().maxRSS / 1024,
  });
process.exit(0);
