import { message, type Message } from '../../message/message.ts';
import { sourceOf } from '../../source/sources.ts';
import { alternatives, type Meaning, type PlainShape } from '../../schema/shape.ts';
import { timeZones } from '../../schema/timezone.ts';
import type { DatasetName } from '../definition/data.ts';
import { dataTables, passedTableNamed } from '../definition/passThrough.ts';
import { nodeAt, valueOf, type ConfigNode, type ConfigPath } from '../tree.ts';
import { parseHole, valueOfHole } from '../variableHole.ts';
import { written } from '../written.ts';
import type { Completion, CompletionKind } from './completion.ts';
import type { AssistContext } from './context.ts';
import { datasetOf } from './datasetOf.ts';
import type { Known } from './known.ts';
import { keysOf } from './shapesAt.ts';
import { exampleText, plainSnippet } from './snippet.ts';

interface Proposal {
  readonly value: string | number | boolean;
  readonly kind: CompletionKind;
  readonly detail?: string;
  readonly doc?: readonly Message[];
}

/** Proposals for the value at a cursor. */
export function valueCompletions(context: AssistContext, known: Known): Completion[] {
  const hole = /\$\{([^}]*)$/.exec(context.prefix);
  if (hole) return variables(context, hole[1] ?? '');
  const completions: Completion[] = [];
  for (const shape of context.place.shapes) {
    for (const proposal of proposals(shape, context, known))
      if (!context.taken.includes(String(proposal.value)))
        completions.push(completion(context, proposal, shape.kind === 'list'));
    if ((shape.kind === 'record' || shape.kind === 'dependent') && context.quote === '')
      completions.push(...skeleton(shape, context));
  }
  return completions;
}

function proposals(shape: PlainShape, context: AssistContext, known: Known): readonly Proposal[] {
  const { field } = context.place;
  switch (shape.kind) {
    case 'choice': {
      const isSource = context.path.at(-1) === 'source';
      return shape.choices.map(({ value, doc }) => ({
        value,
        kind: isSource ? 'source' : 'value',
        detail: isSource ? (sourceOf(String(value))?.alias ?? '') : '',
        doc: [doc],
      }));
    }
    case 'boolean':
      return [
        { value: true, kind: 'value' },
        { value: false, kind: 'value' },
      ];
    case 'number': {
      const written = field?.fallback ?? field?.example;
      return written === undefined || !Number.isFinite(Number(written))
        ? []
        : [
            {
              value: Number(written),
              kind: 'value',
              doc: field?.fallback === undefined ? [] : [message('Default: {0}', field.fallback)],
            },
          ];
    }
    case 'text':
      return texts(shape.meaning, context, known);
    case 'list':
      return alternatives(shape.item).flatMap((item) => proposals(item, context, known));
    case 'record':
    case 'dictionary':
    case 'dependent':
      return [];
  }
}

function texts(meaning: Meaning, { path, root, prefix, place }: AssistContext, known: Known): readonly Proposal[] {
  const names = (values: readonly string[], kind: CompletionKind): Proposal[] =>
    values.map((value) => ({ value, kind }));
  switch (meaning) {
    case 'column': {
      const dataset = datasetOf(path);
      const role = path.at(-1);
      const columns = dataset === null ? [] : (known.columns(dataset) ?? []);
      // Columns whose role matches the key come first.
      return [
        ...columns.filter((column) => column.role === role),
        ...columns.filter((column) => column.role !== role),
      ].map(({ name, typeName }) => ({ value: name, kind: 'column', detail: typeName }));
    }
    case 'event':
    case 'sequence':
      return names(keysOf(nodeAt(root, meaning === 'event' ? ['events'] : ['output', 'sequences'])), 'event');
    case 'count':
      return [
        ...names(keysOf(nodeAt(root, ['events'])), 'event'),
        { value: 'impressions', kind: 'event', doc: [message('Every exposure counts')] },
      ];
    case 'item-attribute':
    case 'user-attribute':
      return names(attributes(root, meaning === 'item-attribute' ? 'items' : 'users'), 'attribute');
    case 'entry':
      return names(entryNames(root, path), 'entry');
    case 'teacher-column': {
      const from = valueOf(nodeAt(root, path.slice(0, -1)), 'from');
      return from?.kind === 'scalar' && from.value === 'impressions'
        ? columnsOf('impressions', known)
        : names(keysOf(nodeAt(root, ['data', 'candidates', 'columns'])), 'attribute');
    }
    case 'duration':
      return names(['30m', '1h', '12h', '1d', '7d', '30d'], 'value');
    case 'period':
      return names(['none', '1h', '1d'], 'value');
    case 'last-click':
      return names(['above_last_click+2'], 'value');
    case 'day':
      return names(
        [
          ...new Set(
            ['train', 'eval']
              .flatMap((name) => ['from', 'to'].map((end) => valueOf(nodeAt(root, ['window', name]), end)))
              .flatMap((node) => (node?.kind === 'scalar' && /^\d{4}-/.test(node.source) ? [node.source] : [])),
          ),
        ],
        'value',
      );
    case 'separator':
      return names([' ', ',', ';', '|'], 'value');
    case 'day-format':
      return names(['yyyy-MM-dd', 'yyyyMMdd'], 'value');
    case 'timezone':
      return names(timeZones(), 'value');
    case 'pass-through': {
      const from = valueOf(nodeAt(root, path.slice(0, -1)), 'from');
      if (from?.kind === 'scalar' && typeof from.value === 'string')
        return columnsOf(passedTableNamed(from.value), known);
      const columns = columnsOf('impressions', known);
      const seen = new Set(columns.map(({ value }) => value));
      return [
        ...columns,
        ...names(
          [...attributes(root, 'items'), ...attributes(root, 'users')].filter((name) => !seen.has(name)),
          'attribute',
        ),
      ];
    }
    case 'passed-table':
      return [
        ...dataTables.map((value): Proposal => ({ value, kind: 'value' })),
        ...names(keysOf(nodeAt(root, ['data', 'features'])), 'value'),
      ];
    case 'policy':
      return [
        { value: 'recommended', kind: 'value' },
        { value: 'strict', kind: 'value', doc: [message('Like recommended, but warnings are errors')] },
        ...names(known.paths?.(prefix) ?? [], 'path'),
      ];
    case 'path':
      return names(known.paths?.(prefix) ?? [], 'path');
    case 'plain': {
      const example = place.field?.example;
      return example === undefined || /^[[{]/.test(example) ? [] : names([example], 'value');
    }
  }
}

function columnsOf(dataset: DatasetName, known: Known): Proposal[] {
  return (known.columns(dataset) ?? []).map(({ name, typeName }) => ({
    value: name,
    kind: 'column',
    detail: typeName,
  }));
}

function attributes(root: ConfigNode | null, dataset: 'items' | 'users'): string[] {
  const list = nodeAt(root, ['data', dataset, 'columns', 'attributes']);
  return list?.kind === 'list'
    ? list.items.flatMap((item) => (item.kind === 'scalar' ? [String(item.value)] : []))
    : [];
}

/** Names of the mix, or of the counts, of the stage in a path. */
function entryNames(root: ConfigNode | null, path: ConfigPath): string[] {
  const negatives = nodeAt(root, [...path.slice(0, 2), 'negatives']);
  return ['mix', 'per_positive', 'per_request'].flatMap((key) => keysOf(valueOf(negatives, key)));
}

function variables(context: AssistContext, typed: string): Completion[] {
  const vars = nodeAt(context.root, ['vars']);
  const start = context.span.start + context.prefix.length - typed.length;
  const end = Math.min(context.span.end, start + typed.length);
  return keysOf(vars).flatMap((name) => {
    const node = valueOf(vars, name);
    const value = node?.kind === 'scalar' ? node.value : null;
    // Days can be moved and formatted.
    const forms = [name, `${name} - 1d`, `${name}:yyyyMMdd`].map((text, k): Completion | null => {
      const result = valueOfHole(
        parseHole(text, (other) => other === name),
        value,
      );
      if (!('value' in result)) return null;
      return {
        label: text,
        kind: 'variable',
        detail: k > 0 ? String(result.value) : node?.kind === 'scalar' ? node.source : '',
        doc: [],
        snippet: plainSnippet(text),
        span: { start, end },
        filter: text,
        again: false,
      };
    });
    return forms.filter((form) => form !== null);
  });
}

/** A map on one line with its required keys. */
function skeleton(shape: Extract<PlainShape, { kind: 'record' | 'dependent' }>, context: AssistContext): Completion[] {
  const fields = Object.entries(shape.kind === 'record' ? shape.fields : shape.otherwise.fields).filter(
    ([, { required }]) => required,
  );
  if (fields.length === 0) return [];
  const key = (name: string): string => (context.json ? JSON.stringify(name) : name);
  const value = ({ example = '' }: { readonly example?: string }): string => exampleText(example, context.json);
  const label = `{${fields.map(([name]) => name).join(', ')}}`;
  const snippet = `{${fields.map(([name, field], k) => `${key(name)}: ${value(field) === '' ? `$${k + 1}` : `\${${k + 1}:${plainSnippet(value(field))}}`}`).join(', ')}$0\\}`;
  return [
    {
      label,
      kind: 'value',
      detail: '',
      doc: context.place.field ? [context.place.field.doc] : [],
      snippet: context.lead + snippet + context.parting,
      span: context.span,
      filter: label,
      again: false,
    },
  ];
}

function completion(
  context: AssistContext,
  { value, kind, detail = '', doc = [] }: Proposal,
  asList: boolean,
): Completion {
  const label = String(value);
  const text = context.quote !== '' ? label : written(value, context.json ? 'json' : 'yaml');
  const snippet = plainSnippet(asList && context.quote === '' ? `[${text}]` : text);
  return {
    label,
    kind,
    detail,
    doc,
    snippet: context.lead + snippet + context.parting,
    span: context.span,
    filter: label,
    again: false,
  };
}
