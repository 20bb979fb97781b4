import { negativeName } from '../../core/data/columnOwner.ts';
import { sampleName } from '../../core/data/dataColumns.ts';
import { chanceRoles } from '../../core/data/chanceRoles.ts';
import type { ConfigDraft } from '../../core/config/definition/config.ts';
import type { StageView } from '../../core/config/entries.ts';
import type { Facts } from '../../core/data/facts.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { PathRules } from '../../core/data/refusedPath.ts';
import type { AskedQuestion, AskedSamples } from '../../protocol/answers.ts';
import type { SamplingRequest } from '../../protocol/sampling.ts';
import type { PlanOverrides } from '../../core/sampling/plan/planStage.ts';
import { choicesOf } from '../plan/choices.ts';
import { resolveStage } from '../plan/resolveStage.ts';
import { outputNames } from '../plan/sampleOutput.ts';
import type { DataTables } from '../facts/dataTables.ts';

/** Inputs of the questions about a sample file. */
export interface SampleAsked {
  readonly config: ConfigDraft;
  readonly facts: Facts;
  readonly place: PathRules;
  readonly stage: StageView;
  readonly tables: DataTables;
  readonly samples: AskedSamples;
  readonly timezone: string;
}

/** The stage as the sampler would draw it. @throws FailureError if it cannot be drawn */
export function drawnRequest(
  { config, stage, facts, place }: Pick<SampleAsked, 'config' | 'stage' | 'facts' | 'place'>,
  overrides: PlanOverrides = {},
): SamplingRequest {
  const { request, problems } = resolveStage({ config }, stage.name, overrides, facts, place);
  if (!request) throw fail('bad-request', problems.at(-1)?.message ?? message('Nothing can be drawn'));
  return request;
}

/** Asks how many negatives are items that the user chose. */
export function askFalseNegatives(asked: SampleAsked): AskedQuestion<'false-negatives'> {
  const { config, tables, samples, timezone } = asked;
  const { plan, data } = drawnRequest(asked);
  const choices = choicesOf(config, plan, tables);
  if (samples.columns.entry === undefined && samples.columns.source === undefined && choices.excludes.length > 1)
    throw fail('bad-request', message('the columns of the sample file do not distinguish one entry from another'));
  return { kind: 'false-negatives', timezone, samples, log: data.log, choices };
}

/** Asks for the draw probabilities of a stage in each split, to check the columns that are computed from them. */
export function askChances(asked: SampleAsked, maxUsers: number): AskedQuestion<'chances'> {
  const { config, stage, tables, samples, timezone } = asked;
  const sample = sampleName(stage.name);
  const isWide = samples.layout === 'wide';
  const names = outputNames(config, stage.name);
  const roles = chanceRoles.filter(
    (role) => tables.hasColumn(sample, names[role]) || (isWide && tables.hasColumn(sample, negativeName(names[role]))),
  );
  return {
    kind: 'chances',
    timezone,
    samples: {
      ...samples,
      columns: { ...samples.columns, ...Object.fromEntries(roles.map((role) => [role, { name: names[role] }])) },
    },
    requests: drawnRequests(asked),
    mostUsers: maxUsers,
  };
}

/** Asks which share of the exposures the stage takes in each split. */
export function askExposureRates(asked: SampleAsked): AskedQuestion<'exposure-rates'> {
  const { samples, timezone } = asked;
  return { kind: 'exposure-rates', timezone, samples, requests: drawnRequests(asked) };
}

/** Asks for the share of popular items among the rows of a sample file. */
export function askHeadShares(asked: SampleAsked): AskedQuestion<'head-shares'> {
  const { samples, timezone } = asked;
  return { kind: 'head-shares', timezone, samples, request: drawnRequest(asked, { split: 'train' }) };
}

/** Asks how far the items of a sample file are from those that the stage draws in each split. */
export function askItemDistances(asked: SampleAsked): AskedQuestion<'item-distances'> {
  const { samples, timezone } = asked;
  return { kind: 'item-distances', timezone, samples, requests: drawnRequests(asked) };
}

/** Asks what changed since the lock file of a sample was written: settings of the stage in each split, and data. */
export function askSampleOrigin(asked: SampleAsked): AskedQuestion<'sample-origin'> {
  const { samples, timezone } = asked;
  return { kind: 'sample-origin', timezone, samples, requests: drawnRequests(asked) };
}

function drawnRequests(asked: SampleAsked): SamplingRequest[] {
  const splits = asked.config.window?.eval ? (['train', 'eval'] as const) : (['train'] as const);
  return splits.map((split) => drawnRequest(asked, { split }));
}
