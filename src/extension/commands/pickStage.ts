import path from 'node:path';
import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import { stages, type Stage } from '../../core/schema/stage.ts';
import { isConfig } from '../config/configList.ts';
import type { Host } from '../host/host.ts';
import { views } from '../ids.ts';
import type { PreviewedStage } from '../preview/previewPanel.ts';
import { describeStage } from '../config/describeConfig.ts';

/**
 * The stage that a lens, a menu or a tree item names. Missing parts come from the active editor, or the user is asked.
 * Null if dismissed.
 */
export async function pickStage(host: Host, given: readonly unknown[], title: string): Promise<PreviewedStage | null> {
  const uri = uriOf(given[0]) ?? activeConfig() ?? (await pickConfig(host, title));
  if (!uri) return null;
  const config = { uri: uri.toString() };
  const namedStage = stageOf(given);
  if (namedStage) return { config, stage: namedStage };
  const { stages: summaries } = await host.configs.ask(uri);
  const [first] = summaries;
  if (!first || summaries.length === 1) return first ? { config, stage: first.name } : nothingToDraw(uri);
  const items = summaries.map((stage) => ({
    label: `$(layers) ${labelText(stage.name)}`,
    description: labelText(describeStage(stage)),
    stage: stage.name,
  }));
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Which stage?') });
  return picked ? { config, stage: picked.stage } : null;
}

/** A lens passes a URI string, a menu a resource, and the tree its item: a config or a stage of one. */
export function uriOf(given: unknown): vscode.Uri | null {
  if (given instanceof vscode.Uri) return given;
  if (typeof given === 'string') return vscode.Uri.parse(given);
  if (typeof given !== 'object' || given === null) return null;
  if ('uri' in given && given.uri instanceof vscode.Uri) return given.uri;
  return 'config' in given ? uriOf(given.config) : null;
}

/** The stage that a lens or a tree item names; null if they name none. */
export function stageOf([first, second]: readonly unknown[]): Stage | null {
  const argument: unknown =
    typeof second === 'string'
      ? second
      : typeof first === 'object' && first !== null && 'stage' in first
        ? first.stage
        : null;
  const name: unknown =
    typeof argument === 'object' && argument !== null && 'name' in argument ? argument.name : argument;
  return stages.find((stage) => stage === name) ?? null;
}

export function activeConfig(): vscode.Uri | null {
  const document = vscode.window.activeTextEditor?.document;
  return document && isConfig(document) ? document.uri : null;
}

/** Asks for a config of the workspace. If there is none, focuses the view that explains what to do. */
export async function pickConfig(host: Host, title: string): Promise<vscode.Uri | null> {
  const items = (await host.configs.searched()).map((uri) => ({
    label: `$(json) ${labelText(vscode.workspace.asRelativePath(uri))}`,
    uri,
  }));
  if (items.length === 0) {
    await vscode.commands.executeCommand(`${views.configs}.focus`);
    return null;
  }
  return (
    (await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Which config?') }))?.uri ?? null
  );
}

/** The config has no stages: show its text, so that the user can add one. */
async function nothingToDraw(uri: vscode.Uri): Promise<null> {
  await vscode.window.showTextDocument(uri);
  void vscode.window.showInformationMessage(
    labelText(vscode.l10n.t('{0} has no stage to draw for', path.posix.basename(uri.path))),
  );
  return null;
}
