import { commands } from '../ids.ts';
import type { SampleNode } from '../sidebar/samplesTree.ts';
import type { HostCommand } from './command.ts';

/** Takes a remembered data set out of the list. The file stays. */
export const removeSample: HostCommand = {
  id: commands.removeSample,
  async run(host, item) {
    // Only the menu of a remembered data set calls this.
    const node = item as SampleNode | undefined;
    if (node) await host.samples.forget(node.sample.path);
  },
};
