import type { InlayHint, Range } from 'vscode-languageserver/node';
import { inBatchShareText } from '../../core/config/assist/effective.ts';
import type { StageView } from '../../core/config/entries.ts';
import { keyOf, pairOf, spanOfPair, type ConfigNode, type ConfigPath, type Pair } from '../../core/config/tree.ts';
import type { DatasetName } from '../../core/config/definition/data.ts';
import { datasetPath, datasetsOf } from '../../core/data/dataColumns.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { Client } from './client.ts';
import { approximately, drawsOf } from './entryDraws.ts';
import { countedGroups, shortNumber } from './sampleRows.ts';
import type { Snapshot } from './snapshot.ts';

/** Inlay hints after the numbers of a config: counts for shares, the sum of a mix, rows of data files, positives. */
export function inlayHints(snapshot: Snapshot, client: Client, range: Range): InlayHint[] {
  const { document } = snapshot.read;
  const { start, end } = { start: document.lines.offset(range.start), end: document.lines.offset(range.end) };
  const hints: InlayHint[] = [];
  const add = (offset: number | null, label: Message): void => {
    if (offset !== null && offset >= start && offset <= end)
      hints.push({ position: document.lines.position(offset), label: client.label(label), paddingLeft: true });
  };
  const lineOf = (offset: number): number => document.lines.position(offset).line;
  const pairAt = (path: ConfigPath): Pair | undefined => {
    let node: ConfigNode | null | undefined = document.root;
    let pair: Pair | undefined;
    for (const step of path) {
      pair = pairOf(node, String(step));
      node = pair?.value;
    }
    return pair;
  };
  for (const stage of snapshot.stages) {
    sumHint(stage, pairAt, add);
    const draws = drawsOf(stage, snapshot.facts);
    for (const entry of stage.entries) {
      const pair = pairAt(entry.path);
      if (!pair || entry.quota === null) continue;
      const amount = entry.share === null ? null : perGroup(stage, shortNumber(entry.quota));
      const drawn = draws?.entries.get(entry.name);
      const label = amountHint(amount, drawn ? approximately(drawn, client) : null);
      if (label) add(endOfAmount(pair, lineOf), label);
    }
    const inBatch = pairAt([...stage.path, 'training', 'in_batch']);
    const share = inBatchShareText(stage);
    if (inBatch && share) add(endOfHead(inBatch, lineOf), share);
    const counted = countedGroups(stage, snapshot.facts);
    const positives = pairAt([...stage.path, 'positives']);
    if (counted && positives)
      add(endOfHead(positives, lineOf), message('{0} positives', client.count(counted.positives)));
  }
  for (const name of datasetsOf(snapshot.read.config)) {
    const facts = snapshot.facts.dataset(name);
    const file = pairAt([...datasetPath(name), 'path'])?.value;
    if (facts?.state === 'known' && facts.rows !== null && file) add(file.span.end, rowsOf(name, facts.rows, client));
  }
  return hints;
}

function sumHint(
  stage: StageView,
  pairAt: (path: ConfigPath) => Pair | undefined,
  add: (offset: number | null, label: Message) => void,
): void {
  if (stage.amounts !== 'shares' || stage.entries.some(({ share }) => share === null)) return;
  const sum = stage.entries.reduce((total, { share }) => total + (share ?? 0), 0);
  const mix = pairAt([...stage.path, 'negatives', 'mix']);
  if (mix && keyOf(mix) === 'mix' && Math.abs(sum - 1) > 1e-9)
    add(mix.colon === null ? null : mix.colon + 1, message('sum {0}', shortNumber(sum)));
}

function amountHint(amount: Message | null, drawn: Message | null): Message | null {
  return amount && drawn ? message('{0} · {1}', amount, drawn) : (amount ?? drawn);
}

function perGroup(stage: StageView, quota: string): Message {
  return stage.countKeys.includes('per_request')
    ? message('= {0} per request', quota)
    : message('= {0} per positive', quota);
}

function rowsOf(_name: DatasetName, rows: number, client: Client): Message {
  return message('{0} rows', client.count(rows));
}

/**
 * The position of the hint for an amount: after an entry on one line, so that the hint does not split the line; else
 * after the share or the count.
 */
function endOfAmount(pair: Pair, lineOf: (offset: number) => number): number | null {
  const { start, end } = spanOfPair(pair);
  if (lineOf(start) === lineOf(end)) return end;
  return (
    (pair.value?.kind === 'map' ? (pairOf(pair.value, 'share') ?? pairOf(pair.value, 'count')) : pair)?.value?.span
      .end ?? null
  );
}

/** The end of a pair on one line, else the end of its colon. */
function endOfHead(pair: Pair, lineOf: (offset: number) => number): number | null {
  const { start, end } = spanOfPair(pair);
  if (lineOf(start) === lineOf(end)) return end;
  return pair.colon === null ? null : pair.colon + 1;
}
