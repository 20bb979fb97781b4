import path from 'node:path';
import * as vscode from 'vscode';
import { kindOfPath, literalPattern, resolveLinks, splitGlob } from '../samplePath.ts';

/** Writing a file fires many events. They are reported as one after this many milliseconds without another event. */
const QUIET = 250;

/** Calls `changed` after files of the data set were written, added or removed. Also watches the target of a link. */
export function watchDataset(dataset: string, changed: () => void): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(changed, QUIET);
  };
  const target = resolveLinks(dataset);
  const paths = target === dataset ? [dataset] : [dataset, target];
  const subscriptions = paths.flatMap((watched) => {
    const watcher = vscode.workspace.createFileSystemWatcher(patternOf(watched));
    return [watcher, watcher.onDidChange(heard), watcher.onDidCreate(heard), watcher.onDidDelete(heard)];
  });
  return new vscode.Disposable(() => {
    clearTimeout(timer);
    for (const subscription of subscriptions) subscription.dispose();
  });
}

function patternOf(dataset: string): vscode.RelativePattern {
  const below = (folder: string, pattern: string): vscode.RelativePattern =>
    new vscode.RelativePattern(vscode.Uri.file(folder), pattern);
  switch (kindOfPath(dataset)) {
    case 'folder':
      return below(dataset, '**/*');
    case 'glob': {
      const { root, pattern } = splitGlob(dataset);
      return below(root, pattern);
    }
    case 'file':
    case 'missing':
      return below(path.dirname(dataset), literalPattern(path.basename(dataset)));
  }
}
