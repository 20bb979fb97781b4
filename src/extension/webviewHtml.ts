import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { webviewPage } from '../core/report/webviewPage.ts';
import type { WebviewBoot } from '../protocol/inspector.ts';
import { locale } from './language.ts';

/** At least 128 random bits, letters and digits only. */
export function freshNonce(): string {
  return randomBytes(16).toString('hex');
}

/** The only folder that RecSample's webviews may load from. */
export function webviewRoot(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}

/** The page that runs `dist/webview/<script>.js`. `name`: the page title, and the name used in its texts. */
export function webviewHtml(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  script: 'inspector' | 'preview' | 'sidebar' | 'trial',
  name: string,
): string {
  const address = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(webviewRoot(extensionUri), file)).toString();
  const nonce = freshNonce();
  const boot: WebviewBoot = { locale: locale(), strings: vscode.l10n.bundle ?? {}, nonce, name };
  return webviewPage({
    language: vscode.env.language,
    title: name,
    cspSource: webview.cspSource,
    nonce,
    script: address(`${script}.js`),
    styles: [address('codicon.css')],
    boot,
  });
}
