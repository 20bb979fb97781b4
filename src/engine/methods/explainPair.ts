import { explain } from '../sampling/preview/explain.ts';
import type { Method } from './method.ts';

export const explainPair: Method<'explainPair'> = async ({ samplingData }, request, context) =>
  await samplingData.use(request, context, async (sampling) => await explain(request, sampling, context));
