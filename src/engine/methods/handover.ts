import { exportForTrainer } from '../sampling/trainerExport/exportForTrainer.ts';
import type { Method } from './method.ts';

export const handover: Method<'handover'> = async (sessions, request, context) =>
  await exportForTrainer(request, sessions.options, context);
