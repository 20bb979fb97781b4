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

/** Asks the client, if it can, to watch configs, data files and the current policy files. */
export class Watching {
  readonly #connection: Connection;
  #policies: Promise<Disposable> | null = null;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#register(always).catch(() => undefined);
  }

  policies(paths: readonly string[]): void {
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
