import {
  CodeActionKind,
  TextDocumentSyncKind,
  type ClientCapabilities,
  type ServerCapabilities,
} from 'vscode-languageserver/node';
import { fixAllKind } from './codeActions.ts';

/** Server capabilities, the same for every client. */
export const serverCapabilities: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
  completionProvider: { triggerCharacters: [':', ' ', '[', '{', ',', '/', '"', '$'] },
  hoverProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind] },
  codeLensProvider: {},
  inlayHintProvider: true,
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};

/** The client capabilities that the server depends on. */
export interface ClientAbilities {
  readonly snippets: boolean;
  readonly labelDetails: boolean;
  readonly versionedEdits: boolean;
  readonly watchedFiles: boolean;
  readonly refreshHints: boolean;
  readonly refreshLenses: boolean;
}

export function abilitiesOf({ textDocument, workspace }: ClientCapabilities): ClientAbilities {
  return {
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    labelDetails: textDocument?.completion?.completionItem?.labelDetailsSupport === true,
    versionedEdits: workspace?.workspaceEdit?.documentChanges === true,
    watchedFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    refreshHints: workspace?.inlayHint?.refreshSupport === true,
    refreshLenses: workspace?.codeLens?.refreshSupport === true,
  };
}
