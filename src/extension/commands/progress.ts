import { performance } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import { progressText, TimeLeft } from '../../core/report/timeLeft.ts';
import type { CallContext, Progress } from '../../protocol/engine.ts';
import { textOf } from '../language.ts';

/** Milliseconds between two progress updates. */
const REPORT_EVERY = 100;

/** Runs a task with a progress notification that can cancel it. `title`: unescaped. */
export async function withCancellableProgress<T>(
  title: string,
  task: (context: CallContext) => Promise<T>,
): Promise<T> {
  return await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: labelText(title), cancellable: true },
    async (report, cancellation) => {
      const controller = new AbortController();
      cancellation.onCancellationRequested(() => {
        controller.abort();
      });
      return await task({ signal: controller.signal, progress: progressReporter(report) });
    },
  );
}

/**
 * Reports the current phase, the progress and the remaining time. If the fraction is not known, the bar is
 * indeterminate.
 */
function progressReporter(
  report: vscode.Progress<{ message?: string; increment?: number }>,
): (progress: Progress) => void {
  const left = new TimeLeft();
  let [percent, reported] = [0, -Infinity];
  return (progress) => {
    const now = performance.now();
    const milliseconds = left.estimate(progress.fraction, now);
    if (now - reported < REPORT_EVERY) return;
    reported = now;
    const message = labelText(textOf(progressText(progress, milliseconds)));
    if (progress.fraction === null) {
      report.report({ message });
      return;
    }
    report.report({ message, increment: Math.max(0, progress.fraction * 100 - percent) });
    percent = Math.max(percent, progress.fraction * 100);
  };
}
