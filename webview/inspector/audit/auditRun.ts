import type { Measured, MetricOutcome } from '../../../src/core/audit/metric.ts';
import type { AuditRole } from '../../../src/core/audit/sampleColumns.ts';
import { failureOf, type Failure } from '../../../src/core/message/failure.ts';
import type { AuditView } from '../../../src/protocol/auditView.ts';
import type { InspectorRequests } from '../../../src/protocol/inspectorRequests.ts';
import { isCancelled } from '../../channel.ts';
import { Observable } from '../../observable.ts';

/** `metrics`: the metrics that are ready, in order of arrival. */
export type AuditState =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly metrics: readonly MetricOutcome[] }
  /** `isStale`: the file changed after the audit. */
  | { readonly kind: 'done'; readonly view: AuditView; readonly isStale: boolean }
  /** Interrupted: the user cancelled the audit, or the file changed. */
  | {
      readonly kind: 'interrupted';
      readonly by: 'user' | 'change';
      readonly metrics: readonly MetricOutcome[];
    }
  | { readonly kind: 'failed'; readonly failure: Failure };

export type AuditRoles = Readonly<Record<string, AuditRole | null>>;
type Load = (
  params: InspectorRequests['audit']['params'],
  signal: AbortSignal,
  audited: (metrics: readonly MetricOutcome[]) => void,
) => Promise<AuditView>;

/** The audit of the file. It starts when a tab that shows it is first shown, and stays while other tabs are shown. */
export class AuditRun extends Observable {
  state: AuditState = { kind: 'none' };
  /** Roles of columns that the user corrected. */
  roles: AuditRoles = {};
  private abort = new AbortController();

  constructor(private readonly load: Load) {
    super();
  }

  /** Metrics measured so far. */
  get metrics(): readonly MetricOutcome[] {
    const { state } = this;
    if (state.kind === 'done') return state.view.metrics;
    return state.kind === 'running' || state.kind === 'interrupted' ? state.metrics : [];
  }

  measured(metric: string): Measured | null {
    const entry = this.metrics.find((outcome) => outcome.metric === metric);
    return entry?.state === 'measured' ? entry : null;
  }

  /** Starts the audit, unless it was started before. */
  want(): void {
    if (this.state.kind === 'none') void this.start(false);
  }

  /** @param isFresh measure again although no file changed */
  async start(isFresh: boolean): Promise<void> {
    this.abort.abort();
    const abort = new AbortController();
    this.abort = abort;
    this.enter({ kind: 'running', metrics: [] });
    try {
      const view = await this.load({ set: this.roles, isFresh }, abort.signal, (metrics) => {
        if (this.abort !== abort || this.state.kind !== 'running') return;
        const fresh = new Map(metrics.map((outcome) => [outcome.metric, outcome]));
        const updated = this.state.metrics.map((outcome) => fresh.get(outcome.metric) ?? outcome);
        const names = new Set(updated.map(({ metric }) => metric));
        this.enter({ kind: 'running', metrics: [...updated, ...metrics.filter(({ metric }) => !names.has(metric))] });
      });
      if (this.abort === abort) this.enter({ kind: 'done', view, isStale: false });
    } catch (error) {
      if (this.abort !== abort) return;
      if (isCancelled(error)) this.enter({ kind: 'interrupted', by: 'user', metrics: this.metrics });
      else this.enter({ kind: 'failed', failure: failureOf(error) });
    }
  }

  cancel(): void {
    this.abort.abort();
  }

  /** Corrects roles of columns, and audits the file with them. */
  correct(roles: AuditRoles): void {
    this.roles = roles;
    void this.start(false);
  }

  /** Call it when the file changed: the results are stale. */
  fileChanged(): void {
    const { state } = this;
    if (state.kind === 'done') this.enter({ ...state, isStale: true });
    else if (state.kind === 'running') {
      this.abort.abort();
      this.abort = new AbortController();
      this.enter({ kind: 'interrupted', by: 'change', metrics: state.metrics });
    } else if (state.kind === 'failed') this.reset();
  }

  /** Drops the result, because another file is shown. */
  reset(): void {
    this.abort.abort();
    this.abort = new AbortController();
    this.enter({ kind: 'none' });
  }

  private enter(state: AuditState): void {
    this.state = state;
    this.changed();
  }
}
