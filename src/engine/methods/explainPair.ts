import { explain } from '../sampling/preview/explain.ts';
import type { Method } from './method.ts';

export const explainPair: Method<'explainPair'> = async ({ samplingData: samplers }, request, context) =>
  await samplers.use(request, context, async (sampling) => await explain(request, sampling, context));
