import type { InferOutput } from 'valibot';
import type { TrialReport } from '../core/trial/report.ts';
import type { ConfigText } from './preview.ts';
import type { NotificationsOf, RequestsOf } from './schema/accept.ts';
import type { trialNotifications, trialOptions, trialParams, trialRequestParams } from './schema/trial.ts';

/** The request for a trial: configs whose samples train a probe model. */
export const trialWire = {
  /** `TrialParams` → `TrialReport` of `core/trial/report.ts`. Writes nothing. */
  trial: 'recsample/trial',
} as const;

/** Configs and options of a trial. The first config is the reference. */
export type TrialParams = InferOutput<typeof trialParams>;

/** Where a trial is. `done`: finished runs by arm, out of `runs` each. */
export interface TrialProgress {
  readonly phase: 'reading' | 'tuning' | 'training' | 'comparing';
  readonly done: readonly number[];
  readonly runs: number;
}

/** What the user chooses in the panel. */
export type TrialOptions = InferOutput<typeof trialOptions>;

/** What the panel begins with. */
export interface TrialStart {
  readonly configs: readonly ConfigText[];
  readonly options: TrialOptions;
  /** False: after a window reload, the user starts the run. */
  readonly runs: boolean;
}

/** The last report. `isStale`: configs, their texts, data or options have changed since. */
interface ReportedTrial {
  readonly report: TrialReport;
  readonly isStale: boolean;
}

/** Requests of the panel. */
export type TrialRequests = RequestsOf<
  typeof trialRequestParams,
  {
    /**
     * First request of a new webview, also of one that VS Code made again because the panel moved to another window:
     * then it has the last report.
     */
    start: TrialStart & { readonly reported: ReportedTrial | null };
    /** Trains and compares the configs; progress carries `trial`. */
    run: TrialReport;
    /** Native quick pick of another config. Null if dismissed. */
    pickConfig: ConfigText | null;
    openConfig: null;
    /** Native save dialog; then writes the last report as one HTML file. False if dismissed. */
    saveReport: boolean;
    /** Native save dialog; then writes the text. False if dismissed. */
    saveText: boolean;
    showLog: null;
  }
>;

/** Host → panel. */
export interface TrialEvents {
  /** The text or the data of a config changed. */
  changed: { readonly uri: string | null };
}

/** Panel → host. */
export type TrialNotifications = NotificationsOf<typeof trialNotifications>;
