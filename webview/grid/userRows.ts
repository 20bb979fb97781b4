import { timeColumn } from '../../src/core/table/grouping.ts';
import type { View } from '../../src/core/table/filter.ts';
import { fail, failureOf } from '../../src/core/message/failure.ts';
import { message } from '../../src/core/message/message.ts';
import { isCancelled } from '../channel.ts';
import { say, t } from '../strings.ts';
import type { GridView } from './gridView.ts';
import type { LoadedCell } from './pages.ts';

/** Longer texts are not useful as filter values. */
export const longestFilterValue = 10_000;

/** Indices of the columns that the rows of a user need; null without a user or a time. */
function columnsOf({ model }: GridView): { readonly user: number; readonly time: string } | null {
  const columns = model.dataset?.columns ?? [];
  const user = columns.findIndex(({ role }) => role?.role === 'user');
  const time = timeColumn(columns);
  return user < 0 || time === null ? null : { user, time };
}

/** The position of the active row, and its user if its page is loaded. A head has the position of the row it shows. */
function activeUser(
  { model, selection }: GridView,
  user: number,
): { readonly position: number; readonly cell: Pick<LoadedCell, 'text' | 'clipped'> | null } | null {
  const { row } = selection.active;
  const line = model.groups?.lineAt(row);
  if (line?.kind !== 'head') return { position: line?.position ?? row, cell: model.pages.cell(row, user) };
  const head = model.groups?.head(line.group);
  const text = head?.text(user) ?? null;
  // The head has a user only if all rows of the group have that one.
  return head && text !== null ? { position: head.start, cell: null } : null;
}

export function canTellStory(grid: GridView): boolean {
  const columns = columnsOf(grid);
  const active = columns && activeUser(grid, columns.user);
  // The page of a hidden or distant column is not loaded; whether the row has a user is known when it is asked for.
  return active !== null && (active.cell === null || active.cell.text !== null);
}

/**
 * Shows the story of the active row's user in the preview of the config that names the file. Without such a config,
 * shows all rows of the user.
 */
export async function showStory(grid: GridView): Promise<void> {
  const { model } = grid;
  const { view } = model;
  await withUser(grid, async (user, columns) => {
    const answer = await model.request('showStory', { user });
    if (answer === 'shown' || model.view !== view) return;
    showRows(grid, user, columns);
    model.say(
      answer === 'unnamed'
        ? t('No ratio config names this file. All rows of user {0} by time', user)
        : `${t('Restricted Mode: configs are checked without their data.')} ${t('All rows of user {0} by time', user)}`,
    );
  });
}

/** Shows every row of the active row's user in the order of time, with the time line above. */
export async function showUserRows(grid: GridView): Promise<void> {
  await withUser(grid, (user, columns) => {
    showRows(grid, user, columns);
    grid.model.say(t('All rows of user {0} by time', user));
  });
}

interface UserColumns {
  readonly user: string;
  readonly time: string;
}

/** Does something with the user of the active row, unless another view is chosen meanwhile. */
async function withUser(
  grid: GridView,
  run: (user: string, columns: UserColumns) => void | Promise<void>,
): Promise<void> {
  const { model } = grid;
  const indices = columnsOf(grid);
  const column = model.dataset?.columns[indices?.user ?? -1];
  if (!indices || !column) {
    model.say(t('This needs a column with the role user and one with the role time'));
    return;
  }
  const { view } = model;
  const active = activeUser(grid, indices.user);
  try {
    const user = active === null ? null : await wholeText(grid, view, indices.user, active);
    if (model.view !== view) return;
    if (user === null) model.say(t('This row has no user'));
    else await run(user, { user: column.name, time: indices.time });
  } catch (error) {
    if (!isCancelled(error)) model.say(say(failureOf(error).message));
  }
}

function showRows({ model }: GridView, user: string, columns: UserColumns): void {
  model.keep({ timeline: true });
  model.setView({
    filter: { conditions: [{ column: columns.user, op: '=', values: [user] }], expression: '' },
    sort: [{ column: columns.time, descending: false }],
  });
}

/** The exact user: pages cut long texts, and do not have hidden columns. */
async function wholeText(
  { model }: GridView,
  view: View,
  column: number,
  { position, cell }: NonNullable<ReturnType<typeof activeUser>>,
): Promise<string | null> {
  if (cell !== null && cell.clipped === null) return cell.text;
  const { text, length } = await model.request('cell', {
    view,
    row: position,
    column,
    offset: 0,
    limit: longestFilterValue,
  });
  if (text !== null && length > longestFilterValue)
    throw fail(
      'bad-filter',
      message('{0} cannot be filtered by this value', model.dataset?.columns[column]?.name ?? ''),
    );
  return text;
}
