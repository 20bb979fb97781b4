import path from 'node:path';
import type { AuditRole, DeclaredSequence, KnownColumns, NamedColumn } from '../../core/audit/sampleColumns.ts';
import { auditRoles, sampleColumns, type SampleColumns } from '../../core/audit/sampleColumns.ts';
import { likelyEpochUnit } from '../../core/table/epoch.ts';
import type { Value } from '../../core/audit/metric.ts';
import { dataColumn, datasetEntry, declaredSequences, sampleName } from '../../core/data/dataColumns.ts';
import { isSampleLayout } from '../../core/schema/sampleLayout.ts';
import { sequencesOf } from '../../core/data/sequences.ts';
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
  /** Null: the split of the lock file, or train without one. */
  readonly split: 'train' | 'eval' | null;
}

export interface AuditOptions {
  /** Absolute. */
  readonly sample: string;
  /** The config names the sample, not the user: the data rules follow no link out of the project. Default: false. */
  readonly isConfigured?: boolean;
  /** Null if no config is known; then only metrics that need none are measured. */
  readonly of: AuditedStage | null;
  readonly record: SampleRecord;
  /** `day`, `split`, or a column. */
  readonly by: string | null;
  /** Roles that the user set, by column name. */
  readonly set: KnownColumns['set'];
  /** Sequences that the user named. They replace sequences of the config with the same names. */
  readonly sequences?: readonly DeclaredSequence[];
  /** Roles that the user set in the inspector, by column name. */
  readonly stored?: NonNullable<KnownColumns['stored']>;
  /** Roles that configs of the workspace declare, by column name. Used only if `of` is null. */
  readonly declared?: NonNullable<KnownColumns['stored']>;
  /** How items of the corpus are weighted as the input of recall. Default: `uniform`. */
  readonly input?: 'uniform' | 'impressions';
  /** Another sample of the same stage to compare with; its path is absolute. */
  readonly baseline?: { readonly sample: string; readonly record: SampleRecord } | null;
  /** Earlier results, reused if no file has changed. `isFresh`: measure again, then store. Null: no cache. */
  readonly cache: { readonly answers: AuditCache; readonly isFresh: boolean } | null;
}

/** Findings in the sample only (`fresh`) and in the baseline only (`gone`). */
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
  /** Findings of the data rules; without a config, only of rules that need just the sample. */
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
  const { answer, refs } = await measure(options, request, resolved, access, call);
  const userFile = options.isConfigured === true ? null : options.sample;
  const linted = of
    ? await lintSample(of, { sample: options.sample, given: userFile, found: answer.sample, split }, access, call)
    : await lintAlone({ sample: options.sample, found: answer.sample, unit: impliedUnit(answer) }, access, call);
  const { baseline } = options;
  const baselineLint =
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
  // Fails if a file changed in between, so that findings and metrics describe the same rows.
  for (const ref of refs) await access.engine.call('open', { ref }, call);
  return {
    answer,
    stage: of?.stage ?? stageOf(lock?.stage),
    split,
    sources: Object.fromEntries((resolved?.plan?.entries ?? []).map(({ name, source }) => [name, source])),
    ...linted,
    drift: baselineLint && driftOf(linted.findings, baselineLint.findings),
    notices: [
      ...record.notices,
      ...(baseline?.record.notices ?? []),
      ...(resolved?.problems.filter(({ refusal }) => refusal !== null).map((problem) => problem.message) ?? []),
      ...unitNotice(answer.sample, request),
      ...sequenceNotices(answer.sample, request),
      ...answer.notices,
    ],
  };
}

/** A notice with the unit of the times, if the audit inferred it. */
function unitNotice({ columns: { time } }: SampleColumns, { known }: AuditRequest): readonly Message[] {
  if (!time?.name || time.unit === undefined || time.unit === known.names.time?.unit) return [];
  return [message('The integers in {0} are read as {1} since 1970, by their size', time.name, time.unit)];
}

/** Notices with the lists that the audit takes for parts of a sequence by their values. */
function sequenceNotices({ sequences = [] }: SampleColumns, { known }: AuditRequest): readonly Message[] {
  const declared = new Set(known.sequences?.map(({ name }) => name));
  return sequences.flatMap(({ name, columns }) =>
    declared.has(name)
      ? []
      : columns.map((list) =>
          message('{0} is read as {1} of a sequence, by its values', list.name, `${name}.${list.role}`),
        ),
  );
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
  {
    sample,
    of,
    record: { lock },
    set,
    sequences: own = [],
    stored = {},
    declared = {},
    by,
    input,
    baseline,
  }: AuditOptions,
  resolved: ResolvedStage | null,
): AuditRequest {
  const entry = of ? datasetEntry(of.config.read.config, sampleName(of.stage)) : undefined;
  const layout = [lock?.output.layout, entry?.layout].find(isSampleLayout) ?? null;
  const names = of ? namesOf(of) : declaredNames(declared);
  const reason = resolved?.problems.at(-1)?.message;
  const ofConfig = of ? declaredSequences(of.config.read.config, sampleName(of.stage)) : [];
  const sequences = [...ofConfig.filter(({ name }) => own.every((other) => other.name !== name)), ...own];
  return {
    ref: { id: `audit ${sample}`, path: sample },
    known: { set, stored, names, layout, sequences },
    timezone: of?.config.read.config.timezone ?? 'UTC',
    plan: resolved?.plan ?? null,
    data: resolved?.request?.data ?? null,
    missingReason: resolved === null || resolved.request !== null ? null : (reason ?? message('Nothing can be drawn')),
    ...(of ? { sequences: sequencesOf(of.config.read.config) } : {}),
    ...(resolved?.stepLog ? { stepLog: resolved.stepLog } : {}),
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
          known: { set, names, layout: [baseline.record.lock?.output.layout].find(isSampleLayout) ?? null, sequences },
        }
      : null,
  };
}

/** Column names by role: those that the config declares, or else those that sampling would write. */
function namesOf({ config, stage }: AuditedStage): KnownColumns['names'] {
  const names = outputNames(config.read.config, stage);
  const entries = auditRoles.flatMap((role): readonly (readonly [AuditRole, NamedColumn])[] => {
    const declared = dataColumn(config.read.config, sampleName(stage), role);
    const name = role === 'split' ? undefined : (declared?.name ?? names[role]);
    if (name === undefined) return [];
    const { unit, type } = declared ?? {};
    return [[role, { name, ...(unit ? { unit } : {}), ...(type ? { type } : {}) }]];
  });
  return Object.fromEntries(entries);
}

function declaredNames(declared: NonNullable<AuditOptions['declared']>): KnownColumns['names'] {
  return Object.fromEntries(
    Object.entries(declared).flatMap(([name, role]) => (role === null ? [] : [[role, { name }]])),
  );
}

/** Adds the unit of integer times, guessed from the largest one, if no config declares it. */
async function withTimeUnit(
  { ref, known }: Pick<AuditRequest, 'ref' | 'known'>,
  dataset: Dataset,
  { engine }: DataAccess,
  call: Partial<CallContext>,
): Promise<KnownColumns> {
  const { name = null, unit } = sampleColumns(dataset.columns, known).columns.time ?? {};
  const column = dataset.columns.find((candidate) => candidate.name === name);
  if (name === null || unit !== undefined || column?.type.kind !== 'integer') return known;
  const ranges = await columnRanges(engine, ref, dataset, [name], call);
  const likely = likelyEpochUnit(ownValue(ranges, name)?.max);
  return likely === null ? known : { ...known, names: { ...known.names, time: { name, unit: likely } } };
}

/** The cached result for the same files, or a new one. `refs`: the sample and the baseline in the measured state. */
async function measure(
  { cache }: AuditOptions,
  request: AuditRequest,
  resolved: ResolvedStage | null,
  access: DataAccess,
  call: Partial<CallContext>,
): Promise<{ readonly answer: AuditAnswer; readonly refs: readonly DatasetRef[] }> {
  // With a fingerprint, like the inputs have, the engine fails if the sample changes before it is measured.
  const pin = async (source: Pick<AuditRequest, 'ref' | 'known'>): Promise<Pick<AuditRequest, 'ref' | 'known'>> => {
    const dataset = await access.engine.call('open', { ref: source.ref }, call);
    const ref = { ...source.ref, fingerprint: dataset.fingerprint };
    return { ref, known: await withTimeUnit({ ref, known: source.known }, dataset, access, call) };
  };
  const baseline = request.baseline ? await pin(request.baseline) : null;
  const { ref, known: columns } = await pin(request);
  const pinned: AuditRequest = { ...request, ref, known: columns, baseline };
  const cached = cache === null || cache.isFresh ? null : cache.answers.get(pinned);
  const answer = cached ?? (await ask(pinned, resolved, access, call));
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
    const undamaged = resolved?.withoutDamaged(error.failure) ?? null;
    if (undamaged) {
      const { stepLog: _damaged, ...others } = request;
      const { choices = null, stepLog, request: drawn } = undamaged;
      const reduced = { ...others, data: drawn.data, choices, ...(stepLog ? { stepLog } : {}) };
      return await ask(reduced, undamaged, { engine } as DataAccess, call);
    }
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

/** Compares findings by rule and position, because the counts in their messages differ. */
function driftOf(current: readonly Finding[], baseline: readonly Finding[]): FindingDrift {
  const key = ({ rule, range: { start } }: Finding): string => `${rule} ${start.line} ${start.character}`;
  const notIn = (findings: readonly Finding[], others: readonly Finding[]): readonly Finding[] => {
    const otherKeys = new Set(others.map(key));
    return findings.filter((finding) => !otherKeys.has(key(finding)));
  };
  return { fresh: notIn(current, baseline), gone: notIn(baseline, current) };
}

/**
 * Findings about this sample as `recsample lint --facts data` reports them: of the data rules and the label rule.
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

/** Findings of the rules that need no config, only the rows of the sample. */
async function lintAlone(
  { sample, found, unit }: { readonly sample: string; readonly found: SampleColumns; readonly unit: Value },
  { engine, cache }: DataAccess,
  call: Partial<CallContext>,
): Promise<Pick<Audited, 'findings' | 'rules'>> {
  const folder = path.dirname(sample);
  const groupUnit = unit === 'positive' || unit === 'impression' ? unit : null;
  return await dataRules(
    { path: sample, text: 'version: 1\n', language: 'yaml' },
    {
      root: folder,
      given: sample,
      readText: policyTextWithin(null),
      adapt: () => configOfSample({ file: sample, folder, found }, groupUnit),
      engine,
      cache,
      rules: rules.filter(({ alone }) => alone === true),
      ...call,
    },
    ({ alone }) => alone === true,
  );
}

/** The unit (positive, request or impression) implied by the rows of a file; null if unclear. */
function impliedUnit({ metrics }: AuditAnswer): Value {
  const implied = metrics.find(({ metric }) => metric === 'implied');
  const unit = implied?.state === 'measured' ? implied.figures.find(({ id }) => id === 'unit') : undefined;
  return unit?.value ?? null;
}

async function dataRules(
  file: LintedFile,
  options: Omit<LintOptions, 'level' | 'trusted'>,
  isIncluded: (rule: Rule) => boolean,
): Promise<Pick<Audited, 'findings' | 'rules'>> {
  const linted = await lintFile(file, { level: 'data', trusted: true, ...options });
  const ids = new Set<string>(rules.flatMap((rule) => (isIncluded(rule) ? [rule.id] : [])));
  return {
    findings: linted.findings.filter(({ rule }) => ids.has(rule)),
    rules: linted.rules.filter(({ rule }) => ids.has(rule)),
  };
}
