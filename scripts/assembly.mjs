// `npm run assembly`: compiles the modules of assembly/ to WebAssembly and writes them as text into the modules that ship
// them. With --check it writes nothing and reports whether the texts are current.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import asc from 'assemblyscript/asc';
import { root } from './paths.mjs';
import { fail, readOptions, say, ScriptError } from './process.mjs';

/** Modules by the name of their source, with the folder of what ships. */
const modules = {
  poolDrawBatch: 'src/engine/sampling/draw/wasm',
  probe: 'src/engine/trial',
};

/** @returns the text of a module: equal for equal sources */
async function compiled(name) {
  let bytes;
  const { error, stderr } = await asc.main(
    [
      `assembly/${name}.ts`,
      '--outFile',
      `${name}.wasm`,
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--enable',
      'simd,bulk-memory',
      '--importMemory',
    ],
    {
      readFile: (name, base) => {
        try {
          return readFileSync(path.resolve(root, base, name), 'utf8');
        } catch {
          return null;
        }
      },
      writeFile: (_, contents) => {
        bytes = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new ScriptError(`assembly/${name}.ts: ${stderr.toString()}`);
  return `// Made from assembly/${name}.ts by \`npm run assembly\`; a test holds it to its source.\nexport const ${name}Module =\n  '${Buffer.from(bytes).toString('base64')}';\n`;
}

async function main() {
  const { check } = readOptions({ check: { type: 'boolean' } });
  for (const [name, folder] of Object.entries(modules)) {
    const target = `${folder}/${name}Module.ts`;
    const text = await compiled(name);
    const file = path.join(root, target);
    if (check !== true) writeFileSync(file, text);
    else if (readFileSync(file, 'utf8') !== text) throw new ScriptError(`${target} is not current: npm run assembly`);
    else say(`${target} is current`);
  }
}

main().catch(fail);
