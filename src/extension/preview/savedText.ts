import * as vscode from 'vscode';

const SCHEME = 'recsample-saved';

/** A config as it is on the disk, whatever its editor holds: for a diff of the two. */
export class SavedTexts implements vscode.TextDocumentContentProvider {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => { this.#changed.fire(savedUri(uri)); }),
    );
  }

  async provideTextDocumentContent({ query }: vscode.Uri): Promise<string> {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.parse(query)));
  }
}

/** Under the name of the config, so that the diff is coloured as one. */
export function savedUri(config: vscode.Uri): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: config.path, query: config.toString() });
}
