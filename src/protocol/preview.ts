import type { Range } from '../core/config/span.ts';
import type { Stage } from '../core/config/stage.ts';
import type { StagePlan } from '../core/sampling/plan/stagePlan.ts';
import type { SourceFamily } from '../core/sampling/source.ts';
import type { Comparison } from '../core/sampling/compare.ts';
import type { Failure } from '../core/report/failure.ts';
import type { Message } from '../core/report/message.ts';
import type { FoundUser, PairExplanation, Preview, UserChoice } from './sampling.ts';

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

/** A config as it stands in the editor, else on the disk; `saved`: on the disk, whatever the editor holds. */
export interface ConfigText {
  readonly uri: string;
  readonly saved?: boolean;
}

/** A stage of a config, with what the preview tries instead of what the config says. */
export interface SamplerParams {
  readonly config: ConfigText;
  readonly stage: Stage;
  /** Instead of the config's. */
  readonly seed?: string;
  readonly epoch?: number;
}

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

export interface TurnParams {
  readonly config: ConfigText;
  readonly stage: Stage;
  readonly values: readonly { readonly id: string; readonly value: number }[];
}
/** Edits of the text at that version; null where it is that of the disk. They do not overlap. */
export interface TurnEdits {
  readonly version: number | null;
  readonly edits: readonly { readonly range: Range; readonly text: string }[];
}

export interface PreviewParams extends SamplerParams {
  readonly users: readonly string[];
  readonly groupLimit: number | null;
}
export interface PreviewAnswer {
  readonly sampler: SamplerSummary;
  readonly preview: Preview;
}
export interface UsersParams extends SamplerParams {
  readonly choice: UserChoice;
  readonly limit: number;
  readonly without: readonly string[];
}
export interface PairParams extends SamplerParams {
  readonly user: string;
  readonly item: string;
}
export interface CompareParams {
  readonly a: SamplerParams;
  readonly b: SamplerParams;
  readonly users: readonly string[];
}
export interface CompareAnswer {
  readonly a: PreviewAnswer;
  readonly b: PreviewAnswer;
  readonly comparison: Comparison;
}

/** Requests of the preview webview. */
export interface PreviewRequests {
  /** First request of a fresh webview. */
  start: { params: null; result: PreviewStart };
  sampler: { params: SamplerParams; result: SamplerSummary };
  preview: { params: PreviewParams; result: PreviewAnswer };
  users: { params: UsersParams; result: readonly FoundUser[] };
  explain: { params: PairParams; result: PairExplanation };
  /** `own`: the side that the panel previews. */
  compare: { params: CompareParams & { readonly own: 'a' | 'b' }; result: CompareAnswer };
  /**
   * Writes numbers of the config in place, keeping comments and layout: an edit of the document that can be undone, not a save. Knobs moved
   * between two `settle` are one step of undo. False where the text changed meanwhile and the knob is gone.
   */
  turn: { params: TurnParams & { readonly settle: boolean }; result: boolean };
  undo: { params: { config: ConfigText }; result: null };
  /** Asks where the sample file of the stage goes, and writes it, beside the preview. */
  generate: { params: SamplerParams; result: null };
  /** Native quick pick of users: search in the data. Null when dismissed. */
  pickUsers: { params: SamplerParams & { readonly without: readonly string[] }; result: readonly FoundUser[] | null };
  /** Native quick pick of a config to compare with; null when dismissed. */
  pickConfig: { params: { readonly config: ConfigText }; result: ConfigText | null };
  /** Goes to a place of the config, beside the preview. */
  reveal: { params: { config: ConfigText; range: Range }; result: null };
  /** Native diff of two texts of configs. */
  showDiff: { params: { a: ConfigText; b: ConfigText }; result: null };
  copyText: { params: { text: string }; result: null };
  /** Native save dialog, then the text in that file, in UTF-8. `name`: suggested, without folder. False when dismissed. */
  saveText: { params: { name: string; text: string }; result: boolean };
  showLog: { params: null; result: null };
}

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
export interface PreviewNotifications {
  /** Users to remember. */
  users: { config: ConfigText; users: readonly string[] };
  /** An answer is painted: the signal that tests and the log wait for. */
  painted: { stage: Stage; users: number; negatives: number; milliseconds: number };
}

/** One side of a comparison. */
export interface PreviewSide {
  readonly config: ConfigText;
  readonly seed: string | null;
}

/** What survives a window reload. Unknown versions are dropped. */
export interface PreviewState {
  readonly version: 1;
  readonly config: ConfigText;
  readonly stage: Stage;
  /** Instead of the config's; null: as the config says. */
  readonly seed: string | null;
  /** Instead of the config's; null: as the config says. */
  readonly epoch: number | null;
  readonly users: readonly string[];
  readonly user: string | null;
  readonly mode: 'preview' | 'compare' | 'explain';
  /** The other side of a comparison. `seed`: of its own; null: that of this side. */
  readonly other: PreviewSide | null;
  /** True where this side is A; else the other one is, and this is B. */
  readonly swapped: boolean;
}
