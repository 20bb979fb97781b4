import path from 'node:path';
import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import { describeFailure, fail, failureOf } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { trialHtml } from '../../core/report/trialHtml.ts';
import type { TrialReport } from '../../core/trial/report.ts';
import type { ConfigText } from '../../protocol/preview.ts';
import {
  trialRequests,
  type TrialEvents,
  type TrialNotifications,
  type TrialRequests,
  type TrialStart,
} from '../../protocol/trial.ts';
import { trialNotifications } from '../../protocol/schema/trial.ts';
import { configIcon } from '../config/configIcon.ts';
import { locale, textOfFailure, translate } from '../language.ts';
import { addressesIn, isReachableConfig } from '../preview/configAddress.ts';
import { columnFor } from '../preview/configEdits.ts';
import type { PickerServices } from '../preview/pickOther.ts';
import { saveText } from '../preview/saveText.ts';
import type { ServerLink } from '../serverLink.ts';
import { sharedHandlers } from '../sharedHandlers.ts';
import { WebviewChannel, type Handlers } from '../webviewChannel.ts';
import { webviewHtml, webviewRoot } from '../webviewHtml.ts';
import { KeptReport } from './keptReport.ts';
import { pickTrialConfig } from './pickTrialConfig.ts';
import type { TrialMemory } from './trialMemory.ts';

/** The host services that a trial needs. */
export interface TrialServices extends PickerServices {
  readonly link: ServerLink;
  readonly log: vscode.LogOutputChannel;
  readonly memory: TrialMemory;
}

/** A trial in its own panel. Runs are requests to the server; the report is kept until the panel closes. */
export class TrialPanel implements vscode.Disposable {
  readonly #channel: WebviewChannel<TrialRequests, TrialEvents, TrialNotifications>;
  readonly #services: TrialServices;
  /** Configs that the host passed to the webview. */
  readonly #allowed = new Set<string>();
  #start: TrialStart;
  readonly #kept = new KeptReport();

  constructor(
    readonly panel: vscode.WebviewPanel,
    start: TrialStart,
    extensionUri: vscode.Uri,
    services: TrialServices,
  ) {
    this.#services = services;
    this.#start = start;
    for (const { uri } of start.configs) {
      this.#allowed.add(uri);
      void services.texts.preview(uri);
    }
    panel.iconPath = configIcon(extensionUri);
    panel.webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(extensionUri)] };
    this.#channel = new WebviewChannel(
      panel.webview,
      { view: 'trial', requests: trialRequests, notifications: trialNotifications },
      {
        handlers: this.#handlers(),
        notifications: {
          state: ({ configs, options }) => {
            this.#start = { configs, options, runs: false };
            panel.title = titleOf(configs);
          },
        },
        log: services.log,
        check: (received) => {
          this.#check(received);
        },
      },
    );
    panel.title = titleOf(start.configs);
    panel.webview.html = webviewHtml(panel.webview, extensionUri, 'trial', panel.title);
  }

  /** The report of the last run that ended; null before. */
  get report(): TrialReport | null {
    return this.#kept.report;
  }

  get configs(): readonly ConfigText[] {
    return this.#start.configs;
  }

  /** The text or the data of a config changed; null means every config. */
  refreshAfterChange(uri: string | null): void {
    if (uri === null || this.configs.some((config) => config.uri === uri)) this.#kept.markOutdated();
    this.#channel.post('changed', { uri });
  }

  dispose(): void {
    this.#channel.dispose();
    for (const uri of this.#allowed) this.#services.texts.previewClosed(uri);
  }

  /** A webview may name only the configs that it was given and those that the user can reach in this window. */
  #check(received: unknown): void {
    for (const uri of addressesIn(received)) {
      if (!this.#allowed.has(uri) && !isReachableConfig(uri))
        throw fail('refused-path', message('{0} is not a ratio config of this workspace', uri));
    }
  }

  /** A report that cannot be remembered is shown all the same: it is right, and only later trials lack it. */
  async #remember(report: TrialReport): Promise<void> {
    try {
      await this.#services.memory.add(report);
    } catch (error) {
      const failure = failureOf(error);
      this.#services.log.error(`trial: remember: ${describeFailure(failure)}`);
      const text = vscode.l10n.t(
        'This trial was not remembered. Later trials on the same eval window do not count it: {0}',
        textOfFailure(failure),
      );
      void vscode.window.showWarningMessage(labelText(text));
    }
  }

  #handlers(): Handlers<TrialRequests> {
    const { link, texts, log, memory } = this.#services;
    return {
      ...sharedHandlers(log),
      start: () => {
        const { report } = this.#kept;
        const isStale = this.#kept.isStale(this.#start);
        return Promise.resolve({ ...this.#start, reported: report && { report, isStale } });
      },
      run: async ({ configs, options, all }, context) => {
        this.#start = { configs, options, runs: false };
        // Before the texts are read: a change from now on makes the report stale.
        const keep = this.#kept.begin({ configs, options });
        const read = await Promise.all(configs.map((config) => texts.withText(config)));
        const params = { ...options, configs: read, stage: 'recall', all, earlier: memory.all } as const;
        const report = await link.request('trial', params, context);
        keep(report);
        await this.#remember(report);
        return report;
      },
      pickConfig: async ({ configs }) => {
        const picked = await pickTrialConfig(this.#services, configs);
        if (picked && !this.#allowed.has(picked.uri)) {
          this.#allowed.add(picked.uri);
          void texts.preview(picked.uri);
        }
        return picked;
      },
      openConfig: async ({ config, line }) => {
        const uri = vscode.Uri.parse(config.uri);
        const place = line === null ? null : new vscode.Position(Math.max(0, line - 1), 0);
        await vscode.window.showTextDocument(uri, {
          viewColumn: columnFor(uri, this.panel.viewColumn),
          preview: false,
          ...(place ? { selection: new vscode.Range(place, place) } : {}),
        });
        return null;
      },
      saveReport: () => {
        const { report } = this.#kept;
        if (!report) throw fail('bad-request', message('There is no report yet. Run the trial first'));
        return saveText('trial.html', trialHtml(report, { language: locale(), translate }));
      },
      saveText: ({ name, text }) => saveText(name, text),
    };
  }
}

/** `Trial: spring, summer`. */
function titleOf(configs: readonly ConfigText[]): string {
  const names = configs.map(({ uri }) =>
    path.posix.basename(vscode.Uri.parse(uri).path).replace(/\.ratio\.(ya?ml|json)$/i, ''),
  );
  return vscode.l10n.t('Trial: {0}', names.join(', '));
}
