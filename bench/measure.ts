import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

export interface Measured {
  /** From the start of the process to its end. */
  readonly seconds: number;
  /** Peak resident memory of the process, without its children; NaN if the system does not report it. */
  readonly peakMb: number;
  /** Seconds of processors of the process, without its children; NaN if the system does not report them. */
  readonly cpuSeconds: number;
  /** Text on standard output. */
  readonly said: string;
}

/** Runs a program to its end. @throws with its errors if it fails */
export async function measure(
  name: string,
  [program, ...args]: readonly [string, ...string[]],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Measured> {
  const started = performance.now();
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
  });
  let [said, errors, peakMb, cpuSeconds] = ['', '', NaN, NaN];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  // The system reports both only while the process is running.
  const watching = setInterval(() => {
    peakMb = peakOf(child.pid) ?? peakMb;
    cpuSeconds = cpuOf(child.pid) ?? cpuSeconds;
  }, 20);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(watching);
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}:\n${errors}`);
  return { seconds: (performance.now() - started) / 1000, peakMb, cpuSeconds, said };
}

/** Peak resident memory of a running process, in MB; null if the system does not report it. */
export function peakOf(pid: number | undefined): number | null {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch {
    return null;
  }
}

/**
 * Seconds of processors of a running process; null if the system does not report them. Linux counts hundredths: of the
 * program, and of the system for it.
 */
export function cpuOf(pid: number | undefined): number | null {
  try {
    const fields =
      readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')
        .at(-1)
        ?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return null;
  }
}

/** The middle value; of an even number, the upper one. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}
