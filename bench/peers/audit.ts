/**
 * An audit as `recsample audit` runs it, in one process, with the processor seconds of each phase. Usage: audit.mjs
 * SAMPLE CONFIG. Prints an `AuditTaken` as JSON.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createEngine } from '../../src/engine/process/engine.ts';
import { auditSample } from '../../src/project/audit/auditJob.ts';
import { sampleRecord } from '../../src/project/audit/sampleRecord.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { openConfig } from '../../src/project/stage/configSource.ts';
import type { EngineClient, EngineMethod, Params } from '../../src/protocol/engine.ts';
import type { AuditTaken, Step } from '../audit/auditTaken.ts';

const [sample = '', config = ''] = process.argv.slice(2);
const steps: Step[] = [];
/** Seconds until each report of metrics. */
const reports: number[] = [];

function now(): { readonly cpu: number; readonly clock: number } {
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1e6, clock: performance.now() / 1000 };
}

/** Ends a step. */
function record(step: string): void {
  const then = now();
  steps.push({ step, cpu: then.cpu - mark.cpu, clock: then.clock - mark.clock });
  mark = then;
}

// The engine loads code with its first request. From its sources, that takes half a second, and from the package hardly
// any time.
await Promise.all([
  import('../../src/engine/methods/audit.ts'),
  import('../../src/engine/methods/answer.ts'),
  import('../../src/engine/preview/openSamplingData.ts'),
]);
const ourEngine = createEngine({ threads: 2 });
const engine: EngineClient = {
  call: async (method, params, context) => {
    const answer = await ourEngine.call(method, params, context);
    if (method !== 'audit') record(methodName(method, params));
    return answer;
  },
};
/** The method, and the kind of the question that a rule asks. */
function methodName(method: EngineMethod, params: object): string {
  const { question } = params as Partial<Params<'answer'>>;
  return `engine: ${method}${question === undefined ? '' : ` ${question.kind}`}`;
}

const started = now();
let mark = started;
await auditSample(
  {
    sample,
    of: {
      config: openConfig({
        path: config,
        name: config,
        text: readFileSync(config, 'utf8'),
        language: 'yaml',
        root: path.dirname(config),
      }),
      stage: 'recall',
      split: null,
    },
    record: sampleRecord(sample),
    by: null,
    set: {},
    cache: null,
  },
  { engine, cache: new FactsCache(), trusted: true },
  {
    progress: ({ message, audited }) => {
      const isStart = reports.length === 0 && steps.at(-1)?.step !== 'opening';
      if (isStart && message.text === 'Counting rows') record('opening');
      if (!audited) return;
      reports.push(performance.now() / 1000 - started.clock);
      record(audited.map(({ metric }) => metric).join(', '));
    },
  },
);
record('the end');
const ended = now();
await ourEngine.dispose();
const result: AuditTaken = {
  steps,
  first: reports[0] ?? NaN,
  cpu: ended.cpu - started.cpu,
  clock: ended.clock - started.clock,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0);
