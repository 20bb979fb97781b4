import * as v from 'valibot';
import type { StarterFiles } from '../core/config/starterColumns.ts';
import { starterDatasets } from '../core/config/starterData.ts';
import { factLevels } from '../core/data/facts.ts';
import type { TrialReport } from '../core/trial/report.ts';
import type { AuditView, InferredView, RecordedStage } from './auditView.ts';
import type { CallContext, EngineMethod } from './engine.ts';
import type { ConfigSummary, ValidateAllResult, ValidateResult } from './language.ts';
import type { CompareAnswer, ExtractSummary, KnobEdits, PreviewAnswer, SamplerSummary, Split } from './preview.ts';
import type { FoundItem, FoundUser, PairExplanation, SampleFormat, SampleSummary, UserStory } from './sampling.ts';
import { takes, type RequestRow, type RequestsOf } from './schema/accept.ts';
import {
  configText,
  itemsEntries,
  knobEntries,
  pairEntries,
  previewEntries,
  samplerEntries,
  samplerParams,
  split,
  storyEntries,
  usersEntries,
} from './schema/preview.ts';
import { auditChoices, auditRolesByColumn, list, object, rolesByColumn, stage, text } from './schema/shapes.ts';
import { trialParams } from './schema/trial.ts';

/** The possible targets of a stage. */
export interface SampleOffer {
  /**
   * Absolute path of the file, or of the folder, that the config names for the stage, or the default if it names none.
   * Null if the config names no single file in a writable format, or no folder, inside the workspace.
   */
  readonly file: string | null;
  /** True if the config names no path for the stage. */
  readonly isDefault: boolean;
  /** True if the stage is written to a folder of files, not to a single file. */
  readonly folder: boolean;
  /** Formats that support the layout of the config. */
  readonly formats: readonly SampleFormat[];
  /** Splits for which the config has a window. */
  readonly splits: readonly Split[];
}

export interface GeneratedSample {
  /** Absolute path. */
  readonly file: string;
  readonly summary: SampleSummary;
  /** The complete report, as the command line prints it, in the client's language. */
  readonly report: string;
}

export interface SparkJobText {
  readonly text: string;
  /** Folders that Spark writes: the result, and intermediate tables. */
  readonly output: string;
  readonly work: string;
}

/** A config, by the `uri` of its document or by its absolute `path`. */
const ofConfig = <const E extends v.ObjectEntries>(entries: E) =>
  v.union([object({ uri: text, ...entries }), object({ path: text, ...entries })]);

/** How much of the data to read; less if the workspace is not trusted or the file system is virtual. */
const level = v.picklist(factLevels);

/** The folder of an extract of a Spark job. Its files replace the data files of the config. */
const source = { extract: v.exactOptional(text) } as const;
const side = object({ ...samplerEntries, ...source });

/** A request that reads rows of a stage. */
const ofRows = <const E extends v.ObjectEntries, const M extends EngineMethod>(entries: E, shownAs: M) =>
  takes(object({ ...entries, ...source }), { shownAs });

/** Absolute paths of the data sets of a new config. */
const newConfigData = object({
  impressions: v.exactOptional(text),
  items: v.exactOptional(text),
  users: v.exactOptional(text),
  candidates: v.exactOptional(text),
  rejections: v.exactOptional(text),
});

/**
 * Requests of a client of the language server, in addition to LSP. A client that does not know them still gets
 * diagnostics, hover, completion and all other LSP features. `shownAs`: the status item lists the request while it
 * runs, with the label of this engine request. `isOnce`: it is not repeated if the answer is lost.
 */
export const serverRequests = {
  /** Publishes the findings. */
  validate: takes(ofConfig({ level })).gives<ValidateResult>(),
  /** Publishes the findings. */
  validateAll: takes(object({ configs: list(ofConfig({})), level })).gives<ValidateAllResult>(),
  configSummary: takes(ofConfig({})).gives<ConfigSummary>(),
  /** Opens no data. */
  sampler: takes(samplerParams).gives<SamplerSummary>(),
  extract: takes(object({ config: configText, folder: text }), { shownAs: 'manifest' }).gives<ExtractSummary>(),
  preview: ofRows(previewEntries, 'preview').gives<PreviewAnswer>(),
  users: ofRows(usersEntries, 'sampleUsers').gives<readonly FoundUser[]>(),
  items: ofRows(itemsEntries, 'sampleItems').gives<readonly FoundItem[]>(),
  story: ofRows(storyEntries, 'userStory').gives<UserStory>(),
  explain: ofRows(pairEntries, 'explainPair').gives<PairExplanation>(),
  compare: takes(object({ a: side, b: side, users: list(text) }), { shownAs: 'preview' }).gives<CompareAnswer>(),
  /** Null if a knob no longer exists. Changes nothing: the client applies the edits. */
  setKnobs: takes(object(knobEntries)).gives<KnobEdits | null>(),
  /** Opens no data. Fails if the stage cannot be written in its current state. */
  sampleOffer: takes(samplerParams).gives<SampleOffer>(),
  /** `file`: absolute path; null for the file that the config names. */
  generate: takes(object({ ...samplerEntries, split, file: v.nullable(text) }), {
    shownAs: 'sample',
    isOnce: true,
  }).gives<GeneratedSample>(),
  /** Opens no data. */
  sparkJobOffer: takes(samplerParams).gives<Pick<SampleOffer, 'splits'>>(),
  /** Opens files for the types of their columns. The host writes the file of the job. */
  sparkJob: takes(object({ ...samplerEntries, ending: v.picklist(['.sql', '.py']) }), {
    shownAs: 'sparkInputs',
  }).gives<SparkJobText>(),
  /** Writes nothing. */
  trial: takes(trialParams, { shownAs: 'trial' }).gives<TrialReport>(),
  /**
   * Reads a sample file or folder, `path`, and the data of its config. `of`: a config that names this file as the
   * sample file of a stage. `stored`, `declared`: roles that the user set in the inspector, and that configs declare,
   * by column name.
   */
  audit: takes(
    object({
      path: text,
      of: v.nullable(object({ config: configText, stage })),
      ...auditChoices,
      stored: v.exactOptional(auditRolesByColumn),
      declared: v.exactOptional(auditRolesByColumn),
    }),
    { shownAs: 'audit' },
  ).gives<AuditView>(),
  /** Reads the lock file of a sample file, of a folder of samples, or of a file in one. */
  recorded: takes(object({ path: text })).gives<RecordedStage>(),
  /** Reads a sample file, `path`, and the data sets that it was drawn from. `target`: of the config to be written. */
  infer: takes(object({ path: text, data: newConfigData, target: text }), {
    shownAs: 'inferDraws',
  }).gives<InferredView>(),
  /** Reads the data sets of a new config. `set`: roles that the user or a config gives, by the entry of `data`. */
  starter: takes(
    object({
      stages: list(stage),
      data: newConfigData,
      set: v.record(v.picklist(starterDatasets), rolesByColumn),
      target: text,
    }),
    { shownAs: 'profile' },
  ).gives<StarterFiles>(),
} satisfies Readonly<Record<string, RequestRow & { readonly shownAs?: EngineMethod; readonly isOnce?: true }>>;

type ServerTable = RequestsOf<typeof serverRequests>;
export type ServerRequest = keyof ServerTable;
export type ServerParams<R extends ServerRequest> = ServerTable[R]['params'];
export type ServerResult<R extends ServerRequest> = ServerTable[R]['result'];

/** How the server answers each request. `call` has the progress of the client that made a token for it. */
export type ServerAnswers = {
  readonly [R in ServerRequest]: (params: ServerParams<R>, call: CallContext) => Promise<ServerResult<R>>;
};

/** The name of a request on the connection host ⇄ server. */
export const wireName = <R extends ServerRequest>(request: R) => `recsample/${request}` as const;
