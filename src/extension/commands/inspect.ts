import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import { chooseSample } from './chooseSample.ts';
import type { HostCommand } from './command.ts';
import { openInspector } from './openInspector.ts';

/** Opens what a menu names (Explorer: one or more resources; tree: a data set). Asks if the menu names nothing. */
export const inspect: HostCommand = {
  id: commands.inspect,
  async run(host, ...given) {
    const named = urisOf(given);
    const chosen = named.length > 0 ? named : await chooseSample(host, vscode.l10n.t('Inspect Sample File'), true);
    for (const uri of chosen) await openInspector(uri);
  },
};

/**
 * The Explorer passes the clicked resource and then all selected ones. The tree passes its item; a lens passes a path.
 */
function urisOf([first, all]: readonly unknown[]): readonly vscode.Uri[] {
  if (Array.isArray(all) && all.length > 0 && all.every((one) => one instanceof vscode.Uri)) return all;
  if (first instanceof vscode.Uri) return [first];
  if (typeof first === 'string') return [vscode.Uri.file(first)];
  if (typeof first === 'object' && first !== null && 'sample' in first) {
    const { sample } = first;
    if (typeof sample === 'object' && sample !== null && 'path' in sample && typeof sample.path === 'string')
      return [vscode.Uri.file(sample.path)];
  }
  return [];
}
