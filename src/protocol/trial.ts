import * as v from 'valibot';
import type { TrialReport } from '../core/trial/report.ts';
import type { ConfigText } from './preview.ts';
import { takes, type NotificationsOf, type RequestsOf } from './schema/accept.ts';
import { configText } from './schema/preview.ts';
import { count, list, longText, object, text } from './schema/shapes.ts';
import { trialOptions, type trialNotifications } from './schema/trial.ts';

/** Where a trial is. `done`: finished runs by arm, out of `runs` each. */
export interface TrialProgress {
  readonly phase: 'reading' | 'tuning' | 'training' | 'comparing';
  readonly done: readonly number[];
  readonly runs: number;
}

/** What the user chooses in the panel. */
export type TrialOptions = v.InferOutput<typeof trialOptions>;

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
export const trialRequests = {
  /**
   * First request of a new webview, also of one that VS Code made again because the panel moved to another window: then
   * it has the last report.
   */
  start: takes(v.null()).gives<TrialStart & { readonly reported: ReportedTrial | null }>(),
  /** Trains and compares the configs; progress carries `trial`. */
  run: takes(object({ configs: list(configText), options: trialOptions, all: v.boolean() })).gives<TrialReport>(),
  /** Native quick pick of another config. Null if dismissed. `configs`: those that the trial has already. */
  pickConfig: takes(object({ configs: list(configText) })).gives<ConfigText | null>(),
  openConfig: takes(object({ config: configText, line: v.nullable(count) })).gives<null>(),
  /** Native save dialog; then writes the last report as one HTML file. False if dismissed. */
  saveReport: takes(v.null()).gives<boolean>(),
  /** Native save dialog; then writes the text. False if dismissed. */
  saveText: takes(object({ name: text, text: longText })).gives<boolean>(),
  showLog: takes(v.null()).gives<null>(),
};
export type TrialRequests = RequestsOf<typeof trialRequests>;

/** Host → panel. */
export interface TrialEvents {
  /** The text or the data of a config changed. */
  changed: { readonly uri: string | null };
}

/** Panel → host. */
export type TrialNotifications = NotificationsOf<typeof trialNotifications>;
