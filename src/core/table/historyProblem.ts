import { message, type Message } from '../message/message.ts';
import type { Column } from './dataset.ts';
import { typeName } from './type.ts';
import { historyKind } from './historyKind.ts';

/** A column of the impressions with the past items of the user. */
export interface HistoryColumn {
  readonly column: string;
  /** The text between two ids; null for a column of lists. */
  readonly separator: string | null;
}

/** Why a column of the impressions has no past items; null if it has. */
export function historyProblem({ type }: Pick<Column, 'type'>, { column, separator }: HistoryColumn): Message | null {
  switch (historyKind(type)) {
    case 'list':
      return separator === null || separator === ''
        ? null
        : message('column {0} has lists: exclude.history needs no separator', column);
    case 'text':
      return separator === null || separator === ''
        ? message('column {0} has texts: exclude.history needs a separator, such as " "', column)
        : null;
    case null:
      return message(
        'a history is a text with ids or a list of ids, but column {0} has the type {1}',
        column,
        typeName(type),
      );
  }
}
