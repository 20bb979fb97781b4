import { failureOf, type Failure } from '../../src/core/message/failure.ts';
import { trialSeeds } from '../../src/core/trial/probe.ts';
import type { TrialHide, TrialReport } from '../../src/core/trial/report.ts';
import { mainMetrics, trialMetrics, type TrialMetric } from '../../src/core/trial/trialMetrics.ts';
import type { ConfigText } from '../../src/protocol/preview.ts';
import type {
  TrialEvents,
  TrialNotifications,
  TrialOptions,
  TrialProgress,
  TrialRequests,
} from '../../src/protocol/trial.ts';
import { isCancelled, type Channel } from '../channel.ts';
import { Observable } from '../observable.ts';
import { say, t } from '../strings.ts';

export type TrialChannel = Channel<TrialRequests, TrialEvents, TrialNotifications>;

/** A run in progress. */
export interface TrialRun {
  readonly configs: readonly ConfigText[];
  progress: TrialProgress | null;
  fraction: number | null;
  /** The configs, their text or the options changed since it started, so its report will be stale. */
  isStale: boolean;
}

/** The configs of a trial, its run and its report, and what the user looks at. */
export class TrialModel extends Observable {
  configs: readonly ConfigText[] = [];
  options: TrialOptions = { hide: 'clicked', seeds: trialSeeds.usual, evalWhere: null };
  /** Invalid options, with the reason. */
  readonly invalid = new Map<keyof TrialOptions, { readonly text: string; readonly reason: string }>();
  report: TrialReport | null = null;
  /** Why there is no report. */
  failure: Failure | null = null;
  run: TrialRun | null = null;
  /** True if the configs, their text or the options changed after the report. */
  isStale = false;
  isStopped = false;
  /** The arm that the others are compared with, and the cell that the keys move. */
  reference = 0;
  metric = 0;
  arm = 1;
  asTable = false;
  /** True if the table shows all metrics, not only the main ones. */
  showsAll = false;
  said = '';
  #abort: AbortController | null = null;

  constructor(readonly channel: TrialChannel) {
    super();
    channel.on('changed', ({ uri }) => {
      if (uri === null || this.configs.some((config) => config.uri === uri)) this.#markStale();
    });
  }

  /** Metrics of the report, in the order of the table. */
  get allMetrics(): readonly TrialMetric[] {
    const values = this.report?.values[0] ?? [];
    return trialMetrics.filter(({ id }) => values.some(({ metric }) => metric === id));
  }

  /** Metrics that the table shows. */
  get metrics(): readonly TrialMetric[] {
    return this.showsAll ? this.allMetrics : mainMetrics(this.allMetrics);
  }

  /** The arms that are compared with the reference. */
  get others(): readonly number[] {
    return (this.report?.arms ?? []).flatMap((_, arm) => (arm === this.reference ? [] : [arm]));
  }

  async open(): Promise<void> {
    try {
      const { configs, options, runs, reported } = await this.channel.request('start', null);
      this.configs = configs;
      this.options = options;
      this.report = reported?.report ?? null;
      this.isStale = reported?.isStale ?? false;
      // Otherwise a window reload would not know the configs, and would close the panel.
      this.#save();
      this.changed();
      if (runs && configs.length > 1) await this.start(false);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Trains and compares the configs. `all`: without the limit on positives. */
  async start(all: boolean): Promise<void> {
    if (!this.canRun) return;
    this.cancel();
    const abort = new AbortController();
    this.#abort = abort;
    const run: TrialRun = { configs: this.configs, progress: null, fraction: null, isStale: false };
    Object.assign(this, { run, failure: null, isStopped: false, said: '' });
    this.changed();
    try {
      const { configs, options } = this;
      const report = await this.channel.request(
        'run',
        { configs, options, all },
        {
          signal: abort.signal,
          progress: ({ trial, fraction }) => {
            run.progress = trial ?? run.progress;
            run.fraction = fraction;
            this.changed();
          },
        },
      );
      Object.assign(this, { report, reference: 0, metric: 0, arm: 1, isStale: run.isStale });
    } catch (error) {
      if (this.run !== run) return;
      if (isCancelled(error)) this.isStopped = true;
      else this.#fail(error);
    }
    if (this.run === run) this.run = null;
    this.changed();
  }

  cancel(): void {
    this.#abort?.abort();
    this.#abort = null;
  }

  /** False with fewer than two configs, and while a field is invalid: a run would not use what the field shows. */
  get canRun(): boolean {
    return this.configs.length > 1 && this.invalid.size === 0;
  }

  setHide(hide: TrialHide): void {
    this.#set(this.configs, { ...this.options, hide });
  }

  setSeeds(text: string): void {
    const seeds = /^\d{1,4}$/.test(text.trim()) ? Number(text) : NaN;
    if (seeds >= 1 && seeds <= trialSeeds.most) this.#valid('seeds', { ...this.options, seeds });
    else this.#refuse('seeds', text, t('Seeds: a whole number from 1 to {0}', trialSeeds.most));
  }

  /** `COLUMN=VALUE`, or empty. */
  setSlice(text: string): void {
    const [, column = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text.trim()) ?? [];
    if (text.trim() === '') this.#valid('evalWhere', { ...this.options, evalWhere: null });
    else if (column.trim() !== '')
      this.#valid('evalWhere', { ...this.options, evalWhere: { column: column.trim(), value: value.trim() } });
    else this.#refuse('evalWhere', text, t('Random slice: COLUMN=VALUE, such as {0}', 'is_random=1'));
  }

  remove(config: ConfigText): void {
    this.#set(
      this.configs.filter((one) => one !== config),
      this.options,
    );
  }

  async add(): Promise<void> {
    await this.act(async () => {
      const picked = await this.channel.request('pickConfig', { configs: this.configs });
      if (picked) this.#set([...this.configs, picked], this.options);
    });
  }

  async save(): Promise<void> {
    await this.act(async () => {
      if (await this.channel.request('saveReport', null)) this.say(t('Saved'));
    });
  }

  async saveText(name: string, text: string): Promise<void> {
    await this.act(async () => {
      if (await this.channel.request('saveText', { name, text })) this.say(t('Saved'));
    });
  }

  openConfig(config: ConfigText, line: number | null): void {
    void this.act(() => this.channel.request('openConfig', { config, line }));
  }

  showLog(): void {
    void this.act(() => this.channel.request('showLog', null));
  }

  /** Compares all others with this arm from now on. */
  makeReference(arm: number): void {
    const before = this.reference;
    this.reference = arm;
    this.arm = before;
    this.say(t('{0} is the reference', this.report?.arms[arm]?.name ?? ''));
  }

  move(metrics: number, arms: number): void {
    this.metric = Math.max(0, Math.min(this.metrics.length - 1, this.metric + metrics));
    const { others } = this;
    const index = Math.max(0, Math.min(others.length - 1, others.indexOf(this.arm) + arms));
    this.arm = others[index] ?? this.arm;
    this.changed();
  }

  toggleMetrics(): void {
    this.showsAll = !this.showsAll;
    this.metric = 0;
    this.changed();
  }

  toggleTable(): void {
    this.asTable = !this.asTable;
    this.changed();
  }

  say(text: string): void {
    this.said = text;
    this.changed();
  }

  #valid(option: keyof TrialOptions, options: TrialOptions): void {
    this.invalid.delete(option);
    if (JSON.stringify(options) === JSON.stringify(this.options)) this.changed();
    else this.#set(this.configs, options);
  }

  #refuse(option: keyof TrialOptions, text: string, reason: string): void {
    this.invalid.set(option, { text, reason });
    this.changed();
  }

  #set(configs: readonly ConfigText[], options: TrialOptions): void {
    this.configs = configs;
    this.options = options;
    this.#markStale();
    this.#save();
    this.channel.notify('state', { version: 2, configs: [...configs], options });
    this.changed();
  }

  #save(): void {
    const { configs, options } = this;
    this.channel.save({ version: 2, configs, options });
  }

  #markStale(): void {
    if (this.run) this.run.isStale = true;
    if (this.report) this.isStale = true;
    this.changed();
  }

  /** An action next to the run. Its failure does not hide the report or the run, which took minutes. */
  async act(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (isCancelled(error)) return;
      if (!this.report && !this.run) {
        this.#fail(error);
        return;
      }
      const { message, advice } = failureOf(error);
      this.say([message, ...(advice ? [advice] : [])].map(say).join('. '));
    }
  }

  #fail(error: unknown): void {
    this.failure = failureOf(error);
    this.changed();
  }
}
