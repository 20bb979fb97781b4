import path from 'node:path';
import * as vscode from 'vscode';
import { fail } from '../../core/report/failure.ts';
import { message } from '../../core/report/message.ts';
import { starterConfig } from '../../core/config/starter.ts';
import { inputsOf, type StarterDataset, type StarterFile } from '../../core/config/starterData.ts';
import { stages as funnel, type Stage } from '../../core/config/stage.ts';
import { starterFile, workspaceData, type WorkspaceData } from '../config/workspaceData.ts';
import type { Host } from '../host.ts';
import { commands } from '../ids.ts';
import { textOf } from '../language.ts';
import { pickData, pickFile, pickStages } from '../config/newConfigSteps.ts';
import type { HostCommand } from './command.ts';

/** Asks for stages and data, guesses what each column is, and writes a commented config. `given`, for tests and tours: `{ stages, file }` instead of questions. */
export const newConfig: HostCommand = {
  id: commands.newConfig,
  async run(host, given) {
    const asked = readGiven(given);
    const stages = asked?.stages ?? (await pickStages());
    if (!stages || stages.length === 0) return;
    const found = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: vscode.l10n.t('RecSample: looking at the data sets') }, () => workspaceData(host));
    const chosen = asked ? likeliest(stages, found) : await chooseData(host, stages, found);
    if (!chosen) return;
    const folder = folderFor(chosen);
    const file = asked?.file ?? (await pickFile(folder, stages));
    if (file === null) return;
    const uri = vscode.Uri.file(file);
    if (await exists(uri)) throw fail('bad-request', message('{0} exists already', path.basename(file)), { advice: message('Choose another name; nothing is written over.') });
    const text = starterConfig({ stages, seed: path.basename(file).replace(/\.ratio\.ya?ml$/, ''), data: await relativeTo(host, path.dirname(file), chosen) }, textOf);
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    await vscode.window.showTextDocument(uri, { preview: false });
  },
};

type Chosen = ReadonlyMap<StarterDataset, WorkspaceData>;

interface Asked {
  readonly stages: readonly Stage[];
  readonly file: string;
}

function readGiven(given: unknown): Asked | null {
  if (typeof given !== 'object' || given === null || !('stages' in given) || !Array.isArray(given.stages) || !('file' in given) || typeof given.file !== 'string') return null;
  const wanted: readonly unknown[] = given.stages;
  return { stages: funnel.filter((stage) => wanted.includes(stage)), file: given.file };
}

/** For each entry of `data`, what looks most like it. */
function likeliest(stages: readonly Stage[], found: readonly WorkspaceData[]): Chosen {
  return new Map(inputsOf(stages).flatMap(({ name }) => {
    const [best] = sorted(name, found);
    return best ? [[name, best] as const] : [];
  }));
}

async function chooseData(host: Host, stages: readonly Stage[], found: readonly WorkspaceData[]): Promise<Chosen | null> {
  const chosen = new Map<StarterDataset, WorkspaceData>();
  const inputs = inputsOf(stages);
  for (const [k, { name, needed }] of inputs.entries()) {
    const picked = await pickData(host, { name, needed, step: k + 1, steps: inputs.length, likely: sorted(name, found), others: found });
    if (picked === 'dismissed') return null;
    if (picked !== 'skip') chosen.set(name, picked);
  }
  return chosen;
}

function sorted(name: StarterDataset, found: readonly WorkspaceData[]): readonly WorkspaceData[] {
  return found.filter(({ likeness }) => likeness[name] > 0).sort((a, b) => b.likeness[name] - a.likeness[name]);
}

/** Where the config goes: the workspace folder of its data, in `configs` where there is such a folder. */
function folderFor(chosen: Chosen): string {
  const [first] = chosen.values();
  const folder = (first && vscode.workspace.getWorkspaceFolder(vscode.Uri.file(first.path))) ?? vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw fail('bad-request', message('No folder is open'), { advice: message('Open the folder of your data first, or the demo workspace.') });
  return folder.uri.fsPath;
}

async function relativeTo(host: Host, folder: string, chosen: Chosen): Promise<Partial<Record<StarterDataset, StarterFile>>> {
  const entries = await Promise.all([...chosen].map(async ([name, data]) => [name, await starterFile(host, data, path.relative(folder, data.path).replaceAll(path.sep, '/'))] as const));
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
