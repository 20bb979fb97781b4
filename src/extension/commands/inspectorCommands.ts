import type { InspectorCommand } from '../../protocol/inspector.ts';
import { commands, type CommandId } from '../ids.ts';
import type { HostCommand } from './command.ts';

/** Palette commands that the active inspector runs itself. */
const names: readonly (readonly [CommandId, InspectorCommand])[] = [
  [commands.goToRow, 'goToRow'],
  [commands.filterRows, 'filter'],
  [commands.clearFilter, 'clearFilter'],
  [commands.chooseColumns, 'chooseColumns'],
  [commands.copyCells, 'copy'],
  [commands.copyCellsWithoutHeaders, 'copyWithoutHeaders'],
  [commands.showRows, 'showRows'],
  [commands.showColumns, 'showColumns'],
  [commands.showFile, 'showFile'],
  [commands.showDistribution, 'showDistribution'],
  [commands.showAudit, 'showAudit'],
];

export const inspectorCommands: readonly HostCommand[] = names.map(([id, name]) => ({
  id,
  run: (host) => {
    host.inspectors.active?.command(name);
  },
}));
