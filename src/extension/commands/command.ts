import type { CommandId } from '../ids.ts';
import type { Host } from '../host/host.ts';

/**
 * A command of the palette or of a menu: one file, one line in `registry.ts`. If it throws, one error message is shown.
 */
export interface HostCommand {
  readonly id: CommandId;
  /**
   * `given`: the arguments of the caller. A menu passes its resource or tree item; another extension may pass anything.
   */
  run(host: Host, ...given: readonly unknown[]): void | Promise<void>;
}
