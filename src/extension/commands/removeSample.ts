import { commands } from '../ids.ts';
import type { HostCommand } from './command.ts';

/** Removes a remembered data set from the list. The file stays. */
export const removeSample: HostCommand = {
  id: commands.removeSample,
  async run(host, item) {
    // Only the menu of a remembered data set calls this.
    if (typeof item !== 'object' || item === null || !('sample' in item)) return;
    const { sample } = item;
    if (typeof sample === 'object' && sample !== null && 'path' in sample && typeof sample.path === 'string')
      await host.samples.forget(sample.path);
  },
};
