import { statSync } from 'node:fs';
import * as vscode from 'vscode';

/** The reports of the sample files that this window wrote, for the tab File of their inspectors. */
export class SampleReports implements vscode.Disposable {
  readonly #reports = new Map<string, { readonly text: string; readonly modifiedTime: number | null }>();
  readonly #changed = new vscode.EventEmitter<string>();
  /** Fires with the path of the file that has a new report. */
  readonly onDidChange = this.#changed.event;

  /** Keeps the report of a file or folder that was just written; replaces an earlier one. */
  keep(file: string, text: string): void {
    this.#reports.set(file, { text, modifiedTime: changedAt(file) });
    this.#changed.fire(file);
  }

  /** The report of a file; null if this window did not write it, or if it was written again since. */
  reportOf(file: string): string | null {
    const report = this.#reports.get(file);
    return report && report.modifiedTime === changedAt(file) ? report.text : null;
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** When a file was changed, in milliseconds since 1970; null if it is missing. */
function changedAt(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
