// Prepares what all tests in a workbench share: the installed extension, VS Code's own extensions, a demo workspace.
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { dist, root } from './paths.mjs';
import { run } from './process.mjs';
import { withoutEditorVariables, workbench } from './workbench.mjs';

/**
 * Extensions of VS Code that the tests need: themes, icons, languages, and the page of a rule. All others only make a
 * window slower to open. Some files of tests run with all of them (`allBuiltins`).
 */
const builtins = [
  'configuration-editing',
  'json',
  'log',
  'markdown-basics',
  'markdown-language-features',
  'python',
  'sql',
  'theme-defaults',
  'theme-seti',
  'yaml',
];

/**
 * Installs the VSIX into a separate extension folder and writes the demo workspace with the built command line.
 * @param scratch a folder that does not exist yet
 * @returns the environment variables with which tests find all of it
 */
export async function prepareWorkbench(vsix, scratch) {
  mkdirSync(scratch);
  const extensions = path.join(scratch, 'extensions');
  const userData = path.join(scratch, 'install-data');
  // Copy the driver before the first installation, which registers the extensions that it finds.
  cpSync(path.join(root, 'test', 'workbench', 'driver'), path.join(extensions, 'recsample-test.driver-0.0.1'), {
    recursive: true,
  });
  const env = { ...withoutEditorVariables(), EXTENSIONS_GALLERY: '{}' };
  const folders = ['--extensions-dir', extensions, '--user-data-dir', userData];
  await run(workbench.node, [workbench.entry, ...folders, '--install-extension', vsix, '--force'], { env });
  const linked = path.join(scratch, 'builtins');
  mkdirSync(linked);
  for (const name of builtins) symlinkSync(path.join(workbench.extensions, name), path.join(linked, name));
  const demo = path.join(scratch, 'demo');
  await run(process.execPath, [path.join(dist, 'cli.cjs'), 'demo', demo, '--scale', 'tiny']);
  return {
    RECSAMPLE_EXTENSIONS: extensions,
    RECSAMPLE_BUILTINS: linked,
    RECSAMPLE_DEMO: demo,
  };
}
