import path from 'node:path';
import * as vscode from 'vscode';
import { describeFailure, failureOf } from '../../core/message/failure.ts';
import type { EntrySummary, FindingCounts, StageSummary } from '../../protocol/language.ts';
import type { ConfigList } from '../config/configList.ts';
import { countsUri } from '../config/countDecorations.ts';
import {
  describeCounts,
  describeEntry,
  describeFindings,
  describeStage,
  describeStages,
  totalFindings,
} from '../config/describeConfig.ts';
import { glyphOf } from '../config/glyphs.ts';
import { treeItems, views } from '../ids.ts';
import { formatCount } from '../language.ts';

export interface ConfigNode {
  readonly kind: 'config';
  readonly uri: vscode.Uri;
}
interface StageNode {
  readonly kind: 'stage';
  readonly config: ConfigNode;
  readonly stage: StageSummary;
}
interface EntryNode {
  readonly kind: 'entry';
  readonly parent: StageNode;
  readonly entry: EntrySummary;
}
export type ConfigTreeNode = ConfigNode | StageNode | EntryNode;

/** The Ratio Configs view: configs, their stages, and the entries of each stage with their amounts. */
export class ConfigsTree implements vscode.TreeDataProvider<ConfigTreeNode>, vscode.Disposable {
  readonly #configs: ConfigList;
  readonly #extensionUri: vscode.Uri;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<ConfigTreeNode | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<ConfigTreeNode>;
  readonly #subscriptions: vscode.Disposable[];
  /** One node per config. VS Code identifies changed tree items by object, so nodes must be reused. */
  #nodes: ReadonlyMap<string, ConfigNode> = new Map();
  /** True while a list waits for its search. */
  #isListing = false;

  constructor(configs: ConfigList, extensionUri: vscode.Uri, log: vscode.LogOutputChannel) {
    this.#configs = configs;
    this.#extensionUri = extensionUri;
    this.#log = log;
    this.#view = vscode.window.createTreeView(views.configs, { treeDataProvider: this, showCollapseAll: true });
    this.#subscriptions = [
      this.#view,
      configs.onDidChange((uri) => {
        this.#redraw(uri);
        this.#tell();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.#tell();
      }),
      // High contrast themes have their own glyphs, but tree items know only dark and light.
      vscode.window.onDidChangeActiveColorTheme(() => {
        this.#changed.fire(undefined);
      }),
    ];
  }

  getTreeItem(node: ConfigTreeNode): vscode.TreeItem {
    switch (node.kind) {
      case 'config':
        return this.#configItem(node);
      case 'stage':
        return this.#stageItem(node);
      case 'entry':
        return this.#entryItem(node);
    }
  }

  async getChildren(node?: ConfigTreeNode): Promise<ConfigTreeNode[]> {
    switch (node?.kind) {
      case undefined:
        return this.#list();
      case 'config':
        return this.#stages(node);
      case 'stage':
        return node.stage.entries.map((entry) => ({ kind: 'entry', parent: node, entry }));
      case 'entry':
        return [];
    }
  }

  getParent(node: ConfigTreeNode): ConfigTreeNode | undefined {
    return node.kind === 'config' ? undefined : node.kind === 'stage' ? node.config : node.parent;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  /** All configs, as soon as they are searched. */
  async #list(): Promise<ConfigTreeNode[]> {
    this.#isListing = true;
    try {
      const found = await this.#configs.searched();
      const nodes = new Map<string, ConfigNode>(
        found.map((uri) => [uri.toString(), this.#nodes.get(uri.toString()) ?? { kind: 'config', uri }]),
      );
      this.#nodes = nodes;
      return [...nodes.values()];
    } finally {
      this.#isListing = false;
    }
  }

  /**
   * Draws a changed config again; undefined: the list, if it shows other configs. A redraw of the list loses a click,
   * and collapses what is being expanded.
   */
  #redraw(uri: vscode.Uri | undefined): void {
    if (uri === undefined) {
      const list = this.#configs.list.map(String);
      const isShown = list.length === this.#nodes.size && list.every((name) => this.#nodes.has(name));
      if (!isShown && !this.#isListing) this.#changed.fire(undefined);
      return;
    }
    const node = this.#nodes.get(uri.toString());
    if (node) this.#changed.fire(node);
  }

  async #stages(config: ConfigNode): Promise<ConfigTreeNode[]> {
    try {
      const { stages } = await this.#configs.ask(config.uri);
      return stages.map((stage) => ({ kind: 'stage', config, stage }));
    } catch (error) {
      this.#log.warn(describeFailure(failureOf(error)));
      return [];
    }
  }

  /** Shows a message about all configs: the number of findings, and why data were not read. */
  #tell(): void {
    const counts = total(this.#configs.summaries.map((summary) => summary.counts));
    const value = totalFindings(counts);
    this.#view.badge = value === 0 ? undefined : { value, tooltip: describeCounts(counts) };
    const capped = this.#configs.cappedAt;
    const restricted = !vscode.workspace.isTrusted && this.#configs.list.length > 0;
    // An empty text removes the message; the type of VS Code's API allows no other way.
    this.#view.message = restricted
      ? vscode.l10n.t('Restricted Mode: configs are checked without their data.')
      : capped === null
        ? ''
        : vscode.l10n.t('The search stopped at {0} files. Settings: RecSample › Samples.', formatCount(capped));
  }

  #configItem({ uri }: ConfigNode): vscode.TreeItem {
    const summary = this.#configs.summary(uri);
    const item = new vscode.TreeItem(
      path.posix.basename(uri.path),
      summary?.stages.length === 0 ? vscode.TreeItemCollapsibleState.None : vscode.TreeItemCollapsibleState.Collapsed,
    );
    const folder = path.posix.dirname(
      vscode.workspace.asRelativePath(uri, (vscode.workspace.workspaceFolders?.length ?? 0) > 1),
    );
    item.id = uri.toString();
    item.iconPath = new vscode.ThemeIcon('json');
    item.description = [...(summary ? [describeStages(summary)] : []), ...(folder === '.' ? [] : [folder])].join(' · ');
    item.tooltip = [uri.fsPath, ...(summary ? [describeFindings(summary.counts, summary.checked)] : [])].join('\n');
    item.contextValue = treeItems.config;
    item.command = open(uri);
    if (summary) item.resourceUri = countsUri(item.id, summary.counts);
    return item;
  }

  #stageItem({ config, stage }: StageNode): vscode.TreeItem {
    const item = new vscode.TreeItem(
      stage.name,
      stage.entries.length === 0 ? vscode.TreeItemCollapsibleState.None : vscode.TreeItemCollapsibleState.Expanded,
    );
    item.id = `${config.uri.toString()}\n${stage.name}`;
    item.iconPath = new vscode.ThemeIcon('layers');
    item.description = describeStage(stage);
    item.contextValue = treeItems.stage;
    item.tooltip = [
      [stage.name, describeStage(stage)].filter((text) => text !== '').join(': '),
      this.#describe(stage.counts, config),
    ].join('\n');
    item.command = open(config.uri, stage.range);
    item.resourceUri = countsUri(item.id, stage.counts);
    return item;
  }

  #entryItem({ parent, entry }: EntryNode): vscode.TreeItem {
    const item = new vscode.TreeItem(entry.name);
    const { config, stage } = parent;
    item.id = `${config.uri.toString()}\n${stage.name}\n${entry.name}`;
    item.iconPath = glyphOf(this.#extensionUri, entry.source);
    item.description = describeEntry(entry);
    item.tooltip = [
      entry.source === null
        ? vscode.l10n.t('{0}: no such source', entry.name)
        : entry.source === entry.name
          ? entry.name
          : `${entry.name}: ${entry.source}`,
      this.#describe(entry.counts, config),
    ].join('\n');
    item.command = open(config.uri, entry.range);
    item.resourceUri = countsUri(item.id, entry.counts);
    return item;
  }

  #describe(counts: FindingCounts, { uri }: ConfigNode): string {
    return describeFindings(counts, this.#configs.summary(uri)?.checked === true);
  }
}

function total(counts: readonly FindingCounts[]): FindingCounts {
  return counts.reduce(
    (a, b) => ({ error: a.error + b.error, warning: a.warning + b.warning, info: a.info + b.info }),
    { error: 0, warning: 0, info: 0 },
  );
}

/** Shows a config at a place and keeps the focus in the tree. */
function open(uri: vscode.Uri, range?: StageSummary['range']): vscode.Command {
  const selection =
    range && new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
  return {
    command: 'vscode.open',
    title: vscode.l10n.t('Open'),
    arguments: [
      uri,
      {
        preserveFocus: true,
        preview: true,
        ...(selection ? { selection } : {}),
      } satisfies vscode.TextDocumentShowOptions,
    ],
  };
}
