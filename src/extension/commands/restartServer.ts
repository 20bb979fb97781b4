import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { HostCommand } from './command.ts';

/** Ends server and engine and restarts the server: for the case that they hang or have given up. */
export const restartServer: HostCommand = {
  id: commands.restartServer,
  async run(host) {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('RecSample: restarting the server') },
      () => host.link.restart(),
    );
  },
};
