import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { demoMarker } from '../../protocol/demo.ts';
import { contextKeys, tourSteps, walkthroughs, type TourStep } from '../ids.ts';

/** The steps that are done, in the state of all windows. */
const DONE = 'recsample.tourDone';
/** Set in a demo workspace whose tour was opened once. */
const OPENED = 'recsample.tourOpened';

/** Settings of VS Code about what a window shows when it starts. */
interface StartSettings {
  readonly startupEditor?: unknown;
  readonly welcomePage?: { readonly walkthroughs?: { readonly openOnInstall?: unknown } };
}

/** How far the tour is. */
export interface TourProgress {
  readonly doneSteps: number;
  readonly totalSteps: number;
}

/** The tour of the demo workspace: which steps of the walkthrough are done. Any way to do a step counts. */
export class Tour implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  /** The demo workspace of this window; null if it has none. */
  readonly demo = demoFolder();

  constructor(
    private readonly globalState: vscode.Memento,
    private readonly workspaceState: vscode.Memento,
  ) {
    for (const step of this.#done()) mark(step);
  }

  /** Null outside of a demo workspace. */
  get progress(): TourProgress | null {
    return this.demo === null ? null : { doneSteps: this.#done().length, totalSteps: tourSteps.length };
  }

  /** Marks a step in the walkthrough. */
  async markDone(step: TourStep): Promise<void> {
    const done = this.#done();
    if (done.includes(step)) return;
    mark(step);
    await this.globalState.update(DONE, [...done, step]);
    this.#changed.fire();
  }

  async show(): Promise<void> {
    await vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthroughs.tour, false);
  }

  /**
   * Opens what to do in a demo workspace when it is opened for the first time, unless the user wants windows to start
   * without an editor, or has switched off walkthroughs that open by themselves.
   */
  async begin(): Promise<void> {
    const { demo } = this;
    if (demo === null || this.workspaceState.get(OPENED) === true) return;
    const { startupEditor, welcomePage } = vscode.workspace.getConfiguration().get<StartSettings>('workbench') ?? {};
    if (startupEditor === 'none' || welcomePage?.walkthroughs?.openOnInstall === false) return;
    await this.workspaceState.update(OPENED, true);
    // VS Code may show the README itself. Without its Markdown extension, there is no preview.
    if (startupEditor !== 'readme')
      await vscode.commands
        .executeCommand('markdown.showPreview', vscode.Uri.file(path.join(demo, 'README.md')))
        .then(undefined, () => undefined);
    await this.show();
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** A later version may have other steps. */
  #done(): TourStep[] {
    const kept = this.globalState.get<readonly unknown[]>(DONE, []);
    return tourSteps.filter((step) => kept.includes(step));
  }
}

function mark(step: TourStep): void {
  void vscode.commands.executeCommand('setContext', `${contextKeys.tour}.${step}`, true);
}

/** The first folder of the window that is a demo. */
function demoFolder(): string | null {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.map(({ uri }) => uri.fsPath).find((folder) => existsSync(path.join(folder, demoMarker))) ?? null;
}
