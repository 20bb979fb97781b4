import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { measure, type Measured } from '../measure.ts';

/** Programs of one version of Spark, from scripts/spark.mjs. */
export interface SparkPrograms {
  readonly submit: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Totals over the tasks of a job. */
export interface TaskFigures {
  readonly shuffleBytes: number;
  /** Seconds that the tasks ran. */
  readonly taskSeconds: number;
  /** Seconds of a core that they computed: unlike the others, not longer if other programs run. */
  readonly cpuSeconds: number;
  /** Seconds in which the collector of garbage stopped them. */
  readonly gcSeconds: number;
  /** The same by the folder that their statement writes. */
  readonly cpuSecondsOf: ReadonlyMap<string, number>;
  readonly largest: LargestTask | null;
}

/** The task that computed longest, of the stages that read a shuffle. */
export interface LargestTask {
  /** The folder that its statement writes. */
  readonly step: string;
  readonly cpuSeconds: number;
  /** Its records, divided by the records of the median task of its stage. */
  readonly timesMedian: number;
}

/** Runs a Python job on two cores. What its tasks did is read from the event log. */
export async function submitted(
  spark: SparkPrograms,
  directory: string,
  job: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Measured & TaskFigures> {
  const events = path.join(directory, 'events');
  mkdirSync(events);
  const settings = {
    'spark.ui.enabled': 'false',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.sql.shuffle.partitions': '8',
    'spark.eventLog.enabled': 'true',
    'spark.eventLog.dir': `file://${events}`,
    'spark.eventLog.rolling.enabled': 'false',
    'spark.eventLog.compress': 'false',
    ...more,
  };
  const measured = await measure(
    job[0] ?? '',
    [
      spark.submit,
      ...['--master', 'local[2]', '--driver-memory', '4g'],
      ...Object.entries(settings).flatMap(([name, value]) => ['--conf', `${name}=${value}`]),
      ...job,
    ],
    { cwd: directory, env: spark.env },
  );
  return { ...measured, ...tasksIn(events) };
}

/** The parts of events of Spark that are used. */
interface SparkEvent {
  readonly Event: string;
  readonly executionId?: number;
  readonly physicalPlanDescription?: string;
  readonly Properties?: Readonly<Record<string, string>>;
  readonly 'Stage IDs'?: readonly number[];
  readonly 'Stage ID'?: number;
  readonly 'Task Metrics'?: {
    readonly 'Executor Run Time': number;
    readonly 'Executor CPU Time': number;
    readonly 'JVM GC Time': number;
    readonly 'Shuffle Read Metrics': { readonly 'Total Records Read': number };
    readonly 'Shuffle Write Metrics': { readonly 'Shuffle Bytes Written': number };
  };
}

interface Task {
  readonly cpuSeconds: number;
  readonly records: number;
}

function tasksIn(folder: string): TaskFigures {
  const total = { shuffleBytes: 0, taskSeconds: 0, cpuSeconds: 0, gcSeconds: 0 };
  const steps = new Map<number, string>();
  const stepOfStage = new Map<number, string>();
  const tasks = new Map<number, Task[]>();
  for (const event of eventsIn(folder)) {
    if (event.executionId !== undefined && event.physicalPlanDescription !== undefined)
      steps.set(event.executionId, writtenBy(event.physicalPlanDescription));
    for (const stage of event['Stage IDs'] ?? [])
      stepOfStage.set(stage, steps.get(Number(event.Properties?.['spark.sql.execution.id'])) ?? '');
    const metrics = event['Task Metrics'];
    const stage = event['Stage ID'];
    if (metrics === undefined || stage === undefined) continue;
    const cpuSeconds = metrics['Executor CPU Time'] / 1e9;
    total.shuffleBytes += metrics['Shuffle Write Metrics']['Shuffle Bytes Written'];
    total.taskSeconds += metrics['Executor Run Time'] / 1e3;
    total.cpuSeconds += cpuSeconds;
    total.gcSeconds += metrics['JVM GC Time'] / 1e3;
    const stageTasks = tasks.get(stage) ?? [];
    tasks.set(stage, stageTasks);
    stageTasks.push({ cpuSeconds, records: metrics['Shuffle Read Metrics']['Total Records Read'] });
  }
  const cpuSecondsOf = new Map<string, number>();
  let largest: LargestTask | null = null;
  for (const [stage, all] of tasks) {
    const step = stepOfStage.get(stage) ?? '';
    cpuSecondsOf.set(step, (cpuSecondsOf.get(step) ?? 0) + all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0));
    const sorted = [...all].sort((a, b) => a.records - b.records);
    const heaviest = sorted.at(-1);
    if (heaviest === undefined || heaviest.records === 0 || heaviest.cpuSeconds <= (largest?.cpuSeconds ?? 0)) continue;
    const middle = sorted[sorted.length >> 1]?.records ?? NaN;
    largest = { step, cpuSeconds: heaviest.cpuSeconds, timesMedian: heaviest.records / middle };
  }
  return { ...total, cpuSecondsOf, largest };
}

/** Events of statements, jobs and tasks. */
function* eventsIn(folder: string): Generator<SparkEvent> {
  for (const name of readdirSync(folder).filter((one) => !one.startsWith('.')))
    for (const line of readFileSync(path.join(folder, name), 'utf8').split('\n'))
      if (/"Event":"[^"]*(SQLExecutionStart|ListenerJobStart|ListenerTaskEnd)"/.test(line))
        yield JSON.parse(line) as SparkEvent;
}

/** The name of the folder that a statement writes; empty if it writes none. */
function writtenBy(plan: string): string {
  return /InsertIntoHadoopFsRelationCommand[^]*?file:[^,\s]*\/([^/,\s]+),/.exec(plan)?.[1] ?? '';
}
