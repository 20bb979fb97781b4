import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { defaultSparkCommand, sparkProgram } from '../../core/spark/sparkCommand.ts';
import { settings, taskTypes } from '../ids.ts';
import type { ScriptMemory } from './scriptMemory.ts';

/** Tasks `recsample: spark FILE`, which run Spark jobs with the user's own command. */
export class SparkTasks implements vscode.TaskProvider {
  constructor(
    private readonly scripts: ScriptMemory,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  register(): vscode.Disposable {
    return vscode.tasks.registerTaskProvider(taskTypes.spark, this);
  }

  /** Tasks of the jobs that were written from this workspace. */
  provideTasks(): vscode.Task[] {
    // Only a trusted workspace may say which program runs.
    if (!vscode.workspace.isTrusted) return [];
    return this.scripts.files.flatMap((file) => {
      if (!existsSync(file) || hasVariable(file)) return [];
      try {
        return [sparkTask(file)];
      } catch (error) {
        this.log.warn(String(error));
        return [];
      }
    });
  }

  /** Completes a task of tasks.json. */
  resolveTask({ definition, scope }: vscode.Task): vscode.Task | undefined {
    const file: unknown = definition['file'];
    if (!vscode.workspace.isTrusted || definition['task'] !== 'spark' || typeof file !== 'string') return undefined;
    if (!/\.(sql|py)$/.test(file)) return undefined;
    const folder = typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0];
    const isWhole = hasVariable(file) || path.isAbsolute(file) || folder === undefined;
    return taskOf(definition, isWhole ? file : path.join(folder.uri.fsPath, file), folder);
  }
}

/** The task that runs a file. @throws FailureError if the setting is not a command */
export function sparkTask(file: string): vscode.Task {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
  const named = vscode.workspace.asRelativePath(file, false);
  return taskOf({ type: taskTypes.spark, task: 'spark', file: named }, file, folder);
}

function taskOf(
  definition: vscode.TaskDefinition,
  file: string,
  folder: vscode.WorkspaceFolder | undefined,
): vscode.Task {
  const setting = file.endsWith('.py') ? settings.sparkSubmit : settings.sparkSql;
  const given = vscode.workspace.getConfiguration(undefined, folder).get<string>(setting, '').trim();
  const { program, args } = sparkProgram(given === '' ? defaultSparkCommand(file) : given, file, setting);
  const task = new vscode.Task(
    definition,
    folder ?? vscode.TaskScope.Workspace,
    `spark ${String(definition['file'])}`,
    'recsample',
    // No shell reads the arguments.
    new vscode.ProcessExecution(program, [...args], {
      cwd: folder?.uri.fsPath ?? path.dirname(file),
    }),
    [],
  );
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, focus: false, clear: true };
  return task;
}

/** VS Code replaces variables in the arguments of a task; a name of a file must not become one. */
export function hasVariable(file: string): boolean {
  return file.includes('${');
}
