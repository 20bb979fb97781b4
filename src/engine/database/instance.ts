import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { quoteLiteral } from '../sql/quote.ts';

/** Settings of one locked DuckDB instance. */
export interface InstanceOptions {
  readonly threads: number;
  readonly memoryBytes: number;
  /** Spill files and normalised copies go here; must exist. */
  readonly temporaryDirectory: string;
  /** Folders that SQL may read; nothing else is reachable after the lock. */
  readonly directories: readonly string[];
}

/** Connections that report progress: more long statements at a time would leave no thread of the pool to pages. */
const REPORTING_CONNECTIONS = 2;

/**
 * Creates an in-memory DuckDB that can read the given folders and nothing else: no extension can be installed or loaded, no file
 * elsewhere is reachable, and no setting can change any more. Another folder or memory limit means another instance (15 ms).
 * `reporting` are connections with progress switched on, which the lock forbids later.
 */
export async function createLockedInstance(
  options: InstanceOptions,
): Promise<{ instance: DuckDBInstance; reporting: DuckDBConnection[] }> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    threads: String(options.threads),
    memory_limit: `${Math.floor(options.memoryBytes / 1e6)}MB`,
    temp_directory: options.temporaryDirectory,
    // The first two trust the statistics of Parquet files: with wrong ones a query fails, or gives wrong results.
    // The third needs the second: without it, `LIMIT` reads all rows.
    // The fourth compares all expressions of a query with each other: thousands take minutes, and no interrupt ends it.
    disabled_optimizers: 'statistics_propagation,join_filter_pushdown,late_materialization,common_subexpressions',
  });
  const reporting: DuckDBConnection[] = [];
  for (let k = 0; k < REPORTING_CONNECTIONS; k++) {
    const connection = await instance.connect();
    await connection.run('SET enable_progress_bar=true');
    await connection.run('SET enable_progress_bar_print=false');
    await connection.run('SET progress_bar_time=0');
    reporting.push(connection);
  }
  const connection = await instance.connect();
  try {
    const folders = [...new Set([options.temporaryDirectory, ...options.directories])].map((d) =>
      quoteLiteral(d.endsWith('/') ? d : `${d}/`),
    );
    // The order matters: the folders can only be named while access is still open.
    await connection.run(`SET allowed_directories=[${folders.join(', ')}]`);
    await connection.run("SET GLOBAL TimeZone='UTC'");
    await connection.run('SET enable_external_access=false');
    await connection.run('SET lock_configuration=true');
  } finally {
    connection.closeSync();
  }
  return { instance, reporting };
}
