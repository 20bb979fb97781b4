import type { Answers } from '../../core/data/facts.ts';
import { settingsOf } from '../../core/sampling/lock/settings.ts';
import type { Answering } from './question.ts';
import { sampleLocks } from './sampleLocks.ts';

/** What the lock file of a sample records, against the present config. */
export const sampleOrigin: Answering<'sample-origin'> = {
  tables: ({ samples }) => [samples.ref],
  async answer({ samples, requests }, tables, _work) {
    // The partitions of one run record the same settings and data.
    const [lock] = (await sampleLocks(tables, samples.ref)) ?? [];
    const request = requests.find(({ plan }) => plan.split === lock?.split);
    if (!lock || !request) return { isRecorded: false, settings: [], data: [] };
    const { seed, epoch } = request.plan;
    const present = { ...settingsOf(request.plan, request.data), seed, epoch: String(epoch) };
    const recorded = { ...lock.plan.settings, seed: lock.seed, epoch: String(lock.epoch) };
    return {
      isRecorded: true,
      settings: differences(recorded, present),
      data: Object.entries(lock.data).flatMap(([name, { bytes, files }]) =>
        bytes === undefined || files === undefined ? [] : [{ name, bytes, files: files.length }],
      ),
    };
  },
};

type Settings = Readonly<Record<string, string>>;

function differences(recorded: Settings, present: Settings): Answers['sample-origin']['settings'] {
  return [...new Set([...Object.keys(recorded), ...Object.keys(present)])].flatMap((path) => {
    const [before, now] = [recorded[path] ?? null, present[path] ?? null];
    return before === now ? [] : [{ path, recorded: before, present: now }];
  });
}
