// Runs several files of tests in this process, one after another: node fileGroup.mjs NAME BUNDLE [NAME BUNDLE …]
// Each file is loaded after the one before has ended, in a suite with its name, so that its hooks are those of the suite.
import assert from 'node:assert/strict';
import { after, describe } from 'node:test';
import { pathToFileURL } from 'node:url';

/** What a file could change for those after it: variables, the folder, and globals such as the timers. */
const readProcess = () => ({
  variables: { ...process.env },
  folder: process.cwd(),
  globals: new Map(Object.entries(Object.getOwnPropertyDescriptors(globalThis))),
});

function checkProcess({ variables, folder, globals }) {
  const now = readProcess();
  assert.deepEqual(
    now.variables,
    variables,
    'This file changes variables of its process. Restore them after its tests.',
  );
  assert.equal(now.folder, folder, 'This file changes the folder of its process. Restore it after its tests.');
  const changed = [...new Set([...globals.keys(), ...now.globals.keys()])].filter((name) => {
    const before = globals.get(name);
    // A getter becomes its value when it is used first. TypeScript's helpers are global names with two underscores.
    if (before === undefined) return !name.startsWith('__');
    return 'value' in before && !Object.is(before.value, now.globals.get(name)?.value);
  });
  assert.deepEqual(changed, [], 'This file changes globals. Restore them after its tests.');
}

const parts = process.argv.slice(2);
for (let k = 0; k + 1 < parts.length; k += 2) {
  const [name, bundle] = parts.slice(k, k + 2);
  const first = readProcess();
  await describe(name, async () => {
    try {
      await import(pathToFileURL(bundle).href);
    } finally {
      // After the hooks of the file.
      after(() => checkProcess(first));
    }
  });
}
