import type { InferOutput } from 'valibot';
import type { Range } from '../core/config/span.ts';
import type { Stage } from '../core/schema/stage.ts';
import type { StagePlan } from '../core/sampling/plan/stagePlan.ts';
import type { SourceFamily } from '../core/source/source.ts';
import type { Comparison } from '../core/sampling/compare.ts';
import type { Split } from './generate.ts';
import type { Failure } from '../core/message/failure.ts';
import type { Message } from '../core/message/message.ts';
import type { FoundItem, FoundUser, PairExplanation, Preview, UserStory } from './sampling.ts';
import type { NotificationsOf, RequestsOf } from './schema/accept.ts';
import type {
  compareParams,
  configText,
  itemsParams,
  pairParams,
  previewNotifications,
  previewParams,
  previewRequestParams,
  previewSide,
  previewState,
  samplerParams,
  samplingParams,
  setKnobsParams,
  storyParams,
  usersParams,
} from './schema/preview.ts';

/**
 * Requests to sample a ratio config. The host asks the language server, which knows the editor's text, reads the
 * config, probes its files and asks the engine. The preview webview uses the same request names; the host passes them
 * on.
 */
export const samplingWire = {
  /** `SamplerParams` → `SamplerSummary`. Opens no data. */
  sampler: 'recsample/sampler',
  /** `ExtractParams` → `ExtractSummary`. */
  extract: 'recsample/extract',
  /** `PreviewParams` → `PreviewAnswer`. */
  preview: 'recsample/preview',
  /** `UsersParams` → `FoundUser[]`. */
  users: 'recsample/users',
  /** `ItemsParams` → `FoundItem[]`. */
  items: 'recsample/items',
  /** `StoryParams` → `UserStory`. */
  story: 'recsample/story',
  /** `PairParams` → `PairExplanation`. */
  explain: 'recsample/explain',
  /** `CompareParams` → `CompareAnswer`. */
  compare: 'recsample/compare',
  /**
   * `TurnParams` → `TurnEdits | null`: null if a knob no longer exists. Changes nothing: the client applies the edits.
   */
  setKnobs: 'recsample/setKnobs',
  /**
   * Server → client, notification without parameters: data files changed or may be opened now, so earlier results are
   * out of date.
   */
  dataChanged: 'recsample/dataChanged',
} as const;

/** The text of a config: from the editor if it is open there, else from disk. */
export type ConfigText = InferOutput<typeof configText>;

/** The folder of an extract of a Spark job, for a config. */
export type ExtractParams = InferOutput<typeof samplingParams.extract>;

/** What an extract was written for, and the users that it has. */
export interface ExtractSummary {
  readonly stage: Stage;
  readonly split: Split;
  readonly users: readonly string[];
}

/** Where the rows of a request come from. `extract`: a folder whose files are read in place of those of the config. */
export interface RowsSource {
  readonly extract?: string;
}

/** A stage of a config, with the preview's temporary overrides. */
export type SamplerParams = InferOutput<typeof samplerParams>;

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
  readonly kind: 'share' | 'count' | 'perGroup' | 'exponent' | 'downsample';
  /** Name of the entry; null for a value of the stage. */
  readonly entry: string | null;
  readonly source: string | null;
  readonly family: SourceFamily | null;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly range: Range;
}

export type SetKnobsParams = InferOutput<typeof setKnobsParams>;
/** Edits of the text that the request names. Each is inside one line; they do not overlap. */
export interface KnobEdits {
  readonly edits: readonly { readonly range: Range; readonly text: string }[];
}

export type PreviewParams = InferOutput<typeof previewParams>;
export interface PreviewAnswer {
  readonly sampler: SamplerSummary;
  readonly preview: Preview;
}
export type UsersParams = InferOutput<typeof usersParams>;
export type ItemsParams = InferOutput<typeof itemsParams>;
export type StoryParams = InferOutput<typeof storyParams>;
export type PairParams = InferOutput<typeof pairParams>;
export type CompareParams = InferOutput<typeof compareParams>;
/** The two sides of a comparison, and where the rows of each come from. */
export type ComparedSides = Pick<CompareParams, 'users'> & Readonly<Record<'a' | 'b', SamplerParams & RowsSource>>;
export interface CompareAnswer {
  readonly a: PreviewAnswer;
  readonly b: PreviewAnswer;
  readonly comparison: Comparison;
}

/** Requests of the preview webview. */
export type PreviewRequests = RequestsOf<
  typeof previewRequestParams,
  {
    /** First request of a new webview. */
    start: PreviewStart;
    sampler: SamplerSummary;
    preview: PreviewAnswer;
    users: readonly FoundUser[];
    items: readonly FoundItem[];
    story: UserStory;
    explain: PairExplanation;
    /** `own`: the side that the panel previews. */
    compare: CompareAnswer;
    /**
     * Writes numbers into the config and keeps comments and layout. This is an undoable edit of the document, not a
     * save. All changes up to a `settle` are one undo step; only their last values count. False if the text changed
     * meanwhile and the knob no longer exists.
     */
    setKnobs: boolean;
    undo: null;
    /** Asks for the target of the stage's sample file and writes it, while the preview stays usable. */
    generate: null;
    /** Native quick pick of users, with a search in the data. Null if dismissed. */
    pickUsers: readonly FoundUser[] | null;
    /** The same for one user, also one that is shown already. */
    pickUser: FoundUser | null;
    /**
     * Native quick pick for one side of a comparison: an earlier text of its config, or another config. Null if
     * dismissed.
     */
    pickConfig: ConfigText | null;
    /** Goes to a place in the config, next to the preview. */
    reveal: null;
    trial: null;
    /** Native diff of two config texts. */
    showDiff: null;
    copyText: null;
    /**
     * Native save dialog; then writes the text to that file, in UTF-8. `name`: suggested file name, without folder.
     * False if dismissed.
     */
    saveText: boolean;
    /** Opens the page of a rule. */
    showRule: null;
    showLog: null;
    /** Restarts server and engine, after an engine stopped. */
    restartServer: null;
  }
>;

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
export type PreviewSide = InferOutput<typeof previewSide>;

/** State that survives a window reload. Unknown versions are dropped. */
export type PreviewState = InferOutput<typeof previewState>;
