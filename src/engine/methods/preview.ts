import { drawPreview } from '../preview/drawPreview.ts';
import type { Method } from './method.ts';

export const preview: Method<'preview'> = async (datasets, request, context) =>
  await (
    await datasets.samplingData()
  ).use(request, context, async (sampling) => await drawPreview(request, sampling, context));
