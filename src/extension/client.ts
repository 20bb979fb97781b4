import type * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  TransportKind,
  type NodeModule,
} from 'vscode-languageclient/node';
import {
  hoverCommands,
  languageWire,
  type ConfigChanged,
  type InitializationOptions,
  type TrustParams,
} from '../protocol/language.ts';
import {
  wire,
  type CallParams,
  type EngineSettings,
  type ProgressParams,
  type StatusParams,
} from '../protocol/wire.ts';

/*
 * The second chunk of the host. The language client is larger than the rest of the host, so it is loaded with the first
 * call, not with the window.
 */

export interface ServerOptions {
  /** Absolute path of the server bundle. */
  readonly module: string;
  readonly log: vscode.LogOutputChannel;
  /** Ids of the languages whose documents are sent to the server. */
  readonly languages: readonly string[];
  /** Called for every start of the server. */
  readonly initialization: () => InitializationOptions;
  /** Watchers whose file changes are sent to the server. */
  readonly watchers: readonly vscode.FileSystemWatcher[];
  readonly progress: (params: ProgressParams) => void;
  readonly status: (params: StatusParams) => void;
  readonly configChanged: (params: ConfigChanged) => void;
  readonly dataChanged: () => void;
  /** Called when the server ended too often and is not restarted automatically. */
  readonly gaveUp: () => void;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
}

/** Ends of the server within `WINDOW` milliseconds after which it is not restarted automatically. */
const MAX_ENDS = 5;
const WINDOW = 60_000;

/**
 * Where configs are edited: on disk, unsaved, on virtual file systems. Earlier versions (`git:`) are read-only and left
 * out.
 */
const schemes = ['file', 'untitled', 'vscode-vfs', 'vscode-remote', 'memfs'];

/** Writes to the log what `LanguageClient` would show as a toast. */
class QuietClient extends LanguageClient {
  override error(text: string, data?: unknown): void {
    super.error(text, data, false);
  }
  override warn(text: string, data?: unknown): void {
    super.warn(text, data, false);
  }
  override info(text: string, data?: unknown): void {
    super.info(text, data, false);
  }
}

/** The server process and the connection to it. */
export class ServerClient {
  readonly #client: QuietClient;
  readonly #options: ServerOptions;
  #ends: number[] = [];

  constructor(options: ServerOptions) {
    this.#options = options;
    // `serialization` and `execArgv` are passed to fork(); the declared type lacks only `serialization`.
    const forkOptions = { serialization: 'advanced', execArgv: [] } as NodeModule['options'];
    this.#client = new QuietClient(
      'recsample',
      'RecSample',
      { module: options.module, transport: TransportKind.ipc, ...(forkOptions ? { options: forkOptions } : {}) },
      {
        documentSelector: options.languages.flatMap((language) => schemes.map((scheme) => ({ language, scheme }))),
        synchronize: { fileEvents: [...options.watchers] },
        outputChannel: options.log,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        // Hovers may link these two. All values in them are escaped, so texts of files cannot add links.
        markdown: { isTrusted: { enabledCommands: [...hoverCommands] }, supportHtml: false },
        initializationOptions: options.initialization,
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue, handled: true }),
          closed: () => this.#closed(),
        },
      },
    );
    this.#client.onNotification(wire.progress, (params: ProgressParams) => {
      options.progress(params);
    });
    this.#client.onNotification(wire.status, (params: StatusParams) => {
      options.status(params);
    });
    this.#client.onNotification(languageWire.configChanged, (params: ConfigChanged) => {
      options.configChanged(params);
    });
    this.#client.onNotification(languageWire.dataChanged, () => {
      options.dataChanged();
    });
  }

  /** Starts the server, or waits for a start that is under way. */
  start(): Promise<void> {
    return this.#client.start();
  }

  /** Sends the current settings to a running server. */
  configure(settings: EngineSettings): void {
    this.#notify(wire.configure, settings);
  }

  /** Notifies a running server that the workspace is now trusted. */
  trust(): void {
    this.#notify(languageWire.trust, { trusted: true } satisfies TrustParams);
  }

  call(params: CallParams, cancellation: vscode.CancellationToken): Promise<unknown> {
    return this.#client.sendRequest<unknown>(wire.call, params, cancellation);
  }

  request<T>(name: string, params?: unknown, cancellation?: vscode.CancellationToken): Promise<T> {
    return params === undefined
      ? this.#client.sendRequest<T>(name)
      : this.#client.sendRequest<T>(name, params, cancellation);
  }

  cancel(token: string): void {
    this.#notify(wire.cancel, { token });
  }

  /** Stops the server until `start` is called again. */
  async stop(): Promise<void> {
    this.#ends = [];
    if (this.#client.needsStop()) await this.#client.stop();
  }

  #closed(): { action: CloseAction; handled: true } {
    const now = this.#options.now();
    this.#ends = [...this.#ends.filter((then) => now - then < WINDOW), now];
    if (this.#ends.length < MAX_ENDS) return { action: CloseAction.Restart, handled: true };
    this.#options.gaveUp();
    return { action: CloseAction.DoNotRestart, handled: true };
  }

  /** Sends no notification to a stopped server: it starts with the current settings and has nothing to cancel. */
  #notify(name: string, params: unknown): void {
    if (this.#client.isRunning()) this.#client.sendNotification(name, params).catch(() => undefined);
  }
}
