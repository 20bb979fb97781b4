import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { fail } from '../core/message/failure.ts';
import { message } from '../core/message/message.ts';
import { cancelled } from '../core/queue/cancelled.ts';
import { whenAborted } from '../core/queue/whenAborted.ts';

/** Time that a program has to end after it was cancelled. */
const GRACE_MS = 10_000;
/** Time between two checks of a group of processes that is ending. */
const POLL_MS = 50;

interface ProgramOptions {
  /** Absolute working directory. */
  readonly directory: string;
  /** Ends the program and everything that it started. */
  readonly signal: AbortSignal;
}

/** How a program ended: its exit code, or the name of the signal that ended it. */
type ProgramEnd = number | NodeJS.Signals;

/**
 * Runs a program without a shell. Its output goes through to the terminal; it reads no input.
 * @throws FailureError `not-found` if there is no such program; `cancelled` after `signal`, when all its processes ended
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { directory, signal }: ProgramOptions,
): Promise<ProgramEnd> {
  if (signal.aborted) throw cancelled();
  // Its own process group, so that one signal reaches what the program starts. Windows has no such groups.
  const child = spawn(program, args, {
    cwd: directory,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: process.platform !== 'win32',
  });
  const exited = new Promise<ProgramEnd>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      reject(startFailure(program, error));
    });
    child.once('exit', (code, exitSignal) => {
      resolve(code ?? exitSignal ?? 'SIGKILL');
    });
  });
  const { pid } = child;
  if (pid === undefined) return exited;
  const terminate = (): void => {
    signalGroup(pid, 'SIGTERM');
  };
  const kill = (): void => {
    signalGroup(pid, 'SIGKILL');
  };
  // The terminal does not signal this group, so it must be ended with this process.
  signal.addEventListener('abort', terminate, { once: true });
  process.once('exit', kill);
  try {
    const end = await Promise.race([exited, whenAborted(signal)]);
    if (end !== undefined) return end;
    await waitForGroup(pid);
    throw cancelled();
  } finally {
    signal.removeEventListener('abort', terminate);
    process.off('exit', kill);
  }
}

/** Resolves when no process of a group is left. After the grace period, they are killed. */
async function waitForGroup(group: number): Promise<void> {
  for (let waited = 0; waited < GRACE_MS; waited += POLL_MS) {
    if (!signalGroup(group, 0)) return;
    await setTimeout(POLL_MS);
  }
  signalGroup(group, 'SIGKILL');
}

/** Sends a signal. Returns false if no process of the group is left. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(process.platform === 'win32' ? group : -group, signal);
    return true;
  } catch {
    return false;
  }
}

function startFailure(program: string, error: NodeJS.ErrnoException): Error {
  if (error.code === 'ENOENT')
    return fail('not-found', message('There is no program {0} on PATH', program), {
      cause: String(error),
      advice: message('Install it, or name another one with {0}.', '--command'),
    });
  return fail('no-permission', message('{0} cannot be started: {1}', program, error.message), {
    cause: String(error),
  });
}
