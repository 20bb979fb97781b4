// `npm run assembly`: compiles assembly/poolDrawBatch.ts to WebAssembly and writes it as text into the module that ships
// it. With --check it writes nothing and reports whether the text is current.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import asc from 'assemblyscript/asc';
import { root } from './paths.mjs';
import { fail, readOptions, say, ScriptError } from './process.mjs';

const target = 'src/engine/sampling/draw/wasm/poolDrawBatchModule.ts';

/** @returns the text of the module: equal for equal sources */
async function compiled() {
  let bytes;
  const { error, stderr } = await asc.main(
    [
      'assembly/poolDrawBatch.ts',
      '--outFile',
      'poolDrawBatch.wasm',
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
  if (error) throw new ScriptError(`assembly/poolDrawBatch.ts: ${stderr.toString()}`);
  return `// Made from assembly/poolDrawBatch.ts by \`npm run assembly\`; a test holds it to its source.\nexport const poolDrawBatchModule =\n  '${Buffer.from(bytes).toString('base64')}';\n`;
}

async function main() {
  const { check } = readOptions({ check: { type: 'boolean' } });
  const text = await compiled();
  const file = path.join(root, target);
  if (check !== true) return writeFileSync(file, text);
  if (readFileSync(file, 'utf8') !== text) throw new ScriptError(`${target} is not current: npm run assembly`);
  say(`${target} is current`);
}

main().catch(fail);
