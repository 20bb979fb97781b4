import path from 'node:path';
import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import { fail, failureOf } from '../../core/message/failure.ts';
import { formatCount } from '../../core/table/format.ts';
import { isFiltered } from '../../core/table/filter.ts';
import { noWritableFormat, sampleFormatOfName, sampleFormats, traitsOf } from '../../core/table/sampleName.ts';
import type { ExportSummary } from '../../protocol/engine.ts';
import type { Host } from '../host/host.ts';
import { commands } from '../ids.ts';
import type { InspectedState, OpenInspector } from '../inspector/openInspectors.ts';
import type { HostCommand } from './command.ts';
import { openInspector } from '../inspector/openInspector.ts';
import { withCancellableProgress } from './progress.ts';
import { showFailure } from './showFailure.ts';

/**
 * Writes what the active inspector shows to a file: its rows as filtered and sorted, without hidden columns. The user
 * always chooses the file.
 */
export const exportRows: HostCommand = {
  id: commands.exportRows,
  run: async (host) => {
    await exportActive(host, askTarget);
  },
};

type OpenState = InspectedState & { readonly kind: 'open' };

/** @param target asks for the file; undefined if dismissed. A test names it */
export async function exportActive(
  host: Host,
  target: (inspector: OpenInspector, state: OpenState) => Promise<vscode.Uri | undefined>,
): Promise<void> {
  const { active } = host.inspectors;
  if (active?.state.kind !== 'open') return;
  const { state } = active;
  try {
    const uri = await target(active, state);
    if (uri) reportDone(host, uri, await writeWithProgress(host, active, state, uri.fsPath));
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code !== 'cancelled') showFailure(host, commands.exportRows, failure);
  }
}

async function askTarget(inspector: OpenInspector, { view }: OpenState): Promise<vscode.Uri | undefined> {
  const { dir, name } = path.parse(inspector.path);
  const what = isFiltered(view.filter) ? 'filtered' : view.sort.length > 0 ? 'sorted' : 'rows';
  return await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export Rows'),
    saveLabel: vscode.l10n.t('Export'),
    defaultUri: vscode.Uri.file(path.join(dir, `${name.replace(/\..*$/, '').replaceAll('*', '')}.${what}.csv`)),
    // CSV first: it is what most programs open.
    filters: Object.fromEntries(
      ['csv' as const, ...sampleFormats.filter((format) => format !== 'csv')].map((format) => [
        traitsOf(format).label,
        [...traitsOf(format).written],
      ]),
    ),
  });
}

async function writeWithProgress(
  host: Host,
  inspector: OpenInspector,
  { dataset, view, hidden }: OpenState,
  file: string,
): Promise<ExportSummary> {
  const format = sampleFormatOfName(file);
  if (format === null) throw fail('bad-request', noWritableFormat(path.basename(file)));
  const columns = dataset.columns.flatMap(({ name, type }, k) =>
    hidden.includes(name) || type.kind === 'unreadable' ? [] : [k],
  );
  const ref = host.datasets.ref(inspector.id, inspector.path, dataset.fingerprint);
  return await withCancellableProgress(
    vscode.l10n.t('Exporting to {0}', path.basename(file)),
    async (context) =>
      await host.link.call('exportRows', { ref, view, columns, path: file, format, guard: true }, context),
  );
}

/** Not awaited: the command has ended. */
function reportDone(host: Host, uri: vscode.Uri, { rows, guarded }: ExportSummary): void {
  const name = path.basename(uri.fsPath);
  const text = [
    vscode.l10n.t('{0} has {1} rows.', name, formatCount(rows)),
    ...(guarded === 0
      ? []
      : [
          vscode.l10n.t(
            '{0} texts got an apostrophe, so that a spreadsheet does not run them as formulas.',
            formatCount(guarded),
          ),
        ]),
  ].join(' ');
  const open = vscode.l10n.t('Open');
  void vscode.window
    .showInformationMessage(labelText(text), open)
    .then(async (chosen) => {
      if (chosen === open) await openInspector(uri);
    })
    .then(undefined, (error: unknown) => {
      showFailure(host, commands.exportRows, failureOf(error));
    });
}
