import * as vscode from 'vscode';
import type { StarterDataset } from '../../core/config/starterData.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { traitsOf } from '../../core/table/sampleName.ts';
import type { Host } from '../host.ts';
import { pickData } from './newConfigSteps.ts';
import type { WorkspaceData } from './workspaceData.ts';

export type ChosenData = ReadonlyMap<StarterDataset, WorkspaceData>;
export type DataInputs = readonly { readonly name: StarterDataset; readonly needed: boolean }[];

/** The best candidate for each entry of `data`. */
export function likeliest(inputs: DataInputs, found: readonly WorkspaceData[]): ChosenData {
  return new Map(
    inputs.flatMap(({ name }) => {
      const [best] = sorted(name, found);
      return best ? [[name, best] as const] : [];
    }),
  );
}

/** Asks for each entry of `data`. Null if dismissed. */
export async function chooseData(
  host: Host,
  title: string,
  inputs: DataInputs,
  found: readonly WorkspaceData[],
): Promise<ChosenData | null> {
  const chosen = new Map<StarterDataset, WorkspaceData>();
  for (const [k, { name, needed }] of inputs.entries()) {
    const picked = await pickData(host, {
      title,
      name,
      needed,
      step: k + 1,
      steps: inputs.length,
      likely: sorted(name, found),
      others: found,
    });
    if (picked === 'dismissed') return null;
    if (picked !== 'skip') chosen.set(name, picked);
  }
  return chosen;
}

/** Best candidate first. Among equals, Parquet comes first, because its columns have types. */
function sorted(name: StarterDataset, found: readonly WorkspaceData[]): readonly WorkspaceData[] {
  return found
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
