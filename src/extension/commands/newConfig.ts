import path from 'node:path';
import * as vscode from 'vscode';
import { starterConfig } from '../../core/config/starter.ts';
import { inputsOf, type StarterDataset, type StarterFile } from '../../core/config/starterData.ts';
import type { Stage } from '../../core/schema/stage.ts';
import { chooseData, folderFor, likeliest, type ChosenData } from '../config/chooseData.ts';
import { checkNewFile, showNewConfig } from '../config/newFile.ts';
import { starterFile, workspaceData } from '../config/workspaceData.ts';
import type { Host } from '../host.ts';
import { commands } from '../ids.ts';
import { textOf } from '../language.ts';
import { pickFile, pickStages, title } from '../config/newConfigSteps.ts';
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
  const inputs = inputsOf(stages);
  const chosen = asked ? likeliest(inputs, found) : await chooseData(host, title(), inputs, found);
  if (!chosen) return;
  const folder = folderFor(chosen);
  const file = asked?.file ?? (await pickFile(folder, stages));
  if (file === null) return;
  await checkNewFile(file);
  const text = starterConfig(
    {
      stages,
      seed: path.basename(file).replace(/\.ratio\.ya?ml$/, ''),
      data: await relativeTo(host, path.dirname(file), chosen),
    },
    textOf,
  );
  await showNewConfig(file, text);
  await host.tour.done('own');
}

export interface AskedConfig {
  readonly stages: readonly Stage[];
  readonly file: string;
}

async function relativeTo(
  host: Host,
  folder: string,
  chosen: ChosenData,
): Promise<Partial<Record<StarterDataset, StarterFile>>> {
  const entries = await Promise.all(
    [...chosen].map(
      async ([name, data]) =>
        [name, await starterFile(host, data, path.relative(folder, data.path).replaceAll(path.sep, '/'))] as const,
    ),
  );
  return Object.fromEntries(entries);
}
