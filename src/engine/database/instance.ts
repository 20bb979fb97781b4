import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { quoteLiteral, quotePath } from '../sql/quote.ts';
import { textDecoder } from '@duckdb/node-api/lib/vectors/dataAccessors.js';

/** Settings of one locked DuckDB instance. */
export interface InstanceOptions {
  readonly threads: number;
  readonly memoryBytes: number;
  /** Folder for spill files and normalized copies. It must exist. */
  readonly temporaryDirectory: string;
  /** Resolved paths of files that SQL may read. The lock blocks everything else. */
  readonly files: readonly string[];
  /** A folder that SQL may read and write. */
  readonly target?: string | undefined;
}

/**
 * Number of connections that report progress. With more long statements at a time, no thread of the pool would be left
 * for pages.
 */
const REPORTING_CONNECTIONS = 2;

/**
 * Creates an in-memory DuckDB that can access only the given files and folders. No extension can be installed or loaded,
 * and no setting can change any more. Another file or memory limit requires another instance (15 ms).
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
    // For an as-of join of few rows, DuckDB plans a nested loop. Its estimate of "few" may be wrong.
    asof_loop_join_threshold: '0',
  });
  const reporting: DuckDBConnection[] = [];
  for (let k = 0; k < REPORTING_CONNECTIONS; k++) {
    const connection = await instance.connect();
    await connection.run('SET enable_progress_bar=true; SET enable_progress_bar_print=false; SET progress_bar_time=0');
    reporting.push(connection);
  }
  const connection = await instance.connect();
  try {
    const { files, temporaryDirectory, target = temporaryDirectory } = options;
    const folders = [temporaryDirectory, target].map((folder) => (folder.endsWith('/') ? folder : `${folder}/`));
    // The order matters: paths can only be set while external access is enabled. DuckDB looks a file up, but compares
    // each access with all folders: with those of the files, the time would grow with the square of the partitions.
    const settings = [
      `SET allowed_paths=${allowed(files)}`,
      `SET allowed_directories=${allowed(folders)}`,
      "SET GLOBAL TimeZone='UTC'",
      'SET enable_external_access=false',
      'SET lock_configuration=true',
    ];
    // One call: each takes 0.3 ms.
    await connection.run(settings.join(';\n'));
  } finally {
    connection.closeSync();
  }
  return { instance, reporting };
}

/** The lock compares paths as SQL has them, so each needs its pattern too. */
function allowed(paths: readonly string[]): string {
  return `[${[...new Set(paths.flatMap((path) => [quoteLiteral(path), quotePath(path)]))].join(', ')}]`;
}

const exact = new TextDecoder('utf-8', { ignoreBOM: true });

/** Imported for its effect: without it, the library drops a U+FEFF at the beginning of every text that it returns. */
Object.assign(textDecoder as object, { decode: exact.decode.bind(exact) });
