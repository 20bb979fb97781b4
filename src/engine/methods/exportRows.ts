import { exportRows as write } from '../export/exportRows.ts';
import type { Method } from './method.ts';

export const exportRows: Method<'exportRows'> = async (datasets, request, context) =>
  await write(datasets, request, context);
