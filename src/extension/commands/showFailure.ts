import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import { describeFailure, type Failure } from '../../core/message/failure.ts';
import type { Host } from '../host/host.ts';
import type { CommandId } from '../ids.ts';
import { textOfFailure } from '../language.ts';

/** A button of an error message that helps to solve the problem. */
export interface WayOut {
  readonly label: string;
  readonly go: () => unknown;
}

/**
 * Shows one error message with a button for the log, after the buttons that the command adds. Not awaited: a command
 * ends when its work ends.
 */
export function showFailure(host: Host, id: CommandId, failure: Failure, ways: readonly WayOut[] = []): void {
  host.log.error(`${id}: ${describeFailure(failure)}${failure.cause ? `\n${failure.cause}` : ''}`);
  const offered = [
    ...ways,
    {
      label: vscode.l10n.t('Show Log'),
      go: () => {
        host.log.show(true);
      },
    },
  ];
  void vscode.window
    .showErrorMessage(labelText(textOfFailure(failure)), ...offered.map(({ label }) => label))
    .then((chosen) => offered.find(({ label }) => label === chosen)?.go());
}

/** What helps when the output of a stage is refused: trust, or the line of its config. */
export function waysOut({ code, place }: Failure, config: vscode.Uri): readonly WayOut[] {
  if (code === 'no-permission' && !vscode.workspace.isTrusted)
    return [
      {
        label: vscode.l10n.t('Manage Workspace Trust'),
        go: () => vscode.commands.executeCommand('workbench.trust.manage'),
      },
    ];
  if (code !== 'bad-request' || place?.path !== config.fsPath) return [];
  return [
    {
      label: vscode.l10n.t('Show Problems'),
      go: async () => {
        const at = new vscode.Position(Math.max(0, (place.line ?? 1) - 1), 0);
        await vscode.window.showTextDocument(config, { selection: new vscode.Range(at, at), preview: false });
        await vscode.commands.executeCommand('workbench.actions.view.problems');
      },
    },
  ];
}
