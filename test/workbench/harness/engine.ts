import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { testEnvironment } from './environment.ts';

/**
 * The engine of the window under test: the newest process that runs it from the extension folder. The engine of an
 * earlier window may still be running for a moment. Linux only.
 */
export function enginePid(): number {
  const { extensions } = testEnvironment();
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
        if (!command.includes(extensions) || !command.includes('engine.cjs')) return [];
        // proc(5): after the name in parentheses come the state (field 3) and, as field 22, the start time.
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
        return fields[0] === 'Z' ? [] : [{ pid: Number(name), began: Number(fields[22 - 3]) }];
      } catch {
        return [];
      }
    })
    .sort((a, b) => b.began - a.began);
  assert.ok(found[0], 'no engine runs');
  return found[0].pid;
}
