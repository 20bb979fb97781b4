import path from 'node:path';
import * as vscode from 'vscode';
import { viewTypes } from '../ids.ts';
import { webviewHtml, freshNonce, webviewRoot } from '../webviewHtml.ts';
import { linkTarget, type Consent } from './consent.ts';
import { gateMessage, gatePage } from './gatePage.ts';
import { InspectorEditor, type InspectorServices } from './inspectorEditor.ts';

/**
 * The read-only editor of sample files. Folders and globs are opened in it too (`vscode.openWith` with their path), so
 * that VS Code restores every inspector the same way after a window reload.
 */
export class InspectorProvider implements vscode.CustomReadonlyEditorProvider {
  readonly #extensionUri: vscode.Uri;
  readonly #services: InspectorServices;
  readonly #consent: Consent;
  #editors = 0;

  constructor(extensionUri: vscode.Uri, services: InspectorServices, consent: Consent) {
    this.#extensionUri = extensionUri;
    this.#services = services;
    this.#consent = consent;
  }

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      ...Object.values(viewTypes).map((id) =>
        vscode.window.registerCustomEditorProvider(id, this, { supportsMultipleEditorsPerDocument: true }),
      ),
    );
  }

  /** Reads nothing; reading starts when the webview asks. */
  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    panel.webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(this.#extensionUri)] };
    if (uri.scheme !== 'file' || this.#consent.isGiven(uri.fsPath)) this.#inspect(uri, panel);
    else this.#askFirst(uri, panel);
  }

  #inspect(uri: vscode.Uri, panel: vscode.WebviewPanel): void {
    const { inspectors } = this.#services;
    const inspector = new InspectorEditor(`editor-${++this.#editors}`, uri, panel.webview, this.#services);
    const follow = (): void => {
      if (panel.active) inspectors.activate(inspector);
    };
    panel.onDidChangeViewState(follow);
    panel.onDidDispose(() => {
      inspector.dispose();
    });
    follow();
    panel.webview.html = webviewHtml(panel.webview, this.#extensionUri, 'inspector', path.basename(uri.fsPath));
  }

  #askFirst(uri: vscode.Uri, panel: vscode.WebviewPanel): void {
    const gate = vscode.Disposable.from(
      panel.webview.onDidReceiveMessage((received: unknown) => {
        if (received === gateMessage) open();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        open();
      }),
    );
    const open = (): void => {
      gate.dispose();
      this.#consent.grant(uri.fsPath);
      this.#inspect(uri, panel);
    };
    panel.onDidDispose(() => {
      gate.dispose();
    });
    panel.webview.html = gatePage({
      language: vscode.env.language,
      cspSource: panel.webview.cspSource,
      nonce: freshNonce(),
      title: vscode.l10n.t('Restricted Mode: {0} was not read yet', path.basename(uri.fsPath)),
      text: vscode.l10n.t('A native parser reads data files. Open this file only if you trust its source.'),
      target: linkTarget(uri.fsPath),
      button: vscode.l10n.t('Open data file'),
    });
  }
}
