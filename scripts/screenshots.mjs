// Takes the pictures of README and docs from the screenshots that the browser tests left: node scripts/screenshots.mjs
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { results, root } from './paths.mjs';
import { fail, say, ScriptError } from './process.mjs';

/** Pictures of the documentation, and the screenshot for each. */
const pictures = {
  'rows.dark.png': 'rows.dark.png',
  'columns.light.png': 'columns.light.png',
  'file.dark.png': 'file.dark.png',
  'distribution.dark.png': 'distribution.dark.png',
  'rows.zh-cn.png': 'rows-chinese.dark.png',
  'config.dark.png': 'config-hover.dark.png',
  'config-columns.light.png': 'config-completion.light.png',
  'preview.dark.png': 'preview.dark.png',
  'config.zh-cn.png': 'config-chinese.dark.png',
  'preview.zh-cn.png': 'preview-chinese.dark.png',
  'story.dark.png': 'story.dark.png',
  'story.zh-cn.png': 'story-chinese.dark.png',
};

function main() {
  const from = path.join(results, 'screenshots');
  const to = path.join(root, 'docs', 'images');
  const missing = Object.values(pictures).filter((name) => !existsSync(path.join(from, name)));
  if (missing.length > 0)
    throw new ScriptError(
      `No ${missing.join(', ')} in ${path.relative(root, from)}: run "npm test -- --only browser" first`,
    );
  mkdirSync(to, { recursive: true });
  for (const [picture, screenshot] of Object.entries(pictures))
    copyFileSync(path.join(from, screenshot), path.join(to, picture));
  say(`${Object.keys(pictures).length} pictures in ${path.relative(root, to)}`);
}

try {
  main();
} catch (error) {
  fail(error);
}
