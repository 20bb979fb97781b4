// `npm run embed`: writes what ships in other languages as text into TypeScript modules: the modules of assembly/,
// compiled to WebAssembly, and the program of a Spark job. With --check it writes nothing and reports whether the texts
// are current.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import asc from 'assemblyscript/asc';
import { root } from './paths.mjs';
import { fail, readOptions, say, ScriptError } from './process.mjs';

/** Modules by the name of their source, with the folder of what ships. */
const modules = {
  poolDrawBatch: 'src/engine/draw/wasm',
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
  return moduleOf(`assembly/${name}.ts`, { [`${name}Module`]: Buffer.from(bytes).toString('base64') });
}

/** The program of a Spark job, before and after its JSON. */
function sparkProgram(source) {
  const [head, tail, ...others] = readFileSync(path.join(root, source), 'utf8').split('\n""")\n');
  if (tail === undefined || others.length > 0) throw new ScriptError(`${source} needs one place for the JSON of a job`);
  return moduleOf(source, { jobHead: `${head}\n`, jobRunner: `""")\n${tail}` });
}

/** A module with one text by name. */
function moduleOf(source, texts) {
  const lines = Object.entries(texts).map(([name, text]) => {
    const escaped = text.replaceAll(/[\\']/g, '\\$&').replaceAll('\n', '\\n');
    return `export const ${name} =\n  '${escaped}';\n`;
  });
  return `// Made from ${source} by \`npm run embed\`; a test holds it to its source.\n${lines.join('')}`;
}

async function main() {
  const { check } = readOptions({ check: { type: 'boolean' } });
  const texts = [['src/core/spark/runner/jobText.ts', sparkProgram('src/core/spark/runner/job.py')]];
  for (const [name, folder] of Object.entries(modules))
    texts.push([`${folder}/${name}Module.ts`, await compiled(name)]);
  for (const [target, text] of texts) {
    const file = path.join(root, target);
    if (check !== true) writeFileSync(file, text);
    else if (readFileSync(file, 'utf8') !== text) throw new ScriptError(`${target} is not current: npm run embed`);
    else say(`${target} is current`);
  }
}

main().catch(fail);
