import * as vscode from 'vscode';
import type { Column } from '../../core/table/dataset.ts';
import type { Host } from '../host/host.ts';
import { commands } from '../ids.ts';
import { pickColumn, pickRole } from '../rolePick.ts';
import type { ColumnNode } from '../sidebar/samplesTree.ts';
import type { HostCommand } from './command.ts';

/** Asks for the role of the column in the tree, or of a column in the active inspector. */
export const setColumnRole: HostCommand = {
  id: commands.setColumnRole,
  async run(host, item) {
    const node = isColumnNode(item) ? item : await chooseColumn(host);
    if (!node) return;
    const role = await pickRole(node.column);
    if (role !== 'dismissed') await host.roles.set(node.path, node.column.name, role);
  },
};

interface ColumnOf {
  readonly path: string;
  readonly column: Column;
}

function isColumnNode(item: unknown): item is ColumnNode {
  return typeof item === 'object' && item !== null && 'kind' in item && item.kind === 'column';
}

async function chooseColumn(host: Host): Promise<ColumnOf | null> {
  const inspector = host.inspectors.active;
  if (inspector?.state.kind !== 'open') return null;
  const column = await pickColumn(inspector.state.dataset.columns, vscode.l10n.t('Set Column Role'));
  return column && { path: inspector.path, column };
}
