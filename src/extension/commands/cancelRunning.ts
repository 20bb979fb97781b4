import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import { commands } from '../ids.ts';
import { describeRunning } from '../sidebar/statusItem.ts';
import type { HostCommand } from './command.ts';

/** Cancels the running call; asks which one if there are several. */
export const cancelRunning: HostCommand = {
  id: commands.cancelRunning,
  async run(host) {
    const { running } = host.link.status;
    const [first] = running;
    if (!first) return;
    if (running.length === 1) {
      host.link.cancel(first.token);
      return;
    }
    const items = running.map((one) => ({ label: labelText(describeRunning(one)), token: one.token }));
    const picked = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Cancel running tasks'),
      canPickMany: true,
    });
    for (const { token } of picked ?? []) host.link.cancel(token);
  },
};
