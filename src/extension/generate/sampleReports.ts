import path from 'node:path';
import * as vscode from 'vscode';

const SCHEME = 'recsample-report';

/** The reports of the sample files that this window wrote, as read-only documents. */
export class SampleReports implements vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  register(): vscode.Disposable {
    return vscode.Disposable.from(this.#changed, vscode.workspace.registerTextDocumentContentProvider(SCHEME, this));
  }

  /** Keeps the report of a file; replaces an earlier one. */
  keep(file: string, report: string): void {
    this.#texts.set(file, report);
    this.#changed.fire(addressOf(file));
  }

  async show(file: string): Promise<void> {
    await vscode.window.showTextDocument(addressOf(file), { preview: false });
  }

  provideTextDocumentContent({ query }: vscode.Uri): string {
    return (
      this.#texts.get(query) ??
      vscode.l10n.t('Reports are kept only until the window closes. Write the file again to get a new report.')
    );
  }
}

/** The tab title is the name of the sample file. */
function addressOf(file: string): vscode.Uri {
  return vscode.Uri.from({
    scheme: SCHEME,
    path: `/${vscode.l10n.t('{0} (report)', path.basename(file))}`,
    query: file,
  });
}
