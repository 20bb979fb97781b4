import type { InferOutput } from 'valibot';
import type { DatasetName } from '../core/config/definition/data.ts';
import type { CountKey } from '../core/config/entries.ts';
import type { Range } from '../core/config/span.ts';
import type { Stage } from '../core/schema/stage.ts';
import type { FactLevel } from '../core/data/facts.ts';
import type { Finding, RuleStatus, Severity } from '../core/policy/finding.ts';
import type { Failure } from '../core/message/failure.ts';
import type { Role } from '../core/table/role.ts';
import type { SourceFamily } from '../core/source/source.ts';
import type { languageParams, serverParams } from './schema/language.ts';
import type { EngineSettings } from './wire.ts';

/**
 * What a client of the language server and the server say to each other beyond the Language Server Protocol. A client that knows
 * none of it gets diagnostics, hover, completion and the rest all the same.
 */
export const languageWire = {
  /** Client → server, request: `ValidateParams` → `ValidateResult`. Publishes what it finds. */
  validate: 'recsample/validate',
  /** Client → server, request: `ValidateAllParams` → `ValidateAllResult`. Publishes what it finds. */
  validateAll: 'recsample/validateAll',
  /** Client → server, request: `ConfigParams` → `ConfigSummary`. */
  configSummary: 'recsample/configSummary',
  /** Server → client, notification: `ConfigChanged`. */
  configChanged: 'recsample/configChanged',
  /** Client → server, notification: `TrustParams`. */
  trust: 'recsample/trust',
  /** Client → server, notification without parameters: data files may have changed in a way that no watcher saw. */
  refreshFacts: 'recsample/refreshFacts',
} as const;

/** `initializationOptions` of the server. Every key may be missing: other editors send what their users wrote, or nothing. */
export interface InitializationOptions extends Partial<EngineSettings> {
  /** Language of messages; wins over the `locale` of `initialize`. `en` or `zh-cn`; anything else that begins with `zh` is Chinese. */
  readonly locale?: string;
  /** False in Restricted Mode: no file is opened until the notification `trust`. True where it is missing. */
  readonly trusted?: boolean;
  /** Address of a rule's page, where `{rule}` stands for its id: `recsample-rule:/{rule}.md`. Missing: that of the published pages, if any. */
  readonly rulePage?: string;
  /** Commands that the client has registered. A lens or an action is offered only where its command is among them. */
  readonly commands?: readonly string[];
}

/** Commands of the client that lenses and actions name, with their arguments. */
export const languageCommands = {
  /** `[uri: string]`: validate this config with data facts and say how it went. */
  validate: 'recsample.validate',
  /** `[uri: string, stage: string]`: preview what a stage draws for users. */
  preview: 'recsample.preview',
  /** `[uri: string, stage: string]`: write the sample file of a stage. */
  generate: 'recsample.generateSampleFile',
  /** `[path: string]`: inspect this file. */
  inspect: 'recsample.inspect',
  /** `[rule: string]`: show the page of this rule. */
  openRulePage: 'recsample.openRulePage',
  /** VS Code's own: propose again. */
  suggest: 'editor.action.triggerSuggest',
} as const;

/** Names a config by the `uri` of its document, or by its absolute `path`. */
export type ConfigParams = InferOutput<typeof languageParams.configSummary>;

export type FindingCounts = Readonly<Record<Severity, number>>;

export type ValidateParams = InferOutput<typeof languageParams.validate>;
export interface ValidateResult {
  readonly uri: string;
  readonly findings: readonly Finding[];
  readonly counts: FindingCounts;
  readonly rules: readonly RuleStatus[];
  /** What was really looked at. */
  readonly level: FactLevel;
}

export type ValidateAllParams = InferOutput<typeof languageParams.validateAll>;
export interface ValidateAllResult {
  /** In the order asked. */
  readonly files: readonly (
    | { readonly uri: string; readonly counts: FindingCounts; readonly checked: boolean }
    | { readonly uri: string; readonly failure: Failure }
  )[];
  readonly counts: FindingCounts;
}

/** A config as the tree and the glance show it. Ranges are those of the text as the server knows it: of the editor where it is open. */
export interface ConfigSummary {
  readonly uri: string;
  /** In the order of the funnel. */
  readonly stages: readonly StageSummary[];
  /** Findings of the whole config, also those of no stage: those that are published for it. */
  readonly counts: FindingCounts;
  /** False while some rules could not run: then no findings do not mean that there are none. */
  readonly checked: boolean;
  /** What the findings know of the data. */
  readonly level: FactLevel;
  /** Data sets that it names, of those that were looked at and are there; for the list of samples. */
  readonly datasets: readonly DatasetSummary[];
}

export interface DatasetSummary {
  readonly name: DatasetName;
  /** Absolute path of a file or folder, or a glob. */
  readonly path: string;
  /** Roles that the config declares. `line`: in its text, from 1. */
  readonly columns: readonly { readonly name: string; readonly role: Role; readonly line: number }[];
}

export interface StageSummary {
  readonly name: Stage;
  /** Null where it is missing or wrong. */
  readonly unit: 'positive' | 'request' | 'impression' | null;
  /** The count key that says what `total` and the quotas count by; null where there is none. */
  readonly countKey: CountKey | null;
  /** Negatives per group, all entries together; null where it cannot be told, and in the unit impression. */
  readonly total: number | null;
  /** Rows of the sample file, where the positives were counted. `atMost`: positives are thinned out, so there will be fewer. */
  readonly rows: { readonly count: number; readonly atMost: boolean } | null;
  /** Of the key of the stage. */
  readonly range: Range;
  /** In the order of the text. */
  readonly entries: readonly EntrySummary[];
  /** Findings of the stage, its entries included. */
  readonly counts: FindingCounts;
}

export interface EntrySummary {
  readonly name: string;
  /** Name of the source; null where there is no such source. */
  readonly source: string | null;
  readonly family: SourceFamily | null;
  /** As written; null where the entry has a count, or no sound share. */
  readonly share: number | null;
  /** Negatives per group that the entry is asked for; null where it cannot be told. */
  readonly quota: number | null;
  /** Of the key of the entry. */
  readonly range: Range;
  /** Findings within the entry. */
  readonly counts: FindingCounts;
}

/** The summary of a config changed. Sent right after its findings are published, so that both are of one moment. */
export interface ConfigChanged {
  readonly uri: string;
  /** Null where the server keeps the config no longer. */
  readonly summary: ConfigSummary | null;
}

export type TrustParams = InferOutput<typeof serverParams.trust>;
