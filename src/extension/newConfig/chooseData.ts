import * as vscode from 'vscode';
import type { StarterDataset } from '../../core/config/starterData.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { traitsOf } from '../../core/table/sampleName.ts';
import type { Host } from '../host/host.ts';
import { formatCount } from '../language.ts';
import { pickData } from './newConfigSteps.ts';
import { itemCount, type WorkspaceData } from './workspaceData.ts';

export type ChosenData = ReadonlyMap<StarterDataset, WorkspaceData>;
export type DataInputs = readonly { readonly name: StarterDataset; readonly isRequired: boolean }[];

/** The best candidate for each entry of `data`. */
export function likeliest(inputs: DataInputs, datasets: readonly WorkspaceData[]): ChosenData {
  return new Map(
    inputs.flatMap(({ name }) => {
      const [best] = likeliestFirst(name, datasets);
      return best ? [[name, best] as const] : [];
    }),
  );
}

/**
 * Asks for the data sets of a config other than the log: those that a stage needs, the items, and those that the
 * workspace seems to have. Each file is offered once. `log`: 'skip' if it will be filled in later. Null if dismissed.
 */
export async function chooseData(
  host: Host,
  title: string,
  inputs: DataInputs,
  datasets: readonly WorkspaceData[],
  log: WorkspaceData | 'skip',
): Promise<ChosenData | null> {
  const selected = new Map<StarterDataset, WorkspaceData>(log === 'skip' ? [] : [['impressions', log]]);
  for (const { name, isRequired } of inputs) {
    const unused = datasets.filter(({ path }) => ![...selected.values()].some((data) => data.path === path));
    const likely = likeliestFirst(name, unused);
    if (name === 'impressions' || (!isRequired && name !== 'items' && likely.length === 0)) continue;
    const picked = await pickData(host, {
      title: `${title}: ${name}`,
      name,
      likely,
      otherData: unused,
      skip:
        name === 'items' && !isRequired
          ? { label: await itemsOfLog(host, log), icon: 'list-unordered' }
          : { label: isRequired ? vscode.l10n.t('Fill in later') : vscode.l10n.t('Do not use'), icon: 'circle-slash' },
      isNeeded: isRequired,
    });
    if (picked === 'dismissed') return null;
    if (picked !== 'skip') selected.set(name, picked);
  }
  return selected;
}

/** The answer that names no table of items, with the number of items. */
async function itemsOfLog(host: Host, log: WorkspaceData | 'skip'): Promise<string> {
  const count =
    log === 'skip'
      ? null
      : await vscode.window.withProgress(
          {
            location: vscode.ProgressLocation.Window,
            title: vscode.l10n.t('RecSample: counting the items of the log'),
          },
          () => itemCount(host, log),
        );
  if (count === null) return vscode.l10n.t('The items of the log');
  const items = formatCount(count.value);
  return count.exact
    ? vscode.l10n.t('The items of the log ({0})', items)
    : vscode.l10n.t('The items of the log (about {0})', items);
}

/** The candidates, best first. Among equals, Parquet comes first, because its columns have types. */
export function likeliestFirst(name: StarterDataset, datasets: readonly WorkspaceData[]): readonly WorkspaceData[] {
  return datasets
    .filter(({ likeness }) => likeness[name] > 0)
    .sort((a, b) => b.likeness[name] - a.likeness[name] || Number(isText(a)) - Number(isText(b)));
}

/** The target folder of the config: the workspace folder of its data, or its subfolder `configs` if there is one. */
export function folderFor(chosen: ChosenData): string {
  const [first] = chosen.values();
  const folder =
    (first && vscode.workspace.getWorkspaceFolder(vscode.Uri.file(first.path))) ??
    vscode.workspace.workspaceFolders?.[0];
  if (!folder)
    throw fail('bad-request', message('No folder is open'), {
      advice: message('Open the folder of your data first, or the demo workspace.'),
    });
  return folder.uri.fsPath;
}

const isText = ({ dataset }: WorkspaceData): boolean => traitsOf(dataset.format).isText;
