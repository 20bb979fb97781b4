import type { CommandId } from '../ids.ts';
import type { Host } from '../host.ts';

/** A command of the palette or a menu: one file, one line in `registry.ts`. What it throws is shown as one error message. */
export interface HostCommand {
  readonly id: CommandId;
  /** `given` is what the caller passed: a menu its resource or tree item, another extension anything. */
  run(host: Host, ...given: readonly unknown[]): void | Promise<void>;
}
