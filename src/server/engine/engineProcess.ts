import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type CancellationToken,
} from 'vscode-jsonrpc/node';
import { wire, type CallParams, type EngineSettings, type ProgressParams } from '../../protocol/wire.ts';

/** Options for starting the engine process. */
export interface EngineLaunch {
  /** Absolute path of the engine script. */
  readonly module: string;
  /**
   * Flags for Node. Empty in the shipped product: an inherited `--inspect` collides, and hosts pass flags that a plain
   * Node refuses.
   */
  readonly execArgv: readonly string[];
}

export interface EngineEvents {
  progress(params: ProgressParams): void;
  /** Receives one line that the engine wrote to standard output or error. */
  line(text: string): void;
  /**
   * The process has ended; its pending requests are rejected next. `reason` is for the log. `isCrash`: native code ended
   * it, or the system did. False if it could not start.
   */
  exit(reason: string, isCrash: boolean): void;
}

/** Node ends itself with lower codes. A crash has a signal; on Windows, it has a higher code. */
const LAST_OWN_EXIT_CODE = 128;

/** Milliseconds that an engine has to end by itself before it is killed. */
const END_WITHIN = 5_000;

/** One running engine process and the connection to it. */
export interface EngineProcess {
  readonly pid: number | null;
  request(params: CallParams, cancellation: CancellationToken): Promise<unknown>;
  /** Kills the process; `exit` follows. */
  kill(): void;
  /** Asks the process to remove its temporary files and end. No call may be running. */
  end(): void;
}

/** Forks the engine and sends it its settings. Never throws: if the script cannot start, `exit` is called. */
export function startEngine(launch: EngineLaunch, settings: EngineSettings, events: EngineEvents): EngineProcess {
  const env: NodeJS.ProcessEnv = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  delete env.NODE_OPTIONS;
  // The engine gets its own pipes. With inherited pipes, the host would notice the server's end only after the engine's
  // end.
  const child = fork(launch.module, [], {
    serialization: 'advanced',
    execArgv: [...launch.execArgv],
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream)
      createInterface({ input: stream }).on('line', (text) => {
        events.line(text);
      });
  }
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  connection.onNotification(wire.progress, (params: ProgressParams) => {
    events.progress(params);
  });
  // 'exit' and the rejected request already report a broken channel. Without this listener, the error would be thrown.
  connection.onError(() => undefined);

  let hasExited = false;
  const leave = (reason: string, isCrash: boolean): void => {
    if (hasExited) return;
    hasExited = true;
    connection.dispose();
    events.exit(reason, isCrash);
  };
  // Use 'exit', not 'close': 'close' waits for pipes that a grandchild may hold.
  child.once('exit', (code, signal) => {
    leave(signal ?? `exit code ${String(code)}`, signal !== null || (code ?? 0) > LAST_OWN_EXIT_CODE);
  });
  child.once('error', (error) => {
    child.kill('SIGKILL');
    leave(error.message, false);
  });
  connection.listen();
  void connection.sendNotification(wire.configure, settings).catch(() => undefined);
  return {
    pid: child.pid ?? null,
    request: (params, cancellation) => connection.sendRequest(wire.call, params, cancellation),
    kill: () => {
      child.kill('SIGKILL');
    },
    end: () => {
      const late = setTimeout(() => {
        child.kill('SIGKILL');
      }, END_WITHIN);
      child.once('exit', () => {
        clearTimeout(late);
      });
      void connection.sendNotification(wire.end).catch(() => undefined);
    },
  };
}
