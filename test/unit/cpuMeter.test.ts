import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { test } from 'node:test';

const { CpuMeter } = (await import(new URL('../../scripts/cpuMeter.mjs', import.meta.url).href)) as {
  readonly CpuMeter: new () => { start(pid: number): () => number | undefined };
};
const skip = existsSync('/proc/self/stat') ? false : 'this system has no /proc';

/** Works for at least 0.2 s of a processor. */
const work = `while (process.cpuUsage().user + process.cpuUsage().system < 2e5);`;

test(
  'the seconds of a process are those of all that it starts, also if it does not wait for it',
  { skip },
  async () => {
    const child = `const { spawn } = require('node:child_process');
    ${work}
    const inner = spawn(process.execPath, ['-e', ${JSON.stringify(`${work} process.send?.(0); process.stdin.resume();`)}], { stdio: ['pipe', 'inherit', 'inherit', 'ipc'], detached: true });
    inner.once('message', () => process.stdout.write('done'));`;
    const outer = spawn(process.execPath, ['-e', child], { stdio: ['ignore', 'pipe', 'inherit'] });
    const { pid } = outer;
    assert.ok(pid !== undefined);
    const end = new CpuMeter().start(pid);
    await once(outer.stdout, 'data');
    const seconds = end() ?? 0;
    outer.kill('SIGKILL');
    await once(outer, 'close');
    assert.ok(seconds >= 0.36, `${seconds} s`);
  },
);

test('a process that has ended costs nothing known', { skip }, async () => {
  const ended = spawn(process.execPath, ['-e', '']);
  const { pid } = ended;
  assert.ok(pid !== undefined);
  await once(ended, 'close');
  assert.equal(new CpuMeter().start(pid)(), undefined);
});
