import type { Role } from '../../src/core/table/role.ts';
import type { Dataset } from '../../src/core/table/dataset.ts';
import type { InspectorModel } from './inspectorModel.ts';

/** Asks for the role of a column. */
export async function pickRole(model: InspectorModel, column: string): Promise<void> {
  await take(model, model.channel.request('pickRole', { column }));
}

/** Gives a role to a column; null: to the column that the user chooses. */
export async function assignRole(model: InspectorModel, role: Role, column: string | null): Promise<void> {
  await take(model, model.channel.request('assignRole', { role, column }));
}

async function take(model: InspectorModel, answer: Promise<Dataset | null>): Promise<void> {
  const dataset = await answer.catch(() => null);
  if (dataset) model.takeRoles(dataset);
}
