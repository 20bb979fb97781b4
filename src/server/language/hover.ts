import { MarkupKind, type Hover, type Position } from 'vscode-languageserver/node';
import type { EntryPoolFacts } from '../../core/data/facts.ts';
import { formatPercent } from '../../core/table/format.ts';
import { languageCommands } from '../../protocol/language.ts';
import { datasetOf } from '../../core/config/assist/datasetOf.ts';
import { hoverAt, type HoverPart } from '../../core/config/assist/hover.ts';
import type { StageView } from '../../core/config/entries.ts';
import { type ConfigPath, type ScalarNode, keyOf, type ConfigNode } from '../../core/config/tree.ts';
import { folderOf, resolvePath } from '../../core/data/absolutePath.ts';
import { markdownBlock, markdownCode, markdownText } from '../../core/message/escape.ts';
import { message, type Message } from '../../core/message/message.ts';
import { stages as stageNames } from '../../core/schema/stage.ts';
import { typeName } from '../../core/table/type.ts';
import type { Client } from './client.ts';
import { commandLink } from './commandLink.ts';
import { drawsOf } from './entryDraws.ts';
import { lengthText, measuredSequences } from './historySizes.ts';
import { countedGroups, measuredNegativesPerPositive, shortNumber } from './sampleRows.ts';
import type { Snapshot } from './snapshot.ts';

/** The hover for the word at a position: its definition and figures from the data. Null if there is nothing to show. */
export function hover(snapshot: Snapshot, client: Client, position: Position): Hover | null {
  const { document, config } = snapshot.read;
  const offset = document.lines.offset(position);
  const target = hoverAt(document, offset, config);
  const scalar = scalarAt(document.root, offset);
  const dataLines = [
    ...(target ? aboutAmount(target.path, snapshot, client) : []),
    ...(target ? aboutDraws(target.path, snapshot, client) : []),
    ...(target ? aboutSequence(target.path, snapshot) : []),
    ...(scalar ? aboutData(scalar, snapshot, client) : []),
  ];
  const span = target?.span ?? scalar?.node.span;
  const parts = target?.parts.map((part) => ({ part, text: markdownOf(part, client) })) ?? [];
  const definition = parts.filter(({ part }) => part.kind !== 'amount').map(({ text }) => text);
  // Amounts at this place are shown below a horizontal rule, one per line.
  const amounts = [
    ...parts.filter(({ part }) => part.kind === 'amount').map(({ text }) => text),
    ...dataLines.map((line) => client.markdown(line)),
    ...linksOf(target?.path ?? scalar?.path ?? [], snapshot, client),
  ].join('  \n');
  const value = [definition.join('\n\n'), amounts].filter((text) => text !== '').join('\n\n---\n\n');
  return span && value !== ''
    ? { contents: { kind: MarkupKind.Markdown, value }, range: document.lines.range(span) }
    : null;
}

function markdownOf(part: HoverPart, client: Client): string {
  switch (part.kind) {
    case 'title':
      // With a longer fence, VS Code reads a star in the code as the end of bold text.
      return [`**${part.text.includes('`') ? markdownText(part.text) : markdownCode(part.text)}**`, part.alias ?? []]
        .flat()
        .join(' ');
    case 'amount':
      return `**${client.markdown(part.message)}**`;
    case 'text':
      return client.markdown(part.message);
    case 'formula':
      return markdownBlock(part.text, 'text');
    case 'example':
      return markdownBlock(part.text, 'yaml');
  }
}

/** What an amount means for the counted positives and groups. */
function aboutAmount(path: ConfigPath, { stages, facts }: Snapshot, client: Client): Message[] {
  const stage = stages.find(({ name }) => path[0] === 'stages' && path[1] === name);
  const counted = stage ? countedGroups(stage, facts) : null;
  if (!stage || !counted) return [];
  const quota = amountAt(path, stage);
  if (quota === undefined) return [];
  const perPositive = measuredNegativesPerPositive(stage, quota, facts);
  const positives = client.count(counted.positives);
  if (stage.unit === 'impression')
    return perPositive === null
      ? []
      : [
          message(
            'In the data: {0} negatives per positive ({1} positives in {2} impressions)',
            shortNumber(perPositive),
            positives,
            client.count(counted.groups),
          ),
        ];
  if (quota === null || perPositive === null) return [];
  const rows = client.count(Math.round(quota * counted.groups));
  if (stage.unit === 'request')
    return [
      message(
        'In the data: {0} negatives per positive ({1} positives in {2} requests), {3} rows',
        shortNumber(perPositive),
        positives,
        client.count(counted.groups),
        rows,
      ),
    ];
  return [message('In the data: {0} positives, so {1} rows', positives, rows)];
}

/** What an entry is expected to draw in the training window. */
function aboutDraws(path: ConfigPath, { stages, facts }: Snapshot, client: Client): Message[] {
  const stage = stages.find(({ name }) => path[0] === 'stages' && path[1] === name);
  const entry = stage && entryAt(path, stage);
  const draws = stage ? drawsOf(stage, facts) : null;
  const entryDraws = entry && draws?.entries.get(entry.name);
  if (!entryDraws || !draws) {
    // If the count failed, no hint promises a result.
    const answer = stage && facts.answer({ kind: 'shortfalls', stage: stage.name });
    const isPending = !answer || 'value' in answer;
    return isPending && entry?.source?.draws === 'pool' ? [message('Pool: not counted yet')] : [];
  }
  const count = (rows: number): string => client.count(rows);
  return [
    ...(entryDraws.pools ? [aboutPools(entryDraws.pools, client)] : []),
    entryDraws.beforeRefill === null
      ? message('Draws ≈ {0} of {1} requested negatives', count(entryDraws.drawn), count(entryDraws.requested))
      : message(
          'Draws ≈ {0} of {1} requested negatives, {2} of them before refill',
          count(entryDraws.drawn),
          count(entryDraws.requested),
          count(entryDraws.beforeRefill),
        ),
    ...(draws.users < draws.allUsers
      ? [
          message(
            'Estimated from {0} of {1} users, taken at random by their ids',
            count(draws.users),
            count(draws.allUsers),
          ),
        ]
      : []),
  ];
}

/** How many steps of a sequence the rows of each stage have. */
function aboutSequence(path: ConfigPath, { read, stages, facts }: Snapshot): Message[] {
  if (path.length !== 3 || path[1] !== 'sequences') return [];
  return stages.flatMap((stage) =>
    measuredSequences(stage, read.config, facts)
      .filter(({ name }) => name === path[2])
      .map((sequence) => message('{0}: {1}', stage.name, lengthText(sequence))),
  );
}

function aboutPools({ pools, items, hottest }: EntryPoolFacts, client: Client): Message {
  return pools === 1
    ? message(
        'Pool: {0} items. The most popular 1 % of them get {1} of the draws',
        client.count(items.most),
        formatPercent(hottest.most),
      )
    : message(
        '{0} pools of {1} to {2} items. The most popular 1 % of a pool get {3} to {4} of its draws',
        client.count(pools),
        client.count(items.least),
        client.count(items.most),
        formatPercent(hottest.least),
        formatPercent(hottest.most),
      );
}

/** Links of an entry or a sample file, for a client that has their commands. */
function linksOf(path: ConfigPath, snapshot: Snapshot, client: Client): string[] {
  const { stages, address } = snapshot;
  const sample = sampleFileAt(path, snapshot);
  if (sample !== null && client.has(languageCommands.inspect))
    return [commandLink(client.markdown(message('Open sample file')), languageCommands.inspect, [sample])];
  const stage = stages.find(({ name }) => path[0] === 'stages' && path[1] === name);
  const entry = stage && entryAt(path, stage);
  if (!stage || !entry) return [];
  const link = (title: Message, command: string, ...args: readonly string[]): string =>
    commandLink(client.markdown(title), command, args);
  const links = [
    ...(client.has(languageCommands.preview) && address.path !== null
      ? [link(message('Preview'), languageCommands.preview, address.uri, stage.name)]
      : []),
    ...(client.has(languageCommands.openRulePage) && entry.source
      ? [link(message('Documentation'), languageCommands.openRulePage, `source/${entry.source.name}`)]
      : []),
  ];
  return links.length === 0 ? [] : [links.join(' · ')];
}

/** The finished sample file that `data.samples` names at a path; null if there is none, or it cannot be opened. */
function sampleFileAt([data, samples, name, key]: ConfigPath, { address, facts, read }: Snapshot): string | null {
  const stage = stageNames.find((candidate) => candidate === name);
  if (data !== 'data' || samples !== 'samples' || stage === undefined || (key !== undefined && key !== 'path'))
    return null;
  const file = read.config.data?.samples?.[stage]?.path;
  if (file === undefined || address.path === null || facts.dataset(`samples.${stage}`)?.state !== 'known') return null;
  return resolvePath(file, folderOf(address.path));
}

function entryAt(path: ConfigPath, stage: StageView): StageView['entries'][number] | undefined {
  return stage.entries.find(
    (candidate) => candidate.path.length === path.length && candidate.path.every((step, k) => step === path[k]),
  );
}

/** The amount that a key sets, for an entry or for the whole stage; undefined for other keys. */
function amountAt(path: ConfigPath, stage: StageView): number | null | undefined {
  const entry = entryAt(path, stage);
  if (entry) return entry.quota;
  const isOfStage =
    path.length === 2 ||
    (path[2] === 'negatives' &&
      (path.length === 3 ||
        (path.length === 4 && ['mix', 'per_positive', 'per_request', 'downsample'].includes(String(path[3])))));
  return isOfStage ? stage.total : undefined;
}

/** The type of a column, or the size of a data set. */
function aboutData(
  { node, path }: { readonly node: ScalarNode; readonly path: ConfigPath },
  { facts }: Snapshot,
  client: Client,
): Message[] {
  const name = datasetOf(path);
  const dataset = name === null ? undefined : facts.dataset(name);
  if (dataset?.state !== 'known') return [];
  if (path.at(-1) === 'path') {
    const files = client.count(dataset.files);
    if (dataset.rows === null) return [dataset.files === 1 ? message('1 file') : message('{0} files', files)];
    return [
      dataset.files === 1
        ? message('{0} rows', client.count(dataset.rows))
        : message('{0} rows in {1} files', client.count(dataset.rows), files),
    ];
  }
  const column = dataset.columns.find((candidate) => candidate.name === String(node.value));
  return column ? [message('Column of the data files, type {0}', typeName(column.type))] : [];
}

/** The scalar value (not a key) at an offset, with its path; null if there is none. */
function scalarAt(
  node: ConfigNode | null,
  offset: number,
  path: ConfigPath = [],
): { readonly node: ScalarNode; readonly path: ConfigPath } | null {
  if (!node || node.alias === true || offset < node.span.start || offset > node.span.end) return null;
  if (node.kind === 'scalar') return { node, path };
  const children: (readonly [string | number, ConfigNode | null])[] =
    node.kind === 'list'
      ? node.items.map((item, k) => [k, item] as const)
      : node.pairs.map((pair) => [keyOf(pair), pair.value] as const);
  for (const [step, child] of children) {
    const match = scalarAt(child, offset, [...path, step]);
    if (match) return match;
  }
  return null;
}
