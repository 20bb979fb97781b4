import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

/** The parts of `recsample inspect --format json` that tests read; docs/cli.md has the complete format. */
export interface Report {
  readonly rows: number;
  readonly columns: readonly {
    readonly name: string;
    readonly role: string | null;
    readonly nulls: number;
    readonly distinct: { readonly value: number; readonly exact: boolean };
    readonly min: unknown;
    readonly max: unknown;
    readonly top: readonly { readonly value: unknown; readonly count: number }[];
  }[];
  readonly labels: { readonly positive: number; readonly negative: number } | null;
  /** Only with `--group-by`. */
  readonly groups?: {
    readonly by: readonly string[];
    readonly total: number;
    readonly list: readonly { readonly key: readonly (string | null)[]; readonly rows: number }[];
  };
  readonly sample: readonly Readonly<Record<string, unknown>>[];
}

const dist = process.env['RECSAMPLE_DIST'] ?? path.resolve(import.meta.dirname, '../../../dist');

/** What was asked before: a process for each question costs most of a second. */
const asked = new Map<string, Promise<Report>>();

/**
 * The command line's report about a file: the same numbers from another path. By default it has the first 10,000 rows:
 * all rows of most demo files. The same question about an unchanged file is answered once.
 */
export async function inspectReport(file: string, ...options: readonly string[]): Promise<Report> {
  const { mtimeMs } = statSync(file);
  const question = JSON.stringify([file, mtimeMs, ...options]);
  const answer = asked.get(question) ?? ask(file, options);
  asked.set(question, answer);
  return answer;
}

async function ask(file: string, options: readonly string[]): Promise<Report> {
  const rows = options.includes('--rows') ? [] : ['--rows', '10000'];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(dist, 'cli.cjs'), 'inspect', file, '--format', 'json', ...rows, ...options],
    { maxBuffer: 2 ** 28 },
  );
  return JSON.parse(stdout) as Report;
}
