import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { HostCommand } from './command.ts';
import { uriOf } from './pickStage.ts';

/** Opens the config of a tree item permanently, not as a preview tab. */
export const openConfig: HostCommand = {
  id: commands.openConfig,
  async run(_host, item) {
    const uri = uriOf(item);
    if (uri) await vscode.window.showTextDocument(uri, { preview: false });
  },
};
