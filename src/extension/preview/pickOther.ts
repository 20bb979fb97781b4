import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import type { ConfigText, PreviewSide } from '../../protocol/preview.ts';
import type { ConfigList } from '../config/configList.ts';
import type { ConfigTexts } from './configTexts.ts';

interface SideItem extends vscode.QuickPickItem {
  readonly side?: PreviewSide;
}

/** The host services that the pickers need. */
export interface PickerServices {
  readonly configs: ConfigList;
  readonly texts: ConfigTexts;
}

/**
 * Asks for side A of a comparison: an earlier text of the config, the same config with another seed, or another config.
 * Null if dismissed.
 */
export async function pickOther(services: PickerServices, config: ConfigText): Promise<PreviewSide | null> {
  const { uri, saved = false } = config;
  const unsaved =
    !saved && vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri && document.isDirty);
  return pickSide('a', [
    ...(unsaved ? [sideItem('save', { uri, saved: true }, vscode.l10n.t('as saved'))] : []),
    ...(await earlierTexts(services, uri)),
    {
      ...sideItem('refresh', config, vscode.l10n.t('with another seed')),
      side: { config, seed: `seed-${randomBytes(4).toString('hex')}` },
    },
    ...(await otherConfigs(services, uri)),
  ]);
}

/** Asks what a side of a comparison shows: an earlier text of its config, or another config. Null if dismissed. */
export async function pickSideConfig(
  services: PickerServices,
  { uri }: ConfigText,
  side: 'a' | 'b',
): Promise<ConfigText | null> {
  return (
    (await pickSide(side, [...(await earlierTexts(services, uri)), ...(await otherConfigs(services, uri))]))?.config ??
    null
  );
}

async function earlierTexts({ texts }: PickerServices, uri: string): Promise<readonly SideItem[]> {
  const names = { opened: vscode.l10n.t('as opened'), head: vscode.l10n.t('in the last commit (Git HEAD)') };
  const icons = { opened: 'history', head: 'git-commit' };
  return (await texts.earlier(uri)).map((at) => sideItem(icons[at], { uri, at }, names[at]));
}

/** The other configs of the workspace, below a separator. */
async function otherConfigs({ configs }: PickerServices, uri: string): Promise<readonly SideItem[]> {
  const others = (await configs.searched()).filter((config) => config.toString() !== uri);
  return others.length === 0
    ? []
    : [
        { label: '', kind: vscode.QuickPickItemKind.Separator },
        ...others.map((config) => sideItem('json', { uri: config.toString() })),
      ];
}

function sideItem(icon: string, config: ConfigText, description?: string): SideItem {
  const label = `$(${icon}) ${labelText(vscode.workspace.asRelativePath(vscode.Uri.parse(config.uri)))}`;
  return { label, ...(description === undefined ? {} : { description }), side: { config, seed: null } };
}

async function pickSide(side: 'a' | 'b', items: readonly SideItem[]): Promise<PreviewSide | null> {
  const title = vscode.l10n.t('Compare Ratio Configs: Side {0}', side.toUpperCase());
  return (
    (
      await vscode.window.showQuickPick(items, {
        title,
        placeHolder: vscode.l10n.t('Config for side {0}', side.toUpperCase()),
      })
    )?.side ?? null
  );
}
