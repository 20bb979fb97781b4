import path from 'node:path';
import type { AuditRole, KnownColumns, NamedColumn } from '../../core/audit/sampleColumns.ts';
import { auditRoles, sampleColumns, type SampleColumns } from '../../core/audit/sampleColumns.ts';
import { likelyEpochUnit } from '../../core/table/epoch.ts';
import type { Value } from '../../core/audit/metric.ts';
import { dataColumn, datasetEntry, sampleName } from '../../core/data/dataColumns.ts';
import { FailureError, type Failure } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { Finding, RuleStatus } from '../../core/policy/finding.ts';
import type { Rule } from '../../core/policy/rule.ts';
import { rules } from '../../core/policy/rules.ts';
import { ownValue } from '../../core/ownValue.ts';
import { dataRefused } from '../../core/policy/rules/data/refused.ts';
import { labelDomain } from '../../core/policy/rules/schema/labelDomain.ts';
import type { Stage } from '../../core/schema/stage.ts';
import type { Dataset } from '../../core/table/dataset.ts';
import { stages } from '../../core/schema/stage.ts';
import type { AuditAnswer, AuditRequest } from '../../protocol/audit.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { CallContext } from '../../protocol/engine.ts';
import { lintFile, type LintedFile, type LintOptions } from '../lint/lintFile.ts';
import { policyTextWithin } from '../lint/policyText.ts';
import type { OpenConfig } from '../stage/configSource.ts';
import type { ResolvedStage } from '../plan/resolveStage.ts';
import { outputNames } from '../plan/sampleOutput.ts';
import { StageJob, type DataAccess } from '../stage/stageJob.ts';
import { auditedConfig, configOfSample } from './auditedConfig.ts';
import type { AuditCache } from './auditCache.ts';
import type { SampleRecord } from './sampleRecord.ts';
import { columnRanges } from './starterFile.ts';

/** The stage of a config that a sample file is compared with. */
export interface AuditedStage {
  readonly config: OpenConfig;
  readonly stage: Stage;
  /** Null: as the lock file says, else train. */
  readonly split: 'train' | 'eval' | null;
}

export interface AuditOptions {
  /** Absolute. */
  readonly sample: string;
  /** The config names the sample, not the user: the data rules follow no link out of the project. Default: false. */
  readonly isConfigured?: boolean;
  /** Null: the audit does what it can without a config. */
  readonly of: AuditedStage | null;
  readonly record: SampleRecord;
  /** `day`, `split`, or a column. */
  readonly by: string | null;
  /** Roles that the user set, by column name. */
  readonly set: KnownColumns['set'];
  /** Roles that the user set in the inspector, by column name. */
  readonly stored?: NonNullable<KnownColumns['stored']>;
  /** Roles that configs of the workspace declare, by column name: they count if no config of a stage is known. */
  readonly declared?: NonNullable<KnownColumns['stored']>;
  /** How the items of the corpus count as the input of recall. Default: all equally. */
  readonly input?: 'uniform' | 'impressions';
  /** Another sample of the same stage to compare with; its path is absolute. */
  readonly baseline?: { readonly sample: string; readonly record: SampleRecord } | null;
  /** Earlier results, to be used if no file changed; null: measure again. */
  readonly cache: { readonly answers: AuditCache; readonly isFresh: boolean } | null;
}

/** What the data rules find in a sample and not in the baseline, and the other way round. */
export interface FindingDrift {
  readonly fresh: readonly Finding[];
  readonly gone: readonly Finding[];
}

/** The result of an audit. */
export interface Audited {
  readonly answer: AuditAnswer;
  readonly stage: Stage | null;
  readonly split: 'train' | 'eval' | null;
  /** The source of each entry of the config, by name. */
  readonly sources: Readonly<Record<string, string>>;
  /** Of the data rules about this sample; without a config, of those that need nothing else. */
  readonly findings: readonly Finding[];
  readonly rules: readonly RuleStatus[];
  /** Null without a baseline or a config. */
  readonly drift: FindingDrift | null;
  readonly notices: readonly Message[];
}

/**
 * Audits a sample file: its metrics, and the findings of the data rules of its stage.
 * @throws FailureError if the sample file cannot be read, or changes while it is audited
 */
export async function auditSample(
  options: AuditOptions,
  access: DataAccess,
  call: Partial<CallContext>,
): Promise<Audited> {
  const { of, record } = options;
  const lock = record.lock;
  const split = of?.split ?? splitOf(lock?.split) ?? (of ? 'train' : null);
  const resolved = of ? await stageJob(of, split, access).resolve({ fresh: true, forAudit: true, ...call }) : null;
  const request = requestOf(options, resolved);
  const { answer, refs } = await measured(options, request, resolved, access, call);
  const given = options.isConfigured === true ? null : options.sample;
  const linted = of
    ? await lintSample(of, { sample: options.sample, given, found: answer.sample, split }, access, call)
    : await lintAlone({ sample: options.sample, found: answer.sample, unit: impliedUnit(answer) }, access, call);
  const { baseline } = options;
  const before =
    of && baseline && answer.baseline
      ? await lintSample(
          of,
          {
            sample: baseline.sample,
            given: baseline.sample,
            found: answer.baseline,
            split: splitOf(baseline.record.lock?.split) ?? split,
          },
          access,
          call,
        )
      : null;
  // The rules have read the state that was measured, or this fails.
  for (const ref of refs) await access.engine.call('open', { ref }, call);
  return {
    answer,
    stage: of?.stage ?? stageOf(lock?.stage),
    split,
    sources: Object.fromEntries((resolved?.plan?.entries ?? []).map(({ name, source }) => [name, source])),
    ...linted,
    drift: before && driftOf(linted.findings, before.findings),
    notices: [
      ...record.notices,
      ...(baseline?.record.notices ?? []),
      ...(resolved?.problems.filter(({ refusal }) => refusal !== null).map((problem) => problem.message) ?? []),
      ...unitNotice(answer.sample, request),
      ...answer.notices,
    ],
  };
}

/** The unit of the times, if the audit inferred it. */
function unitNotice({ columns: { time } }: SampleColumns, { known }: AuditRequest): readonly Message[] {
  if (!time?.name || time.unit === undefined || time.unit === known.names.time?.unit) return [];
  return [message('The integers in {0} are read as {1} since 1970, by their size', time.name, time.unit)];
}

/** The request for the engine that measures a sample, with the data of its stage. */
export async function auditRequestOf(
  options: AuditOptions,
  access: DataAccess,
  call: Partial<CallContext>,
): Promise<AuditRequest> {
  const { of } = options;
  const resolved = of ? await stageJob(of, of.split, access).resolve({ fresh: true, forAudit: true, ...call }) : null;
  const request = requestOf(options, resolved);
  const dataset = await access.engine.call('open', { ref: request.ref }, call);
  return { ...request, known: await withTimeUnit(request, dataset, access, call) };
}

const splitOf = (text: string | undefined): 'train' | 'eval' | null =>
  text === 'train' || text === 'eval' ? text : null;
export const stageOf = (text: string | undefined): Stage | null => stages.find((stage) => stage === text) ?? null;

function stageJob({ config, stage }: AuditedStage, split: 'train' | 'eval' | null, access: DataAccess): StageJob {
  return new StageJob(config, stage, split === null ? {} : { split }, access);
}

function requestOf(
  { sample, of, record: { lock }, set, stored = {}, declared = {}, by, input, baseline }: AuditOptions,
  resolved: ResolvedStage | null,
): AuditRequest {
  const entry = of ? datasetEntry(of.config.read.config, sampleName(of.stage)) : undefined;
  const isLayout = (text: string | undefined): text is 'long' | 'wide' | 'grouped' =>
    text === 'long' || text === 'wide' || text === 'grouped';
  const layout = [lock?.output.layout, entry?.layout].find(isLayout) ?? null;
  const names = of ? namesOf(of) : declaredNames(declared);
  const reason = resolved?.problems.at(-1)?.message;
  return {
    ref: { id: `audit ${sample}`, path: sample },
    known: { set, stored, names, layout },
    timezone: of?.config.read.config.timezone ?? 'UTC',
    plan: resolved?.plan ?? null,
    data: resolved?.request?.data ?? null,
    missingReason: resolved === null || resolved.request !== null ? null : (reason ?? message('Nothing can be drawn')),
    choices: resolved?.choices ?? null,
    by,
    recorded: lock
      ? lock.entries.map(({ name, drawn, shortfalls, effectiveShare = null }) => ({
          entry: name,
          drawn,
          shortfalls,
          effectiveShare,
        }))
      : null,
    ...(input ? { input } : {}),
    baseline: baseline
      ? {
          ref: { id: `audit baseline ${baseline.sample}`, path: baseline.sample },
          known: { set, names, layout: [baseline.record.lock?.output.layout].find(isLayout) ?? null },
        }
      : null,
  };
}

/** Names of the columns that the config gives, or that sampling would give. */
function namesOf({ config, stage }: AuditedStage): KnownColumns['names'] {
  const names = outputNames(config.read.config, stage);
  const known = auditRoles.flatMap((role): readonly (readonly [AuditRole, NamedColumn])[] => {
    const declared = dataColumn(config.read.config, sampleName(stage), role);
    const name = role === 'split' ? undefined : (declared?.name ?? names[role]);
    if (name === undefined) return [];
    const { unit, type } = declared ?? {};
    return [[role, { name, ...(unit ? { unit } : {}), ...(type ? { type } : {}) }]];
  });
  return Object.fromEntries(known);
}

function declaredNames(declared: NonNullable<AuditOptions['declared']>): KnownColumns['names'] {
  return Object.fromEntries(
    Object.entries(declared).flatMap(([name, role]) => (role === null ? [] : [[role, { name }]])),
  );
}

/** If the times are integers and no config names their unit: also the unit, by the size of the largest one. */
async function withTimeUnit(
  { ref, known }: Pick<AuditRequest, 'ref' | 'known'>,
  dataset: Dataset,
  { engine }: DataAccess,
  call: Partial<CallContext>,
): Promise<KnownColumns> {
  const { name = null, unit } = sampleColumns(dataset.columns, known).columns.time ?? {};
  const column = dataset.columns.find((one) => one.name === name);
  if (name === null || unit !== undefined || column?.type.kind !== 'integer') return known;
  const ranges = await columnRanges(engine, ref, dataset, [name], call);
  const likely = likelyEpochUnit(ownValue(ranges, name)?.max);
  return likely === null ? known : { ...known, names: { ...known.names, time: { name, unit: likely } } };
}

/** The cached result for the same files, or a new one. `refs`: the sample and the baseline in the measured state. */
async function measured(
  { cache }: AuditOptions,
  request: AuditRequest,
  resolved: ResolvedStage | null,
  access: DataAccess,
  call: Partial<CallContext>,
): Promise<{ readonly answer: AuditAnswer; readonly refs: readonly DatasetRef[] }> {
  // The references of the inputs have fingerprints. With its own, a sample must not change before it is measured.
  const pin = async (own: Pick<AuditRequest, 'ref' | 'known'>): Promise<Pick<AuditRequest, 'ref' | 'known'>> => {
    const dataset = await access.engine.call('open', { ref: own.ref }, call);
    const ref = { ...own.ref, fingerprint: dataset.fingerprint };
    return { ref, known: await withTimeUnit({ ref, known: own.known }, dataset, access, call) };
  };
  const baseline = request.baseline ? await pin(request.baseline) : null;
  const { ref, known: columns } = await pin(request);
  const pinned: AuditRequest = { ...request, ref, known: columns, baseline };
  const known = cache === null || cache.isFresh ? null : cache.answers.get(pinned);
  const answer = known ?? (await ask(pinned, resolved, access, call));
  cache?.answers.keep(pinned, answer);
  return { answer, refs: baseline ? [ref, baseline.ref] : [ref] };
}

/** Asks the engine. If an input of the stage is damaged, the sample is audited without the inputs. */
async function ask(
  request: AuditRequest,
  resolved: ResolvedStage | null,
  { engine }: DataAccess,
  call: Partial<CallContext>,
): Promise<AuditAnswer> {
  try {
    return await engine.call('audit', request, call);
  } catch (error) {
    if (!(error instanceof FailureError) || request.data === null || !isDamage(error.failure, request)) throw error;
    const less = resolved?.withoutDamaged(error.failure) ?? null;
    if (less)
      return await ask(
        { ...request, data: less.request.data, choices: less.choices ?? null },
        less,
        { engine } as DataAccess,
        call,
      );
    return await engine.call('audit', { ...request, data: null, missingReason: error.failure.message }, call);
  }
}

const damage: readonly Failure['code'][] = [
  'corrupt',
  'truncated',
  'encrypted',
  'wrong-format',
  'not-found',
  'changed',
];

function isDamage({ code, place }: Failure, { ref, baseline }: AuditRequest): boolean {
  const where = place?.dataset ?? place?.path;
  const samples = [ref.path, ...(baseline ? [baseline.ref.path] : [])];
  return (
    damage.includes(code) &&
    where !== undefined &&
    !samples.some((sample) => where === sample || where.startsWith(sample + path.sep))
  );
}

/** Findings are the same if a rule reports them at the same place; the counts in their texts differ. */
function driftOf(now: readonly Finding[], then: readonly Finding[]): FindingDrift {
  const key = ({ rule, range: { start } }: Finding): string => `${rule} ${start.line} ${start.character}`;
  const without = (some: readonly Finding[], others: readonly Finding[]): readonly Finding[] => {
    const known = new Set(others.map(key));
    return some.filter((finding) => !known.has(key(finding)));
  };
  return { fresh: without(now, then), gone: without(then, now) };
}

/**
 * Findings of the data rules and of the rule of labels, as `recsample lint --facts data` reports them, about this file.
 */
async function lintSample(
  { config: { source }, stage }: AuditedStage,
  {
    sample,
    given,
    found,
    split,
  }: {
    readonly sample: string;
    readonly given: string | null;
    readonly found: SampleColumns;
    readonly split: 'train' | 'eval' | null;
  },
  { engine, cache }: DataAccess,
  call: Partial<CallContext>,
): Promise<Pick<Audited, 'findings' | 'rules'>> {
  const { path: file, root, text, language, variables } = source;
  if (file === null) return { findings: [], rules: [] };
  const folder = path.dirname(file);
  return await dataRules(
    { path: file, text, language },
    {
      root,
      ...(given === null ? {} : { given }),
      readText: policyTextWithin(root),
      adapt: (config) => auditedConfig(config, stage, { file: sample, folder, found }),
      ...(variables ? { set: variables } : {}),
      ...(split === null ? {} : { split }),
      engine,
      cache,
      // The file exists, so it does not matter whether the config could be sampled again.
      rules: rules.filter(({ id }) => id !== dataRefused.id),
      ...call,
    },
    ({ kind, id }) => kind === 'data' || id === labelDomain.id,
  );
}

/** Findings of the rules that the rows of a file alone are enough for. */
async function lintAlone(
  { sample, found, unit }: { readonly sample: string; readonly found: SampleColumns; readonly unit: Value },
  { engine, cache }: DataAccess,
  call: Partial<CallContext>,
): Promise<Pick<Audited, 'findings' | 'rules'>> {
  const folder = path.dirname(sample);
  const known = unit === 'positive' || unit === 'impression' ? unit : null;
  return await dataRules(
    { path: sample, text: 'version: 1\n', language: 'yaml' },
    {
      root: folder,
      given: sample,
      readText: policyTextWithin(null),
      adapt: () => configOfSample({ file: sample, folder, found }, known),
      engine,
      cache,
      rules: rules.filter(({ alone }) => alone === true),
      ...call,
    },
    ({ alone }) => alone === true,
  );
}

/** The unit that the rows of a file show; null if they do not. */
function impliedUnit({ metrics }: AuditAnswer): Value {
  const implied = metrics.find(({ metric }) => metric === 'implied');
  const unit = implied?.state === 'measured' ? implied.figures.find(({ id }) => id === 'unit') : undefined;
  return unit?.value ?? null;
}

async function dataRules(
  file: LintedFile,
  options: Omit<LintOptions, 'level' | 'trusted'>,
  isAsked: (rule: Rule) => boolean,
): Promise<Pick<Audited, 'findings' | 'rules'>> {
  const linted = await lintFile(file, { level: 'data', trusted: true, ...options });
  const asked = new Set<string>(rules.flatMap((rule) => (isAsked(rule) ? [rule.id] : [])));
  return {
    findings: linted.findings.filter(({ rule }) => asked.has(rule)),
    rules: linted.rules.filter(({ rule }) => asked.has(rule)),
  };
}
