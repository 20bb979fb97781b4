import type { ConfigDocument } from '../../../config/document.ts';
import { setValue } from '../../../config/edits.ts';
import type { TextFix } from '../../../config/problem.ts';
import { written } from '../../../config/written.ts';
import { message } from '../../../message/message.ts';
import { isUnixTime } from '../../../table/epoch.ts';
import { typeName } from '../../../table/type.ts';
import { columnNamed, itemType, type KnownDataset } from '../../../data/columnKinds.ts';
import { dataColumns, timeRoles, type DataColumn } from '../../../data/dataColumns.ts';
import { changed } from '../../examples/example.ts';
import { knownDatasets, datasetNeeds } from '../../datasetNeeds.ts';
import { defineRule, type Report } from '../../rule.ts';
import { ownValue } from '../../../ownValue.ts';

export const timeType = defineRule({
  id: 'schema/time-type',
  kind: 'schema',
  severity: 'error',
  stages: 'document',
  options: {},
  needs: (context) => datasetNeeds(context),
  *check(context): Iterable<Report> {
    for (const [dataset, facts] of knownDatasets(context)) {
      for (const declared of dataColumns(context.config, dataset)) {
        const column = columnNamed(facts, declared.name);
        if (!column || !timeRoles.some((role) => role === declared.role)) continue;
        const type = itemType(column.type);
        const { kind } = type;
        if (isUnixTime(type)) {
          if (!declared.unit)
            yield {
              at: declared.path,
              message: message(
                'Column {0} has numbers. Set their unit: seconds, milliseconds or microseconds',
                declared.name,
              ),
              fixes: unitFixes(context.document, declared, facts),
            };
        } else if (kind !== 'timestamp' && kind !== 'date' && kind !== 'string') {
          yield {
            at: declared.path,
            message: message(
              'Column {0} has the type {1}, which cannot represent times',
              declared.name,
              typeName(column.type),
            ),
          };
        } else if (declared.unit) {
          const at = [...declared.path.slice(0, -1), 'unit'];
          const changes = setValue(
            context.document,
            declared.path.slice(0, -1),
            written(declared.name, context.document.language),
          );
          yield {
            at,
            message: message(
              'Column {0} has the type {1} and needs no unit; only numbers have a unit',
              declared.name,
              typeName(column.type),
            ),
            fixes: [{ title: message('Remove the unit'), changes, safe: false }],
          };
        }
      }
    }
  },
  docs: {
    summary: 'A time column is not a time, a date, an ISO 8601 string or a number with a unit',
    why: `The time decides whether an impression lies in the training window, came before an item was removed, or is old
enough to be unclicked. A number may count seconds or milliseconds. A factor of 1000 puts every row in 1970, outside
every window, without any error. \`{column: ts, unit: ms}\` states the unit. Times and dates of the file, and strings
such as \`2026-11-20T10:00:00+08:00\`, need no unit. Values without a zone use the \`timezone\` of the config.`,
    source: `Numbers are counted since 1970-01-01 UTC, as in POSIX. If the file contains the largest value, this value
decides which unit is suggested first.`,
    wrong: {
      text: changed('recall', [
        'time: ts, request: request_id, position',
        'time: {column: ts, unit: ms}, request: request_id, position',
      ]),
      reportedAt: 'ms',
      after: 'unit: ',
    },
    right: { text: changed('recall') },
  },
});

const units = ['s', 'ms', 'us'] as const;

function unitFixes(document: ConfigDocument, { name, path }: DataColumn, { ranges }: KnownDataset): TextFix[] {
  const at = path.at(-1) === 'column' ? path.slice(0, -1) : path;
  const titles = {
    s: message('Unit: seconds'),
    ms: message('Unit: milliseconds'),
    us: message('Unit: microseconds'),
  };
  // Until the year 5138, seconds have at most 11 digits and milliseconds at most 14.
  const digits = ownValue(ranges, name)?.max.length ?? 0;
  const likely: (typeof units)[number] = digits > 14 ? 'us' : digits > 11 ? 'ms' : 's';
  const order: readonly (typeof units)[number][] = [likely, ...units.filter((unit) => unit !== likely)];
  return order.map((unit) => ({
    title: titles[unit],
    changes: setValue(document, at, written({ column: name, unit }, document.language)),
    safe: false,
  }));
}
