import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { fail } from '../core/message/failure.ts';
import { message } from '../core/message/message.ts';
import { cancelled } from '../core/queue/cancelled.ts';

/** Milliseconds that a program has to end after it was cancelled. */
const GRACE = 10_000;
/** Milliseconds between two checks of a group of processes that is ending. */
const POLL = 50;

interface ProgramOptions {
  /** Absolute folder in which it runs. */
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
  const ended = new Promise<ProgramEnd>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      reject(startFailure(program, error));
    });
    child.once('exit', (code, by) => {
      resolve(code ?? by ?? 'SIGKILL');
    });
  });
  const { pid } = child;
  if (pid === undefined) return ended;
  const terminate = (): void => {
    signalGroup(pid, 'SIGTERM');
  };
  const kill = (): void => {
    signalGroup(pid, 'SIGKILL');
  };
  // The group is not that of the terminal: what ends this process must end it too.
  signal.addEventListener('abort', terminate, { once: true });
  process.once('exit', kill);
  try {
    const end = await Promise.race([ended, aborted(signal)]);
    if (end !== null) return end;
    await groupEnded(pid);
    throw cancelled();
  } finally {
    signal.removeEventListener('abort', terminate);
    process.off('exit', kill);
  }
}

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve(null);
      },
      { once: true },
    );
  });
}

/** Resolves when no process of a group is left. After the grace period, they are killed. */
async function groupEnded(group: number): Promise<void> {
  for (let waited = 0; waited < GRACE; waited += POLL) {
    if (!signalGroup(group, 0)) return;
    await setTimeout(POLL);
  }
  signalGroup(group, 'SIGKILL');
}

/** Whether a process of the group was there to get the signal. */
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
