import path from 'node:path';
import * as vscode from 'vscode';
import { describeFailure, fail, failureOf, FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { Dataset, Notice } from '../../core/table/dataset.ts';
import { everything } from '../../core/table/filter.ts';
import type { Role } from '../../core/table/role.ts';
import type { CallContext, Result } from '../../protocol/engine.ts';
import type { InspectorCommand, InspectorEvents } from '../../protocol/inspector.ts';
import {
  inspectorEngineMethods,
  inspectorNotifications,
  inspectorRequests,
  type InspectorEngineMethod,
  type InspectorNotifications,
  type InspectorRequests,
} from '../../protocol/inspectorRequests.ts';
import type { ConfigList } from '../config/configList.ts';
import type { DeclaredRoles } from '../config/declaredRoles.ts';
import type { SampleReports } from '../generate/sampleReports.ts';
import { commands } from '../ids.ts';
import type { Datasets } from '../config/datasets.ts';
import { pickMissing, pickRole } from '../rolePick.ts';
import type { RoleMemory } from '../roleMemory.ts';
import type { ServerLink } from '../serverLink.ts';
import { runCommand, sharedHandlers } from '../sharedHandlers.ts';
import { WebviewChannel, type Handlers } from '../webviewChannel.ts';
import { linkTarget } from './consent.ts';
import { InspectorAudit } from './inspectorAudit.ts';
import type { OpenInspector, OpenInspectors, InspectedState } from './openInspectors.ts';
import { storyStage } from './storyStage.ts';
import { watchDataset } from './watcher.ts';

/** The host services that an inspector needs. */
export interface InspectorServices {
  readonly link: ServerLink;
  readonly datasets: Datasets;
  readonly roles: RoleMemory;
  readonly declared: DeclaredRoles;
  readonly configs: ConfigList;
  readonly inspectors: OpenInspectors;
  readonly reports: SampleReports;
  readonly log: vscode.LogOutputChannel;
}

/** One editor per data set. It adds the data set reference to webview requests and reloads when files change. */
export class InspectorEditor implements OpenInspector, vscode.Disposable {
  readonly #services: InspectorServices;
  readonly #channel: WebviewChannel<InspectorRequests, InspectorEvents, InspectorNotifications>;
  readonly #subscriptions: vscode.Disposable[];
  readonly #audit: InspectorAudit;
  #state: InspectedState = { kind: 'loading' };
  /** Commands wait until the webview has sent its first request. */
  #isReady = false;
  readonly #queuedCommands: InspectorCommand[] = [];
  /** Files that the engine reported. The webview may open only these. */
  readonly #dataFiles = new Set<string>();
  /** The running reload after a change, and whether the files changed again since it started. */
  #reloading: Promise<void> | null = null;
  #changedAgain = false;

  constructor(
    readonly id: string,
    readonly uri: vscode.Uri,
    webview: vscode.Webview,
    services: InspectorServices,
  ) {
    this.#services = services;
    this.#audit = new InspectorAudit(this.path, services.link, services.configs, services, services.log);
    this.#channel = new WebviewChannel(
      webview,
      { view: 'inspector', requests: inspectorRequests, notifications: inspectorNotifications },
      {
        handlers: this.#handlers(),
        notifications: {
          viewing: (viewing) => {
            if (this.#state.kind === 'open') this.#setState({ ...this.#state, ...viewing });
          },
          painted: ({ milliseconds }) => {
            services.log.info(`first rows of ${this.path} painted after ${Math.round(milliseconds)} ms`);
            // Configs may declare the roles of its columns. The search starts after the first rows are visible.
            void services.configs.searched();
          },
        },
        log: services.log,
      },
    );
    this.#subscriptions = [
      services.link.onRestarted(() => {
        this.#channel.post('restarted', null);
      }),
      services.reports.onDidChange((file) => {
        if (file === this.path) this.#channel.post('reported', null);
      }),
      watchDataset(this.path, () => void this.#reload()),
      ...[services.roles, services.declared].map((source) =>
        source.onDidChange((changed) => {
          if (changed === this.path) void this.#rolesChanged();
        }),
      ),
    ];
  }

  get path(): string {
    return this.uri.fsPath;
  }

  get state(): InspectedState {
    return this.#state;
  }

  command(name: InspectorCommand): void {
    if (this.#isReady) this.#channel.post('command', { name });
    else this.#queuedCommands.push(name);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#channel.dispose();
    this.#services.inspectors.remove(this);
    this.#services.link.close(this.id);
  }

  /** Engine requests are forwarded. The host intercepts those whose result it needs. */
  #handlers(): Handlers<InspectorRequests> {
    return {
      ...sharedHandlers(this.#services.log),
      ...this.#forwardedHandlers(),
      open: (_params, context) => {
        this.#isReady = true;
        for (const name of this.#queuedCommands.splice(0)) this.command(name);
        return this.#open(context);
      },
      openAs: (_params, context) => this.#openAs(context),
      settle: async (params, context) => {
        const dataset = this.#withLinkNotice(await this.#ask('settle', params, context));
        this.#services.datasets.update(this.path, dataset);
        if (this.#state.kind === 'open') this.#setState({ ...this.#state, dataset });
        return dataset;
      },
      page: async (params, context) => {
        const page = await this.#ask('page', params, context);
        // The bytes are part of a larger buffer, and posting them directly would send all of it.
        return { ...page, arrow: new Uint8Array(page.arrow) };
      },
      groups: async (params, context) => {
        const groups = await this.#ask('groups', params, context);
        return { ...groups, arrow: new Uint8Array(groups.arrow) };
      },
      facts: async (params, context) => {
        const facts = await this.#ask('facts', params, context);
        this.#addDataFiles([...facts.files.list, ...(facts.text?.badRows.list ?? [])]);
        return facts;
      },
      badRows: async (params, context) => {
        const rows = await this.#ask('badRows', params, context);
        this.#addDataFiles(rows.list);
        return rows;
      },
      pickRole: ({ column }) => this.#pickRole(column),
      assignRole: (params) => this.#assignRole(params),
      report: () => Promise.resolve(this.#services.reports.reportOf(this.path)),
      reopenAsText: () => runCommand('vscode.openWith', this.uri, 'default'),
      saveChart: (params) => this.#saveChart(params),
      audit: async (params, context) => {
        const view = await this.#audit.run(params, context);
        if (this.#state.kind === 'open')
          this.#services.inspectors.recordVerdict(this, InspectorAudit.verdict(view, this.#state.dataset.fingerprint));
        return view;
      },
      inferConfig: () => runCommand(commands.inferConfig, this.uri),
      showStory: async ({ user }) => {
        const target = await storyStage(this.#services.configs, this.#services.link, this.path);
        if (target === 'none') return vscode.workspace.isTrusted ? 'unnamed' : 'restricted';
        if (target) await vscode.commands.executeCommand(commands.story, target.config, target.stage, user);
        return 'shown';
      },
      showFinding: ({ index }) => this.#audit.showFinding(index),
      showRule: ({ index }) => runCommand(commands.openRulePage, this.#audit.ruleOf(index)),
      showLine: (params) => this.#showLine(params),
    };
  }

  #forwardedHandlers(): Pick<Handlers<InspectorRequests>, InspectorEngineMethod> {
    const forward =
      (method: InspectorEngineMethod) =>
      (params: unknown, context: CallContext): Promise<unknown> =>
        this.#ask(method, params as InspectorRequests[typeof method]['params'], context);
    return Object.fromEntries(inspectorEngineMethods.map((method) => [method, forward(method)])) as Pick<
      Handlers<InspectorRequests>,
      InspectorEngineMethod
    >;
  }

  #addDataFiles(files: readonly { readonly path: string }[]): void {
    for (const file of files) this.#dataFiles.add(file.path);
  }

  async #open(context: Partial<CallContext> = {}): Promise<Dataset> {
    try {
      if (this.uri.scheme !== 'file') throw notOnDisk(this.uri);
      const dataset = this.#withLinkNotice(await this.#read(context));
      this.#setState({
        kind: 'open',
        dataset,
        ...(this.#state.kind === 'open'
          ? { view: this.#state.view, rows: this.#state.rows, hidden: this.#state.hidden }
          : { view: everything, rows: dataset.rows, hidden: [] }),
      });
      return dataset;
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code !== 'cancelled') {
        this.#services.log.warn(`open: ${describeFailure(failure)}`);
        this.#setState({ kind: 'failed', failure });
      }
      throw error;
    }
  }

  /** Reads the data set in the format that the user chose, while its files have that format. */
  async #read(context: Partial<CallContext>): Promise<Dataset> {
    const { datasets } = this.#services;
    try {
      return await datasets.open(this.id, this.path, context);
    } catch (error) {
      const { readAs: _format, ...failure } = failureOf(error);
      // All files of a folder must have the same format.
      if (failure.place?.path !== this.path) throw new FailureError(failure);
      const isOther = failure.code === 'wrong-format' || failure.code === 'unsupported';
      if (!isOther || datasets.formats.get(this.path) === undefined) throw error;
      await datasets.formats.set(this.path, undefined);
      return await datasets.open(this.id, this.path, context);
    }
  }

  /** Opens the file in the format of its content, now and after a reload of the window. */
  async #openAs(context: CallContext): Promise<Dataset> {
    if (this.#state.kind === 'failed' && this.#state.failure.readAs)
      await this.#services.datasets.formats.set(this.path, this.#state.failure.readAs);
    return await this.#open(context);
  }

  /** Adds the reference. Reloads if the engine reports that the files no longer match the reference. */
  async #ask<M extends InspectorEngineMethod>(
    method: M,
    params: InspectorRequests[M]['params'],
    context: CallContext,
  ): Promise<Result<M>> {
    const fingerprint = this.#state.kind === 'open' ? this.#state.dataset.fingerprint : undefined;
    const ref = this.#services.datasets.ref(this.id, this.path, fingerprint);
    try {
      // The webview's parameters are the engine's without `ref`; TypeScript cannot prove that for a generic method.
      return await this.#services.link.call(method, { ...params, ref }, context);
    } catch (error) {
      if (error instanceof FailureError && error.failure.code === 'changed') void this.#reload();
      throw error;
    }
  }

  /**
   * Reloads after a change of the files, and notifies the webview if the data changed. Many pages may notice the same
   * change, so only one reload runs at a time and at most one more follows.
   */
  #reload(): Promise<void> {
    this.#changedAgain = this.#reloading !== null;
    this.#reloading ??= this.#reloadOnce().finally(() => {
      this.#reloading = null;
      if (this.#changedAgain) void this.#reload();
    });
    return this.#reloading;
  }

  async #reloadOnce(): Promise<void> {
    // The data set was not requested yet, or the gate is still closed: there is nothing to update.
    if (this.#state.kind === 'loading') return;
    const before = this.#state.kind === 'open' ? this.#state.dataset.fingerprint : null;
    try {
      const dataset = await this.#open();
      if (dataset.fingerprint !== before) {
        this.#services.log.info(`${this.path} changed and was opened again`);
        this.#channel.post('reloaded', { dataset });
      }
    } catch (error) {
      this.#channel.post('failed', { failure: failureOf(error) });
    }
  }

  async #rolesChanged(): Promise<void> {
    if (this.#state.kind !== 'open') return;
    try {
      this.#channel.post('roles', { dataset: await this.#open() });
    } catch (error) {
      this.#channel.post('failed', { failure: failureOf(error) });
    }
  }

  async #pickRole(name: string): Promise<Dataset | null> {
    const column = this.#state.kind === 'open' ? this.#state.dataset.columns.find((c) => c.name === name) : undefined;
    if (!column) throw fail('bad-request', message('There is no column {0}', name));
    const role = await pickRole(column);
    if (role === 'dismissed') return null;
    await this.#services.roles.set(this.path, name, role);
    return this.#open();
  }

  async #assignRole({ role, column }: { role: Role; column: string | null }): Promise<Dataset | null> {
    if (this.#state.kind !== 'open') return null;
    const { columns } = this.#state.dataset;
    if (column !== null && !columns.some(({ name }) => name === column))
      throw fail('bad-request', message('There is no column {0}', column));
    const name = column ?? (await pickMissing(role, columns, vscode.l10n.t('Set Column Role')))?.name;
    if (name === undefined) return null;
    await this.#services.roles.set(this.path, name, role);
    return this.#open();
  }

  async #saveChart({ format, text }: InspectorRequests['saveChart']['params']): Promise<null> {
    const target = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.file(`${this.path}.${format}`),
      filters: { [format.toUpperCase()]: [format] },
    });
    if (target) await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
    return null;
  }

  async #showLine({ path: file, line }: InspectorRequests['showLine']['params']): Promise<null> {
    if (!this.#dataFiles.has(file)) throw fail('refused-path', message('{0} is not a file of this data set', file));
    const start = new vscode.Position(line - 1, 0);
    // Not as a preview tab: it would replace an inspector that is itself in the preview tab.
    await vscode.window.showTextDocument(vscode.Uri.file(file), {
      selection: new vscode.Range(start, start),
      preview: false,
    });
    return null;
  }

  /** Adds a notice with the real location if a link leads out of the workspace. */
  #withLinkNotice(dataset: Dataset): Dataset {
    const target = linkTarget(this.path);
    if (target === null) return dataset;
    const notice: Notice = {
      severity: 'info',
      code: 'outside-workspace',
      message: message('{0} is a link to {1}, outside of this workspace', path.basename(this.path), target),
    };
    return { ...dataset, notices: [notice, ...dataset.notices] };
  }

  #setState(state: InspectedState): void {
    this.#state = state;
    this.#services.inspectors.notifyChanged(this);
  }
}

function notOnDisk(uri: vscode.Uri): FailureError {
  return fail(
    'refused-path',
    message('{0} is not a file on this machine ({1})', path.posix.basename(uri.path), uri.scheme),
    {
      place: { path: uri.toString() },
      advice: message('Save it to a folder and open it from there.'),
    },
  );
}
