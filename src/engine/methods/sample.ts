import { drawFile } from '../write/drawFile.ts';
import { wholeProgress } from '../write/wholeProgress.ts';
import type { Method } from './method.ts';

export const sample: Method<'sample'> = async (datasets, request, context) =>
  await drawFile(request, datasets.options, { ...context, progress: wholeProgress(context, request.output) });
