// THIRD_PARTY_NOTICES.txt: the licences of all third-party code that ships, read from the packages that are really in
// the bundles.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { nodeModules, root } from './paths.mjs';
import { ScriptError } from './process.mjs';

/** Names of files that contain a licence or a notice that must be passed on. */
const legal = /^(licen[cs]e|notices?|copying|copyrightnotice|third-?party-?notices)([.-].*)?$/i;

/** The folder of the package that a file belongs to; undefined for RecSample's own files. */
export function packageFolder(file) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file.replaceAll('\\', '/'))?.[0];
}

/** Folders of the packages whose code is in the bundles, according to esbuild's metafiles. */
export function bundledPackages(metafiles) {
  const outputs = metafiles.flatMap((metafile) => Object.values(metafile.outputs));
  const files = outputs.flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([file]) => file),
  );
  return [...new Set(files.flatMap((file) => packageFolder(file) ?? []))];
}

/** The packages that ship unbundled, with their dependencies. Optional packages exist for one platform each. */
function shippedPackages(names, seen = new Set()) {
  for (const name of names) {
    const folder = path.join(nodeModules, name);
    if (seen.has(folder) || !existsSync(folder)) continue;
    seen.add(folder);
    const { dependencies = {}, optionalDependencies = {} } = manifestOf(folder);
    shippedPackages(Object.keys({ ...dependencies, ...optionalDependencies }), seen);
  }
  return [...seen];
}

/** @returns the text of the notices. @throws {ScriptError} for a package whose licence cannot be found */
export function thirdPartyNotices(metafiles, assets) {
  const shipped = shippedPackages(Object.keys(manifestOf(root).dependencies));
  const copied = assets.map((file) => packageFolder(path.join(root, file)));
  const folders = [...bundledPackages(metafiles).map((folder) => path.join(root, folder)), ...copied, ...shipped];
  const notices = new Map(
    folders.map((folder) => {
      const { name, version, license } = manifestOf(folder);
      return [`${name} ${version} (${license})`, licenceText(folder)];
    }),
  );
  const rule = '-'.repeat(80);
  const sections = [...notices]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, text]) => `${rule}\n${title}\n${rule}\n\n${text}\n`);
  return `RecSample contains code by others, under these licences.\n\n${sections.join('\n')}`;
}

function licenceText(folder) {
  const files = readdirSync(folder)
    .filter((name) => legal.test(name))
    .sort();
  if (files.length > 0) return files.map((name) => clean(readFileSync(path.join(folder, name), 'utf8'))).join('\n\n');
  const { name, license, author } = manifestOf(folder);
  const readme = readdirSync(folder).find((file) => /^readme/i.test(file));
  const section =
    readme === undefined
      ? undefined
      : /^(#+ )?licen[cs]e\b[^\n]*\n(-+\n)?\s*(Copyright[\s\S]*)/im.exec(
          readFileSync(path.join(folder, readme), 'utf8'),
        )?.[3];
  if (section !== undefined) return clean(section);
  const owner = typeof author === 'string' ? author : author?.name;
  if (license === 'MIT' && owner !== undefined) return `Copyright (c) ${owner}\n\n${mit}`;
  throw new ScriptError(`No licence text found for ${name}: it must not be shipped without.`);
}

const manifestOf = (folder) => JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));

const clean = (text) =>
  text
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .trim();

/** For packages that name this licence and its owner in their manifest but do not include its text. */
const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to
deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense,
and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR
OTHER DEALINGS IN THE SOFTWARE.`;
