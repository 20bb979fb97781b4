import * as vscode from 'vscode';
import { findingSource } from '../../protocol/language.ts';
import { isConfig } from '../config/configList.ts';
import type { Host } from '../host.ts';
import type { TourStep } from '../ids.ts';

/** Marks the steps of the tour that the user does, in the tour or without it. */
export function followTour(host: Host): vscode.Disposable {
  const { tour, inspectors, previews, reports } = host;
  const done = (step: TourStep) => (): void => {
    void tour.done(step);
  };
  return vscode.Disposable.from(
    inspectors.onDidChange((inspector) => {
      if (inspector?.state.kind !== 'open') return;
      const { columns, fingerprint } = inspector.state.dataset;
      if (columns.some(({ role }) => role?.role === 'label')) void tour.done('sample');
      if (inspectors.verdict(inspector.path, fingerprint)) void tour.done('audit');
    }),
    followFixes(done('share')),
    previews.onDidExplain(done('preview')),
    previews.onDidSetKnobs(done('popularity')),
    reports.onDidChange(done('generate')),
  );
}

/** Calls `fixed` when a config that had an error was edited and has none any more. */
function followFixes(fixed: () => void): vscode.Disposable {
  /** Versions of the texts with an error. Errors also disappear while the server restarts. */
  const broken = new Map<string, number>();
  return vscode.languages.onDidChangeDiagnostics(({ uris }) => {
    for (const uri of uris) {
      const name = uri.toString();
      const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === name);
      if (!document || !isConfig(document)) {
        broken.delete(name);
        continue;
      }
      const isBroken = vscode.languages
        .getDiagnostics(uri)
        .some(({ source, severity }) => source === findingSource && severity === vscode.DiagnosticSeverity.Error);
      const version = broken.get(name);
      if (isBroken) broken.set(name, document.version);
      else if (version !== undefined && version !== document.version) {
        broken.delete(name);
        fixed();
      }
    }
  });
}
