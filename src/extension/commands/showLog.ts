import { commands } from '../ids.ts';
import type { HostCommand } from './command.ts';

export const showLog: HostCommand = {
  id: commands.showLog,
  run(host) {
    host.log.show();
    host.status.acknowledge();
  },
};
