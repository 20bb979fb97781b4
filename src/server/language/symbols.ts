import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver/node';
import { symbols, type ConfigSymbol } from '../../core/config/assist/symbols.ts';
import { labelText } from '../../core/message/escape.ts';
import type { Snapshot } from './snapshot.ts';

const kinds: Readonly<Record<ConfigSymbol['kind'], SymbolKind>> = {
  key: SymbolKind.Property,
  dataset: SymbolKind.File,
  event: SymbolKind.Event,
  variable: SymbolKind.Variable,
  stage: SymbolKind.Module,
  entry: SymbolKind.Class,
};

/** The outline (document symbols) of a config. */
export function documentSymbols({ read: { document } }: Snapshot): DocumentSymbol[] {
  const symbolOf = ({ name, kind, detail, span, nameSpan, children }: ConfigSymbol): DocumentSymbol => ({
    name: labelText(name),
    detail: labelText(detail),
    kind: kinds[kind],
    range: document.lines.range(span),
    selectionRange: document.lines.range(nameSpan),
    children: children.map(symbolOf),
  });
  return symbols(document).map(symbolOf);
}
