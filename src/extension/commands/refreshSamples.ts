import { commands } from '../ids.ts';
import type { HostCommand } from './command.ts';

/** Searches again, and asks for columns and counts anew. */
export const refreshSamples: HostCommand = {
  id: commands.refreshSamples,
  async run(host) {
    for (const { path } of host.samples.list()) host.datasets.forget(path);
    await host.samples.refresh();
  },
};
