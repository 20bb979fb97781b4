// Runs before the commands of package.json in a clone. Checks Node, installs what package-lock.json lists, and with
// --cli builds outdated bundles. Writes only to standard error, and nothing if there is nothing to do.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { nodeModules, root } from './paths.mjs';
import { fail, runDownload, say, ScriptError } from './process.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';

const oldestNode = 20;
const stampFile = path.join(nodeModules, '.recsample-installed');

/** True if node_modules matches the lock file, by npm's own record of what it installed. */
function matchesLock(lock) {
  const record = path.join(nodeModules, '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(lock.packages).every(
    ([place, wanted]) =>
      place === '' ||
      installed[place]?.version === wanted.version ||
      (wanted.optional === true && installed[place] === undefined),
  );
}

async function installDependencies() {
  const text = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
  const hash = hashOf([text]);
  if (isStamped(stampFile, hash)) return;
  if (!matchesLock(JSON.parse(text))) {
    say(existsSync(nodeModules) ? 'Dependencies changed: installing them …' : 'Installing dependencies (once) …');
    // With `npm run -s`, npm would hide the reason of a failure.
    await runDownload('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root });
  }
  stamp(stampFile, hash);
}

async function main() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < oldestNode)
    throw new ScriptError(`RecSample needs Node ${oldestNode} or newer; this is Node ${process.versions.node}.`);
  await installDependencies();
  if (process.argv.includes('--cli')) {
    const { buildIfStale } = await import('./build.mjs');
    await buildIfStale();
  }
}

main().catch(fail);
