import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import { defaultDemoSeed, type DemoScale } from '../../protocol/demo.ts';
import { commands } from '../ids.ts';
import { textOf } from '../language.ts';
import type { HostCommand } from './command.ts';

const FOLDER = 'recsample-demo';

/** Writes a synthetic funnel into a new folder and opens it. The user always chooses the place. */
export const openDemo: HostCommand = {
  id: commands.openDemo,
  async run(host) {
    const asked = await ask();
    if (!asked) return;
    const { directory, scale } = asked;
    const title = labelText(vscode.l10n.t('Writing the demo workspace to {0}', directory));
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (report, cancellation) => {
        const controller = new AbortController();
        cancellation.onCancellationRequested(() => {
          controller.abort();
        });
        let done = 0;
        await host.link.call(
          'demo',
          { directory, scale, seed: defaultDemoSeed },
          {
            signal: controller.signal,
            progress: ({ fraction, message }) => {
              const percent = fraction === null ? done : fraction * 100;
              report.report({ message: labelText(textOf(message)), increment: percent - done });
              done = percent;
            },
          },
        );
      },
    );
    const inUse = (vscode.workspace.workspaceFolders?.length ?? 0) > 0;
    await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(directory), {
      forceNewWindow: inUse,
      forceReuseWindow: !inUse,
    });
  },
};

interface DemoRequest {
  readonly directory: string;
  readonly scale: DemoScale;
}

async function ask(): Promise<DemoRequest | null> {
  const descriptions: Record<DemoScale, string> = {
    tiny: vscode.l10n.t('under 1 MB, instantly'),
    small: vscode.l10n.t('a few MB, a second or two'),
    '1m': vscode.l10n.t('1 million impressions'),
    '20m': vscode.l10n.t('20 million impressions, a few minutes'),
  };
  const order: readonly DemoScale[] = ['small', 'tiny', '1m', '20m'];
  const scale = await vscode.window.showQuickPick(
    order.map((name) => ({ label: name, description: descriptions[name], name })),
    { title: vscode.l10n.t('Open Demo Workspace'), placeHolder: vscode.l10n.t('How large? All data are synthetic.') },
  );
  if (!scale) return null;
  const parent = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Folder in which to create {0}', FOLDER),
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: vscode.l10n.t('Create here'),
  });
  return parent?.[0] ? { directory: freeName(parent[0].fsPath), scale: scale.name } : null;
}

/** `recsample-demo`, or the first of `recsample-demo-2`, … that does not exist, so that nothing is overwritten. */
function freeName(parent: string): string {
  for (let k = 1; ; k++) {
    const directory = path.join(parent, k === 1 ? FOLDER : `${FOLDER}-${k}`);
    if (!existsSync(directory)) return directory;
  }
}
