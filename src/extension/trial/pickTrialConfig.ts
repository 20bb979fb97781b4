import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import type { ConfigText } from '../../protocol/preview.ts';
import type { PickerServices } from '../preview/pickOther.ts';

interface ConfigItem extends vscode.QuickPickItem {
  readonly config?: ConfigText;
}

/**
 * Asks for another config of a trial: an earlier text of one of its configs, or another config of the workspace. Null
 * if dismissed.
 */
export async function pickTrialConfig(
  { configs, texts }: PickerServices,
  trialConfigs: readonly ConfigText[],
): Promise<ConfigText | null> {
  const isInTrial = (config: ConfigText): boolean =>
    trialConfigs.some(({ uri, at, saved }) => uri === config.uri && at === config.at && saved === config.saved);
  const names = { opened: vscode.l10n.t('as opened'), head: vscode.l10n.t('in the last commit (Git HEAD)') };
  const others = (await configs.searched()).map((uri) => item({ uri: uri.toString() }));
  const earlier: ConfigItem[] = [];
  for (const uri of new Set(trialConfigs.map(({ uri }) => uri)))
    for (const at of await texts.earlier(uri)) earlier.push(item({ uri, at }, names[at]));
  const offered = (items: readonly ConfigItem[]): ConfigItem[] =>
    items.filter(({ config }) => config !== undefined && !isInTrial(config));
  const items = [...offered(others), { label: '', kind: vscode.QuickPickItemKind.Separator }, ...offered(earlier)];
  const picked = await vscode.window.showQuickPick<ConfigItem>(items, {
    title: vscode.l10n.t('Compare Mixes on a Probe Model'),
    placeHolder: vscode.l10n.t('Config to compare with the others'),
  });
  return picked?.config ?? null;
}

function item(config: ConfigText, description?: string): ConfigItem {
  const name = vscode.workspace.asRelativePath(vscode.Uri.parse(config.uri));
  return {
    label: `$(${config.at === undefined ? 'json' : 'history'}) ${labelText(name)}`,
    ...(description === undefined ? {} : { description }),
    config,
  };
}
