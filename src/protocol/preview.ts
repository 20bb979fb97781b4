import type { InferOutput } from 'valibot';
import type { Range } from '../core/config/span.ts';
import type { Stage } from '../core/schema/stage.ts';
import type { StagePlan } from '../core/sampling/plan/stagePlan.ts';
import type { SourceFamily } from '../core/source/source.ts';
import type { Comparison } from '../core/sampling/compare.ts';
import type { Failure } from '../core/message/failure.ts';
import type { Message } from '../core/message/message.ts';
import type { FoundUser, PairExplanation, Preview } from './sampling.ts';
import type { NotificationsOf, RequestsOf } from './schema/accept.ts';
import type {
  compareParams,
  configText,
  pairParams,
  previewNotifications,
  previewParams,
  previewRequestParams,
  previewSide,
  previewState,
  samplerParams,
  turnParams,
  usersParams,
} from './schema/preview.ts';

/**
 * Sampling a ratio config: what the host asks the language server, which knows the text of the editor, reads it, looks at its files and asks
 * the engine. The same names as requests of the preview's webview, which the host passes on.
 */
export const samplingWire = {
  /** `SamplerParams` → `SamplerSummary`. Opens no data. */
  sampler: 'recsample/sampler',
  /** `PreviewParams` → `PreviewAnswer`. */
  preview: 'recsample/preview',
  /** `UsersParams` → `FoundUser[]`. */
  users: 'recsample/users',
  /** `PairParams` → `PairExplanation`. */
  explain: 'recsample/explain',
  /** `CompareParams` → `CompareAnswer`. */
  compare: 'recsample/compare',
  /** `TurnParams` → `TurnEdits | null`: null where a knob is gone. Changes nothing: the client makes the edits. */
  turn: 'recsample/turn',
  /** Server → client, notification without parameters: data files changed, or may be opened now; what was drawn from them is out of date. */
  dataChanged: 'recsample/dataChanged',
} as const;

/** A text of a config: that of the editor, else that on the disk. */
export type ConfigText = InferOutput<typeof configText>;

/** A stage of a config, with what the preview tries instead of what the config says. */
export type SamplerParams = InferOutput<typeof samplerParams>;

/** What can be drawn, and what of it can be moved. */
export interface SamplerSummary {
  readonly uri: string;
  readonly name: string;
  /** Stages of the config, in the order of the funnel. */
  readonly stages: readonly Stage[];
  /** Null where too little of the stage is sound. */
  readonly plan: StagePlan | null;
  /** Seed and epoch of the config itself. */
  readonly seed: string | null;
  readonly epoch: number;
  /** Values that sliders move, in the order of the text. */
  readonly knobs: readonly Knob[];
  /** What was left out of the plan and why, or why there is none. */
  readonly problems: readonly SamplerProblem[];
}
export interface SamplerProblem {
  readonly message: Message;
  /** Where it stands; null where it is nowhere in the text. */
  readonly range: Range | null;
}

/** A number of the config. `id` is stable while the text keeps its keys. `max` of whole numbers grows with the value: keep it while a slider is held. */
export interface Knob {
  readonly id: string;
  readonly kind: 'share' | 'count' | 'perGroup' | 'exponent' | 'downsample';
  /** Name of the entry; null for those of the stage. */
  readonly entry: string | null;
  readonly source: string | null;
  readonly family: SourceFamily | null;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly range: Range;
}

export type TurnParams = InferOutput<typeof turnParams>;
/** Edits of the text that the request names, each inside one line. They do not overlap. */
export interface TurnEdits {
  readonly edits: readonly { readonly range: Range; readonly text: string }[];
}

export type PreviewParams = InferOutput<typeof previewParams>;
export interface PreviewAnswer {
  readonly sampler: SamplerSummary;
  readonly preview: Preview;
}
export type UsersParams = InferOutput<typeof usersParams>;
export type PairParams = InferOutput<typeof pairParams>;
export type CompareParams = InferOutput<typeof compareParams>;
export interface CompareAnswer {
  readonly a: PreviewAnswer;
  readonly b: PreviewAnswer;
  readonly comparison: Comparison;
}

/** Requests of the preview webview. */
export type PreviewRequests = RequestsOf<
  typeof previewRequestParams,
  {
    /** First request of a fresh webview. */
    start: PreviewStart;
    sampler: SamplerSummary;
    preview: PreviewAnswer;
    users: readonly FoundUser[];
    explain: PairExplanation;
    /** `own`: the side that the panel previews. */
    compare: CompareAnswer;
    /**
     * Writes numbers of the config in place, keeping comments and layout: an edit of the document that can be undone, not a save. All between two
     * `settle` is one step of undo, and depends on its last values alone. False where the text changed meanwhile and the knob is gone.
     */
    turn: boolean;
    undo: null;
    /** Asks where the sample file of the stage goes, and writes it, beside the preview. */
    generate: null;
    /** Native quick pick of users: search in the data. Null when dismissed. */
    pickUsers: readonly FoundUser[] | null;
    /** Native quick pick of what a side of a comparison shows: an earlier text of its config, or another config. Null when dismissed. */
    pickConfig: ConfigText | null;
    /** Goes to a place of the config, beside the preview. */
    reveal: null;
    /** Native diff of two texts of configs. */
    showDiff: null;
    copyText: null;
    /** Native save dialog, then the text in that file, in UTF-8. `name`: suggested, without folder. False when dismissed. */
    saveText: boolean;
    showLog: null;
  }
>;

export interface PreviewStart {
  readonly config: ConfigText;
  readonly stage: Stage;
  /** Remembered for this config's data. */
  readonly users: readonly string[];
  /** What to open with: the preview, a comparison, or the question about a pair. */
  readonly mode: 'preview' | 'compare' | 'explain';
  readonly state: PreviewState | null;
}

/** Host → preview. */
export interface PreviewEvents {
  /** The text of a config, or its data, is other than before: ask again. */
  changed: { uri: string };
  /** The config is gone, or the preview cannot go on. */
  failed: { failure: Failure };
  /** `other`: what to compare with, where that was asked for already. */
  command: { name: 'newSeed' | 'compare' | 'explain' | 'addUser'; other?: PreviewSide };
}

/** Preview → host. */
export type PreviewNotifications = NotificationsOf<typeof previewNotifications>;

/** One side of a comparison. */
export type PreviewSide = InferOutput<typeof previewSide>;

/** What survives a window reload. Unknown versions are dropped. */
export type PreviewState = InferOutput<typeof previewState>;
