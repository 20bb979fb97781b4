import { parentPort } from 'node:worker_threads';
import { probeRun, type ProbeJob, type ProbeResult } from './probeRun.ts';

/** Start data of a thread that trains. Shared with its caller. */
export interface ProbeStart {
  /** A first element other than 0 stops the run. */
  readonly probeCancel: Int32Array;
}

/** The part of a run that is done, or its result; null after a cancellation. */
export type ProbeAnswer = { readonly part: number } | { readonly result: ProbeResult | null };

/** A thread: trains one run after the other. */
export function startProbe({ probeCancel }: ProbeStart): void {
  const answer = (one: ProbeAnswer): void => parentPort?.postMessage(one);
  parentPort?.on('message', (job: ProbeJob) => {
    const steps = probeRun(job);
    let reported = 0;
    for (let step = steps.next(); ; step = steps.next()) {
      if (Atomics.load(probeCancel, 0) !== 0) {
        answer({ result: null });
        return;
      }
      if (step.done === true) {
        answer({ result: step.value });
        return;
      }
      if (step.value < reported + 0.02) continue;
      reported = step.value;
      answer({ part: step.value });
    }
  });
}
