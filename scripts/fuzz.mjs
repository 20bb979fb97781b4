// `npm run fuzz -- OPTIONS`: mutants of every input, see docs/dev/fuzzing.md. Builds the bundles first, because a share
// of the mutants runs on the shipped form.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { buildIfStale } from './build.mjs';
import { dist, root } from './paths.mjs';
import { fail } from './process.mjs';

async function main() {
  await buildIfStale();
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(root, 'test', 'fuzz', 'main.ts'), ...process.argv.slice(2)],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, RECSAMPLE_DIST: dist },
    },
  );
  child.once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

main().catch(fail);
