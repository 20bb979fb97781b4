import path from 'node:path';
import * as vscode from 'vscode';
import { configIcon } from '../config/configIcon.ts';
import type { Stage } from '../../core/schema/stage.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import {
  previewRequests,
  type ConfigText,
  type PreviewEvents,
  type PreviewNotifications,
  type PreviewRequests,
  type PreviewStart,
  type SamplerParams,
  type Split,
} from '../../protocol/preview.ts';
import { previewNotifications } from '../../protocol/schema/preview.ts';
import type { ConfigList } from '../config/configList.ts';
import { commands } from '../ids.ts';
import type { ServerLink } from '../serverLink.ts';
import { runCommand, sharedHandlers } from '../sharedHandlers.ts';
import { WebviewChannel, type Handlers } from '../webviewChannel.ts';
import { webviewHtml, webviewRoot } from '../webviewHtml.ts';
import { columnFor, rangeOf, type ConfigEdits } from './configEdits.ts';
import { addressesIn, isReachableConfig } from './configAddress.ts';
import { uriOfText, type ConfigTexts } from './configTexts.ts';
import { pickSideConfig } from './pickOther.ts';
import { pickUser, pickUsers } from './pickUsers.ts';
import { saveText } from './saveText.ts';
import type { UserMemory } from './userMemory.ts';

/** The host services that a preview needs. */
export interface PreviewServices {
  readonly link: ServerLink;
  readonly configs: ConfigList;
  readonly log: vscode.LogOutputChannel;
  readonly users: UserMemory;
  readonly edits: ConfigEdits;
  readonly texts: ConfigTexts;
  /** Opens a trial of these configs. */
  readonly showTrial: (configs: readonly ConfigText[]) => void;
}

/** What a panel needs in addition to them. */
export interface PanelServices extends PreviewServices {
  /** The explanation of a row was opened. */
  explained(): void;
}

/** An extract of a Spark job. `users`: those that it has; after a window reload, the webview knows them. */
export interface PreviewedExtract {
  readonly folder: string;
  readonly split: Split;
  readonly users: readonly string[];
}

/** What is previewed. `extract`: its files, in place of those of the config. */
export type PreviewedStage = Pick<PreviewStart, 'config' | 'stage'> & { readonly extract?: PreviewedExtract };

/** What a preview opens with; after a window reload, what it showed before. */
export type PreviewBeginning = PreviewedStage & Pick<PreviewStart, 'state'>;

/**
 * A preview of one stage of a config, in its own panel. Forwards the webview's requests and does what only the editor
 * can do.
 */
export class PreviewPanel implements vscode.Disposable {
  readonly #services: PanelServices;
  readonly #channel: WebviewChannel<PreviewRequests, PreviewEvents, PreviewNotifications>;
  #beginning: PreviewBeginning;
  /** The folder of the extract. The webview cannot change it. */
  readonly extract: string | null;
  /** The last request of the webview, with its seed and epoch. */
  #sampler: SamplerParams;
  /** True after the visible webview has sent `start`. */
  #started = false;
  #waiting: PreviewEvents['command'] | null = null;
  /** Configs that the webview has asked about. */
  #configs: ReadonlySet<string>;
  /** Configs that the host passed to the webview. */
  readonly #allowed: Set<string>;
  /** The config that the panel was opened for. */
  readonly #opened: string;

  constructor(
    readonly panel: vscode.WebviewPanel,
    beginning: PreviewBeginning,
    extensionUri: vscode.Uri,
    services: PanelServices,
  ) {
    this.#services = services;
    this.#beginning = beginning;
    this.#sampler = samplerOf(beginning);
    this.extract = beginning.extract?.folder ?? null;
    this.#configs = new Set([beginning.config.uri]);
    this.#allowed = new Set([beginning.config.uri]);
    this.#opened = beginning.config.uri;
    void services.texts.preview(this.#opened);
    panel.iconPath = configIcon(extensionUri);
    panel.webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(extensionUri)] };
    this.#channel = new WebviewChannel(
      panel.webview,
      { view: 'preview', requests: previewRequests, notifications: previewNotifications },
      {
        handlers: this.#handlers(),
        notifications: {
          users: ({ config, users }) => void this.#remember(config, users),
          explained: () => {
            services.explained();
          },
          painted: ({ stage, users, negatives, milliseconds }) => {
            services.log.info(
              `preview ${stage}: ${users} users, ${negatives} negatives, ${Math.round(milliseconds)} ms`,
            );
          },
        },
        log: services.log,
        check: (message) => {
          this.#check(message);
        },
      },
    );
    panel.onDidChangeViewState(() => {
      // VS Code destroys a hidden webview; it starts again when it is shown.
      if (panel.visible) return;
      this.#started = false;
      services.edits.settle(this.config.uri);
    });
    panel.title = previewTitle(beginning);
    panel.webview.html = webviewHtml(panel.webview, extensionUri, 'preview', panel.title);
  }

  /** What it shows now. */
  get previewed(): PreviewedStage {
    const { config, stage, extract } = this.#beginning;
    return { config, stage, ...(extract ? { extract } : {}) };
  }

  get config(): ConfigText {
    return this.#beginning.config;
  }

  /** The visible stage. */
  get stage(): Stage {
    return this.#beginning.stage;
  }

  /** The visible stage with the seed and epoch of the preview. */
  get sampler(): SamplerParams {
    return this.#sampler;
  }

  /** Sends a command to the webview: at once, or when it sends `start`. */
  command(name: PreviewEvents['command']['name'], details: Omit<PreviewEvents['command'], 'name'> = {}): void {
    const { other } = details;
    this.#waiting = { name, ...details };
    if (other) this.#allowed.add(other.config.uri);
    if (this.#started && this.panel.visible) this.#send();
  }

  /** The text or the data of a config changed; undefined means every config. */
  refreshAfterChange(uri?: string): void {
    for (const config of this.#configs)
      if (uri === undefined || uri === config) this.#channel.post('changed', { uri: config });
  }

  dispose(): void {
    this.#channel.dispose();
    this.#services.edits.settle(this.config.uri);
    this.#services.texts.previewClosed(this.#opened);
  }

  /** A webview may name only the configs that it was given and those that the user can reach in this window. */
  #check(received: unknown): void {
    for (const uri of addressesIn(received)) {
      if (!this.#allowed.has(uri) && !isReachableConfig(uri))
        throw fail('refused-path', message('{0} is not a ratio config of this workspace', uri));
    }
  }

  async #withText<P extends SamplerParams>(params: P): Promise<P> {
    return { ...params, config: await this.#services.texts.withText(params.config) };
  }

  /** The same for a request that reads rows. */
  async #withRows<P extends SamplerParams>(params: P): Promise<P & { readonly extract?: string }> {
    return { ...(await this.#withText(params)), ...(this.extract === null ? {} : { extract: this.extract }) };
  }

  /**
   * The webview chooses the stage itself, and in a comparison possibly another config. `configs`: the configs whose
   * changes it is notified about from now on.
   */
  #enter({ config, stage, seed, epoch, split }: SamplerParams, configs: Iterable<string>): void {
    this.#sampler = {
      config,
      stage,
      ...(seed === undefined ? {} : { seed }),
      ...(epoch === undefined ? {} : { epoch }),
      ...(split === undefined ? {} : { split }),
    };
    this.#configs = new Set(configs);
    this.#beginning = { ...this.#beginning, config, stage };
    this.panel.title = previewTitle(this.#beginning);
  }

  #handlers(): Handlers<PreviewRequests> {
    const { link, configs, log, edits, texts } = this.#services;
    return {
      ...sharedHandlers(log),
      start: () => this.#start(),
      sampler: async (params, context) => {
        // Also called during a comparison; the other side stays.
        this.#enter(params, [...this.#configs, params.config.uri]);
        return link.request('sampler', await this.#withText(params), context);
      },
      preview: async (params, context) => {
        this.#enter(params, [params.config.uri]);
        return link.request('preview', await this.#withRows(params), context);
      },
      users: async (params, context) => link.request('users', await this.#withRows(params), context),
      items: async (params, context) => link.request('items', await this.#withRows(params), context),
      story: async (params, context) => link.request('story', await this.#withRows(params), context),
      explain: async (params, context) => link.request('explain', await this.#withRows(params), context),
      compare: async ({ own, ...params }, context) => {
        this.#enter(params[own], [params.a.config.uri, params.b.config.uri]);
        return link.request(
          'compare',
          { ...params, a: await this.#withRows(params.a), b: await this.#withRows(params.b) },
          context,
        );
      },
      setKnobs: (params) => {
        if (params.config.saved === true || params.config.at !== undefined)
          throw fail('bad-request', message('Only the text in the editor can be edited. Exit the comparison first'));
        return edits.setKnobs(params, this.panel.viewColumn);
      },
      undo: async ({ config }) => {
        await edits.undo(vscode.Uri.parse(config.uri), this.panel.viewColumn);
        this.panel.reveal();
        return null;
      },
      generate: ({ config, stage, ...overrides }) => {
        // The file must have the rows on screen, and the command reads the editor.
        if (config.saved === true || config.at !== undefined)
          throw fail('bad-request', message('Only the text in the editor can be generated. Exit the comparison first'));
        // Not awaited: the command shows its own progress.
        void vscode.commands.executeCommand(commands.generate, vscode.Uri.parse(config.uri), stage, overrides);
        return Promise.resolve(null);
      },
      pickUsers: async ({ without, ...params }) =>
        pickUsers(link, await this.#withRows(params), without, vscode.l10n.t('Add Users')),
      pickUser: async (params) => pickUser(link, await this.#withRows(params), vscode.l10n.t("Show a User's Story")),
      pickConfig: async ({ config, side }) => {
        const picked = await pickSideConfig({ configs, texts }, config, side);
        if (picked) this.#allowed.add(picked.uri);
        return picked;
      },
      reveal: async ({ config, range }) => {
        const uri = vscode.Uri.parse(config.uri);
        await vscode.window.showTextDocument(uri, {
          viewColumn: columnFor(uri, this.panel.viewColumn),
          selection: rangeOf(range),
          preview: false,
        });
        return null;
      },
      trial: ({ configs }) => {
        this.#services.showTrial(configs);
        return Promise.resolve(null);
      },
      showDiff: ({ a, b }) => runCommand('vscode.diff', uriOfText(a), uriOfText(b), `${titleOf(a)} ↔ ${titleOf(b)}`),
      saveText: ({ name, text }) => saveText(name, text),
      showRule: ({ rule }) => runCommand(commands.openRulePage, rule),
    };
  }

  async #start(): Promise<PreviewStart> {
    const { extract, ...beginning } = this.#beginning;
    const { config, state } = beginning;
    const start: PreviewStart = {
      ...beginning,
      users: extract ? extract.users : this.#services.users.get(await this.#logOf(config)),
      extract: extract ? { folder: extract.folder, split: extract.split } : null,
      mode: this.#mode,
    };
    // When the webview returns, its own saved state is newer than this one.
    if (state) this.#beginning = { ...this.#beginning, state: null };
    this.#started = true;
    // Sent after the answer.
    setImmediate(() => {
      this.#send();
    });
    return start;
  }

  get #mode(): PreviewStart['mode'] {
    const name = this.#waiting?.name;
    return name === 'compare' || name === 'explain' ? name : 'preview';
  }

  #send(): void {
    if (this.#waiting) this.#channel.post('command', this.#waiting);
    this.#waiting = null;
  }

  async #remember(config: ConfigText, users: readonly string[]): Promise<void> {
    // An extract has only some users of the log.
    if (this.extract === null) await this.#services.users.set(await this.#logOf(config), users);
  }

  /** The log of a config, the key for remembered users; the config itself if the log is not known. */
  async #logOf({ uri }: ConfigText): Promise<string> {
    try {
      const { datasets } = await this.#services.configs.ask(vscode.Uri.parse(uri));
      return datasets.find(({ name }) => name === 'impressions')?.path ?? uri;
    } catch {
      return uri;
    }
  }
}

function samplerOf({ config, stage, state, extract }: PreviewBeginning): SamplerParams {
  return {
    config,
    stage,
    ...(state && state.seed !== null ? { seed: state.seed } : {}),
    ...(state && state.epoch !== null ? { epoch: state.epoch } : {}),
    ...(state ? { split: state.split } : extract ? { split: extract.split } : {}),
  };
}

/** `Preview: spring.ratio.yaml · recall`. */
export function previewTitle({ config, stage, extract }: PreviewedStage): string {
  const parts = [nameOf(config.uri), stage, ...(extract ? [path.basename(extract.folder)] : [])];
  return vscode.l10n.t('Preview: {0}', parts.join(' · '));
}

function nameOf(uri: string): string {
  return vscode.Uri.parse(uri).path.split('/').at(-1) ?? uri;
}

function titleOf({ uri, saved, at }: ConfigText): string {
  switch (at) {
    case 'opened':
      return vscode.l10n.t('{0} as opened', nameOf(uri));
    case 'head':
      return `${nameOf(uri)} (Git HEAD)`;
    default:
      return saved === true ? vscode.l10n.t('{0} as saved', nameOf(uri)) : nameOf(uri);
  }
}
