import * as v from 'valibot';
import type { Range } from '../core/config/span.ts';
import type { Stage } from '../core/schema/stage.ts';
import type { StagePlan } from '../core/sampling/plan/stagePlan.ts';
import type { SourceFamily } from '../core/source/source.ts';
import type { Comparison } from '../core/sampling/compare.ts';
import type { Failure } from '../core/message/failure.ts';
import type { Message } from '../core/message/message.ts';
import type { FoundItem, FoundUser, PairExplanation, Preview, UserStory } from './sampling.ts';
import { takes, type NotificationsOf, type RequestsOf } from './schema/accept.ts';
import {
  configText,
  itemsEntries,
  knobEntries,
  pairEntries,
  previewEntries,
  samplerEntries,
  samplerParams,
  storyEntries,
  usersEntries,
  type previewNotifications,
  type previewSide,
  type previewState,
  type split,
} from './schema/preview.ts';
import { list, longText, object, range, text } from './schema/shapes.ts';

/** The text of a config: from the editor if it is open there, else from disk. */
export type ConfigText = v.InferOutput<typeof configText>;

export type Split = v.InferOutput<typeof split>;

/** What an extract was written for, and the users that it has. */
export interface ExtractSummary {
  readonly stage: Stage;
  readonly split: Split;
  readonly users: readonly string[];
}

/** A stage of a config, with the preview's temporary overrides. */
export type SamplerParams = v.InferOutput<typeof samplerParams>;

/** What can be drawn, and which values can be changed. */
export interface SamplerSummary {
  readonly uri: string;
  readonly name: string;
  /** Stages of the config, in funnel order. */
  readonly stages: readonly Stage[];
  /** Windows of the config that groups can come from. */
  readonly splits: readonly Split[];
  /** Null if the stage has too many errors. */
  readonly plan: StagePlan | null;
  /** Seed and epoch of the config itself. */
  readonly seed: string | null;
  readonly epoch: number;
  /** Values that sliders change, in text order. */
  readonly knobs: readonly Knob[];
  /** What was left out of the plan and why, or why there is no plan. */
  readonly problems: readonly SamplerProblem[];
}
export interface SamplerProblem {
  readonly message: Message;
  /** Place in the text; null if it has no place there. */
  readonly range: Range | null;
}

/**
 * A number in the config. `id` is stable while the keys of the text do not change. `max` of an integer grows with the
 * value, so keep it while the user drags the slider.
 */
export interface Knob {
  readonly id: string;
  /** `length`, `delay`: of a sequence. */
  readonly kind: 'share' | 'count' | 'perGroup' | 'exponent' | 'downsample' | 'length' | 'delay';
  /** Name of the entry or sequence; null for a value of the stage. */
  readonly entry: string | null;
  readonly source: string | null;
  readonly family: SourceFamily | null;
  readonly value: number;
  /** Unit of a duration, as the config writes it: `m`; null for a number. */
  readonly unit: string | null;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly range: Range;
}

/** Edits of the text that the request names. Each is inside one line; they do not overlap. */
export interface KnobEdits {
  readonly edits: readonly { readonly range: Range; readonly text: string }[];
}

export interface PreviewAnswer {
  readonly sampler: SamplerSummary;
  readonly preview: Preview;
}
export interface CompareAnswer {
  readonly a: PreviewAnswer;
  readonly b: PreviewAnswer;
  readonly comparison: Comparison;
}

/** Requests of the preview webview. The host passes those on that the server has too. */
export const previewRequests = {
  /** First request of a new webview. */
  start: takes(v.null()).gives<PreviewStart>(),
  sampler: takes(samplerParams).gives<SamplerSummary>(),
  preview: takes(object(previewEntries)).gives<PreviewAnswer>(),
  users: takes(object(usersEntries)).gives<readonly FoundUser[]>(),
  items: takes(object(itemsEntries)).gives<readonly FoundItem[]>(),
  story: takes(object(storyEntries)).gives<UserStory>(),
  explain: takes(object(pairEntries)).gives<PairExplanation>(),
  /** `own`: the side that the panel previews. */
  compare: takes(
    object({ a: samplerParams, b: samplerParams, users: list(text), own: v.picklist(['a', 'b']) }),
  ).gives<CompareAnswer>(),
  /**
   * Writes numbers into the config and keeps comments and layout. This is an undoable edit of the document, not a save.
   * All changes up to a `settle` are one undo step; only their last values count. False if the text changed meanwhile
   * and the knob no longer exists.
   */
  setKnobs: takes(object({ ...knobEntries, settle: v.boolean() })).gives<boolean>(),
  undo: takes(object({ config: configText })).gives<null>(),
  /** Asks for the target of the stage's sample file and writes it, while the preview stays usable. */
  generate: takes(samplerParams).gives<null>(),
  /** Native quick pick of users, with a search in the data. Null if dismissed. */
  pickUsers: takes(object({ ...samplerEntries, without: list(text) })).gives<readonly FoundUser[] | null>(),
  /** The same for one user, also one that is shown already. */
  pickUser: takes(samplerParams).gives<FoundUser | null>(),
  /**
   * Native quick pick for one side of a comparison: an earlier text of its config, or another config. Null if
   * dismissed. `config`: the text that the side shows now.
   */
  pickConfig: takes(object({ config: configText, side: v.picklist(['a', 'b']) })).gives<ConfigText | null>(),
  /** Goes to a place in the config, next to the preview. */
  reveal: takes(object({ config: configText, range })).gives<null>(),
  /** Opens a trial of the recall stages of these configs. */
  trial: takes(object({ configs: list(configText) })).gives<null>(),
  /** Native diff of two config texts. */
  showDiff: takes(object({ a: configText, b: configText })).gives<null>(),
  copyText: takes(object({ text: longText })).gives<null>(),
  /**
   * Native save dialog; then writes the text to that file, in UTF-8. `name`: suggested file name, without folder. False
   * if dismissed.
   */
  saveText: takes(object({ name: text, text: longText })).gives<boolean>(),
  /** Opens the page of a rule. */
  showRule: takes(object({ rule: text })).gives<null>(),
  showLog: takes(v.null()).gives<null>(),
  /** Restarts server and engine, after an engine stopped. */
  restartServer: takes(v.null()).gives<null>(),
};
export type PreviewRequests = RequestsOf<typeof previewRequests>;
export type PairParams = PreviewRequests['explain']['params'];
export type StoryParams = PreviewRequests['story']['params'];

export interface PreviewStart {
  readonly config: ConfigText;
  readonly stage: Stage;
  /** Users remembered for this config's data; those of the extract. */
  readonly users: readonly string[];
  /** The folder of the extract that is shown, and its split; null: the files of the config. */
  readonly extract: { readonly folder: string; readonly split: Split } | null;
  /** What to open first: the preview, a comparison, or the form to explain a pair. */
  readonly mode: 'preview' | 'compare' | 'explain';
  readonly state: PreviewState | null;
}

/** Host → preview. */
export interface PreviewEvents {
  /** The text of a config or its data changed: ask again. */
  changed: { uri: string };
  /** The config is missing, or the preview cannot continue. */
  failed: { failure: Failure };
  /** `other`: the other side of the comparison, `user`: the user of the story, if they were already chosen. */
  command: { name: 'compare' | 'explain' | 'story' | 'generate'; other?: PreviewSide; user?: string };
}

/** Preview → host. */
export type PreviewNotifications = NotificationsOf<typeof previewNotifications>;

/** One side of a comparison. */
export type PreviewSide = v.InferOutput<typeof previewSide>;

/** State that survives a window reload. Unknown versions are dropped. */
export type PreviewState = v.InferOutput<typeof previewState>;
