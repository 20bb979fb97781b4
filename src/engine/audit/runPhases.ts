import { withParts, type MeasuredPart } from '../../core/audit/byParts.ts';
import { inferredNote } from '../../core/audit/inputText.ts';
import type { MetricOutcome } from '../../core/audit/metric.ts';
import { metrics } from '../../core/audit/metrics.ts';
import { FailureError, failureOf } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import { formatBytes } from '../../core/table/format.ts';
import { valueFor } from '../../core/valueAt.ts';
import type { CallContext } from '../../protocol/engine.ts';
import type { AuditWorld } from './auditWorld.ts';
import { inLanes } from './inLanes.ts';
import { missingReasonOf, type Phase, type PhaseResults } from './phase.ts';
import { phaseGroups } from './phases.ts';

/**
 * While one phase compares or draws in this thread, or a statement has work for one thread only, the statements of the
 * other use the rest of the processors.
 */
const LANES = 2;

/**
 * Runs every phase that is asked for, on the whole sample and on the parts with the values. Progress reports carry the
 * results of a phase as soon as it ends. A metric that lacks its data says why; the others go on. `all`: phases of
 * which those of a group run at the same time.
 */
export async function runPhases(
  world: AuditWorld,
  values: readonly (string | null)[],
  context: Partial<CallContext>,
  all: readonly (readonly Phase[])[] = phaseGroups,
): Promise<ReadonlyMap<string, MetricOutcome>> {
  const groups = all.map((group) => group.filter((phase) => phase.isAsked?.(world) ?? true));
  const partsOf = (phase: Phase): readonly (string | null)[] => (phase.ofParts === false ? [] : values);
  const steps = groups.flat().reduce((sum, phase) => sum + 1 + partsOf(phase).length, 0);
  const found = new Map<string, MetricOutcome>();
  /** Steps of each phase that are done. */
  const done = new Map<Phase, number>();
  /** Phases that run now, the first one first. */
  const running = new Set<Phase>();
  /** Steps of each phase that had enough memory. */
  const kept = new Map<Phase, Map<number, PhaseOutcomes>>();
  const report = (phase: Phase, of: number, audited?: readonly MetricOutcome[]): void => {
    // A phase has its name in its first report and in that of its results. Else, two names would take turns.
    const [shown = phase] = done.has(phase) && !audited ? running : [phase];
    // Each statement counts from 0, and a phase that runs again repeats some.
    done.set(phase, Math.max(of, done.get(phase) ?? 0));
    const fraction = [...done.values()].reduce((sum, own) => sum + own, 0) / steps;
    context.progress?.({ fraction, message: shown.label, ...(audited ? { audited } : {}) });
  };

  /** False if it was short of memory next to another phase. */
  async function measured(phase: Phase, signal: AbortSignal, isAlone: boolean): Promise<boolean> {
    let step = 0;
    const work: Partial<CallContext> = {
      signal,
      ...(context.progress ? { progress: ({ fraction }) => report(phase, step + (fraction ?? 0)) } : {}),
    };
    const run = async (of: AuditWorld, part: Phase['run']): Promise<PhaseOutcomes> =>
      await runPhase(phase, of, async () => await part(of, work));
    const enough = kept.get(phase) ?? new Map<number, PhaseOutcomes>();
    const begin = phase.begin?.bind(phase);
    if (begin && !kept.has(phase)) report(phase, 0, (await run(world, begin)).outcomes);
    kept.set(phase, enough);
    const measure = async (of: AuditWorld): Promise<readonly MetricOutcome[]> => {
      const own = enough.get(step) ?? (await run(of, phase.run.bind(phase)));
      if (!own.lacksMemory) enough.set(step, own);
      step++;
      return own.outcomes;
    };
    const whole = await measure(world);
    const parts: MeasuredPart[] = [];
    for (const value of partsOf(phase)) parts.push({ value, outcomes: await measure(world.ofPart(value)) });
    if (enough.size < step && !isAlone) return false;
    const outcomes = whole.map((outcome) => withParts(outcome, parts));
    for (const outcome of outcomes) found.set(outcome.metric, outcome);
    report(phase, step, outcomes);
    return true;
  }

  /** Measures phases in `lanes`. Returns those that were short of memory next to another one. */
  async function measuredIn(lanes: number, phases: readonly Phase[]): Promise<readonly Phase[]> {
    const short: Phase[] = [];
    await inLanes(phases, lanes, context.signal, async (phase, signal) => {
      running.add(phase);
      try {
        if (!(await measured(phase, signal, lanes === 1))) short.push(phase);
      } finally {
        running.delete(phase);
      }
    });
    return short;
  }

  for (const group of groups) {
    const short = await measuredIn(Math.min(LANES, group.length), group);
    if (short.length === 0) continue;
    // What is short of memory next to another phase may have enough alone.
    world.forgetShort();
    await measuredIn(1, short);
  }
  return found;
}

const titles = new Map(metrics.map(({ id, title }) => [id, title]));

const named = (metric: string): Pick<MetricOutcome, 'metric' | 'title'> => ({
  metric,
  title: valueFor(titles, metric),
});

interface PhaseOutcomes {
  readonly outcomes: readonly MetricOutcome[];
  readonly lacksMemory: boolean;
}

async function runPhase(phase: Phase, world: AuditWorld, run: () => Promise<PhaseResults>): Promise<PhaseOutcomes> {
  const notRun = (because: Message, lacksMemory = false): PhaseOutcomes => ({
    outcomes: phase.metrics.map((metric) => ({ ...named(metric), state: 'not-run', because })),
    lacksMemory,
  });
  const missingReason = missingReasonOf(phase, world);
  if (missingReason) return notRun(missingReason);
  const notes = phase.usesEntries && world.sample.isInferred ? [inferredNote] : [];
  try {
    const outcomes = Object.entries(await run()).map(([metric, result]): MetricOutcome =>
      'because' in result
        ? { ...named(metric), state: 'not-run', because: result.because }
        : { ...named(metric), state: 'measured', ...result, notes: [...notes, ...result.notes] },
    );
    return { outcomes, lacksMemory: false };
  } catch (error) {
    const { code, message: because } = failureOf(error);
    if (!(error instanceof FailureError)) throw error;
    // A value that has not the type of its role concerns only the metrics that read it.
    if (code === 'bad-request' || code === 'unsupported') return notRun(because);
    // What is larger than the memory goes to the disk, but not everything can.
    if (code === 'out-of-memory')
      return notRun(
        message('it needs more memory than the engine may use: {0}', formatBytes(world.tables.memoryBytes)),
        true,
      );
    throw error;
  }
}
