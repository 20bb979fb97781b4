import { commands } from '../ids.ts';
import type { HostCommand } from './command.ts';

/** Searches again and reads columns and counts again. */
export const refreshSamples: HostCommand = {
  id: commands.refreshSamples,
  async run(host) {
    for (const { path } of host.samples.list()) host.datasets.forget(path);
    await host.samples.refresh();
  },
};
