import * as vscode from 'vscode';
import type { Host } from '../host/host.ts';
import type { TourStep } from '../ids.ts';
import type { ServerLink } from '../serverLink.ts';

/** Marks the steps of the tour that the user does, in the tour or without it. */
export function followTour(host: Host): vscode.Disposable {
  const { link, tour, inspectors, previews, reports } = host;
  const done = (step: TourStep) => (): void => {
    void tour.markDone(step);
  };
  return vscode.Disposable.from(
    inspectors.onDidChange((inspector) => {
      if (inspector?.state.kind !== 'open') return;
      const { columns, fingerprint } = inspector.state.dataset;
      if (columns.some(({ role }) => role?.role === 'label')) void tour.markDone('sample');
      if (inspectors.verdict(inspector.path, fingerprint)) void tour.markDone('audit');
    }),
    followFixes(link, done('share')),
    previews.onDidExplain(done('preview')),
    previews.onDidSetKnobs(done('popularity')),
    reports.onDidChange(done('generate')),
  );
}

/** Calls `fixed` when a config that had an error was edited and has none any more. */
function followFixes(link: ServerLink, fixed: () => void): vscode.Disposable {
  /** Versions of the texts with an error. Errors also disappear when a policy or the data changes. */
  const broken = new Map<string, number>();
  // Not the diagnostics of the editor: it reports them late, when the text may already have another version.
  return link.onConfigChanged(({ uri, summary }) => {
    const name = vscode.Uri.parse(uri).toString();
    const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === name);
    const version = broken.get(name);
    broken.delete(name);
    if (!document || !summary) return;
    if (summary.counts.error > 0) broken.set(name, document.version);
    else if (version !== undefined && version !== document.version) fixed();
  });
}
