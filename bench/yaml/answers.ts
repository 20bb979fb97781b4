import { completions } from '../../src/core/config/assist/completions.ts';
import { contextAt } from '../../src/core/config/assist/context.ts';
import type { Known } from '../../src/core/config/assist/known.ts';
import { readConfig } from '../../src/core/config/read.ts';
import { render } from '../../src/core/message/message.ts';
import { changed } from '../../src/core/policy/examples/example.ts';
import { keepingShortfalls } from '../../src/core/policy/examples/mixes.ts';
import { lintCase } from '../../test/unit/lintCase.ts';
import type { HalfTyped } from './halfTyped.ts';

/** Content of the editor at one moment of typing. */
export interface Answer {
  /** Findings that are no information, by line from the cursor. */
  readonly findings: readonly { readonly line: number; readonly text: string }[];
  /** Completions at the cursor. */
  readonly offered: readonly string[];
}

const attributes = { items: ['city', 'category'], users: ['region', 'activity'] };
const known: Known = {
  columns: (name) =>
    name === 'items' || name === 'users'
      ? attributes[name].map((column) => ({ name: column, typeName: 'string', role: null }))
      : null,
  paths: (prefix) => ['../data/items.parquet'].filter((path) => path.startsWith(prefix)),
  rules: [],
};

export function answer({ from, to }: HalfTyped): Answer {
  const marked = changed('recall', keepingShortfalls, [from, to]);
  const offset = marked.indexOf('¦');
  const text = marked.replace('¦', '');
  const { document } = readConfig(text, { language: 'yaml' });
  const { line } = document.lines.position(offset);
  const context = contextAt(document, offset);
  return {
    findings: lintCase({ text }, { level: 'none' })
      .findings.filter(({ severity }) => severity !== 'info')
      .map(({ rule, range, message }) => ({
        line: range.start.line - line,
        text: `${rule} ${render(message)}`,
      })),
    offered: context ? completions(context, known).map(({ label }) => label) : [],
  };
}
