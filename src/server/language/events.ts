import { DidChangeWatchedFilesNotification, TextDocuments, type Connection } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { describeFailure, failureOf } from '../../core/message/failure.ts';
import { languageWire } from '../../protocol/language.ts';
import { accept } from '../../protocol/schema/accept.ts';
import { serverParams } from '../../protocol/schema/language.ts';
import { addressOfUri, isConfigName, languageOf } from './address.ts';
import type { Configs } from './configs.ts';
import type { Publisher } from './publisher.ts';
import type { ConfigVersion } from './snapshot.ts';
import type { Workspace } from './workspace.ts';

/**
 * Milliseconds to wait after the last change of a data file, so that a job that writes many partitions does not trigger
 * a lint for each.
 */
const SETTLED = 1000;

/** Receives what happens to documents in an editor. An edit starts here: see `Configs.edited`. */
export function receiveDocuments(connection: Connection, configs: Configs, publisher: Publisher): void {
  const documents = new TextDocuments(TextDocument);
  // Opening a document also fires a change event, but only the opening counts rows on its own.
  const opened = new Set<string>();
  documents.onDidOpen(({ document }) => {
    opened.add(document.uri);
  });
  documents.onDidChangeContent(({ document }) => {
    configs.edited(versionOf(document), opened.delete(document.uri) ? 'data' : 'schema');
  });
  documents.onDidSave(({ document }) => {
    configs.refresh(addressOfUri(document.uri), 'data');
  });
  documents.onDidClose(({ document }) => {
    const address = addressOfUri(document.uri);
    publisher.closed(address);
    void configs.closed(address);
  });
  documents.listen(connection);
}

function versionOf(document: TextDocument): ConfigVersion {
  const address = addressOfUri(document.uri);
  return {
    address,
    language: languageOf(address, document.languageId),
    version: document.version,
    text: document.getText(),
  };
}

export interface OutsideEventOptions {
  readonly connection: Connection;
  readonly configs: Configs;
  readonly publisher: Publisher;
  readonly workspace: Workspace;
  /** True if the client reports changes of the workspace folders. */
  readonly folderChanges: boolean;
  /** Called when data files changed or may be opened now. */
  readonly dataChanged: () => void;
}

/** Receives what happens outside the editor: to files, workspace folders, and workspace trust. */
export function receiveOutsideEvents({
  connection,
  configs,
  publisher,
  workspace,
  folderChanges,
  dataChanged,
}: OutsideEventOptions): { initialized(): void; dispose(): void } {
  let settling: NodeJS.Timeout | undefined;
  const refreshAll = (level: 'schema' | 'data'): void => {
    for (const address of configs.addresses) configs.refresh(address, level);
  };
  const dataMayHaveChanged = (): void => {
    clearTimeout(settling);
    settling = setTimeout(() => {
      dataChanged();
      refreshAll('data');
    }, SETTLED);
  };
  connection.onNotification(DidChangeWatchedFilesNotification.type, ({ changes }) => {
    for (const { uri } of changes) {
      const address = addressOfUri(uri);
      if (address.path === null) continue;
      const dependents = configs.addresses.filter(publisher.dependsOn(address.path));
      for (const config of dependents) configs.refresh(config, 'schema');
      if (isConfigName(address.path)) void configs.fileChanged(address);
      else if (dependents.length === 0) dataMayHaveChanged();
    }
  });
  connection.onNotification(languageWire.refreshFacts, dataMayHaveChanged);
  connection.onNotification(languageWire.trust, (received: unknown) => {
    try {
      workspace.trusted = accept(serverParams.trust, languageWire.trust, received).trusted;
    } catch (error) {
      connection.console.warn(describeFailure(failureOf(error)));
      return;
    }
    dataChanged();
    refreshAll('data');
  });
  return {
    initialized: () => {
      if (!folderChanges) return;
      connection.workspace.onDidChangeWorkspaceFolders((change) => {
        workspace.changeFolders(change);
        refreshAll('schema');
      });
    },
    dispose: () => {
      clearTimeout(settling);
    },
  };
}
