import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { quoteLiteral, quotePath } from '../sql/quote.ts';

/** Settings of one locked DuckDB instance. */
export interface InstanceOptions {
  readonly threads: number;
  readonly memoryBytes: number;
  /** Folder for spill files and normalized copies. It must exist. */
  readonly temporaryDirectory: string;
  /** Folders that SQL may read. The lock blocks everything else. */
  readonly directories: readonly string[];
}

/**
 * Number of connections that report progress. With more long statements at a time, no thread of the pool would be left
 * for pages.
 */
const REPORTING_CONNECTIONS = 2;

/**
 * Creates an in-memory DuckDB that can read only the given folders. No extension can be installed or loaded, no other
 * file can be read, and no setting can change any more. Another folder or memory limit requires another instance (15
 * ms).
 * `reporting` are connections with progress enabled, which the lock forbids later.
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
    // The first two trust the statistics of Parquet files. With wrong statistics a query fails or returns wrong
    // results.
    // The third needs the second. Without it, `LIMIT` reads all rows.
    // The fourth compares all expressions of a query with each other. Thousands of them take minutes, and no interrupt
    // ends it.
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
    // The lock compares paths as SQL has them, so a folder needs its pattern too.
    const folders = new Set(
      [options.temporaryDirectory, ...options.directories]
        .map((d) => (d.endsWith('/') ? d : `${d}/`))
        .flatMap((d) => [quoteLiteral(d), quotePath(d)]),
    );
    // The order matters: folders can only be set while external access is enabled.
    await connection.run(`SET allowed_directories=[${[...folders].join(', ')}]`);
    await connection.run("SET GLOBAL TimeZone='UTC'");
    await connection.run('SET enable_external_access=false');
    await connection.run('SET lock_configuration=true');
  } finally {
    connection.closeSync();
  }
  return { instance, reporting };
}
