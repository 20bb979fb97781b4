import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { hung } from './deadlines.ts';

/** A place in a text, from 0. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

/** The requests of `test/workbench/driver/main.cjs`, with their values. */
export interface DriverRequests {
  readonly reset: object;
  readonly reload: object;
  readonly theme: { readonly name: string };
  readonly command: { readonly id: string };
  /** `file` is the path in the workspace. */
  readonly open: { readonly file: string };
  readonly select: { readonly file: string; readonly start: Place; readonly end: Place };
}

/** Bytes of the longest path of a socket on macOS. Linux has four more. */
const LONGEST_PATH = 103;

/** The extension for tests in a window. It answers through a socket, so no key is pressed. */
export class Driver {
  /**
   * @param socket where it listens
   * @param folder of its window
   */
  constructor(
    private readonly socket: string,
    private readonly folder: string,
  ) {
    const bytes = Buffer.byteLength(socket);
    assert.ok(
      bytes <= LONGEST_PATH,
      `a socket's path has at most ${LONGEST_PATH} bytes, ${socket} has ${bytes}: set a shorter TMPDIR`,
    );
  }

  /** What its extension host has to know. */
  get env(): Readonly<Record<string, string>> {
    return { RECSAMPLE_DRIVER_SOCKET: this.socket, RECSAMPLE_DRIVER_FOLDER: this.folder };
  }

  /** Forgets the extension host of the window before. Call this before a window opens. */
  forget(): void {
    rmSync(this.socket, { force: true });
  }

  /** Resolves when a request is done. Waits for the driver of a new window. @throws Error of the driver */
  async ask<Name extends keyof DriverRequests>(name: Name, values: DriverRequests[Name]): Promise<void> {
    const connection = await this.#connect();
    connection.setTimeout(hung, () => {
      connection.destroy(new Error(`the driver did not answer "${name}"`));
    });
    connection.end(JSON.stringify({ name, values }));
    const answer = await text(connection);
    if (answer === '') throw new Error(`the extension host ended before it answered "${name}"`);
    const { error } = JSON.parse(answer) as { readonly error?: string };
    if (error !== undefined) throw new Error(`the driver could not do "${name}": ${error}`);
  }

  async #connect(): Promise<Socket> {
    const deadline = Date.now() + hung;
    for (;;) {
      const connection = createConnection({ path: this.socket, allowHalfOpen: true });
      try {
        await once(connection, 'connect');
        return connection;
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
      await delay(50);
    }
  }
}
