import path from 'node:path';
import * as vscode from 'vscode';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { starterConfig } from '../../core/config/starter.ts';
import { inputsOf, type StarterDataset, type StarterFile } from '../../core/config/starterData.ts';
import { traitsOf } from '../../core/table/sampleName.ts';
import type { Stage } from '../../core/schema/stage.ts';
import { starterFile, workspaceData, type WorkspaceData } from '../config/workspaceData.ts';
import type { Host } from '../host.ts';
import { commands } from '../ids.ts';
import { textOf } from '../language.ts';
import { isInside, writtenOutside } from '../samplePath.ts';
import { pickData, pickFile, pickStages } from '../config/newConfigSteps.ts';
import type { HostCommand } from './command.ts';

/**
 * Asks for stages and data, guesses the role of each column, and writes a commented config. Takes no argument, because
 * a link could name any file.
 */
export const newConfig: HostCommand = {
  id: commands.newConfig,
  run: (host) => writeNewConfig(host, null),
};

/** @param asked the answers of a test; null asks the user */
export async function writeNewConfig(host: Host, asked: AskedConfig | null): Promise<void> {
  const stages = asked?.stages ?? (await pickStages());
  if (!stages || stages.length === 0) return;
  const found = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('RecSample: looking at the data sets') },
    () => workspaceData(host),
  );
  const chosen = asked ? likeliest(stages, found) : await chooseData(host, stages, found);
  if (!chosen) return;
  const folder = folderFor(chosen);
  const file = asked?.file ?? (await pickFile(folder, stages));
  if (file === null) return;
  const uri = vscode.Uri.file(file);
  refuseOutside(file);
  if (await exists(uri))
    throw fail('bad-request', message('{0} already exists', path.basename(file)), {
      advice: message('Choose another name. Existing files are never overwritten.'),
    });
  const text = starterConfig(
    {
      stages,
      seed: path.basename(file).replace(/\.ratio\.ya?ml$/, ''),
      data: await relativeTo(host, path.dirname(file), chosen),
    },
    textOf,
  );
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  await vscode.window.showTextDocument(uri, { preview: false });
}

type Chosen = ReadonlyMap<StarterDataset, WorkspaceData>;

export interface AskedConfig {
  readonly stages: readonly Stage[];
  readonly file: string;
}

/** @throws FailureError if the path is outside the workspace, by its name or through a link */
function refuseOutside(file: string): void {
  const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  const advice = message('Choose a file in a folder of the workspace.');
  if (!folders.some((folder) => isInside(file, folder)))
    throw fail('refused-path', message('{0} is outside of the workspace', file), { advice });
  const target = writtenOutside(file, folders);
  if (target !== null)
    throw fail('refused-path', message('{0} is outside of the workspace, because a link leads to {1}', file, target), {
      advice,
    });
}

/** The best candidate for each entry of `data`. */
function likeliest(stages: readonly Stage[], found: readonly WorkspaceData[]): Chosen {
  return new Map(
    inputsOf(stages).flatMap(({ name }) => {
      const [best] = sorted(name, found);
      return best ? [[name, best] as const] : [];
    }),
  );
}

async function chooseData(
  host: Host,
  stages: readonly Stage[],
  found: readonly WorkspaceData[],
): Promise<Chosen | null> {
  const chosen = new Map<StarterDataset, WorkspaceData>();
  const inputs = inputsOf(stages);
  for (const [k, { name, needed }] of inputs.entries()) {
    const picked = await pickData(host, {
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
function folderFor(chosen: Chosen): string {
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

async function relativeTo(
  host: Host,
  folder: string,
  chosen: Chosen,
): Promise<Partial<Record<StarterDataset, StarterFile>>> {
  const entries = await Promise.all(
    [...chosen].map(
      async ([name, data]) =>
        [name, await starterFile(host, data, path.relative(folder, data.path).replaceAll(path.sep, '/'))] as const,
    ),
  );
  return Object.fromEntries(entries);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

const isText = ({ dataset }: WorkspaceData): boolean => traitsOf(dataset.format).isText;
