import path from 'node:path';
import type { Figure, MetricTable, Value } from '../../core/audit/metric.ts';
import type { KnownColumns } from '../../core/audit/sampleColumns.ts';
import { wilsonInterval } from '../../core/statistics/wilsonInterval.ts';
import type { Estimate, InferredEntry, InferredFacts, InferredSequence } from '../../core/report/inferredFacts.ts';
import { readConfig } from '../../core/config/read.ts';
import { starterConfig } from '../../core/config/starter.ts';
import type { StarterFiles } from '../../core/config/starterColumns.ts';
import { starterDatasets, type StarterDataset, type StarterFile } from '../../core/config/starterData.ts';
import { firstAndLastDay } from '../../core/config/starterTime.ts';
import { datasetEntry } from '../../core/data/dataColumns.ts';
import { fail } from '../../core/message/failure.ts';
import { message, render, type Message } from '../../core/message/message.ts';
import { ownValue } from '../../core/ownValue.ts';
import type { Stage } from '../../core/schema/stage.ts';
import type { AuditAnswer } from '../../protocol/audit.ts';
import type { CallContext } from '../../protocol/engine.ts';
import type { InferAnswer } from '../../protocol/infer.ts';
import { openConfig } from '../stage/configSource.ts';
import type { DataAccess } from '../stage/stageJob.ts';
import { auditRequestOf, type AuditOptions } from './auditJob.ts';
import { starterFile, starterFiles } from './starterFile.ts';

export interface InferOptions {
  /** The sample file; absolute. */
  readonly sample: string;
  /** The data sets that it was drawn from; absolute. */
  readonly data: Readonly<Partial<Record<StarterDataset, string>>>;
  /** Absolute path of the new config. Its data paths are relative to its folder. */
  readonly target: string;
  /** The folder that must contain the data. */
  readonly root: string | null;
  /** Null: to be inferred. */
  readonly stage: Stage | null;
  /** Roles that the user set, by column name. */
  readonly set: KnownColumns['set'];
}

export interface InferredSample {
  readonly facts: InferredFacts;
  readonly data: StarterFiles;
}

/**
 * Infers how a finished sample was drawn, from its rows and the data sets that it was drawn from.
 * @throws FailureError if there is no log, or if a file cannot be read
 */
export async function inferSample(
  options: InferOptions,
  access: DataAccess,
  call: Partial<CallContext>,
): Promise<InferredSample> {
  if (options.data.impressions === undefined)
    throw fail('bad-request', message('The exposure log is needed to infer how {0} was drawn', options.sample), {
      place: { path: options.sample },
      advice: message('Name the log: {0}.', '--data impressions=PATH'),
    });
  const folder = path.dirname(options.target);
  const relative = (file: string): string => path.relative(folder, file).split(path.sep).join('/');
  const { engine } = access;
  const files = await starterFiles(engine, { paths: options.data, target: options.target }, call);
  const sampleFile = await starterFile(engine, { id: `infer ${options.sample}`, path: options.sample }, '', call);
  const inputs = { data: files, days: daysOf(sampleFile, options.set) };
  const draft = options.stage ?? (files.items ? 'recall' : files.candidates ? 'coarse_ranking' : 'fine_ranking');
  const first = await measure(options, draft, inputs, access, call);
  const { stage, because } = stageOf(options.stage, first, files);
  const { answer, draws } = stage === draft ? first : await measure(options, stage, inputs, access, call);
  return {
    data: files,
    facts: factsOf({ answer, draws, stage, because, files, sampleFile, sample: relative(options.sample) }),
  };
}

/** Absolute paths of the data sets of a config. `file`: absolute path of the config. */
export function dataPaths(text: string, file: string): InferOptions['data'] {
  const { config } = readConfig(text, { language: /\.json$/i.test(file) ? 'json' : 'yaml' });
  return Object.fromEntries(
    starterDatasets.flatMap((name) => {
      const dataPath = datasetEntry(config, name)?.path;
      return dataPath === undefined ? [] : [[name, path.resolve(path.dirname(file), dataPath)] as const];
    }),
  );
}

interface Measurements {
  readonly answer: AuditAnswer;
  readonly draws: InferAnswer;
}

/** Measures the sample against a draft of the config: its data sets, its event, and the days of the sample. */
async function measure(
  options: InferOptions,
  stage: Stage,
  { data, days }: { readonly data: StarterFiles; readonly days: Days },
  access: DataAccess,
  call: Partial<CallContext>,
): Promise<Measurements> {
  const { sample, target, root, set } = options;
  const window = days ? ['window:', [`train: {from: ${days.first}, to: ${days.last}}`]] : [];
  const text = starterConfig({ stages: [stage], data, seed: 'draft' }, render, { window });
  const config = openConfig({ path: target, name: target, text, language: 'yaml', root });
  const audit: AuditOptions = {
    sample,
    of: { config, stage, split: 'train' },
    record: { lock: null, config: null, notices: [] },
    by: null,
    set,
    cache: null,
  };
  const request = await auditRequestOf(audit, access, call);
  if (request.data === null && request.missingReason !== null)
    throw fail('bad-request', request.missingReason, { place: { path: sample } });
  const answer = await access.engine.call('audit', request, call);
  const exponent = exponentOf(answer);
  // If the interval contains 0, the draws are taken as uniform.
  const usedExponent = exponent === null ? null : exponent.low <= 0 ? 0 : exponent.value;
  return { answer, draws: await access.engine.call('inferDraws', { ...request, exponent: usedExponent }, call) };
}

type Days = InferredFacts['days'];

/** The days of the sample, from the column that holds its times. */
function daysOf(sample: StarterFile, set: KnownColumns['set']): Days {
  const name =
    Object.entries(set).find(([, role]) => role === 'time')?.[0] ??
    sample.columns.find(({ role, name: column }) => role?.role === 'time' && !Object.hasOwn(set, column))?.name;
  return name === undefined ? null : firstAndLastDay(ownValue(sample.ranges, name));
}

/** Maximum share of negatives outside of the candidates in a sample of coarse ranking. */
const MAX_OTHER_SHARE = 0.01;
const cascadeSources = ['ranked_unexposed', 'coarse_filtered'];

function stageOf(
  requested: Stage | null,
  { answer, draws }: Measurements,
  data: StarterFiles,
): { readonly stage: Stage; readonly because: Message } {
  if (requested !== null) return { stage: requested, because: message('The stage was given') };
  if (figureOf(answer, 'implied', 'unit')?.value === 'impression')
    return {
      stage: 'fine_ranking',
      because: message('Fine ranking: the rows are exposures of the log, also where nothing was chosen'),
    };
  if (draws.sources.some(({ source }) => cascadeSources.includes(source)))
    return { stage: 'coarse_ranking', because: message('Coarse ranking: the file names sources of the cascade') };
  const classes = rowsOf(answer, 'implied', 'classes');
  const share = (name: string): number =>
    classes.reduce((sum, row) => sum + (row['class'] === name ? Number(row['share']) : 0), 0);
  if (
    data.candidates &&
    share('candidate') > MAX_OTHER_SHARE &&
    share('corpus_only') + share('unknown') <= MAX_OTHER_SHARE
  )
    return {
      stage: 'coarse_ranking',
      because: message('Coarse ranking: nearly all negatives are candidates or exposures'),
    };
  return { stage: 'recall', because: message('Recall: negatives are drawn from the corpus') };
}

interface Inferred extends Measurements {
  readonly stage: Stage;
  readonly because: Message;
  readonly files: StarterFiles;
  readonly sampleFile: StarterFile;
  readonly sample: string;
}

function factsOf({ answer, draws, stage, because, files, sampleFile, sample }: Inferred): InferredFacts {
  const usual = figureOf(answer, 'group_sizes', 'usual')?.value;
  const share = figureOf(answer, 'group_sizes', 'usual_share')?.value;
  const [where = null] = draws.constant;
  return {
    stage,
    stageBecause: because,
    sample: { path: sample, layout: answer.sample.layout, columns: answer.sample.columns },
    copiedColumns: copiedColumns(sampleFile, answer, files),
    days: daysIn(answer),
    sequences: sequencesIn(answer),
    unit: unitOf(answer),
    perPositive: estimateOf(figureOf(answer, 'implied', 'ratio')),
    usual: typeof usual === 'number' && typeof share === 'number' ? { size: usual, share } : null,
    isInferred: isUnnamed(answer),
    entries: entriesOf(answer, draws),
    chosenNegatives: chosenOf(answer),
    byChance: draws.byChance,
    exponent: exponentOf(answer),
    positives: draws.positives,
    where,
    viewed: draws.viewed,
    keptShare: keptOf(answer, draws),
    weight: draws.weights,
  };
}

/** True if the sample has no columns for the entry or source of its negatives. */
const isUnnamed = ({ sample: { columns } }: AuditAnswer): boolean =>
  columns.entry === undefined && columns.source === undefined;

/** Popularity exponent over all unexposed negatives; null if it is unknown, or if the sample names its sources. */
function exponentOf(answer: AuditAnswer): Estimate | null {
  return isUnnamed(answer) ? estimateOf(figureOf(answer, 'exponent', 'exponent')) : null;
}

const units = ['positive', 'request', 'impression'] as const;

/** The unit of the groups. If it is not implied, groups without a positive mean request; otherwise null. */
function unitOf(answer: AuditAnswer): InferredFacts['unit'] {
  const implied = figureOf(answer, 'implied', 'unit')?.value;
  const unit = units.find((candidate) => candidate === implied) ?? null;
  const withoutPositive = Number(figureOf(answer, 'rows', 'groups_without_positive')?.value ?? 0);
  return unit ?? (withoutPositive > 0 ? 'request' : null);
}

function sequencesIn(answer: AuditAnswer): readonly InferredSequence[] {
  return rowsOf(answer, 'sequences', 'lists').map((row) => {
    const numberOf = (id: string): number | null => (typeof row[id] === 'number' ? row[id] : null);
    const textOf = (id: string): string | null => (typeof row[id] === 'string' ? row[id] : null);
    return {
      name: textOf('sequence') ?? '',
      event: textOf('event'),
      longest: numberOf('longest') ?? 0,
      isNewestFirst: row['order'] === 'newest_first',
      dedup: textOf('repeats'),
      youngest: numberOf('youngest'),
    };
  });
}

function entriesOf(answer: AuditAnswer, draws: InferAnswer): readonly InferredEntry[] {
  const groups = rowsOf(answer, 'cascade', 'entries');
  const attributeRows = rowsOf(answer, 'difficulty', 'attributes');
  const sources = new Map(draws.sources.map(({ entry, source }) => [entry, source]));
  return rowsOf(answer, 'mix', 'entries').flatMap((row): readonly InferredEntry[] => {
    const { entry: name, rows, share, low, high } = row;
    if (typeof name !== 'string' || Number(rows ?? 0) === 0) return [];
    const group = groups.find(({ entry }) => entry === name);
    return [
      {
        name,
        source: sources.get(name) ?? name,
        share: { value: Number(share), low: Number(low), high: Number(high) },
        rows: Number(rows),
        perGroup: group ? { p5: Number(group['p5']), p50: Number(group['p50']), p95: Number(group['p95']) } : null,
        sharedAttributes: attributeRows.flatMap(({ entry, attribute, same }) =>
          entry === name && same === 1 && typeof attribute === 'string' ? [attribute] : [],
        ),
        pool: draws.popularity.find(({ entry }) => entry === name) ?? null,
      },
    ];
  });
}

/** Counts negatives that their user chose earlier or in the same request. Null if this was not measured. */
function chosenOf(answer: AuditAnswer): InferredFacts['chosenNegatives'] {
  const entries = rowsOf(answer, 'false_negatives', 'entries');
  if (entries.length === 0) return null;
  const sum = (count: (row: Row) => number): number => entries.reduce((total, row) => total + count(row), 0);
  return {
    rows: sum(({ earlier = 0, same_request: inRequest = 0 }) => Number(earlier) + Number(inRequest)),
    total: sum(({ rows = 0 }) => Number(rows)),
  };
}

/** Share of unclicked exposures that were kept as negatives, on the days of the sample. Null if unknown. */
function keptOf(answer: AuditAnswer, { unclicked, viewed }: InferAnswer): Estimate | null {
  const negatives = Number(figureOf(answer, 'rows', 'negatives')?.value ?? 0);
  const total = viewed !== null && viewed.viewed === viewed.rows ? (unclicked.viewed ?? unclicked.all) : unclicked.all;
  if (total === 0 || negatives > total) return null;
  return { value: negatives / total, ...wilsonInterval(negatives, total) };
}

function daysIn(answer: AuditAnswer): Days {
  const day = (id: string): string | null => {
    const value = figureOf(answer, 'time', id)?.value;
    return typeof value === 'string' ? value.slice(0, 10) : null;
  };
  const [first, last] = [day('first'), day('last')];
  return first === null || last === null ? null : { first, last };
}

/** Columns of the sample that have no role and also exist in the items or users. */
function copiedColumns(file: StarterFile, { sample }: AuditAnswer, { items, users }: StarterFiles): readonly string[] {
  const roleColumns = new Set(
    Object.values(sample.columns).flatMap((column) => [column.name ?? '', column.negatives ?? '']),
  );
  const sourceNames = new Set([items, users].flatMap((source) => source?.columns.map(({ name }) => name) ?? []));
  return file.columns.flatMap(({ name }) => (!roleColumns.has(name) && sourceNames.has(name) ? [name] : []));
}

type Row = Readonly<Record<string, Value>>;

/** The rows of a metric table as records; empty if the metric was not measured. */
function rowsOf({ metrics }: AuditAnswer, metric: string, id: string): readonly Row[] {
  const result = metrics.find((entry) => entry.metric === metric);
  const table: MetricTable | undefined =
    result?.state === 'measured' ? result.tables.find((candidate) => candidate.id === id) : undefined;
  return (table?.rows ?? []).map((row) =>
    Object.fromEntries((table?.columns ?? []).map((column, k) => [column.id, row[k] ?? null])),
  );
}

function figureOf({ metrics }: AuditAnswer, metric: string, id: string): Figure | undefined {
  const result = metrics.find((entry) => entry.metric === metric);
  return result?.state === 'measured' ? result.figures.find((figure) => figure.id === id) : undefined;
}

function estimateOf(figure: Figure | undefined): Estimate | null {
  if (typeof figure?.value !== 'number') return null;
  return { value: figure.value, low: figure.low ?? figure.value, high: figure.high ?? figure.value };
}
