import {
  CompletionItemKind,
  InsertTextFormat,
  InsertTextMode,
  MarkupKind,
  type CompletionItem,
  type CompletionList,
  type Position,
} from 'vscode-languageserver/node';
import type { Completion, CompletionKind } from '../../core/config/assist/completion.ts';
import { completions as completionsAt } from '../../core/config/assist/completions.ts';
import { contextAt, type AssistContext } from '../../core/config/assist/context.ts';
import type { Known } from '../../core/config/assist/known.ts';
import { rules } from '../../core/policy/rules.ts';
import { labelText } from '../../core/message/escape.ts';
import { typeName } from '../../core/table/type.ts';
import { languageCommands } from '../../protocol/language.ts';
import type { Client } from './client.ts';
import { listPaths, type PathList } from './paths.ts';
import type { Snapshot } from './snapshot.ts';

const kinds: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  key: CompletionItemKind.Property,
  source: CompletionItemKind.Class,
  value: CompletionItemKind.Value,
  event: CompletionItemKind.Event,
  entry: CompletionItemKind.Reference,
  variable: CompletionItemKind.Variable,
  attribute: CompletionItemKind.Field,
  column: CompletionItemKind.Field,
  path: CompletionItemKind.File,
  rule: CompletionItemKind.Constant,
};

const knownRules = rules.map(({ id, docs: { summary } }) => ({ id, summary: { text: summary } }));

/**
 * Completion items at a place: keys, values, columns of the data files, and files near the config. Folders outside
 * `root` are not listed.
 */
export async function completions(
  snapshot: Snapshot,
  client: Client,
  position: Position,
  root: string | null,
): Promise<CompletionList | null> {
  const {
    read: { document },
    facts,
    address,
  } = snapshot;
  const context = contextAt(document, document.lines.offset(position));
  if (!context) return null;
  const paths: PathList = asksForPath(context)
    ? await listPaths(context.prefix, address.path, root)
    : { paths: [], whole: true };
  const known: Known = {
    columns: (name) => {
      const dataset = facts.dataset(name);
      return dataset?.state === 'known'
        ? dataset.columns.map((column) => ({
            name: column.name,
            typeName: typeName(column.type),
            role: column.role?.role.replaceAll('-', '_') ?? null,
          }))
        : null;
    },
    paths: () => paths.paths,
    rules: knownRules,
  };
  const items = completionsAt(context, known);
  return {
    // After a folder is accepted, completion runs again and lists its subfolders.
    isIncomplete: !paths.whole || asksForPath(context),
    items: items.map((completion, k) => itemOf(completion, k, snapshot, client)),
  };
}

function asksForPath({ at, place }: AssistContext): boolean {
  return (
    at === 'value' &&
    place.shapes.some((shape) => shape.kind === 'text' && (shape.meaning === 'path' || shape.meaning === 'policy'))
  );
}

function itemOf(
  { label, kind, detail, doc, snippet, span, filter, again }: Completion,
  order: number,
  { read: { document } }: Snapshot,
  client: Client,
): CompletionItem {
  const isFolder = kind === 'path' && label.endsWith('/');
  return {
    label: labelText(label),
    kind: isFolder ? CompletionItemKind.Folder : kinds[kind],
    ...(detail === ''
      ? {}
      : client.labelDetails
        ? { labelDetails: { description: labelText(detail) } }
        : { detail: labelText(detail) }),
    ...(doc.length === 0
      ? {}
      : { documentation: { kind: MarkupKind.Markdown, value: doc.map((part) => client.markdown(part)).join('\n\n') } }),
    // Clients sort alphabetically unless `sortText` gives the order.
    sortText: String(order).padStart(5, '0'),
    filterText: filter,
    textEdit: { range: document.lines.range(span), newText: client.snippets ? snippet : withoutPlaces(snippet) },
    ...(client.snippets
      ? { insertTextFormat: InsertTextFormat.Snippet, insertTextMode: InsertTextMode.adjustIndentation }
      : {}),
    ...((again || isFolder) && client.has(languageCommands.suggest)
      ? { command: { title: '', command: languageCommands.suggest } }
      : {}),
  };
}

/** The text that a snippet shows before the user fills it in. For a choice, this is the first option. */
export function withoutPlaces(snippet: string): string {
  return snippet.replace(
    /\\([\\$},|])|\$\{\d+:((?:\\.|[^}\\])*)\}|\$\{\d+\|((?:\\.|[^|,\\])*)(?:\\.|[^|\\])*\|\}|\$\d+/g,
    (_, escaped: string | undefined, text: string | undefined, choice: string | undefined) =>
      escaped ?? (text ?? choice ?? '').replace(/\\(.)/g, '$1'),
  );
}
