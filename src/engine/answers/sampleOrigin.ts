import type { Answers } from '../../core/data/facts.ts';
import { settingsOf } from '../../core/sampling/lock/settings.ts';
import type { SampleLock } from '../../core/sampling/lock/sampleLock.ts';
import type { SamplingRequest } from '../../protocol/sampling.ts';
import type { QuestionAnswerer } from './question.ts';
import { sampleLocks } from './sampleLocks.ts';

type Settings = Readonly<Record<string, string>>;

/** What the lock file of a sample records, against the present config. */
export const sampleOrigin: QuestionAnswerer<'sample-origin'> = {
  tables: ({ samples }) => [samples.ref],
  async answer({ samples, requests }, tables, _work) {
    // The partitions of one run record the same settings and data.
    const [lock] = (await sampleLocks(tables, samples.ref)) ?? [];
    const request = requests.find(({ plan }) => plan.split === lock?.split);
    if (!lock || !request) return { isRecorded: false, settings: [], data: [] };
    return {
      isRecorded: true,
      settings: changedSettings(lock, request),
      data: Object.entries(lock.data).flatMap(([name, { bytes, files }]) =>
        bytes === undefined || files === undefined ? [] : [{ name, bytes, files: files.length }],
      ),
    };
  },
};

/** The settings that a lock file records and that a request has otherwise. */
export function changedSettings(
  lock: SampleLock,
  { plan, data }: SamplingRequest,
): Answers['sample-origin']['settings'] {
  const present: Settings = { ...settingsOf(plan, data), seed: plan.seed, epoch: String(plan.epoch) };
  const recorded: Settings = { ...lock.plan.settings, seed: lock.seed, epoch: String(lock.epoch) };
  return [...new Set([...Object.keys(recorded), ...Object.keys(present)])].flatMap((path) => {
    const [before, now] = [recorded[path] ?? null, present[path] ?? null];
    return before === now ? [] : [{ path, recorded: before, present: now }];
  });
}
