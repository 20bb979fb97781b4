import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { assertNone, read, root } from './repository.ts';

const page = read('docs/architecture.md');
const guide = read('CONTRIBUTING.md');
const isThere = (file: string): boolean => existsSync(path.join(root, file));
const foldersOf = (parent: string): string[] =>
  readdirSync(path.join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${parent}/${name}`);

test('every file and folder that the map and the guide name exists', () => {
  const paths = /\b(?:src|webview|test|examples|assembly|bench|docs)\/[\w./-]*\w/g;
  // The screenshots of a run are not in the repository.
  const named = [page, guide.replace('test/results/screenshots', '')].flatMap((text) => text.match(paths) ?? []);
  assertNone(
    [...new Set(named)].filter((file) => !isThere(file)),
    'named and not there',
  );
});

test('the map lists every layer and every folder inside the layers', () => {
  const layers = foldersOf('src');
  const parents = [...layers, 'webview'];
  assertNone(
    [...layers, ...parents.flatMap(foldersOf)].filter((folder) => !page.includes(`\`${folder}\``)),
    'not on the map',
  );
});
