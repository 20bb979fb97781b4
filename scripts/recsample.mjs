// `npm run -s recsample -- ARGS`: runs the command line from a clone, in the caller's folder.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { dist } from './paths.mjs';

const child = spawn(process.execPath, [path.join(dist, 'cli.cjs'), ...process.argv.slice(2)], {
  cwd: process.env.INIT_CWD ?? process.cwd(),
  stdio: 'inherit',
});
// The terminal sends Ctrl+C to both processes; the command decides how it ends.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.once('exit', (code, signal) => {
  if (signal === null) process.exitCode = code ?? 1;
  else process.kill(process.pid, signal === 'SIGINT' ? 'SIGKILL' : signal);
});
