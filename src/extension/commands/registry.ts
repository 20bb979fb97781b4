import { auditSample } from './auditSample.ts';
import * as vscode from 'vscode';
import { failureOf } from '../../core/message/failure.ts';
import type { Host } from '../host/host.ts';
import { addSample } from './addSample.ts';
import { cancelRunning } from './cancelRunning.ts';
import { chooseFiles } from './chooseFiles.ts';
import type { HostCommand } from './command.ts';
import { compare } from './compare.ts';
import { explain } from './explain.ts';
import { exportRows } from './exportRows.ts';
import { exportSparkJob } from './exportSparkJob.ts';
import { generate } from './generate.ts';
import { inferConfig } from './inferConfig.ts';
import { inspect } from './inspect.ts';
import { inspectorCommands } from './inspectorCommands.ts';
import { newConfig } from './newConfig.ts';
import { openConfig } from './openConfig.ts';
import { openDemo } from './openDemo.ts';
import { openRulePage } from './openRulePage.ts';
import { openTour } from './openTour.ts';
import { preview } from './preview.ts';
import { previewExtract } from './previewExtract.ts';
import { refreshSamples } from './refreshSamples.ts';
import { removeSample } from './removeSample.ts';
import { restartServer } from './restartServer.ts';
import { setColumnRole } from './setColumnRole.ts';
import { showFailure } from './showFailure.ts';
import { showLog } from './showLog.ts';
import { story } from './story.ts';
import { trial } from './trial.ts';
import { tourStep } from './tourStep.ts';
import { validate } from './validate.ts';
import { validateAll } from './validateAll.ts';

export const registry: readonly HostCommand[] = [
  auditSample,
  inspect,
  newConfig,
  inferConfig,
  validate,
  validateAll,
  chooseFiles,
  openRulePage,
  openConfig,
  preview,
  previewExtract,
  compare,
  trial,
  explain,
  story,
  generate,
  exportRows,
  exportSparkJob,
  openDemo,
  openTour,
  tourStep,
  showLog,
  restartServer,
  cancelRunning,
  addSample,
  removeSample,
  refreshSamples,
  setColumnRole,
  ...inspectorCommands,
];

/** Registers every command. A command that fails shows one error message with a button for the log. */
export function registerCommands(host: Host): vscode.Disposable {
  return vscode.Disposable.from(
    ...registry.map((command) =>
      vscode.commands.registerCommand(command.id, async (...given: unknown[]) => {
        try {
          await command.run(host, ...given);
        } catch (error) {
          const failure = failureOf(error);
          if (failure.code !== 'cancelled') showFailure(host, command.id, failure);
        }
      }),
    ),
  );
}
