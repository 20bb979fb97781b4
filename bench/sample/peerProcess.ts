import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Interpreter } from './interpreters.ts';
import type { Peer } from './peers.ts';
import type { Taken } from './taken.ts';

/** A peer in its own process. It prepares once, then draws everything for each request. */
export class PeerProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #errors = '';

  constructor(
    { python, env }: Interpreter,
    private readonly peer: Peer,
    folder: string,
  ) {
    this.#child = spawn(python, [...peer.command, folder], { env: { ...process.env, ...env } });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    // If the process has ended, writing fails here. The missing line of output reports the reason.
    this.#child.stdin.on('error', () => undefined);
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  /** @throws with the peer's output if it cannot prepare */
  async prepare(): Promise<void> {
    await this.#line();
  }

  async draw(): Promise<Taken> {
    this.#child.stdin.write('\n');
    return JSON.parse(await this.#line()) as Taken;
  }

  /** The process ends when its input is closed. */
  async close(): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close');
  }

  async #line(): Promise<string> {
    const line = await this.#lines.next();
    if (line.done === true) throw new Error(`${this.peer.name} ended:\n${this.#errors}`);
    return line.value;
  }
}
