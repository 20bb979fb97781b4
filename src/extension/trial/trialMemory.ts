import type * as vscode from 'vscode';
import { earlierTrial, type EarlierTrial } from '../../core/trial/earlierTrials.ts';
import type { TrialReport } from '../../core/trial/report.ts';
import { acceptState } from '../../protocol/schema/accept.ts';
import { earlierTrials } from '../../protocol/schema/trial.ts';

const KEY = 'recsample.earlierTrials';
/** Trials that are remembered. A workspace with more has few windows that are still fresh. */
const MAX_TRIALS = 200;

/** What the trials of the workspace compared, so that a later one on the same evaluation window counts them. */
export class TrialMemory {
  constructor(private readonly state: vscode.Memento) {}

  /** The newest first. */
  get all(): readonly EarlierTrial[] {
    return acceptState(earlierTrials, this.state.get(KEY, [])) ?? [];
  }

  async add(report: TrialReport): Promise<void> {
    await this.state.update(KEY, [earlierTrial(report), ...this.all].slice(0, MAX_TRIALS));
  }
}
