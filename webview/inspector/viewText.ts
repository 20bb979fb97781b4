import { viewSql } from '../../src/core/viewSql/viewSql.ts';
import type { ViewText } from '../grid/menus.ts';
import { inspectCommand } from './command.ts';
import type { InspectorModel } from './inspectorModel.ts';

/**
 * The filter, the order and the columns of a view for another program.
 * @throws FailureError `unsupported` if the engine has no exact way
 */
export async function viewText(model: InspectorModel, as: ViewText): Promise<string> {
  const { dataset, view, state } = model;
  const { path = '', columns = [], format = 'parquet' } = dataset ?? {};
  const { hidden } = state;
  const shown = hidden.length === 0 ? null : columns.map(({ name }) => name).filter((name) => !hidden.includes(name));
  if (as === 'command') return inspectCommand(path, view, columns, shown);
  // The path of a folder does not say which files are in it.
  const { files, text } = await model.request('facts', {});
  return viewSql(as, { path, format, columns, first: files.list[0]?.path ?? path, text }, view, shown);
}
