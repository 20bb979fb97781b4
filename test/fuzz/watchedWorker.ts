import { execFile, fork, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isRunning, untilEnded } from '../fixtures/processes.ts';
import { loaderArguments, moduleFile } from '../ownProcess.ts';
import type { Outcome, Step } from './case.ts';

/** A step that uses more processor time hangs, however busy the machine is. Linux only. */
const mostProcessorSeconds = 20;
/** A step that uses less hangs after that time: it waits for something. */
const mostMilliseconds = 180_000;
/** Limit for the resident memory of a worker and its child processes. DuckDB gets 512 MB in each. */
const mostBytes = 2e9;
/** Limit for the temporary files of a step. */
const mostTemporaryBytes = 1e9;
/** Milliseconds between two looks at a running step: one that fills the memory is ended before it fills the machine. */
const watch = 100;
/** Maximum number of cases per process, so that memory kept between cases stays small. */
const casesOfProcess = 400;

/** Why there is no outcome. */
export class Death {
  constructor(readonly reason: string) {}
}

/** A worker process with a watchdog: started on demand, killed when it hangs, replaced when it died. */
export class WatchedWorker {
  #child: ChildProcess | null = null;
  /** The worker, its server and its engine, before its last step. */
  #processes: readonly number[] = [];
  /** Processes of stopped workers that may still run. */
  #stopped: readonly number[] = [];
  #cases = 0;
  #errors = '';

  /** @param world the folder of the seeds; temporary files are created below it */
  constructor(readonly world: string) {}

  beginCase(): void {
    if (this.#cases++ % casesOfProcess === 0) this.stop();
  }

  async run(step: Step, directory: string): Promise<Outcome | Death> {
    const child = (this.#child ??= await this.#start());
    this.#processes = processTree(child.pid);
    resetPeaks(this.#processes);
    const before = processorSeconds(child.pid);
    const done = await new Promise<Outcome | Death>((resolve) => {
      const late = setTimeout(() => {
        end(new Death(`a hang: no answer within ${mostMilliseconds / 1000} s`));
      }, mostMilliseconds);
      const watching = setInterval(() => {
        const excess = this.#excess(child.pid);
        if (excess !== null) end(excess);
        else if (processorSeconds(child.pid) - before > mostProcessorSeconds)
          end(new Death(`a hang: no answer within ${mostProcessorSeconds} s of processor time`));
      }, watch);
      const end = (result: Outcome | Death): void => {
        clearTimeout(late);
        clearInterval(watching);
        child.removeAllListeners();
        resolve(result);
      };
      child.once('message', (outcome) => {
        end(outcome as Outcome);
      });
      child.once('exit', (code, signal) => {
        end(new Death(`a crash: ${signal ?? `exit code ${String(code)}`}\n${this.#errors.slice(-3000)}`));
      });
      child.send({ step, directory, world: `file://${this.world}` });
    });
    const result = done instanceof Death ? done : (this.#excess(child.pid) ?? done);
    if (result instanceof Death) this.stop();
    return result;
  }

  /** What takes too much now, or took too much memory since the last reset; null if nothing. */
  #excess(pid: number | undefined): Death | null {
    const excess = ([bytes, most]: readonly [number, number], what: string): Death | null =>
      bytes > most ? new Death(`${Math.round(bytes / 1e6)} MB of ${what}, more than ${most / 1e6} MB`) : null;
    return (
      excess([peakBytes(pid), mostBytes], 'memory') ??
      excess([bytesBelow(path.join(this.world, 'temporary')), mostTemporaryBytes], 'temporary files')
    );
  }

  /** Runs a step through the shipped command line, in its own process. */
  async runShipped(
    args: readonly string[],
    directory: string,
    dist: string,
  ): Promise<{ readonly code: number | null; readonly err: string } | Death> {
    return await new Promise((resolve) => {
      const env = { ...process.env, TMPDIR: path.join(this.world, 'temporary'), LC_ALL: 'C' };
      const options = {
        cwd: directory,
        env,
        timeout: mostMilliseconds,
        killSignal: 'SIGKILL' as const,
        maxBuffer: 1 << 28,
      };
      execFile(process.execPath, [path.join(dist, 'cli.cjs'), ...args], options, (error, _out, err) => {
        const code = error === null ? 0 : error.code;
        resolve(
          typeof code === 'number'
            ? { code, err }
            : new Death(`the command ended by ${String(error?.signal ?? error?.message)}: ${err.slice(-2000)}`),
        );
      });
    });
  }

  stop(): void {
    const child = this.#child;
    this.#child = null;
    // A worker that crashed has no tree any more, but its server and its engine may still run.
    const all = new Set([...this.#stopped, ...this.#processes, ...processTree(child?.pid)]);
    this.#processes = [];
    this.#stopped = [...all].filter(isRunning);
    child?.removeAllListeners();
    child?.kill('SIGKILL');
  }

  /**
   * Stops the process and waits for its end. On Linux, also waits for the server and the engine, of this process and of
   * those before it: until then they can create files.
   */
  async end(): Promise<void> {
    const child = this.#child;
    const ended = child === null || child.exitCode !== null || child.signalCode !== null;
    this.stop();
    if (!ended)
      await new Promise((resolve) => {
        child.once('exit', resolve);
      });
    await Promise.all(this.#stopped.map(untilEnded));
  }

  async #start(): Promise<ChildProcess> {
    const temporary = path.join(this.world, 'temporary');
    this.#errors = '';
    const child = fork(moduleFile('test/fuzz/worker.ts'), [], {
      execArgv: [...loaderArguments],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, RECSAMPLE_FUZZ_TEMPORARY: temporary, TMPDIR: temporary, LC_ALL: 'C' },
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-10_000);
    });
    // Loading the sources does not count as time of a step.
    await new Promise((resolve) => {
      child.once('message', resolve);
      child.once('exit', resolve);
    });
    return child;
  }
}

/** A process and its descendants. Works only on Linux; elsewhere memory is not watched. */
function processTree(pid: number | undefined): number[] {
  if (pid === undefined) return [];
  try {
    const below = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')
      .filter((text) => text !== '');
    return [pid, ...below.flatMap((child) => processTree(Number(child)))];
  } catch {
    return [];
  }
}

/** Processor seconds that a process and its descendants, also ended ones, have used so far. */
function processorSeconds(pid: number | undefined): number {
  return processTree(pid).reduce((sum, one) => {
    try {
      const fields = readFileSync(`/proc/${one}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      return sum + fields.slice(11, 15).reduce((ticks, field) => ticks + Number(field), 0) / 100;
    } catch {
      return sum;
    }
  }, 0);
}

/** Bytes of the files below a folder, which may disappear meanwhile. */
function bytesBelow(folder: string): number {
  try {
    return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
      const inside = path.join(folder, entry.name);
      return (
        sum + (entry.isDirectory() ? bytesBelow(inside) : (statSync(inside, { throwIfNoEntry: false })?.size ?? 0))
      );
    }, 0);
  } catch {
    return 0;
  }
}

function resetPeaks(processes: readonly number[]): void {
  for (const one of processes) {
    try {
      writeFileSync(`/proc/${one}/clear_refs`, '5');
    } catch {
      // gone, or not ours
    }
  }
}

/** Sum of each process's peak resident memory since the last reset. */
function peakBytes(pid: number | undefined): number {
  return processTree(pid).reduce((sum, one) => {
    try {
      return sum + 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${one}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      return sum;
    }
  }, 0);
}
