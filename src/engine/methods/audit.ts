import { auditSample, refsOfAudit } from '../audit/auditSample.ts';
import type { Method } from './method.ts';

/** Opens the sample and the inputs of its stage together, measures, and frees them. */
export const audit: Method<'audit'> = async (datasets, request, context) =>
  await datasets.together(refsOfAudit(request), context, async (tables) => await auditSample(request, tables, context));
