import * as vscode from 'vscode';

/**
 * The data sets that the caller of a command names. The Explorer passes the clicked resource and then all selected ones.
 * The tree passes its item; a lens passes a path.
 */
export function givenSamples([first, all]: readonly unknown[]): readonly vscode.Uri[] {
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
