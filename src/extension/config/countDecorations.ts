import * as vscode from 'vscode';
import type { FindingCounts } from '../../protocol/language.ts';

const SCHEME = 'recsample-findings';

/** The URI of a tree item, including its findings. Other findings give another URI, so no change event is needed. */
export function countsUri(id: string, { error, warning, info }: FindingCounts): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/${encodeURIComponent(id)}`, query: `${error},${warning},${info}` });
}

/**
 * Colours the items of the Ratio Configs view by their worst finding and shows the count at the right, like the
 * Problems view.
 */
export class CountDecorations implements vscode.FileDecorationProvider {
  register(): vscode.Disposable {
    return vscode.window.registerFileDecorationProvider(this);
  }

  provideFileDecoration({ scheme, query }: vscode.Uri): vscode.FileDecoration | undefined {
    if (scheme !== SCHEME) return undefined;
    const [error = 0, warning = 0, info = 0] = query.split(',').map(Number);
    const count = error + warning + info;
    if (count === 0) return undefined;
    const color = error > 0 ? 'list.errorForeground' : warning > 0 ? 'list.warningForeground' : null;
    return new vscode.FileDecoration(
      count > 99 ? '99' : String(count),
      undefined,
      color === null ? undefined : new vscode.ThemeColor(color),
    );
  }
}
