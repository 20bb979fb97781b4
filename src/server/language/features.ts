import type { Connection, TextDocumentIdentifier } from 'vscode-languageserver/node';
import { addressOfUri } from './address.ts';
import type { Annotations } from './annotations.ts';
import type { Client } from './client.ts';
import { codeActions } from './codeActions.ts';
import { codeLenses } from './codeLenses.ts';
import { completions } from './completion.ts';
import type { Configs } from './configs.ts';
import { foldingRanges } from './folding.ts';
import { hover } from './hover.ts';
import { inlayHints } from './inlayHints.ts';
import type { Snapshot } from './snapshot.ts';
import { documentSymbols } from './symbols.ts';
import type { Workspace } from './workspace.ts';

export interface FeatureOptions {
  readonly connection: Connection;
  readonly client: Client;
  readonly workspace: Workspace;
  readonly configs: Configs;
  readonly annotations: Annotations;
}

/** Serves the language features of LSP. Each answer is a function of the snapshot of the current text. */
export function serveFeatures({ connection, client, workspace, configs, annotations }: FeatureOptions): void {
  const withSnapshot =
    <P extends { readonly textDocument: TextDocumentIdentifier }, R>(
      answer: (snapshot: Snapshot, params: P) => R | Promise<R>,
      none: R,
    ) =>
    async (params: P): Promise<R> => {
      const snapshot = await configs.current(addressOfUri(params.textDocument.uri));
      return snapshot ? answer(snapshot, params) : none;
    };
  connection.onCompletion(
    withSnapshot((snapshot, { position }) => {
      const root = workspace.trusted ? workspace.rootOf(snapshot.address) : null;
      return completions(snapshot, client, position, root);
    }, null),
  );
  connection.onHover(withSnapshot((snapshot, { position }) => hover(snapshot, client, position), null));
  connection.onCodeAction(withSnapshot((snapshot, params) => codeActions(snapshot, client, params), []));
  connection.onCodeLens(
    withSnapshot((snapshot) => {
      annotations.setSent('lenses', snapshot);
      return codeLenses(snapshot, client);
    }, []),
  );
  connection.languages.inlayHint.on(
    withSnapshot((snapshot, { range }) => {
      annotations.setSent('hints', snapshot);
      return inlayHints(snapshot, client, range);
    }, []),
  );
  connection.onDocumentSymbol(withSnapshot((snapshot) => documentSymbols(snapshot), []));
  connection.onFoldingRanges(withSnapshot((snapshot) => foldingRanges(snapshot), []));
}
