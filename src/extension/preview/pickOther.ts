import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { ConfigText, PreviewSide } from '../../protocol/preview.ts';
import type { ConfigList } from '../config/configList.ts';

interface SideItem extends vscode.QuickPickItem {
  readonly side?: PreviewSide;
}

/** Asks for the other side of a comparison: this config as it was saved, this one under another seed, or another config. Null when dismissed. */
export async function pickOther(configs: ConfigList, config: ConfigText): Promise<PreviewSide | null> {
  const { uri, saved = false } = config;
  const name = vscode.workspace.asRelativePath(vscode.Uri.parse(uri));
  const unsaved = !saved && vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri && document.isDirty);
  const others = await otherConfigs(configs, config);
  return pickSide([
    ...(unsaved ? [{ label: `$(save) ${name}`, description: vscode.l10n.t('as it was saved'), side: { config: { uri, saved: true }, seed: null } }] : []),
    { label: `$(refresh) ${name}`, description: vscode.l10n.t('with another seed'), side: { config, seed: `seed-${randomBytes(4).toString('hex')}` } },
    ...(others.length === 0 ? [] : [{ label: '', kind: vscode.QuickPickItemKind.Separator }]),
    ...others,
  ]);
}

/** Asks for another config. Null when dismissed. */
export async function pickOtherConfig(configs: ConfigList, config: ConfigText): Promise<ConfigText | null> {
  return (await pickSide(await otherConfigs(configs, config)))?.config ?? null;
}

async function otherConfigs(configs: ConfigList, { uri }: ConfigText): Promise<readonly SideItem[]> {
  const found = (await configs.searched()).filter((config) => config.toString() !== uri);
  return found.map((config) => ({ label: `$(json) ${vscode.workspace.asRelativePath(config)}`, side: { config: { uri: config.toString() }, seed: null } }));
}

async function pickSide(items: readonly SideItem[]): Promise<PreviewSide | null> {
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Compare Ratio Configs'), placeHolder: vscode.l10n.t('Compare with…') }))?.side ?? null;
}
