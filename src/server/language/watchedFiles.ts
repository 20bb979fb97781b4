import {
  DidChangeWatchedFilesNotification,
  type Connection,
  type Disposable,
  type FileSystemWatcher,
} from 'vscode-languageserver/node';
import { nameGlob, sampleEndings } from '../../core/table/sampleName.ts';

/** Configs, and data files of every supported format. */
const always: readonly FileSystemWatcher[] = [
  { globPattern: '**/*.ratio.{yaml,yml,json}' },
  { globPattern: `**/${nameGlob(sampleEndings)}` },
];

/** The files that the client watches for the server: configs, data files and the current policy files. */
export class WatchedFiles {
  readonly #connection: Connection;
  #started = false;
  #policies: Promise<Disposable> | null = null;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Call it after `initialized`, and only if the client can watch files. */
  start(): void {
    this.#started = true;
    this.#register(always).catch(() => undefined);
  }

  watchPolicies(paths: readonly string[]): void {
    if (!this.#started) return;
    const before = this.#policies;
    this.#policies = paths.length === 0 ? null : this.#register(paths.map((globPattern) => ({ globPattern })));
    this.#policies?.catch(() => undefined);
    before
      ?.then((registered) => {
        registered.dispose();
      })
      .catch(() => undefined);
  }

  #register(watchers: readonly FileSystemWatcher[]): Promise<Disposable> {
    return this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [...watchers] });
  }
}
