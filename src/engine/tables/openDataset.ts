import { mkdir, rm } from 'node:fs/promises';
import { guessRoles } from '../../core/table/guessRoles.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { Dataset } from '../../core/table/dataset.ts';
import { unreadableMessage } from '../../core/table/type.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import { Connections, type Work } from '../database/connections.ts';
import { createLockedInstance } from '../database/instance.ts';
import { changedFile, readFailure } from '../source/readFailure.ts';
import { discover, type FilePlace } from '../readers/discover.ts';
import type { FileSet, SourceFile } from '../files/fileSet.ts';
import { fingerprintOf } from '../files/fingerprint.ts';
import { mapFiles } from '../files/mapFiles.ts';
import { checkContent } from '../readers/checkContent.ts';
import { readers } from '../readers/readers.ts';
import type { CapacityProbe } from '../files/capacityProbe.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import type { Source } from '../source/source.ts';
import { GroupMembers } from '../view/groupMembers.ts';
import { Groups } from '../view/groups.ts';
import { Views } from '../view/views.ts';

/** Options that all datasets of an engine share. */
export interface DatasetOptions {
  readonly temporaryDirectory: string;
  readonly threads: number;
  readonly memoryBytes: number;
  /** The module of drawing threads. Without it, the engine's thread draws. */
  readonly drawWorker?: string;
  /** Reports free disk space and memory; default: those of the machine. */
  readonly capacity?: CapacityProbe;
}

/** An open data set with a separate, locked DuckDB. `close` frees all its resources. */
export class OpenDataset {
  readonly views: Views;
  readonly groups: Groups;
  readonly members: GroupMembers;

  private constructor(
    readonly path: string,
    private readonly place: FilePlace,
    readonly source: Source,
    readonly connections: Connections,
    private readonly files: FileSet,
    private readonly directory: string,
  ) {
    this.views = new Views(connections, source);
    this.groups = new Groups(connections, source);
    this.members = new GroupMembers(connections, source, this.groups, this.views);
  }

  /** `directory`: a folder for this data set only; created here, removed by `close`. */
  static async open(
    { path, within, format }: FilePlace & Pick<DatasetRef, 'path'>,
    directory: string,
    options: DatasetOptions,
    work: Work,
  ): Promise<OpenDataset> {
    const place = { ...(within === undefined ? {} : { within }), ...(format === undefined ? {} : { format }) };
    const files = await discover(path, place);
    await mapFiles(files.files, async (file) => await checkContent(file.path, files, file.bytes));
    await mkdir(directory, { recursive: true });
    const { instance, reporting } = await createLockedInstance({
      ...options,
      temporaryDirectory: directory,
      files: files.files.map(({ realPath }) => realPath),
    });
    const connections = new Connections(instance, reporting);
    try {
      return new OpenDataset(
        path,
        place,
        await readers[files.format].open(
          { connections, path, files, directory, memoryBytes: options.memoryBytes },
          work,
        ),
        connections,
        files,
        directory,
      );
    } catch (error) {
      await connections.close();
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }

  describe({ roles, declared }: Pick<DatasetRef, 'roles' | 'declared'> = {}): Dataset {
    const { columns, ...state } = this.source.state();
    const guesses = guessRoles(columns, roles, declared);
    return {
      ...state,
      columns: columns.map(({ name, type, partition, hasValues }, k) => ({
        name,
        type,
        partition,
        ...(hasValues === undefined ? {} : { hasValues }),
        role: type.kind === 'unreadable' ? null : (guesses[k] ?? null),
      })),
    };
  }

  /** Partition values from the folder names of each file. */
  get partitions(): readonly Pick<SourceFile, 'partition'>[] {
    return this.files.files;
  }

  /** Columns, given their indices in `Dataset.columns`. */
  columns(indices: readonly number[]): SourceColumn[] {
    const { columns } = this.source.state();
    return indices.map((k) => {
      const column = columns[k];
      if (column === undefined)
        throw fail('bad-request', message('There is no column {0}; the data set has {1} columns', k, columns.length));
      return column;
    });
  }

  /**
   * Like `columns`, but all must be readable.
   * @throws FailureError `unsupported` that names the first unreadable column
   */
  readableColumns(indices: readonly number[]): SourceColumn[] {
    const columns = this.columns(indices);
    for (const column of columns) {
      const text = unreadableMessage(column);
      if (text !== null)
        throw fail('unsupported', text, {
          place: { path: this.path, column: column.name },
          advice: message('Choose other columns.'),
        });
    }
    return columns;
  }

  /** Fails with `changed`, `not-found` or `no-permission` if a file is no longer the one that was opened. */
  async checkUnchanged(): Promise<void> {
    const failure = await changedFile(this.files.files);
    if (failure !== null) throw failure;
  }

  /** True if opening the path again would find the same files in the same state. */
  async isCurrent(): Promise<boolean> {
    return fingerprintOf((await discover(this.path, this.place)).files) === this.source.state().fingerprint;
  }

  /** Translates an error of a query on this data set. */
  async failure(error: unknown): Promise<Error> {
    return await readFailure(error, this.files.files);
  }

  async close(): Promise<void> {
    await this.connections.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}
