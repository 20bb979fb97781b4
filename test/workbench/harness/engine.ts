import { readdirSync, readFileSync } from 'node:fs';

interface RunningProcess {
  readonly command: string;
  readonly parent: number;
  /** Start time in ticks. */
  readonly began: number;
}

/**
 * The engine under a workbench server: the newest of its descendants that runs the engine, because the engine of an
 * earlier window may still be running for a moment. Null if none runs. Linux only.
 */
export function runningEngine(server: number): number | null {
  const running = runningProcesses();
  const isOfServer = (pid: number): boolean => {
    const parent = running.get(pid)?.parent;
    return parent !== undefined && (parent === server || isOfServer(parent));
  };
  const [newest] = [...running]
    .filter(([pid, { command }]) => command.includes('engine.mjs') && isOfServer(pid))
    .sort(([, a], [, b]) => b.began - a.began);
  return newest?.[0] ?? null;
}

function runningProcesses(): ReadonlyMap<number, RunningProcess> {
  return new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        try {
          const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
          // proc(5): after the name in parentheses come the state (field 3), the parent (4) and the start time (22).
          const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
          if (fields[0] === 'Z') return [];
          return [[Number(name), { command, parent: Number(fields[4 - 3]), began: Number(fields[22 - 3]) }] as const];
        } catch {
          // It ended in between.
          return [];
        }
      }),
  );
}
