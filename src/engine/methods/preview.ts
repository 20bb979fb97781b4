import { drawPreview } from '../sampling/preview/drawPreview.ts';
import type { Method } from './method.ts';

export const preview: Method<'preview'> = async ({ samplingData }, request, context) =>
  await samplingData.use(request, context, async (sampling) => await drawPreview(request, sampling, context));
