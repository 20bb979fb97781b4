import path from 'node:path';
import type { Figure, MetricTable, Value } from '../../core/audit/metric.ts';
import type { KnownColumns } from '../../core/audit/sampleColumns.ts';
import { wilsonInterval } from '../../core/statistics/wilsonInterval.ts';
import type { Estimate, InferredEntry, InferredFacts } from '../../core/report/inferredFacts.ts';
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
  /** Where the config will be, absolute; paths of data are relative to its folder. */
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
  const own = await starterFile(engine, { id: `infer ${options.sample}`, path: options.sample }, '', call);
  const world = { data: files, days: daysOf(own, options.set) };
  const draft = options.stage ?? (files.items ? 'recall' : files.candidates ? 'coarse_ranking' : 'fine_ranking');
  const first = await measured(options, draft, world, access, call);
  const { stage, because } = stageOf(options.stage, first, files);
  const { answer, draws } = stage === draft ? first : await measured(options, stage, world, access, call);
  return {
    data: files,
    facts: factsOf({ answer, draws, stage, because, files, own, sample: relative(options.sample) }),
  };
}

/** Absolute paths of the data sets of a config. `file`: of the config, absolute. */
export function dataPaths(text: string, file: string): InferOptions['data'] {
  const { config } = readConfig(text, { language: /\.json$/i.test(file) ? 'json' : 'yaml' });
  return Object.fromEntries(
    starterDatasets.flatMap((name) => {
      const own = datasetEntry(config, name)?.path;
      return own === undefined ? [] : [[name, path.resolve(path.dirname(file), own)] as const];
    }),
  );
}

interface Measurements {
  readonly answer: AuditAnswer;
  readonly draws: InferAnswer;
}

/** Measures the sample against a draft of the config: its data sets, its event, and the days of the sample. */
async function measured(
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
  // An interval with 0 is that of uniform draws.
  const follows = exponent === null ? null : exponent.low <= 0 ? 0 : exponent.value;
  return { answer, draws: await access.engine.call('inferDraws', { ...request, exponent: follows }, call) };
}

type Days = InferredFacts['days'];

/** The days of the sample, from the column that holds its times. */
function daysOf(sample: StarterFile, set: KnownColumns['set']): Days {
  const name =
    Object.entries(set).find(([, role]) => role === 'time')?.[0] ??
    sample.columns.find(({ role, name: own }) => role?.role === 'time' && !Object.hasOwn(set, own))?.name;
  return name === undefined ? null : firstAndLastDay(ownValue(sample.ranges, name));
}

/** Shares of negatives outside of the candidates that a file of coarse ranking may have. */
const fewOthers = 0.01;
const cascadeSources = ['ranked_unexposed', 'coarse_filtered'];

function stageOf(
  given: Stage | null,
  { answer, draws }: Measurements,
  data: StarterFiles,
): { readonly stage: Stage; readonly because: Message } {
  if (given !== null) return { stage: given, because: message('The stage was given') };
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
  if (data.candidates && share('candidate') > fewOthers && share('corpus_only') + share('unknown') <= fewOthers)
    return {
      stage: 'coarse_ranking',
      because: message('Coarse ranking: nearly all negatives are candidates or exposures'),
    };
  return { stage: 'recall', because: message('Recall: negatives are drawn from the corpus') };
}

interface Found extends Measurements {
  readonly stage: Stage;
  readonly because: Message;
  readonly files: StarterFiles;
  readonly own: StarterFile;
  readonly sample: string;
}

function factsOf({ answer, draws, stage, because, files, own, sample }: Found): InferredFacts {
  const usual = figureOf(answer, 'group_sizes', 'usual')?.value;
  const share = figureOf(answer, 'group_sizes', 'usual_share')?.value;
  const [where = null] = draws.constant;
  return {
    stage,
    stageBecause: because,
    sample: { path: sample, layout: answer.sample.layout, columns: answer.sample.columns },
    copied: copiedColumns(own, answer, files),
    days: daysIn(answer),
    unit: unitOf(answer),
    perPositive: estimateOf(figureOf(answer, 'implied', 'ratio')),
    usual: typeof usual === 'number' && typeof share === 'number' ? { size: usual, share } : null,
    isInferred: isUnnamed(answer),
    entries: entriesOf(answer, draws),
    chosen: chosenOf(answer),
    byChance: draws.byChance,
    exponent: exponentOf(answer),
    positives: draws.positives,
    where,
    viewed: draws.viewed,
    kept: keptOf(answer, draws),
    weight: draws.weights,
  };
}

/** Whether the file does not name the sources of its negatives. */
const isUnnamed = ({ sample: { columns } }: AuditAnswer): boolean =>
  columns.entry === undefined && columns.source === undefined;

/** Of all negatives that their user was not shown, if the file does not name sources. */
function exponentOf(answer: AuditAnswer): Estimate | null {
  return isUnnamed(answer) ? estimateOf(figureOf(answer, 'exponent', 'exponent')) : null;
}

const units = ['positive', 'request', 'impression'] as const;

/** Groups without a positive exist only in the units request and impression. */
function unitOf(answer: AuditAnswer): InferredFacts['unit'] {
  const implied = figureOf(answer, 'implied', 'unit')?.value;
  const unit = units.find((one) => one === implied) ?? null;
  const without = Number(figureOf(answer, 'rows', 'groups_without_positive')?.value ?? 0);
  return unit ?? (without > 0 ? 'request' : null);
}

function entriesOf(answer: AuditAnswer, draws: InferAnswer): readonly InferredEntry[] {
  const groups = rowsOf(answer, 'cascade', 'entries');
  const alike = rowsOf(answer, 'difficulty', 'attributes');
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
        same: alike.flatMap(({ entry, attribute, same }) =>
          entry === name && same === 1 && typeof attribute === 'string' ? [attribute] : [],
        ),
        pool: draws.popularity.find(({ entry }) => entry === name) ?? null,
      },
    ];
  });
}

/** Negatives that their user chose before: by the table of the entries, without rows of files that lack them. */
function chosenOf(answer: AuditAnswer): InferredFacts['chosen'] {
  const found = rowsOf(answer, 'false_negatives', 'entries');
  if (found.length === 0) return null;
  const sum = (of: (row: Row) => number): number => found.reduce((all, row) => all + of(row), 0);
  return {
    rows: sum(({ earlier = 0, same_request: inRequest = 0 }) => Number(earlier) + Number(inRequest)),
    of: sum(({ rows = 0 }) => Number(rows)),
  };
}

/** The share of the unclicked exposures of the days that the file has. */
function keptOf(answer: AuditAnswer, { unclicked, viewed }: InferAnswer): Estimate | null {
  const negatives = Number(figureOf(answer, 'rows', 'negatives')?.value ?? 0);
  const all = viewed !== null && viewed.viewed === viewed.rows ? (unclicked.viewed ?? unclicked.all) : unclicked.all;
  if (all === 0 || negatives > all) return null;
  return { value: negatives / all, ...wilsonInterval(negatives, all) };
}

function daysIn(answer: AuditAnswer): Days {
  const day = (id: string): string | null => {
    const value = figureOf(answer, 'time', id)?.value;
    return typeof value === 'string' ? value.slice(0, 10) : null;
  };
  const [first, last] = [day('first'), day('last')];
  return first === null || last === null ? null : { first, last };
}

/** Columns of the sample without a role that the items, or else the users, have too. */
function copiedColumns(own: StarterFile, { sample }: AuditAnswer, { items, users }: StarterFiles): readonly string[] {
  const used = new Set(Object.values(sample.columns).flatMap((column) => [column.name ?? '', column.negatives ?? '']));
  const known = new Set([items, users].flatMap((file) => file?.columns.map(({ name }) => name) ?? []));
  return own.columns.flatMap(({ name }) => (!used.has(name) && known.has(name) ? [name] : []));
}

type Row = Readonly<Record<string, Value>>;

/** A table of a metric as records; empty if it was not measured. */
function rowsOf({ metrics }: AuditAnswer, metric: string, id: string): readonly Row[] {
  const found = metrics.find((one) => one.metric === metric);
  const table: MetricTable | undefined =
    found?.state === 'measured' ? found.tables.find((one) => one.id === id) : undefined;
  return (table?.rows ?? []).map((row) =>
    Object.fromEntries((table?.columns ?? []).map((column, k) => [column.id, row[k] ?? null])),
  );
}

function figureOf({ metrics }: AuditAnswer, metric: string, id: string): Figure | undefined {
  const found = metrics.find((one) => one.metric === metric);
  return found?.state === 'measured' ? found.figures.find((one) => one.id === id) : undefined;
}

function estimateOf(figure: Figure | undefined): Estimate | null {
  if (typeof figure?.value !== 'number') return null;
  return { value: figure.value, low: figure.low ?? figure.value, high: figure.high ?? figure.value };
}
