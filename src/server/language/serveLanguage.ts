import path from 'node:path';
import {
  CodeLensRefreshRequest,
  DidChangeWatchedFilesNotification,
  InlayHintRefreshRequest,
  ResponseError,
  TextDocuments,
  type CancellationToken,
  type Connection,
  type InitializeParams,
  type TextDocumentIdentifier,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { describeFailure, failureOf } from '../../core/message/failure.ts';
import type { Locale } from '../../core/message/translator.ts';
import {
  languageWire,
  type ConfigChanged,
  type ConfigParams,
  type ConfigSummary,
  type InitializationOptions,
  type ValidateAllResult,
  type ValidateResult,
} from '../../protocol/language.ts';
import type { EngineClient } from '../../protocol/engine.ts';
import { accept } from '../../protocol/schema/accept.ts';
import { languageParams, serverParams } from '../../protocol/schema/language.ts';
import { FAILURE_CODE } from '../../protocol/wire.ts';
import type { RunningCalls } from '../runningCalls.ts';
import { serveSampling } from '../sampling/serveSampling.ts';
import { FactsCache } from '../../project/facts/factsCache.ts';
import { lintFile } from '../../project/lint/lintFile.ts';
import { policyTextWithin } from '../../project/lint/policyText.ts';
import { projectRoot } from '../../project/projectRoot.ts';
import { addressOfPath, addressOfUri, isConfigName, languageOf, type Address } from './address.ts';
import { abilitiesOf } from './capabilities.ts';
import { clientOf } from './client.ts';
import { codeActions } from './codeActions.ts';
import { codeLenses } from './codeLenses.ts';
import { completions } from './completion.ts';
import { textOfFile } from './textOfFile.ts';
import { Configs, type ConfigsOptions } from './configs.ts';
import { diagnosticOf } from './diagnostics.ts';
import { foldingRanges } from './folding.ts';
import { hover } from './hover.ts';
import { inlayHints } from './inlayHints.ts';
import { Publisher } from './publisher.ts';
import { isChecked, type ConfigVersion, type Snapshot } from './snapshot.ts';
import { countsOf, summaryOf } from './summary.ts';
import { documentSymbols } from './symbols.ts';
import { Watching } from './watching.ts';

export interface LanguageOptions {
  readonly connection: Connection;
  readonly engine: EngineClient;
  /** The engine that writes sample files. */
  readonly writer: EngineClient;
  readonly running: RunningCalls;
  /** The language for a client that names none. */
  readonly locale: Locale;
  readonly initialize: InitializeParams;
  /** The client's `initializationOptions`, validated. */
  readonly options: InitializationOptions;
  /** `repository` and `version` in package.json. */
  readonly repository: unknown;
  readonly version: string;
}

/**
 * Milliseconds to wait after the last change of a data file, so that a job that writes many partitions does not trigger
 * a lint for each.
 */
const SETTLED = 1000;

/** Serves ratio configs on a connection, starting with `initialize`. */
export function serveLanguage({
  connection,
  engine,
  writer,
  running,
  locale,
  initialize,
  options,
  repository,
  version,
}: LanguageOptions): { dispose(): void } {
  const abilities = abilitiesOf(initialize.capabilities);
  const client = clientOf({ options, locale: initialize.locale, fallback: locale, ...abilities, repository });
  const documents = new TextDocuments(TextDocument);
  const cache = new FactsCache();
  let trusted = options.trusted !== false;
  let folders = (initialize.workspaceFolders ?? []).flatMap(({ uri }) => addressOfUri(uri).path ?? []);
  let watching: Watching | null = null;

  const rootOfConfig = ({ path: file }: Address): string | null =>
    file === null ? null : projectRoot(file, folders, process.cwd());
  const lint: ConfigsOptions['lint'] = ({ address, text, language }, { level, open, signal }) => {
    const root = rootOfConfig(address);
    return lintFile(
      { path: address.path, text, language },
      {
        level,
        root,
        trusted,
        cache,
        engine: open && trusted ? engine : null,
        readText: policyTextWithin(root),
        ...(signal ? { signal } : {}),
        questions: groupsOfStages,
      },
    );
  };
  const publisher = new Publisher({
    publish: (params) => void connection.sendDiagnostics(params),
    diagnosticsOf: (findings) => findings.map((finding) => diagnosticOf(finding, client)),
    summary: summaryOf,
    configChanged: (uri, summary) =>
      void connection.sendNotification(languageWire.configChanged, { uri, summary } satisfies ConfigChanged),
    annotations: (snapshot) => [codeLenses(snapshot, client), inlayHints(snapshot, client, wholeOf(snapshot))],
    annotationsChanged: () => {
      if (abilities.refreshHints) connection.sendRequest(InlayHintRefreshRequest.type).catch(() => undefined);
      if (abilities.refreshLenses) connection.sendRequest(CodeLensRefreshRequest.type).catch(() => undefined);
    },
    policiesChanged: (paths) => {
      watching?.policies(paths);
    },
  });
  const configs = new Configs({
    lint,
    mostOf: ({ path: file }) => (trusted && file !== null ? 'data' : 'none'),
    linted: (snapshot) => {
      publisher.linted(snapshot);
    },
    gone: (address) => {
      publisher.gone(address);
    },
    log: (text) => {
      connection.console.warn(text);
    },
  });
  const sampling = serveSampling({
    connection,
    engine,
    writer,
    running,
    cache,
    answered,
    version,
    rootOf: rootOfConfig,
    locale: client.locale,
    translate: client.translate,
    text: async ({ uri, saved, text }) => {
      const address = addressOfUri(uri);
      // Text that the client passes is in the notation of its document.
      if (text !== undefined)
        return {
          address,
          language: (await configs.text(address).catch(() => null))?.language ?? languageOf(address),
          version: null,
          text,
        };
      return saved === true ? textOfFile(address) : configs.text(address);
    },
    trusted: () => trusted,
  });

  connection.onInitialized(() => {
    if (abilities.watchedFiles) watching = new Watching(connection);
    if (initialize.capabilities.workspace?.workspaceFolders === true) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const left = new Set(removed.flatMap(({ uri }) => addressOfUri(uri).path ?? []));
        folders = [
          ...folders.filter((folder) => !left.has(folder)),
          ...added.flatMap(({ uri }) => addressOfUri(uri).path ?? []),
        ];
        refreshAll('schema');
      });
    }
  });

  // Documents. Opening one also fires a change event, but only the opening counts rows on its own.
  const opened = new Set<string>();
  documents.onDidOpen(({ document }) => {
    opened.add(document.uri);
  });
  documents.onDidChangeContent(({ document }) => {
    configs.edited(textOf(document), opened.delete(document.uri) ? 'data' : 'schema');
  });
  documents.onDidSave(({ document }) => {
    configs.refresh(addressOfUri(document.uri), 'data');
  });
  documents.onDidClose(({ document }) => void configs.closed(addressOfUri(document.uri)));
  documents.listen(connection);

  // Events outside the editor.
  let settling: NodeJS.Timeout | undefined;
  const dataChanged = (): void => {
    clearTimeout(settling);
    settling = setTimeout(() => {
      sampling.dataChanged();
      refreshAll('data');
    }, SETTLED);
  };
  function refreshAll(level: 'schema' | 'data'): void {
    for (const address of configs.addresses) configs.refresh(address, level);
  }
  connection.onNotification(DidChangeWatchedFilesNotification.type, ({ changes }) => {
    for (const { uri } of changes) {
      const address = addressOfUri(uri);
      if (address.path === null) continue;
      const onIt = configs.addresses.filter(publisher.standingOn(address.path));
      for (const config of onIt) configs.refresh(config, 'schema');
      if (isConfigName(address.path)) void configs.fileChanged(address);
      else if (onIt.length === 0) dataChanged();
    }
  });
  connection.onNotification(languageWire.refreshFacts, dataChanged);
  connection.onNotification(languageWire.trust, (received: unknown) => {
    try {
      ({ trusted } = accept(serverParams.trust, languageWire.trust, received));
    } catch (error) {
      connection.console.warn(describeFailure(failureOf(error)));
      return;
    }
    sampling.dataChanged();
    refreshAll('data');
  });

  // Language features of LSP.
  const at =
    <P extends { readonly textDocument: TextDocumentIdentifier }, R>(
      answer: (snapshot: Snapshot, params: P) => R | Promise<R>,
      none: R,
    ) =>
    async (params: P): Promise<R> => {
      const snapshot = await configs.current(addressOfUri(params.textDocument.uri));
      return snapshot ? answer(snapshot, params) : none;
    };
  connection.onCompletion(
    at(
      (snapshot, { position }) =>
        completions(snapshot, client, position, trusted ? rootOfConfig(snapshot.address) : null),
      null,
    ),
  );
  connection.onHover(at((snapshot, { position }) => hover(snapshot, client, position), null));
  connection.onCodeAction(at((snapshot, params) => codeActions(snapshot, client, params), []));
  connection.onCodeLens(at((snapshot) => codeLenses(snapshot, client), []));
  connection.languages.inlayHint.on(at((snapshot, { range }) => inlayHints(snapshot, client, range), []));
  connection.onDocumentSymbol(at((snapshot) => documentSymbols(snapshot), []));
  connection.onFoldingRanges(at((snapshot) => foldingRanges(snapshot), []));

  // RecSample's own requests.
  connection.onRequest(languageWire.validate, (received: unknown, token: CancellationToken): Promise<ValidateResult> =>
    answered(async () => {
      const params = accept(languageParams.validate, languageWire.validate, received);
      const {
        address: { uri },
        findings,
        rules,
        level,
      } = await configs.validate(addressOf(params), params.level, signalOf(token));
      return { uri, findings, rules, level, counts: countsOf(findings) };
    }),
  );
  connection.onRequest(
    languageWire.validateAll,
    (received: unknown, token: CancellationToken): Promise<ValidateAllResult> =>
      answered(async () => {
        const params = accept(languageParams.validateAll, languageWire.validateAll, received);
        const signal = signalOf(token);
        const files: ValidateAllResult['files'][number][] = [];
        const all: Snapshot['findings'][number][] = [];
        for (const config of params.configs) {
          const address = addressOf(config);
          try {
            const snapshot = await configs.validate(address, params.level, signal);
            for (const finding of snapshot.findings) all.push(finding);
            files.push({ uri: address.uri, counts: countsOf(snapshot.findings), checked: isChecked(snapshot) });
          } catch (error) {
            signal.throwIfAborted();
            files.push({ uri: address.uri, failure: failureOf(error) });
          }
        }
        return { files, counts: countsOf(all) };
      }),
  );
  connection.onRequest(languageWire.configSummary, (received: unknown): Promise<ConfigSummary> =>
    answered(async () => {
      const params = accept(languageParams.configSummary, languageWire.configSummary, received);
      return summaryOf(await configs.listed(addressOf(params)));
    }),
  );

  return {
    dispose: () => {
      clearTimeout(settling);
      configs.dispose();
    },
  };

  /** A failure is sent in the `data` of the error, like the failures of the engine. */
  async function answered<T>(answer: () => Promise<T>): Promise<T> {
    try {
      return await answer();
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === 'internal')
        connection.console.error(`${describeFailure(failure)}${failure.cause ? `\n${failure.cause}` : ''}`);
      throw new ResponseError(FAILURE_CODE, failure.message.text, failure);
    }
  }
}

function groupsOfStages({
  config,
}: Snapshot['read']): { readonly kind: 'groups'; readonly stage: 'recall' | 'coarse_ranking' | 'fine_ranking' }[] {
  return (['recall', 'coarse_ranking', 'fine_ranking'] as const)
    .filter((stage) => config.stages?.[stage] !== undefined)
    .map((stage) => ({ kind: 'groups', stage }));
}

function textOf(document: TextDocument): ConfigVersion {
  const address = addressOfUri(document.uri);
  return {
    address,
    language: languageOf(address, document.languageId),
    version: document.version,
    text: document.getText(),
  };
}

function addressOf(params: ConfigParams): Address {
  return 'uri' in params ? addressOfUri(params.uri) : addressOfPath(path.resolve(params.path));
}

function wholeOf({ read: { document } }: Snapshot): {
  start: { line: number; character: number };
  end: { line: number; character: number };
} {
  return { start: { line: 0, character: 0 }, end: { line: document.lines.count, character: 0 } };
}

function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  token.onCancellationRequested(() => {
    controller.abort();
  });
  return controller.signal;
}
