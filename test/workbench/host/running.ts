import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import type { RecSampleApi } from '../../../src/extension/activate/main.ts';
import type { InspectedState } from '../../../src/extension/inspector/openInspectors.ts';

/** The installed extension, activated. */
export async function recsample(): Promise<RecSampleApi> {
  const extension = vscode.extensions.getExtension<RecSampleApi>('recsample.recsample');
  assert.ok(extension);
  return extension.activate();
}

/** Absolute path of a file of the demo workspace. */
export function demoPath(...segments: readonly string[]): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  return path.join(folder.uri.fsPath, ...segments);
}

/**
 * Opens a path with one of the inspector's editors, and waits until its webview has requested the data set or failed
 * to.
 */
export async function inspectPath(file: string, viewType = 'recsample.inspector'): Promise<InspectedState> {
  const api = await recsample();
  const settled = untilState(api, file, (state) => state.kind !== 'loading');
  await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), viewType);
  return settled;
}

/** Waits until the active inspector shows `file` and `holds` is true for its state. */
export function untilState(
  api: RecSampleApi,
  file: string,
  holds: (state: InspectedState) => boolean,
): Promise<InspectedState> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const inspector = api.inspectors.active;
      if (inspector?.path !== file || !holds(inspector.state)) return false;
      resolve(inspector.state);
      return true;
    };
    if (look()) return;
    const subscription = api.inspectors.onDidChange(() => {
      if (look()) subscription.dispose();
    });
  });
}

/** Labels of a tree below `node`, with their descriptions after a tab. */
export async function labels<T>(tree: vscode.TreeDataProvider<T>, node?: T): Promise<string[]> {
  const nodes = (await tree.getChildren(node)) ?? [];
  return Promise.all(
    nodes.map(async (child) => {
      const { label, description } = await tree.getTreeItem(child);
      return `${typeof label === 'string' ? label : (label?.label ?? '')}${typeof description === 'string' && description !== '' ? `\t${description}` : ''}`;
    }),
  );
}

export async function closeEditors(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}
