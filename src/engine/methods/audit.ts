import { FailureError } from '../../core/message/failure.ts';
import type { AuditRequest } from '../../protocol/audit.ts';
import { auditSample, refsOfAudit } from '../audit/auditSample.ts';
import type { ExpectedDistances } from '../audit/auditWorld.ts';
import type { Work } from '../database/connections.ts';
import type { OpenDatasets } from '../answers/openDatasets.ts';
import { expectedDistances } from '../preview/expectedDistances.ts';
import type { Method } from './method.ts';

/** Opens the sample and the inputs of its stage together, and measures. What it counted is kept for the rules. */
export const audit: Method<'audit'> = async (datasets, request, context) =>
  await datasets.audited(
    refsOfAudit(request),
    context,
    async (tables) =>
      await auditSample(request, tables, context, async (work) => await expected(datasets, request, work)),
  );

/** Null if the sampler cannot compute them. */
async function expected(
  datasets: OpenDatasets,
  { plan, data }: AuditRequest,
  work: Work,
): Promise<ExpectedDistances | null> {
  if (plan === null || data === null || plan.stage === 'fine_ranking') return null;
  try {
    const sampling = await datasets.samplingData();
    return await sampling.use({ plan, data }, work, async (open) => await expectedDistances(plan, open, work));
  } catch (error) {
    if (!(error instanceof FailureError) || error.failure.code === 'cancelled') throw error;
    return null;
  }
}
