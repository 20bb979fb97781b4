import path from 'node:path';
import * as vscode from 'vscode';
import { describeFailure, failureOf } from '../../core/message/failure.ts';
import type { Dataset } from '../../core/table/dataset.ts';
import { isFiltered, viewKey, type View } from '../../core/table/filter.ts';
import type { ColumnProfile } from '../../core/table/profile.ts';
import type { Role } from '../../core/table/role.ts';
import type { Glance, SidebarEvents, SidebarNotifications } from '../../protocol/sidebar.ts';
import { sidebarNotifications } from '../../protocol/schema/sidebar.ts';
import { isConfig, type ConfigList } from '../config/configList.ts';
import type { Datasets } from '../config/datasets.ts';
import { commands, views } from '../ids.ts';
import type { OpenInspector, OpenInspectors } from '../inspector/openInspectors.ts';
import type { ServerLink } from '../serverLink.ts';
import type { Tour } from '../tour/tour.ts';
import { WebviewChannel } from '../webviewChannel.ts';
import { webviewHtml, webviewRoot } from '../webviewHtml.ts';

export interface GlanceServices {
  readonly link: ServerLink;
  readonly datasets: Datasets;
  readonly inspectors: OpenInspectors;
  readonly configs: ConfigList;
  readonly tour: Pick<Tour, 'progress' | 'onDidChange'>;
  readonly log: vscode.LogOutputChannel;
}

type Channel = WebviewChannel<object, SidebarEvents, SidebarNotifications>;
interface Profiles {
  readonly label: ColumnProfile | null;
  readonly source: ColumnProfile | null;
}

/**
 * The small webview in the sidebar: a summary of the active sample file or of the config in the editor. Computes only
 * while it is visible.
 */
export class GlanceView implements vscode.WebviewViewProvider {
  readonly #extensionUri: vscode.Uri;
  readonly #services: GlanceServices;
  /** The last active config, until a sample file becomes active. */
  #config: vscode.TextEditor | null = null;
  #view: vscode.WebviewView | null = null;
  #channel: Channel | null = null;
  #running: AbortController | null = null;
  /** The last profiles shown, with the key of their data. */
  #shown: { readonly key: string; readonly profiles: Profiles } | null = null;

  constructor(extensionUri: vscode.Uri, services: GlanceServices) {
    this.#extensionUri = extensionUri;
    this.#services = services;
  }

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.window.registerWebviewViewProvider(views.glance, this),
      this.#services.inspectors.onDidChange(() => {
        if (!isConfigEditor(vscode.window.activeTextEditor)) this.#config = null;
        void this.#update();
      }),
      this.#services.tour.onDidChange(() => void this.#update()),
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        if (!isConfigEditor(editor)) return;
        this.#config = editor;
        void this.#update();
      }),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor === this.#config) void this.#update();
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (document !== this.#config?.document) return;
        this.#config = null;
        void this.#update();
      }),
      this.#services.configs.onDidChange((uri) => {
        if (uri?.toString() === this.#config?.document.uri.toString()) void this.#update();
      }),
    );
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    view.webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(this.#extensionUri)] };
    const channel: Channel = new WebviewChannel<object, SidebarEvents, SidebarNotifications>(
      view.webview,
      { view: 'glance', requests: {}, notifications: sidebarNotifications },
      {
        handlers: {},
        notifications: {
          ready: () => void this.#update(),
          openDemo: () => void vscode.commands.executeCommand(commands.openDemo),
          openTour: () => void vscode.commands.executeCommand(commands.openTour),
          chooseFile: () => void vscode.commands.executeCommand(commands.inspect),
          showLog: () => void vscode.commands.executeCommand(commands.showLog),
          showAudit: () => {
            this.#services.inspectors.active?.command('showAudit');
          },
          refresh: () => {
            this.#shown = null;
            void this.#update();
          },
        },
        log: this.#services.log,
      },
    );
    this.#view = view;
    this.#channel = channel;
    view.onDidChangeVisibility(() => void this.#update());
    view.onDidDispose(() => {
      channel.dispose();
      this.#running?.abort();
      this.#view = null;
      this.#channel = null;
    });
    const editor = vscode.window.activeTextEditor;
    if (isConfigEditor(editor)) this.#config = editor;
    view.webview.html = webviewHtml(view.webview, this.#extensionUri, 'sidebar', vscode.l10n.t('Inspector'));
  }

  async #update(): Promise<void> {
    if (!this.#view?.visible) return;
    // Running profiles belong to other data than what is shown next.
    this.#running?.abort();
    this.#running = null;
    if (this.#config) {
      await this.#showConfig(this.#config);
      return;
    }
    const inspector = this.#services.inspectors.active;
    const state = inspector?.state;
    if (!inspector || !state) this.#show({ kind: 'nothing', tour: this.#services.tour.progress });
    else if (state.kind === 'loading') this.#show({ kind: 'loading', path: inspector.path });
    else if (state.kind === 'failed') this.#show({ kind: 'failure', path: inspector.path, failure: state.failure });
    else await this.#showDataset(inspector, state.dataset, { filter: state.view.filter, sort: [] }, state.rows);
  }

  async #showConfig({ document, selection }: vscode.TextEditor): Promise<void> {
    const path = document.isUntitled ? document.fileName : document.uri.fsPath;
    try {
      const { stages, counts } = await this.#services.configs.ask(document.uri);
      if (this.#config?.document !== document) return;
      // Stages are in funnel order, so search for the nearest one that begins above the cursor.
      const above = [...stages]
        .sort((a, b) => b.range.start.line - a.range.start.line)
        .find(({ range }) => range.start.line <= selection.active.line);
      this.#show({ kind: 'config', path, stage: above ?? stages[0] ?? null, counts });
    } catch (error) {
      this.#show({ kind: 'failure', path, failure: failureOf(error) });
    }
  }

  async #showDataset(
    { id, path: file }: OpenInspector,
    dataset: Dataset,
    view: View,
    rows: number | null,
  ): Promise<void> {
    const label = columnOfRole(dataset, 'label');
    const source = columnOfRole(dataset, 'source');
    const glance: Glance = {
      kind: 'dataset',
      path: file,
      dataset,
      label: null,
      source: null,
      filtered: isFiltered(view.filter) ? { rows } : null,
      audit: this.#services.inspectors.verdict(file, dataset.fingerprint),
    };
    const key = JSON.stringify([file, dataset.fingerprint, viewKey(view), label, source]);
    if (this.#shown?.key === key) {
      this.#show({ ...glance, ...this.#shown.profiles });
      return;
    }
    this.#show(glance);
    const columns = [label, source].filter((index) => index >= 0);
    if (columns.length === 0) return;
    const running = new AbortController();
    this.#running = running;
    try {
      const ref = this.#services.datasets.ref(id, file, dataset.fingerprint);
      const result = await this.#services.link.call('profile', { ref, view, columns }, { signal: running.signal });
      const profileOf = (index: number): ColumnProfile | null => result.columns[columns.indexOf(index)] ?? null;
      this.#shown = { key, profiles: { label: profileOf(label), source: profileOf(source) } };
      if (this.#running === running) this.#show({ ...glance, ...this.#shown.profiles });
    } catch (error) {
      // The inspector reports why its file cannot be read; the glance only leaves out the counts.
      const failure = failureOf(error);
      if (failure.code !== 'cancelled')
        this.#services.log.warn(`glance of ${path.basename(file)}: ${describeFailure(failure)}`);
    }
  }

  #show(glance: Glance): void {
    this.#channel?.post('glance', glance);
  }
}

function isConfigEditor(editor: vscode.TextEditor | undefined): editor is vscode.TextEditor {
  return editor !== undefined && isConfig(editor.document);
}

/** Index of the first column with the role, or -1. */
function columnOfRole(dataset: Dataset, role: Role): number {
  return dataset.columns.findIndex((column) => column.role?.role === role);
}
