import * as vscode from 'vscode';
import type { FindingCounts } from '../../protocol/language.ts';

const SCHEME = 'recsample-findings';

/** Names an item of a tree together with its findings: other findings are another name, so that nothing need be told. */
export function countsUri(id: string, { error, warning }: FindingCounts): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/${encodeURIComponent(id)}`, query: `${error},${warning}` });
}

/** Colours the items of the Ratio Configs view by their worst finding, and counts errors and warnings at the right. */
export class CountDecorations implements vscode.FileDecorationProvider {
  register(): vscode.Disposable {
    return vscode.window.registerFileDecorationProvider(this);
  }

  provideFileDecoration({ scheme, query }: vscode.Uri): vscode.FileDecoration | undefined {
    if (scheme !== SCHEME) return undefined;
    const [error = 0, warning = 0] = query.split(',').map(Number);
    const count = error + warning;
    if (count === 0) return undefined;
    return new vscode.FileDecoration(count > 99 ? '99' : String(count), undefined, new vscode.ThemeColor(error > 0 ? 'list.errorForeground' : 'list.warningForeground'));
  }
}
