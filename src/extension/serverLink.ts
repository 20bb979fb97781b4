import { cancelled } from '../core/queue/cancelled.ts';
import { performance } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { fail, FailureError } from '../core/message/failure.ts';
import { message } from '../core/message/message.ts';
import { nameGlob, sampleEndings } from '../core/table/sampleName.ts';
import {
  engineRequests,
  type CallContext,
  type EngineClient,
  type EngineMethod,
  type Params,
  type Progress,
  type Result,
} from '../protocol/engine.ts';
import type { ConfigChanged, InitializationOptions } from '../protocol/language.ts';
import {
  serverRequests,
  wireName,
  type ServerParams,
  type ServerRequest,
  type ServerResult,
} from '../protocol/server.ts';
import { failureOfResponse, isPeerGone, wire, type StatusParams } from '../protocol/wire.ts';
import type { ServerClient } from './client.ts';
import { engineSettings } from './configuration.ts';
import { commands, languages } from './ids.ts';
import { locale } from './language.ts';
import { rulePageAddress } from './rulePages.ts';

/** Everything that a config may name: configs, policies, data. */
const watched = ['**/*.{yaml,yml,json}', `**/${nameGlob(sampleEndings)}`];

const idle: StatusParams = { engine: 'idle', running: [], failure: null };

/**
 * The host's connection to the engine. Loads and starts nothing before the first call. If the server dies, reads are
 * repeated once, as for the engine.
 */
export class ServerLink implements EngineClient, vscode.Disposable {
  readonly #module: string;
  readonly #log: vscode.LogOutputChannel;
  readonly #statusChanged = new vscode.EventEmitter<StatusParams>();
  readonly onStatus = this.#statusChanged.event;
  readonly #progress = new Map<string, (progress: Progress) => void>();
  readonly #configChanged = new vscode.EventEmitter<ConfigChanged>();
  /** Fires when the summary or the findings of a config change. */
  readonly onConfigChanged = this.#configChanged.event;
  readonly #restarted = new vscode.EventEmitter<void>();
  /** Fires when the user restarted the server. */
  readonly onRestarted = this.#restarted.event;
  readonly #dataChanged = new vscode.EventEmitter<void>();
  /** Fires when data files changed or may be opened now. */
  readonly onDataChanged = this.#dataChanged.event;
  readonly #subscriptions: vscode.Disposable[];
  #client: Promise<ServerClient> | null = null;
  #status = idle;
  #gaveUp = false;
  #tokens = 0;

  constructor(module: string, log: vscode.LogOutputChannel) {
    this.#module = module;
    this.#log = log;
    this.#subscriptions = [
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('recsample.engine'))
          void this.#client?.then((client) => {
            client.configure(engineSettings());
          });
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(
        () =>
          void this.#client?.then((client) => {
            client.trust();
          }),
      ),
      vscode.workspace.onDidOpenTextDocument((document) => {
        this.#serve(document);
      }),
    ];
    for (const document of vscode.workspace.textDocuments) this.#serve(document);
  }

  get status(): StatusParams {
    return this.#status;
  }

  call<M extends EngineMethod>(method: M, params: Params<M>, context: Partial<CallContext> = {}): Promise<Result<M>> {
    return this.#twice(
      async () =>
        (await this.#ask(context, (client, token, cancellation) =>
          client.call({ method, params, token }, cancellation),
        )) as Result<M>,
      !('isOnce' in engineRequests[method]),
    );
  }

  /** Sends a request about ratio configs. */
  request<R extends ServerRequest>(
    name: R,
    params: ServerParams<R>,
    context: Partial<CallContext> = {},
  ): Promise<ServerResult<R>> {
    return this.#twice(
      () =>
        this.#ask(context, (client, token, cancellation) =>
          client.request<ServerResult<R>>(wireName(name), { ...params, token }, cancellation),
        ),
      !('isOnce' in serverRequests[name]),
    );
  }

  /** If the server died during a request, sends it once more to the next server, if repeating is safe. */
  async #twice<T>(ask: () => Promise<T>, again: boolean): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof FailureError) throw error;
      if (!isPeerGone(error)) throw new FailureError(failureOfResponse(error));
      if (!again) throw serverStopped();
    }
    // The client rejects pending requests a few microtasks before it starts the next server. After this turn of the
    // event loop, it has begun to.
    await new Promise(setImmediate);
    try {
      return await ask();
    } catch (error) {
      if (error instanceof FailureError) throw error;
      throw isPeerGone(error) ? serverStopped() : new FailureError(failureOfResponse(error));
    }
  }

  /** Tells the engine that an editor was closed; never starts a server for this. */
  close(id: string): void {
    if (this.#client && this.#status.engine === 'ready')
      this.call('close', { id }).catch((error: unknown) => {
        this.#log.debug(String(error));
      });
  }

  cancel(token: string): void {
    void this.#client?.then((client) => {
      client.cancel(token);
    });
  }

  /** Process id of the engine, or null if none runs. */
  async enginePid(): Promise<number | null> {
    return this.#client ? (await this.#client).request<number | null>(wire.enginePid) : null;
  }

  /** Starts a new server and, with the next call, a new engine. Works in every state. */
  async restart(): Promise<void> {
    const client = await this.#connect();
    await client.stop();
    this.#gaveUp = false;
    this.#setStatus(idle);
    await client.start();
    this.#restarted.fire();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#statusChanged.dispose();
    this.#configChanged.dispose();
    this.#restarted.dispose();
    this.#dataChanged.dispose();
    void this.#client?.then((client) => client.stop()).catch(() => undefined);
  }

  /** Sends a request with its own token, which links progress and cancellation to it. */
  async #ask<T>(
    { signal, progress }: Partial<CallContext>,
    send: (client: ServerClient, token: string, cancellation: vscode.CancellationToken) => Promise<T>,
  ): Promise<T> {
    if (signal?.aborted) throw cancelled();
    const client = await this.#started();
    const token = `host-${++this.#tokens}`;
    const cancellation = new vscode.CancellationTokenSource();
    const abort = (): void => {
      cancellation.cancel();
    };
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    if (progress) this.#progress.set(token, progress);
    try {
      return await send(client, token, cancellation.token);
    } finally {
      signal?.removeEventListener('abort', abort);
      this.#progress.delete(token);
      cancellation.dispose();
    }
  }

  async #started(): Promise<ServerClient> {
    const client = await this.#connect();
    if (this.#gaveUp) throw serverStopped();
    await client.start();
    return client;
  }

  /** Starts the language server when a config is open. */
  #serve({ languageId }: vscode.TextDocument): void {
    if (!configLanguages.includes(languageId)) return;
    this.#started().catch((error: unknown) => {
      this.#log.error(String(error));
    });
  }

  #connect(): Promise<ServerClient> {
    this.#client ??= import('./client.ts').then(
      (chunk) =>
        new chunk.ServerClient({
          module: this.#module,
          log: this.#log,
          languages: configLanguages,
          initialization,
          watchers: watched.map((pattern) => this.#watcher(pattern)),
          progress: ({ token, progress }) => this.#progress.get(token)?.(progress),
          status: (status) => {
            this.#setStatus(status);
          },
          configChanged: (changed) => {
            this.#configChanged.fire(changed);
          },
          dataChanged: () => {
            this.#dataChanged.fire();
          },
          gaveUp: () => {
            this.#gaveUp = true;
            this.#setStatus({ engine: 'failed', running: [], failure: serverStopped().failure });
          },
          now: () => performance.now(),
        }),
    );
    return this.#client;
  }

  #watcher(pattern: string): vscode.FileSystemWatcher {
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    this.#subscriptions.push(watcher);
    return watcher;
  }

  #setStatus(status: StatusParams): void {
    this.#status = status;
    this.#statusChanged.fire(status);
  }
}

const configLanguages: readonly string[] = Object.values(languages);

/** Commands that the server may offer in lenses, actions and hovers. */
const offeredCommands: readonly string[] = [
  commands.validate,
  commands.preview,
  commands.generate,
  commands.exportSparkJob,
  commands.inspect,
  commands.chooseFiles,
  commands.openRulePage,
];

/** Read again for every start of the server. */
function initialization(): InitializationOptions {
  return {
    ...engineSettings(),
    locale: locale(),
    trusted: vscode.workspace.isTrusted,
    rulePage: rulePageAddress('{rule}'),
    commands: offeredCommands,
  };
}

function serverStopped(): FailureError {
  return fail('engine-stopped', message('The server process of RecSample stopped'), {
    advice: message('Run “RecSample: Restart Server” to try again. The log says why it stopped.'),
  });
}
