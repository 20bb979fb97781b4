import { setValue } from '../../../config/edits.ts';
import type { ConfigDocument } from '../../../config/document.ts';
import type { TextFix } from '../../../config/problem.ts';
import { written } from '../../../config/written.ts';
import { message } from '../../../message/message.ts';
import type { Column } from '../../../table/dataset.ts';
import { typeName } from '../../../table/type.ts';
import { columnNamed, idKind, type IdKind } from '../../../data/columnKinds.ts';
import { sampleIdType } from '../../../data/sampleIds.ts';
import { dataColumns, idRoles, type DataColumn } from '../../../data/dataColumns.ts';
import { changed } from '../../examples/example.ts';
import { files } from '../../examples/files.ts';
import { knownDatasets, datasetNeeds } from '../../datasetNeeds.ts';
import { defineRule, type Report } from '../../rule.ts';

interface Id extends DataColumn {
  readonly column: Column;
  readonly textual: boolean;
  readonly kind: IdKind;
}

export const idType = defineRule({
  id: 'schema/id-type',
  kind: 'schema',
  severity: 'error',
  stages: 'document',
  options: {},
  needs: (context) => datasetNeeds(context),
  *check(context): Iterable<Report> {
    const { config, document, facts: allFacts } = context;
    const ids = knownDatasets(context).flatMap(([name, facts]) =>
      dataColumns(config, name).flatMap((declared): Id[] => {
        const type = sampleIdType(declared, config, allFacts);
        const declaredAs = { ...declared, ...(type ? { type } : {}) };
        const column = columnNamed(facts, declaredAs.name);
        if (!column || !idRoles.some((role) => role === declaredAs.role)) return [];
        return [
          {
            ...declaredAs,
            column,
            textual: facts.textual || column.partition,
            kind: idKind(declaredAs, column, facts.textual),
          },
        ];
      }),
    );
    // item and positive_item are both ids of items.
    const groups = [['user'], ['item', 'positive_item'], ['request']].map((roles) =>
      ids.filter(({ role }) => roles.includes(role)),
    );
    for (const group of groups) {
      const first = group.find(({ kind }) => kind !== 'other');
      for (const id of group) {
        if (id.kind === 'other')
          yield {
            at: id.path,
            message: message(
              'Column {0} has the type {1}, which cannot store ids exactly',
              id.name,
              typeName(id.column.type),
            ),
          };
        else if (first && id.kind !== first.kind)
          yield { at: id.path, message: differs(id, first), fixes: fixesOf(document, id, first.kind) };
      }
    }
  },
  docs: {
    summary: 'Ids of users, items or requests do not have the same type in every file',
    why: `The id 42 and the string "42" are different values. A join of the two finds nothing. If a reader converts
them, the join finds wrong rows when ids have leading zeros or more than 53 bits. All integer widths are one type here,
and so are all kinds of strings.

CSV, TSV and JSON Lines have no types, so their ids are strings unless the config says otherwise:
\`{column: item_id, type: int64}\`. Integers of a sample file are read like the ids of the impressions: RecSample wrote
their digits or the integers themselves. Floating-point numbers cannot be ids: above 2^53, neighbouring ids become the same
number.`,
    source: 'IEEE 754: a double holds whole numbers exactly up to 2^53.',
    wrong: {
      text: changed('recall', ['../data/items.parquet', '../data/items.tsv.zst']),
      reportedAt: 'item_id',
      after: '../data/items.tsv.zst\n    columns: {item: ',
      datasets: {
        items: files(
          'item_id:int64 title:string city:string category:string status:string created_at:timestamp removed_at:timestamp price:double rating:double reviews:int64',
          { textual: true, rows: null },
        ),
      },
    },
    right: {
      text: changed('recall', [
        '../data/items.parquet\n    columns: {item: item_id',
        '../data/items.tsv.zst\n    columns: {item: {column: item_id, type: int64}',
      ]),
      datasets: {
        items: files(
          'item_id:int64 title:string city:string category:string status:string created_at:timestamp removed_at:timestamp price:double rating:double reviews:int64',
          { textual: true, rows: null },
        ),
      },
    },
  },
});

function differs({ name, kind, textual, type }: Id, first: Id): Report['message'] {
  const other = `data.${first.dataset}`;
  if (kind === 'integer') return message('Column {0} has integer ids, but {1} has string ids', name, other);
  return textual && !type
    ? message('Column {0} has string ids, because its files have no types, but {1} has integer ids', name, other)
    : message('Column {0} has string ids, but {1} has integer ids', name, other);
}

/** The config can set the type of a column in a file without types. */
function fixesOf(document: ConfigDocument, { name, path, textual, type }: Id, targetKind: IdKind): TextFix[] {
  if (!textual || targetKind !== 'integer') return [];
  const at = path.at(-1) === 'column' ? path.slice(0, -1) : path;
  const changes = type
    ? setValue(document, [...at, 'type'], 'int64')
    : setValue(document, at, written({ column: name, type: 'int64' }, document.language));
  return [{ title: message('Read column {0} as 64-bit integers', name), changes, safe: false }];
}
