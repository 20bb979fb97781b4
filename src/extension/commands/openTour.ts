import { commands } from '../ids.ts';
import type { HostCommand } from './command.ts';

/** Opens the walkthrough. */
export const openTour: HostCommand = {
  id: commands.openTour,
  run: async (host) => {
    await host.tour.show();
  },
};
