import * as vscode from 'vscode';
import { commands } from './ids.ts';

/** Runs a command for a webview, which gets no answer. */
export async function runCommand(command: string, ...given: readonly unknown[]): Promise<null> {
  await vscode.commands.executeCommand(command, ...given);
  return null;
}

/** Handlers of the requests that several webviews have. */
export const sharedHandlers = (log: Pick<vscode.LogOutputChannel, 'show'>) => ({
  copyText: async ({ text }: { readonly text: string }): Promise<null> => {
    await vscode.env.clipboard.writeText(text);
    return null;
  },
  showLog: (): Promise<null> => {
    log.show(true);
    return Promise.resolve(null);
  },
  restartServer: (): Promise<null> => runCommand(commands.restartServer),
});
