import path from 'node:path';
import * as vscode from 'vscode';
import { failureOf } from '../../core/message/failure.ts';
import { traitsOf } from '../../core/table/sampleName.ts';
import type { Column, Dataset } from '../../core/table/dataset.ts';
import { roleIcons, roleNames } from '../../core/table/roleName.ts';
import { typeName, type LogicalType } from '../../core/table/type.ts';
import type { DeclaredRoles } from '../config/declaredRoles.ts';
import type { Datasets } from '../config/datasets.ts';
import { inspectOnClick } from '../inspector/openInspector.ts';
import { treeItems, views } from '../ids.ts';
import type { Consent } from '../inspector/consent.ts';
import { formatCount, formatShortCount, textOf, textOfFailure } from '../language.ts';
import type { RoleMemory } from '../roleMemory.ts';
import type { ServerLink } from '../serverLink.ts';
import type { Sample, SampleList } from './sampleList.ts';

export interface SampleNode {
  readonly kind: 'sample';
  /** The latest data; the node object itself stays the same. */
  sample: Sample;
}
export interface ColumnNode {
  readonly kind: 'column';
  readonly path: string;
  readonly column: Column;
}
interface NoteNode {
  readonly kind: 'note';
  readonly path: string;
  readonly text: string;
  readonly tooltip: string;
  readonly icon: string;
  /** True if a click opens the inspector. */
  readonly opens: boolean;
}
export type TreeNode = SampleNode | ColumnNode | NoteNode;

/** Maximum number of columns listed below a data set; one more line opens the inspector. */
const MAX_COLUMNS = 100;

/** The Samples view: data sets, and the columns of each with type and role. */
export class SamplesTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly #samples: SampleList;
  readonly #datasets: Datasets;
  readonly #consent: Consent;
  readonly #changed = new vscode.EventEmitter<TreeNode | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<TreeNode>;
  readonly #subscriptions: vscode.Disposable[];
  /** One node per path. VS Code identifies changed tree items by object, so nodes must be reused. */
  #nodes = new Map<string, SampleNode>();

  constructor(
    samples: SampleList,
    datasets: Datasets,
    roles: readonly (RoleMemory | DeclaredRoles)[],
    consent: Consent,
    link: Pick<ServerLink, 'onRestarted'>,
  ) {
    this.#samples = samples;
    this.#datasets = datasets;
    this.#consent = consent;
    this.#view = vscode.window.createTreeView(views.samples, { treeDataProvider: this, showCollapseAll: true });
    this.#subscriptions = [
      this.#view,
      samples.onDidChange((shown) => {
        if (shown === 'some') void this.#update();
        else this.#changed.fire(undefined);
      }),
      // After a restart, the tree reads again what it could not read.
      ...[vscode.workspace.onDidGrantWorkspaceTrust, link.onRestarted].map((event) =>
        event(() => {
          this.#changed.fire(undefined);
        }),
      ),
      samples.onDidTouch((changed) => {
        datasets.forget(changed);
        // `forget` fires no event for a data set that could not be read before.
        this.#redraw(changed);
      }),
      ...roles.map((each) =>
        each.onDidChange((changed) => {
          datasets.forget(changed);
        }),
      ),
      datasets.onDidChange((changed) => {
        this.#redraw(changed);
      }),
    ];
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    switch (node.kind) {
      case 'sample':
        return this.#sampleItem(node.sample);
      case 'column':
        return columnItem(node);
      case 'note': {
        const item = new vscode.TreeItem(node.text);
        item.iconPath = new vscode.ThemeIcon(node.icon);
        item.tooltip = node.tooltip;
        item.contextValue = treeItems.link;
        if (node.opens) item.command = inspectOnClick(node.path);
        return item;
      }
    }
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (!node) return this.#roots();
    return node.kind === 'sample' ? this.#columns(node.sample.path) : [];
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.kind === 'sample' ? undefined : this.#nodes.get(node.path);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #redraw(changed: string): void {
    const node = this.#nodes.get(changed);
    if (node) this.#changed.fire(node);
  }

  /**
   * Redraws only the changed items, and the whole tree only if data sets were added or removed. A click on an item that
   * is being redrawn would be lost.
   */
  async #update(): Promise<void> {
    // The view was never shown, so do not search for it.
    const samples = this.#nodes.size === 0 ? [] : await this.#samples.searched();
    if (samples.length === 0 || samples.map(({ path: own }) => own).join('\n') !== [...this.#nodes.keys()].join('\n')) {
      this.#changed.fire(undefined);
      return;
    }
    for (const sample of samples) {
      const node = this.#nodes.get(sample.path);
      if (!node || JSON.stringify(node.sample) === JSON.stringify(sample)) continue;
      node.sample = sample;
      this.#changed.fire(node);
    }
    this.#showLimit();
  }

  async #roots(): Promise<TreeNode[]> {
    const samples = await this.#samples.searched();
    this.#showLimit();
    this.#nodes = new Map(samples.map((sample) => [sample.path, { kind: 'sample', sample }]));
    return [...this.#nodes.values()];
  }

  #showLimit(): void {
    const capped = this.#samples.cappedAt;
    this.#view.message =
      capped === null
        ? ''
        : vscode.l10n.t('The search stopped at {0} files. Settings: RecSample › Samples.', formatCount(capped));
  }

  async #columns(file: string): Promise<TreeNode[]> {
    if (!this.#consent.isGiven(file)) {
      return [
        {
          kind: 'note',
          path: file,
          text: vscode.l10n.t('Open it to see its columns'),
          tooltip: vscode.l10n.t('Restricted Mode: nothing is read without a click.'),
          icon: 'lock',
          opens: true,
        },
      ];
    }
    try {
      const { columns } = this.#datasets.cachedFacts(file) ?? (await this.#datasets.peek(file));
      const nodes: TreeNode[] = columns.slice(0, MAX_COLUMNS).map((column) => ({ kind: 'column', path: file, column }));
      const more = columns.length - MAX_COLUMNS;
      if (more > 0)
        nodes.push({
          kind: 'note',
          path: file,
          text: vscode.l10n.t('{0} more columns', formatCount(more)),
          tooltip: vscode.l10n.t('Inspect the file to see them all'),
          icon: 'ellipsis',
          opens: true,
        });
      return nodes;
    } catch (error) {
      const failure = failureOf(error);
      return [
        {
          kind: 'note',
          path: file,
          text: textOf(failure.message),
          tooltip: textOfFailure(failure),
          icon: 'error',
          opens: false,
        },
      ];
    }
  }

  #sampleItem(sample: Sample): vscode.TreeItem {
    const name = path.basename(sample.path);
    const item = new vscode.TreeItem(
      sample.folder && !/[*?[{]/.test(name) ? `${name}/` : name,
      vscode.TreeItemCollapsibleState.Collapsed,
    );
    const dataset = this.#datasets.cachedFacts(sample.path);
    const rows = dataset?.rows ?? null;
    item.id = sample.path;
    item.iconPath = new vscode.ThemeIcon(sample.folder ? 'folder' : 'table');
    item.description = [
      rows === null ? filesOf(sample) : formatShortCount(rows),
      namesOf(sample),
      folderOf(sample.path),
    ]
      .flat()
      .join(' · ');
    item.tooltip = tooltipOf(sample, dataset);
    item.contextValue = sample.remembered ? treeItems.remembered : treeItems.dataset;
    item.command = inspectOnClick(sample.path);
    return item;
  }
}

function columnItem({ path: file, column }: ColumnNode): vscode.TreeItem {
  const item = new vscode.TreeItem(column.name === '' ? '""' : column.name);
  const role = column.role;
  item.id = `${file}\n${column.name}`;
  item.description = [
    typeName(column.type),
    ...(role ? [textOf(roleNames[role.role])] : []),
    ...(column.partition ? [vscode.l10n.t('partition')] : []),
  ].join(' · ');
  item.iconPath = new vscode.ThemeIcon(role ? roleIcons[role.role] : typeIcon(column.type));
  item.tooltip = role
    ? `${column.name}: ${textOf(roleNames[role.role])} (${role.set ? vscode.l10n.t('set by you') : textOf(role.reason)})`
    : column.name;
  item.contextValue = treeItems.column;
  item.command = inspectOnClick(file);
  return item;
}

/** The folder of a data set relative to the workspace; empty at the top. */
function folderOf(file: string): string[] {
  const folder = path.dirname(
    vscode.workspace.asRelativePath(file, (vscode.workspace.workspaceFolders?.length ?? 0) > 1),
  );
  return folder === '.' ? [] : [folder];
}

/** `14 CSV files`, for a folder whose rows are not known yet. */
function filesOf({ folder, files, format }: Sample): string[] {
  if (!folder || format === null) return [];
  const { label } = traitsOf(format);
  return [files === 1 ? vscode.l10n.t('1 {0} file', label) : vscode.l10n.t('{0} {1} files', formatCount(files), label)];
}

/** The names that configs give it, such as `samples.recall`. The tooltip names the configs. */
function namesOf({ namings }: Sample): string[] {
  return namings.length === 0 ? [] : [[...new Set(namings.map(({ dataset }) => dataset))].join(', ')];
}

function tooltipOf(sample: Sample, dataset: Dataset | undefined): string {
  const naming = sample.namings.map(({ dataset: name, config }) => vscode.l10n.t('{0} in {1}', name, config));
  if (!dataset) return [sample.path, ...naming].join('\n');
  const rows = dataset.rows === null ? [] : [vscode.l10n.t('{0} rows', formatCount(dataset.rows))];
  const files = dataset.files > 1 ? [vscode.l10n.t('{0} files', formatCount(dataset.files))] : [];
  return [
    sample.path,
    [...rows, vscode.l10n.t('{0} columns', formatCount(dataset.columns.length)), ...files].join(' · '),
    ...naming,
  ].join('\n');
}

function typeIcon(type: LogicalType): string {
  switch (type.kind) {
    case 'integer':
    case 'float':
    case 'decimal':
      return 'symbol-number';
    case 'boolean':
      return 'symbol-boolean';
    case 'list':
      return 'symbol-array';
    case 'struct':
    case 'map':
    case 'json':
      return 'symbol-structure';
    case 'enum':
      return 'list-unordered';
    case 'date':
    case 'time':
    case 'timestamp':
    case 'interval':
      return 'calendar';
    case 'string':
    case 'binary':
    case 'uuid':
    case 'other':
      return 'symbol-string';
    case 'unreadable':
      return 'circle-slash';
  }
}
