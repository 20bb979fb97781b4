import type { Connection, InitializeParams } from 'vscode-languageserver/node';
import type { Locale } from '../../core/message/translator.ts';
import { FactsCache } from '../../project/facts/factsCache.ts';
import type { EngineClient } from '../../protocol/engine.ts';
import type { InitializationOptions } from '../../protocol/language.ts';
import type { ConfigText } from '../../protocol/preview.ts';
import type { RunningCalls } from '../engine/runningCalls.ts';
import { serveRequests } from '../sampling/serveRequests.ts';
import { addressOfUri, languageOf } from '../language/address.ts';
import { annotationKinds, Annotations } from '../language/annotations.ts';
import { abilitiesOf } from '../language/capabilities.ts';
import { ConfigChecker } from '../language/checker.ts';
import { clientOf } from '../language/client.ts';
import { Configs } from '../language/configs.ts';
import { receiveDocuments, receiveOutsideEvents } from '../language/events.ts';
import { serveFeatures } from '../language/features.ts';
import { Publisher } from '../language/publisher.ts';
import { answeredOn } from '../language/responses.ts';
import type { ConfigVersion } from '../language/snapshot.ts';
import { textOfFile } from '../language/textOfFile.ts';
import { WatchedFiles } from '../language/watchedFiles.ts';
import { Workspace } from '../language/workspace.ts';

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
 * Serves ratio configs on a connection, starting with `initialize`. An edit takes these steps: `receiveDocuments` →
 * `Configs` → `ConfigChecker` (parse, check) → `Publisher`. The features answer from the snapshots of `Configs`.
 */
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
  const workspace = new Workspace(options.trusted !== false, initialize.workspaceFolders ?? []);
  const cache = new FactsCache();
  const watched = new WatchedFiles(connection);
  const annotations = new Annotations(annotationKinds(connection, client, abilities));
  const publisher = new Publisher({ connection, client, annotations, watched });
  const configs = new Configs({
    checker: new ConfigChecker(workspace, engine, cache),
    publisher,
    log: (text) => {
      connection.console.warn(text);
    },
  });
  const sampling = serveRequests({
    connection,
    configs,
    engine,
    writer,
    running,
    cache,
    answered: answeredOn(connection),
    version,
    rootOf: (address) => workspace.rootOf(address),
    locale: client.locale,
    translate: client.translate,
    text: (config) => sampledText(config, configs),
    trusted: () => workspace.trusted,
  });
  receiveDocuments(connection, configs, publisher);
  const events = receiveOutsideEvents({
    connection,
    configs,
    publisher,
    workspace,
    folderChanges: initialize.capabilities.workspace?.workspaceFolders === true,
    dataChanged: () => {
      sampling.dataChanged();
    },
  });
  serveFeatures({ connection, client, workspace, configs, annotations });
  connection.onInitialized(() => {
    if (abilities.watchedFiles) watched.start();
    events.initialized();
  });
  return {
    dispose: () => {
      events.dispose();
      configs.dispose();
    },
  };
}

/** The config text to sample: passed by the client, saved on disk, or currently open. */
async function sampledText({ uri, saved, text }: ConfigText, configs: Configs): Promise<ConfigVersion> {
  const address = addressOfUri(uri);
  if (text === undefined) return saved === true ? textOfFile(address) : configs.text(address);
  // Text that the client passes is in the notation of its document.
  const current = await configs.text(address).catch(() => null);
  return { address, language: current?.language ?? languageOf(address), version: null, text };
}
