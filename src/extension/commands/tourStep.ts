import path from 'node:path';
import * as vscode from 'vscode';
import type { Host } from '../host/host.ts';
import { commands, tourSteps, type TourStep } from '../ids.ts';
import type { HostCommand } from './command.ts';
import { narrowLeft } from '../preview/previews.ts';
import { openInspector } from '../inspector/openInspector.ts';

/**
 * The button of a step of the tour. Without a demo workspace, it offers to write one, except for the last step. What a
 * step opens is to the right of the tour, which stays in view.
 */
export const tourStep: HostCommand = {
  id: commands.tourStep,
  async run(host, given) {
    const step = tourSteps.find((one) => one === given);
    if (step === 'own') {
      // A new window: the tour stays open in this one.
      await vscode.commands.executeCommand('vscode.openFolder', undefined, { forceNewWindow: true });
      return;
    }
    const { demo } = host.tour;
    if (demo === null) await vscode.commands.executeCommand(commands.openDemo);
    else if (step !== undefined) await run(host, step, demo);
  },
};

async function run(host: Host, step: Exclude<TourStep, 'own'>, demo: string): Promise<void> {
  const config = vscode.Uri.file(path.join(demo, 'configs', 'recall.ratio.yaml'));
  const sample = vscode.Uri.file(path.join(demo, 'out', 'recall.parquet'));
  if (step !== 'generate') await activateRight();
  switch (step) {
    case 'sample':
      await openInspector(sample);
      break;
    case 'audit':
      await vscode.commands.executeCommand(commands.audit, sample);
      break;
    case 'generate':
      await vscode.commands.executeCommand(commands.generate, config, 'recall', host.previews.samplerOf(config));
      break;
    case 'share':
      await showShare(config);
      break;
    case 'preview':
    case 'popularity':
      await showShare(config);
      host.previews.show({ config: { uri: config.toString() }, stage: 'recall' }, vscode.ViewColumn.Active);
  }
}

/** Makes the group of editors next to the tour the active one. The tour is active, because its button was clicked. */
async function activateRight(): Promise<void> {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  if (all.length === 1) {
    await vscode.commands.executeCommand('workbench.action.newGroupRight');
    await vscode.commands.executeCommand('vscode.setEditorLayout', narrowLeft);
  } else
    await vscode.commands.executeCommand(
      activeTabGroup.viewColumn === vscode.ViewColumn.One
        ? 'workbench.action.focusSecondEditorGroup'
        : 'workbench.action.focusFirstEditorGroup',
    );
}

/** Opens the config with a share selected, so that the next key replaces it. */
async function showShare(config: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(config);
  const found = /^( +global_random: )([\d.]+)/m.exec(document.getText());
  const [, before = '', share = ''] = found ?? [];
  const start = (found?.index ?? 0) + before.length;
  const selection = new vscode.Range(document.positionAt(start), document.positionAt(start + share.length));
  await vscode.window.showTextDocument(document, { preview: false, selection });
}
