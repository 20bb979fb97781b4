import type { SparkJobText } from '../../protocol/server.ts';
import path from 'node:path';
import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import { failureOf } from '../../core/message/failure.ts';
import { pickSplit } from '../generate/pickTarget.ts';
import type { Host } from '../host/host.ts';
import { commands } from '../ids.ts';
import { mayWrite, pickScript, scriptEnding } from '../spark/pickScript.ts';
import { hasVariable, sparkTask } from '../spark/sparkTasks.ts';
import type { HostCommand } from './command.ts';
import { pickStage } from './pickStage.ts';
import { showFailure, waysOut } from './showFailure.ts';

/** Writes the Spark job of a stage and opens it. The user always chooses the file. */
export const exportSparkJob: HostCommand = {
  id: commands.exportSparkJob,
  async run(host, ...given) {
    const title = vscode.l10n.t('Export Sampling Job for Spark');
    const stage = await pickStage(host, given, title);
    if (!stage) return;
    try {
      const { splits } = await host.link.request('sparkJobOffer', stage);
      const split = splits.length > 1 ? await pickSplit(splits, title) : 'train';
      if (!split) return;
      const origin = { config: stage.config.uri, stage: stage.stage, split };
      const file = await pickScript(origin, host.scripts.fileOf(origin), title);
      if (file === null) return;
      const ending = scriptEnding(file);
      const job = await host.link.request('sparkJob', { ...stage, split, ending });
      if (!(await mayWrite(file))) return;
      const uri = vscode.Uri.file(file);
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(job.text));
      await host.scripts.remember(origin, file);
      await vscode.window.showTextDocument(uri, { preview: false });
      reportDone(host, file, job);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code !== 'cancelled')
        showFailure(host, commands.exportSparkJob, failure, waysOut(failure, vscode.Uri.parse(stage.config.uri)));
    }
  },
};

/** Offers to run the job. Not awaited: the command has ended. */
function reportDone(host: Host, file: string, { output }: SparkJobText): void {
  const run = vscode.l10n.t('Run with Spark');
  const text = vscode.l10n.t('{0} is written. Spark writes the rows to {1}.', path.basename(file), output);
  void vscode.window
    .showInformationMessage(labelText(text), ...(hasVariable(file) ? [] : [run]))
    .then(async (chosen) => {
      if (chosen === run) await vscode.tasks.executeTask(sparkTask(file));
    })
    .then(undefined, (error: unknown) => {
      showFailure(host, commands.exportSparkJob, failureOf(error));
    });
}
