import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { HostCommand } from './command.ts';

/** Ends server and engine and starts the server anew: the way out when they hang or gave up. */
export const restartServer: HostCommand = {
  id: commands.restartServer,
  async run(host) {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('RecSample: restarting the server') },
      () => host.link.restart(),
    );
  },
};
