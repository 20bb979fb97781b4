import { runTrial } from '../trial/runTrial.ts';
import type { Method } from './method.ts';

export const trial: Method<'trial'> = async (datasets, request, context) =>
  await runTrial(request, datasets.options, context);
