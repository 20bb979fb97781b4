import type { InspectorModel } from './inspectorModel.ts';

/** Asks for the role of a column, or for the column of the items (null). */
export async function pickRole(model: InspectorModel, column: string | null): Promise<void> {
  const { channel } = model;
  const answer = column === null ? channel.request('pickItemColumn', null) : channel.request('pickRole', { column });
  const dataset = await answer.catch(() => null);
  if (dataset) model.takeRoles(dataset);
}
