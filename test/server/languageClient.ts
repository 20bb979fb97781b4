import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import type {
  CodeAction,
  CodeLens,
  CompletionList,
  Diagnostic,
  Hover,
  InlayHint,
  MarkupContent,
  Position,
  PublishDiagnosticsParams,
  Range,
} from 'vscode-languageserver/node';

/** Everything in the shipped form: the command line with the server, and the engine next to it. */
export const dist = process.env.RECSAMPLE_DIST ?? path.join(import.meta.dirname, '../../dist');

export interface ClientOptions {
  /** Workspace folder; default: none. */
  readonly folder?: string;
  readonly initializationOptions?: unknown;
  readonly locale?: string;
  readonly capabilities?: Readonly<Record<string, unknown>>;
  /** The program and its arguments; default: `recsample lsp --stdio`. */
  readonly command?: readonly string[];
}

interface Waiter<T> {
  readonly test: (message: T) => boolean;
  readonly resolve: (message: T) => void;
}

/** Messages of one kind in order, and the calls that wait for one. */
class Inbox<T> {
  readonly all: T[] = [];
  #waiters: Waiter<T>[] = [];

  take(message: T): void {
    this.all.push(message);
    const met = this.#waiters.filter(({ test }) => test(message));
    this.#waiters = this.#waiters.filter((waiter) => !met.includes(waiter));
    for (const { resolve } of met) resolve(message);
  }

  /** The next message that passes the test. */
  next(test: (message: T) => boolean): Promise<T> {
    return new Promise((resolve) => this.#waiters.push({ test, resolve }));
  }

  /** The first message that passes the test, including those already received. */
  async some(test: (message: T) => boolean): Promise<T> {
    return this.all.find(test) ?? (await this.next(test));
  }
}

/** An editor, as the server sees it: JSON-RPC over standard input and output, without a language client library. */
export class LanguageClient {
  readonly process: ChildProcess;
  readonly connection: MessageConnection;
  readonly published = new Inbox<PublishDiagnosticsParams>();
  readonly log = new Inbox<string>();
  /** Other requests and notifications from the server. */
  readonly told = new Inbox<{ readonly method: string; readonly params: unknown }>();
  readonly exited: Promise<number | null>;
  #version = 0;

  constructor(command: readonly string[] = [path.join(dist, 'cli.cjs'), 'lsp', '--stdio']) {
    this.process = spawn(process.execPath, [...command], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    const { stdin, stdout } = this.process;
    if (!stdin || !stdout) throw new Error('no pipes');
    this.exited = new Promise((resolve) => this.process.once('exit', resolve));
    this.connection = createMessageConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.connection.onError(() => undefined);
    this.connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.published.take(params);
    });
    this.connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.log.take(message);
    });
    this.connection.onNotification('recsample/configChanged', (params: unknown) => {
      this.told.take({ method: 'recsample/configChanged', params });
    });
    for (const method of [
      'client/registerCapability',
      'client/unregisterCapability',
      'workspace/inlayHint/refresh',
      'workspace/codeLens/refresh',
    ]) {
      this.connection.onRequest(method, (params: unknown) => {
        this.told.take({ method, params });
        return null;
      });
    }
    this.connection.listen();
  }

  static async start({
    folder,
    initializationOptions,
    locale,
    capabilities = {},
    command,
  }: ClientOptions = {}): Promise<LanguageClient> {
    const client = new LanguageClient(command);
    await client.connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities,
      initializationOptions,
      locale,
      workspaceFolders: folder === undefined ? null : [{ uri: uriOf(folder), name: 'workspace' }],
    });
    await client.connection.sendNotification('initialized', {});
    return client;
  }

  /** Shuts down like an editor, and returns the exit code. */
  async stop(): Promise<number | null> {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    const code = await this.exited;
    this.connection.dispose();
    return code;
  }

  async open(uri: string, text: string, languageId = 'ratio-yaml'): Promise<number> {
    const version = ++this.#version;
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId, version, text },
    });
    return version;
  }

  /** Replaces a range, or the whole text. */
  async edit(uri: string, text: string, range?: Range): Promise<number> {
    const version = ++this.#version;
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [range ? { range, text } : { text }],
    });
    return version;
  }

  async save(uri: string): Promise<void> {
    await this.connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
  }

  async close(uri: string): Promise<void> {
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  /** The first publication that passes the test, including those already received. */
  diagnostics(
    uri: string,
    test: (found: Diagnostic[], version: number | undefined) => boolean = () => true,
  ): Promise<PublishDiagnosticsParams> {
    return this.published.some((params) => params.uri === uri && test(params.diagnostics, params.version));
  }

  hover(uri: string, position: Position): Promise<Hover | null> {
    return this.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position });
  }

  completion(uri: string, position: Position): Promise<CompletionList | null> {
    return this.connection.sendRequest('textDocument/completion', { textDocument: { uri }, position });
  }

  actions(uri: string, range: Range, only?: readonly string[]): Promise<CodeAction[]> {
    return this.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri },
      range,
      context: { diagnostics: [], ...(only ? { only } : {}) },
    });
  }

  hints(uri: string): Promise<InlayHint[]> {
    return this.connection.sendRequest('textDocument/inlayHint', {
      textDocument: { uri },
      range: { start: { line: 0, character: 0 }, end: { line: 100_000, character: 0 } },
    });
  }

  lenses(uri: string): Promise<CodeLens[]> {
    return this.connection.sendRequest('textDocument/codeLens', { textDocument: { uri } });
  }

  request<T>(method: string, params: unknown): Promise<T> {
    return this.connection.sendRequest(method, params);
  }
}

export function uriOf(file: string): string {
  return pathToFileURL(file).href;
}

/** The text that a client shows, plain or Markdown. */
export const textOf = (text: string | MarkupContent | Hover['contents'] | undefined): string =>
  typeof text === 'string'
    ? text
    : Array.isArray(text)
      ? text.map((part) => textOf(part)).join('\n')
      : (text?.value ?? '');

export const labelOf = ({ label }: InlayHint): string =>
  typeof label === 'string' ? label : label.map(({ value }) => value).join('');

export const codesOf = (found: readonly Diagnostic[]): (string | number | undefined)[] =>
  found.map(({ code }) => (typeof code === 'object' ? undefined : code));
