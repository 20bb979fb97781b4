import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome } from '../cli/commandLine.ts';
import { tinyDemo } from '../fixtures/tinyDemo.ts';
import { comparableLock, fileLock, folderLock, run as recsampleIn } from './locks.ts';
import { columnsOf, comparable, difference, queryRows } from './sparkJob.ts';

/** A folder with the tiny demo, and what tests do in it. */
export class DemoFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'recsample-spark-'));

  static async write(): Promise<DemoFolder> {
    const folder = new DemoFolder();
    await tinyDemo(folder.path, { bad: false });
    return folder;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  at(...parts: readonly string[]): string {
    return join(this.path, ...parts);
  }

  /** Runs a command line that must succeed. */
  async run(...args: readonly string[]): Promise<Outcome> {
    const outcome = await recsampleIn(this.path, ...args);
    assert.equal(outcome.code, 0, outcome.err);
    return outcome;
  }

  /** The local file has the rows, and after `recsample lock` the lock file, of the folder that Spark wrote. */
  async assertEqualRows(config: string, split: string, folder: string): Promise<void> {
    const local = this.at('out', 'local.parquet');
    await this.run('sample', config, '--split', split, '--digest', '--out', local);
    const columns = await columnsOf(local);
    const expected = await queryRows(comparable(columns, `read_parquet('${local}')`));
    const ours = await queryRows(comparable(columns, `read_parquet('${folder}/*.parquet')`));
    assert.equal(difference(ours, expected), null);
    assert.ok(expected.length > 100, `${expected.length} rows`);
    await this.run('lock', folder);
    assert.deepEqual(comparableLock(folderLock(folder)), comparableLock(fileLock(local)));
    const { out } = await this.run('diff', local, folder);
    assert.match(out, /Both samples should contain the same rows/);
  }
}
