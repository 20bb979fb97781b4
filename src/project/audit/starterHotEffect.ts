import path from 'node:path';
import { readConfig } from '../../core/config/read.ts';
import { starterConfig } from '../../core/config/starter.ts';
import type { StarterFiles } from '../../core/config/starterColumns.ts';
import type { ConfigPlace } from '../../core/config/starterData.ts';
import type { Stage } from '../../core/schema/stage.ts';
import { render } from '../../core/message/message.ts';
import type { CallContext } from '../../protocol/engine.ts';
import { gatherFacts } from '../questions/gatherFacts.ts';
import type { DataAccess } from '../stage/stageJob.ts';

/**
 * Adds to the log of a new config what `downsample_hot` does to its positives, counted as the rules count it. Without
 * the figure if no stage is recall, or if it cannot be counted. @throws FailureError only `cancelled`
 */
export async function withHotEffect(
  files: StarterFiles,
  { stages, place }: { readonly stages: readonly Stage[]; readonly place: ConfigPlace },
  access: DataAccess,
  call: Partial<CallContext>,
): Promise<StarterFiles> {
  const { impressions } = files;
  if (impressions === undefined || !stages.includes('recall')) return files;
  const text = starterConfig({ stages: ['recall'], data: files, seed: 'new' }, render);
  const { config } = readConfig(text, { language: 'yaml' });
  const question = { kind: 'hot-effect', stage: 'recall' } as const;
  const folder = path.dirname(place.path);
  // The user named the log, so it may be outside of the root.
  const where = { folder, root: place.root, given: path.resolve(folder, impressions.path) };
  const facts = await gatherFacts(config, { ...call, ...access, level: 'data', place: where }, () => [question]);
  const answer = facts.answer(question);
  return answer !== undefined && 'value' in answer
    ? { ...files, impressions: { ...impressions, hotEffect: answer.value } }
    : files;
}
