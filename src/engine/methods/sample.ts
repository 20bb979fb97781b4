import { drawFile } from '../sampling/file/drawFile.ts';
import { wholeProgress } from '../sampling/file/wholeProgress.ts';
import type { Method } from './method.ts';

export const sample: Method<'sample'> = async (sessions, request, context) =>
  await drawFile(request, sessions.options, { ...context, progress: wholeProgress(context, request.output.format) });
