import { sparkInputsOf } from '../write/sparkInputs.ts';
import type { Method } from './method.ts';

export const sparkInputs: Method<'sparkInputs'> = async (datasets, request, context) =>
  await (
    await datasets.samplingData()
  ).use(request, context, async ({ sampled }) => await sparkInputsOf(request, sampled, context));
