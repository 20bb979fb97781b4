import type { CodeLens } from 'vscode-languageserver/node';
import type { StageView } from '../../core/config/entries.ts';
import { message } from '../../core/message/message.ts';
import { languageCommands } from '../../protocol/language.ts';
import type { Client } from './client.ts';
import { approximately, drawsOf, type EntryDraws } from './entryDraws.ts';
import { historySizes } from './historySizes.ts';
import { sampleRows } from './sampleRows.ts';
import { isChecked } from '../../core/policy/finding.ts';
import type { Snapshot } from './snapshot.ts';

/** Maximum number of entries with a shortfall that a lens names. */
const MAX_SHORT = 3;

/**
 * Commands for a stage, shown above its key: at most three, and its figures. A lens is shown only if the client has its
 * command; the figures are text only.
 */
export function codeLenses(snapshot: Snapshot, client: Client): CodeLens[] {
  return snapshot.stages.flatMap((stage) => {
    const { key } = snapshot.read.document.locate(stage.path);
    if (!key) return [];
    const range = snapshot.read.document.lines.range(key);
    const lenses: CodeLens[] = [];
    const add = (title: string, command: string, ...args: unknown[]): void => {
      lenses.push({ range, command: { title, command, arguments: args } });
    };
    // A config that is not a file has no data to sample from.
    if (client.has(languageCommands.preview) && snapshot.address.path !== null)
      add(client.label(message('Preview')), languageCommands.preview, snapshot.address.uri, stage.name);
    if (client.has(languageCommands.validate))
      add(validateTitle(snapshot, client), languageCommands.validate, snapshot.address.uri);
    if (client.has(languageCommands.generate) && snapshot.address.path !== null)
      add(client.label(message('Generate')), languageCommands.generate, snapshot.address.uri, stage.name);
    const sizes = historySizes(stage, snapshot.read.config, snapshot.facts).map((size) => client.label(size));
    const rows = rowsTitle(stage, snapshot, client);
    const figures = [...(rows === null ? [] : [rows]), ...drawTitles(stage, snapshot, client), ...sizes];
    if (figures.length > 0) add(figures.join(' · '), '');
    return lenses;
  });
}

/**
 * Shows the number of findings in the whole config, like the Problems view, because the command checks the whole
 * config.
 */
function validateTitle(snapshot: Snapshot, client: Client): string {
  const count = snapshot.findings.length;
  if (count === 0)
    return client.label(
      isChecked(snapshot.rules) ? message('Validate · no findings') : message('Validate · data not checked'),
    );
  return client.label(
    count === 1 ? message('Validate · 1 finding') : message('Validate · {0} findings', client.count(count)),
  );
}

/**
 * What a stage is expected to draw: its entries with a shortfall, the largest share of missing rows first, or the
 * whole stage if there is none.
 */
function drawTitles(stage: StageView, { facts }: Snapshot, client: Client): string[] {
  const draws = drawsOf(stage, facts);
  if (!draws) return [];
  const fill = ({ drawn, requested }: EntryDraws): number => (requested === 0 ? 1 : drawn / requested);
  const entries = [...draws.entries].filter(([name]) => stage.entries.some((entry) => entry.name === name));
  const short = entries.filter(([, entry]) => fill(entry) < 1).sort(([, a], [, b]) => fill(a) - fill(b));
  if (short.length === 0) {
    const negatives = client.shortCount(entries.reduce((sum, [, { drawn }]) => sum + drawn, 0));
    return [client.label(message('≈ {0} negatives, no shortfall', negatives))];
  }
  return short
    .slice(0, MAX_SHORT)
    .map(([name, entry]) => client.label(message('{0}: {1}', name, approximately(entry, client))));
}

function rowsTitle(stage: StageView, { facts }: Snapshot, client: Client): string | null {
  const counted = sampleRows(stage, facts);
  if (!counted) return null;
  const rows = client.shortCount(counted.count);
  return client.label(counted.atMost ? message('≤ {0} rows', rows) : message('≈ {0} rows', rows));
}
