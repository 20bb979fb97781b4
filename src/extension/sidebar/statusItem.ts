import path from 'node:path';
import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import type { StatusParams } from '../../protocol/wire.ts';
import { engineRequests } from '../../protocol/engine.ts';
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
  readonly isCurrent: () => boolean;
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
  showResult(
    text: string,
    details: readonly string[],
    outcome: Result['outcome'],
    isCurrent: Result['isCurrent'],
  ): void {
    this.#result = { text, details, outcome, isCurrent };
    this.#draw();
  }

  /** Findings changed: removes a result that no longer holds. */
  recheck(): void {
    if (this.#result?.isCurrent() !== false) return;
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
  const what = textOf(engineRequests[method].label(file === null ? '' : path.basename(file)));
  if (!progress) return what;
  return progress.fraction === null
    ? `${what}: ${textOf(progress.message)}`
    : `${what} ${Math.floor(progress.fraction * 100)} %`;
}
