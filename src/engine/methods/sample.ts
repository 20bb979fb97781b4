import { drawFile } from '../sampling/write/drawFile.ts';
import { wholeProgress } from '../sampling/write/wholeProgress.ts';
import type { Method } from './method.ts';

export const sample: Method<'sample'> = async (sessions, request, context) =>
  await drawFile(request, sessions.options, { ...context, progress: wholeProgress(context, request.output.format) });
