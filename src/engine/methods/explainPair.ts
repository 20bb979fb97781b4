import { explain } from '../preview/explain.ts';
import type { Method } from './method.ts';

export const explainPair: Method<'explainPair'> = async (datasets, request, context) =>
  await (
    await datasets.samplingData()
  ).use(request, context, async (sampling) => await explain(request, sampling, context));
