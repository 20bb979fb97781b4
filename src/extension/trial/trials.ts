import * as vscode from 'vscode';
import { trialSeeds } from '../../core/trial/probe.ts';
import type { ConfigText } from '../../protocol/preview.ts';
import { acceptState } from '../../protocol/schema/accept.ts';
import { trialState } from '../../protocol/schema/trial.ts';
import type { TrialStart } from '../../protocol/trial.ts';
import { isConfig } from '../config/configList.ts';
import { panels } from '../ids.ts';
import { isConfigAddress } from '../preview/configAddress.ts';
import { TrialPanel, type TrialServices } from './trialPanel.ts';

/** The trials of the window. */
export class Trials implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #open = new Set<TrialPanel>();

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly services: TrialServices,
  ) {}

  register(): vscode.Disposable {
    const onDisk = (uri: vscode.Uri): void => {
      const name = uri.toString();
      // The text of an open document counts, and to save it changes only a config that is compared as saved.
      const isOpen = vscode.workspace.textDocuments.some((document) => document.uri.toString() === name);
      for (const trial of this.#open)
        if (!isOpen || trial.configs.some((config) => config.uri === name && config.saved === true))
          trial.refreshAfterChange(name);
    };
    return vscode.Disposable.from(
      this,
      this.services.configs.onDidChangeFile(onDisk),
      vscode.window.registerWebviewPanelSerializer(panels.trial, this),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && isConfig(document)) this.#changed(document.uri.toString());
      }),
      this.services.link.onDataChanged(() => {
        this.#changed(null);
      }),
    );
  }

  /** The active trial, or null. */
  get active(): TrialPanel | null {
    return [...this.#open].find(({ panel }) => panel.active) ?? null;
  }

  /** Opens a trial of these configs and starts it, if there are at least two. */
  show(configs: readonly ConfigText[]): TrialPanel {
    const panel = vscode.window.createWebviewPanel(panels.trial, '', vscode.ViewColumn.Active, {
      // A run takes minutes. It continues while the panel is hidden, and its report is still there afterwards.
      retainContextWhenHidden: true,
    });
    return this.#add(panel, {
      configs,
      options: { hide: 'clicked', seeds: trialSeeds.usual, evalWhere: null },
      runs: true,
    });
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const state = acceptState(trialState, kept);
    // The webview wrote the state, so check that it is about configs.
    if (state?.configs.every(({ uri }) => isConfigAddress(uri)) === true)
      this.#add(panel, { configs: state.configs, options: state.options, runs: false });
    else panel.dispose();
    return Promise.resolve();
  }

  dispose(): void {
    for (const trial of this.#open) trial.dispose();
  }

  #add(panel: vscode.WebviewPanel, start: TrialStart): TrialPanel {
    const trial = new TrialPanel(panel, start, this.extensionUri, this.services);
    this.#open.add(trial);
    panel.onDidDispose(() => {
      trial.dispose();
      this.#open.delete(trial);
    });
    return trial;
  }

  #changed(uri: string | null): void {
    for (const trial of this.#open) trial.refreshAfterChange(uri);
  }
}
