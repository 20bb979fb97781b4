import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { HostCommand } from './command.ts';
import { activeConfig, pickConfig, uriOf } from './pickStage.ts';

/** Previews rows of data on a cluster, for the users of an extract that a Spark job has written. */
export const previewExtract: HostCommand = {
  id: commands.previewExtract,
  async run(host, ...given) {
    const title = vscode.l10n.t('Preview an Extract of a Spark Job');
    const uri = uriOf(given[0]) ?? activeConfig() ?? (await pickConfig(host, title));
    if (!uri) return;
    const folder = given[1] instanceof vscode.Uri ? given[1] : await pickFolder(title);
    if (!folder) return;
    const config = { uri: uri.toString() };
    const params = { config, folder: folder.fsPath };
    const { stage, split, users } = await host.link.request('extract', params);
    host.previews.show({ config, stage, extract: { folder: folder.fsPath, split, users } });
  },
};

async function pickFolder(title: string): Promise<vscode.Uri | null> {
  const within = vscode.workspace.workspaceFolders?.[0]?.uri;
  const picked = await vscode.window.showOpenDialog({
    title,
    openLabel: vscode.l10n.t('Preview'),
    canSelectFiles: false,
    canSelectFolders: true,
    ...(within ? { defaultUri: within } : {}),
  });
  return picked?.[0] ?? null;
}
