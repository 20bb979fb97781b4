import * as vscode from 'vscode';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { ConfigText } from '../../protocol/preview.ts';
import { isConfig } from '../config/configList.ts';
import { isConfigAddress } from './configAddress.ts';

const SCHEME = 'recsample-text';

/** Texts of configs other than the editor's: on disk, when opened, and in the last commit. */
export class ConfigTexts implements vscode.TextDocumentContentProvider {
  readonly #opened = new Map<string, string>();
  /** Number of previews per config URI. The text from the opening is kept while there is one. */
  readonly #previews = new Map<string, number>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  register(): vscode.Disposable {
    for (const document of vscode.workspace.textDocuments) this.#keep(document);
    return vscode.Disposable.from(
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidOpenTextDocument((document) => {
        this.#keep(document);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.#forget(uri.toString());
      }),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        this.#changed.fire(uriOfText({ uri: uri.toString(), saved: true }));
      }),
    );
  }

  /** A preview of a config opens: keeps its current text, unless an editor opened it earlier. */
  async preview(uri: string): Promise<void> {
    this.#previews.set(uri, (this.#previews.get(uri) ?? 0) + 1);
    if (this.#opened.has(uri)) return;
    try {
      const text = decode(await vscode.workspace.fs.readFile(vscode.Uri.parse(uri)));
      if (!this.#opened.has(uri)) this.#opened.set(uri, text);
    } catch {
      // The file no longer exists, so there is no text to keep.
    }
  }

  previewClosed(uri: string): void {
    const remaining = (this.#previews.get(uri) ?? 1) - 1;
    if (remaining > 0) this.#previews.set(uri, remaining);
    else this.#previews.delete(uri);
    if (!vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri)) this.#forget(uri);
  }

  /** Earlier texts of a config that differ from its current text. */
  async earlier(uri: string): Promise<readonly NonNullable<ConfigText['at']>[]> {
    const current = await this.#currentText(uri);
    const differs = (text: string | null | undefined): boolean => typeof text === 'string' && text !== current;
    return [
      ...(differs(this.#opened.get(uri)) ? ['opened' as const] : []),
      ...(differs(await textAtHead(vscode.Uri.parse(uri))) ? ['head' as const] : []),
    ];
  }

  /** Adds an earlier text for the server. @throws FailureError `not-found` if there is no such text */
  async withText(config: ConfigText): Promise<ConfigText> {
    const { uri, at } = config;
    return at === undefined ? config : { uri, text: await this.#earlier(uri, at) };
  }

  async provideTextDocumentContent({ query, fragment }: vscode.Uri): Promise<string> {
    // The address may come from a link, so it may read only configs.
    if (!isConfigAddress(query))
      throw fail('refused-path', message('This is not a ratio config'), { place: { path: query } });
    if (fragment === 'opened' || fragment === 'head') return this.#earlier(query, fragment);
    return decode(await vscode.workspace.fs.readFile(vscode.Uri.parse(query)));
  }

  async #earlier(uri: string, at: NonNullable<ConfigText['at']>): Promise<string> {
    const config = vscode.Uri.parse(uri);
    const text = at === 'opened' ? this.#opened.get(uri) : await textAtHead(config);
    if (typeof text === 'string') return text;
    const place = { place: { path: config.scheme === 'file' ? config.fsPath : uri } };
    throw at === 'opened'
      ? fail('not-found', message('The config text from when it was opened is no longer available'), place)
      : fail('not-found', message('The last Git commit does not contain this file'), place);
  }

  async #currentText(uri: string): Promise<string | null> {
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri);
    if (document) return document.getText();
    try {
      return decode(await vscode.workspace.fs.readFile(vscode.Uri.parse(uri)));
    } catch {
      return null;
    }
  }

  #keep(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    if (isConfig(document) && !this.#opened.has(uri)) this.#opened.set(uri, document.getText());
  }

  #forget(uri: string): void {
    if (!this.#previews.has(uri)) this.#opened.delete(uri);
  }
}

/**
 * The URI of a text: of the config itself, or of a virtual document with its name, so that a diff has syntax colours.
 */
export function uriOfText({ uri, saved, at }: ConfigText): vscode.Uri {
  const config = vscode.Uri.parse(uri);
  if (at === undefined && saved !== true) return config;
  return vscode.Uri.from({ scheme: SCHEME, path: config.path, query: uri, fragment: at ?? 'saved' });
}

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The part of the API of VS Code's built-in Git extension that is used here. */
interface GitExtension {
  getAPI(version: 1): { getRepository(uri: vscode.Uri): { show(ref: string, path: string): Promise<string> } | null };
}

/** The text of a file in the last commit; null if the commit does not have it, or if Git is off. */
async function textAtHead(file: vscode.Uri): Promise<string | null> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  if (!extension || file.scheme !== 'file') return null;
  try {
    const git = extension.isActive ? extension.exports : await extension.activate();
    return (await git.getAPI(1).getRepository(file)?.show('HEAD', file.fsPath)) ?? null;
  } catch {
    // The file is not in the commit, there is no commit yet, or Git is disabled.
    return null;
  }
}
