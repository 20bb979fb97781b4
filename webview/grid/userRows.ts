import { timeColumn } from '../../src/core/table/grouping.ts';
import { t } from '../strings.ts';
import type { GridView } from './gridView.ts';

/** Indices of the columns that the rows of a user need; null without a user or a time. */
function columnsOf({ model }: GridView): { readonly user: number; readonly time: string } | null {
  const columns = model.dataset?.columns ?? [];
  const user = columns.findIndex(({ role }) => role?.role === 'user');
  const time = timeColumn(columns);
  return user < 0 || time === null ? null : { user, time };
}

/** The text of the user of the active row; null if it is not known, or if the row has none. */
function userOf(grid: GridView): string | null {
  const { model, selection } = grid;
  const found = columnsOf(grid);
  if (!found) return null;
  const { row } = selection.active;
  const line = model.groups?.at(row);
  if (line?.kind === 'head') return model.groups?.head(line.group)?.text(found.user) ?? null;
  return model.pages.cell(row, found.user)?.text ?? null;
}

export function canTellStory(grid: GridView): boolean {
  return userOf(grid) !== null;
}

/** Shows every row of the active row's user in the order of time, with the time line above. */
export function showUserRows(grid: GridView): void {
  const { model } = grid;
  const found = columnsOf(grid);
  const user = userOf(grid);
  const column = model.dataset?.columns[found?.user ?? -1];
  if (!found || !column || user === null) {
    model.say(
      found ? t('This row has no user') : t('This needs a column with the role user and one with the role time'),
    );
    return;
  }
  model.keep({ timeline: true });
  model.setView({
    filter: { conditions: [{ column: column.name, op: '=', values: [user] }], expression: '' },
    sort: [{ column: found.time, descending: false }],
  });
  model.say(t('All rows of user {0} by time', user));
}
