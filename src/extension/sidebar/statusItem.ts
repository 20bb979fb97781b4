import path from 'node:path';
import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import type { StatusParams } from '../../protocol/wire.ts';
import type { EngineMethod } from '../../protocol/engine.ts';
import { isConfig } from '../config/configList.ts';
import { commands, contextKeys } from '../ids.ts';
import { textOf, textOfFailure } from '../language.ts';
import type { ServerLink } from '../serverLink.ts';

/** The result of the user's last command. */
interface Result {
  readonly text: string;
  readonly details: readonly string[];
  readonly outcome: 'pass' | 'warning' | 'error';
  /** False once the findings differ from the result. */
  readonly holds: () => boolean;
}

type Running = StatusParams['running'][number];

const showProblems = 'workbench.actions.view.problems';

/** The only status item: shows the running call and cancels it; shows a failure and opens what helps. */
export class StatusItem implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #subscription: vscode.Disposable;
  /** The engine death that the user has already seen by clicking the item. */
  #seen: StatusParams['failure'] = null;
  #status: StatusParams;
  #result: Result | null = null;

  constructor(link: ServerLink) {
    this.#item = vscode.window.createStatusBarItem('recsample.status', vscode.StatusBarAlignment.Left, 0);
    this.#item.name = 'RecSample';
    this.#status = link.status;
    this.#subscription = vscode.Disposable.from(
      link.onStatus((status) => {
        this.#status = status;
        this.#draw();
      }),
      // A result about a config is valid until the text of a config changes.
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (!this.#result || !isConfig(document)) return;
        this.#result = null;
        this.#draw();
      }),
    );
    this.#draw();
    this.#item.show();
  }

  /** The user has seen the log after an engine death, so the warning can go. */
  acknowledge(): void {
    this.#seen = this.#status.failure;
    this.#draw();
  }

  /** Shows the result of a validation in the status item, not as a toast. A click opens the Problems view. */
  showResult(text: string, details: readonly string[], outcome: Result['outcome'], holds: Result['holds']): void {
    this.#result = { text, details, outcome, holds };
    this.#draw();
  }

  /** Findings changed: removes a result that no longer holds. */
  recheck(): void {
    if (this.#result?.holds() !== false) return;
    this.#result = null;
    this.#draw();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item.dispose();
  }

  #draw(): void {
    const { engine, running, failure } = this.#status;
    const [first] = running;
    void vscode.commands.executeCommand('setContext', contextKeys.running, running.length > 0);
    this.#item.backgroundColor = undefined;
    if (engine === 'failed') {
      this.#item.backgroundColor = new vscode.ThemeColor('statusBarItem.errorBackground');
      this.#set(
        'error',
        vscode.l10n.t('RecSample: stopped'),
        [failure ? textOfFailure(failure) : '', vscode.l10n.t('Click to restart the server.')],
        commands.restartServer,
      );
    } else if (first) {
      const what = running.map(describeRunning);
      this.#set(
        'sync~spin',
        `RecSample: ${what.length > 1 ? vscode.l10n.t('{0} and {1} more', what[0] ?? '', what.length - 1) : (what[0] ?? '')}`,
        [...what, vscode.l10n.t('Click to cancel.')],
        commands.cancelRunning,
      );
    } else if (failure && !isSame(failure, this.#seen)) {
      this.#set(
        'warning',
        vscode.l10n.t('RecSample: engine restarted'),
        [textOfFailure(failure), vscode.l10n.t('Click to show the log.')],
        commands.showLog,
      );
    } else if (this.#result) {
      const { text, details, outcome } = this.#result;
      this.#set(
        outcome,
        `RecSample: ${text}`,
        [...details, vscode.l10n.t('Click to show the problems.')],
        showProblems,
      );
    } else {
      // The text means that everything is registered and no call is running; tests wait for it.
      this.#set(
        'check',
        'RecSample',
        [vscode.l10n.t('Click to show the log.')],
        commands.showLog,
        vscode.l10n.t('RecSample: ready'),
      );
    }
  }

  #set(icon: string, text: string, tooltip: readonly string[], command: string, label = text): void {
    this.#item.text = `$(${icon}) ${labelText(text)}`;
    this.#item.tooltip = tooltip.filter((line) => line !== '').join('\n');
    this.#item.command = command;
    this.#item.accessibilityInformation = { label };
  }
}

/** A failure crosses process boundaries, so the same failure arrives as another object. */
function isSame(a: NonNullable<StatusParams['failure']>, b: StatusParams['failure']): boolean {
  return b !== null && JSON.stringify(a) === JSON.stringify(b);
}

/** `profiling recall.parquet 43 %` */
export function describeRunning({ method, path: file, progress }: Running): string {
  const what = describeCall(method, file === null ? '' : path.basename(file));
  if (!progress) return what;
  return progress.fraction === null
    ? `${what}: ${textOf(progress.message)}`
    : `${what} ${Math.floor(progress.fraction * 100)} %`;
}

function describeCall(method: EngineMethod, name: string): string {
  switch (method) {
    case 'open':
      return vscode.l10n.t('opening {0}', name);
    case 'settle':
      return vscode.l10n.t('counting the rows of {0}', name);
    case 'page':
    case 'cell':
    case 'badRows':
    case 'facts':
    case 'rowGroup':
    case 'skippedGroups':
    case 'metadata':
    case 'sparkInputs':
    case 'realPaths':
    case 'manifest':
      return vscode.l10n.t('reading {0}', name);
    case 'count':
      return vscode.l10n.t('filtering {0}', name);
    case 'copy':
      return vscode.l10n.t('copying from {0}', name);
    case 'exportRows':
      return vscode.l10n.t('exporting rows of {0}', name);
    case 'groups':
      return vscode.l10n.t('grouping rows of {0}', name);
    case 'timeline':
    case 'answer':
      return vscode.l10n.t('counting rows of {0}', name);
    case 'audit':
    case 'inferDraws':
      return vscode.l10n.t('auditing {0}', name);
    case 'profile':
      return vscode.l10n.t('profiling {0}', name);
    case 'digest':
      return vscode.l10n.t('computing the digest of {0}', name);
    case 'preview':
      return vscode.l10n.t('drawing for {0}', name);
    case 'trial':
      return vscode.l10n.t('comparing mixes on a probe model');
    case 'sample':
      return vscode.l10n.t('writing samples of {0}', name);
    case 'handover':
      return vscode.l10n.t('writing files of {0} for a trainer', name);
    case 'sampleUsers':
      return vscode.l10n.t('looking for users of {0}', name);
    case 'sampleItems':
      return vscode.l10n.t('looking for items of {0}', name);
    case 'userStory':
      return vscode.l10n.t('reading a user of {0}', name);
    case 'explainPair':
      return vscode.l10n.t('explaining a pair of {0}', name);
    case 'close':
      return vscode.l10n.t('closing {0}', name);
    case 'demo':
      return vscode.l10n.t('writing the demo workspace {0}', name);
  }
}
