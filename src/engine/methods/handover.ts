import { exportForTrainer } from '../trainerExport/exportForTrainer.ts';
import type { Method } from './method.ts';

export const handover: Method<'handover'> = async (datasets, request, context) =>
  await exportForTrainer(request, datasets.options, context);
