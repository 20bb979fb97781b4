import path from 'node:path';
import * as vscode from 'vscode';
import { inferredConfig } from '../../core/report/inferredConfig.ts';
import { chooseData, folderFor, likeliest, type DataInputs } from '../newConfig/chooseData.ts';
import { chooseLog } from '../newConfig/chooseLog.ts';
import { checkNewFile, showNewConfig } from '../config/newFile.ts';
import { pickFile } from '../newConfig/newConfigSteps.ts';
import { workspaceData } from '../newConfig/workspaceData.ts';
import type { Host } from '../host/host.ts';
import { commands } from '../ids.ts';
import { textOf } from '../language.ts';
import { chooseSample } from './chooseSample.ts';
import type { HostCommand } from './command.ts';
import { givenSamples } from './givenSamples.ts';
import { withCancellableProgress } from './progress.ts';

const title = (): string => vscode.l10n.t('Write Ratio Config from Sample');

/** Writes the config that would produce what a menu names. Asks if the menu names nothing. */
export const inferConfig: HostCommand = {
  id: commands.inferConfig,
  async run(host, ...given) {
    const [sample] = [
      ...givenSamples(given),
      ...(given.length > 0 ? [] : await chooseSample(host, title(), { found: true, many: false })),
    ];
    if (sample) await writeInferredConfig(host, sample.fsPath, null);
  },
};

const inputs: DataInputs = [
  { name: 'impressions', isRequired: true },
  { name: 'items', isRequired: false },
  { name: 'users', isRequired: false },
  { name: 'candidates', isRequired: false },
  { name: 'rejections', isRequired: false },
];

/** @param file where a test wants the config; null asks the user for the data and the file */
export async function writeInferredConfig(host: Host, sample: string, file: string | null): Promise<void> {
  const found = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('RecSample: looking at the data sets') },
    () => workspaceData(host),
  );
  const others = found.filter((data) => data.path !== sample);
  const log = file === null ? await chooseLog(host, title(), others) : null;
  if (file === null && log === null) return;
  const chosen = log === null ? likeliest(inputs, others) : await chooseData(host, title(), inputs, others, log);
  if (!chosen) return;
  const target = file ?? (await pickFile(folderFor(chosen), []));
  if (target === null) return;
  await checkNewFile(target);
  const paths = Object.fromEntries([...chosen].map(([name, data]) => [name, data.path]));
  const { facts, data } = await withCancellableProgress(
    vscode.l10n.t('Inferring how {0} was drawn', path.basename(sample)),
    async (context) => await host.link.request('infer', { path: sample, data: paths, target }, context),
  );
  const seed = path.basename(target).replace(/\.ratio\.ya?ml$/, '');
  await showNewConfig(target, inferredConfig(facts, { data, seed }, textOf));
}
