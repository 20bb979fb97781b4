// `npm run docs`: writes the generated documentation: a page for every rule, the table of rules, the tables of the
// language reference, the JSON Schemas. With --check it writes nothing and lists the files that are not current.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stageNames, stages } from '../src/core/schema/stage.ts';
import { examples } from '../src/core/policy/examples/example.ts';
import { ruleGroups } from '../src/core/policy/ruleId.ts';
import { rules } from '../src/core/policy/rules.ts';
import { documentSchema } from '../src/core/json/codec.ts';
import { auditOutput } from '../src/core/report/auditJson.ts';
import { compareOutput } from '../src/core/report/compareJson.ts';
import { configSchema } from '../src/core/report/configSchema.ts';
import { diffOutput } from '../src/core/report/diffJson.ts';
import { explainOutput } from '../src/core/report/explainJson.ts';
import { inspectOutput } from '../src/core/report/inspectJson.ts';
import { lintOutput } from '../src/core/report/lintJson.ts';
import { previewOutput } from '../src/core/report/previewJson.ts';
import { trialOutput } from '../src/core/report/trialJson.ts';
import { lockCodecs, lockFormat } from '../src/core/sampling/lock/sampleLock.ts';
import { keysTable, sourcePage, sourceSections, sourcesTable } from '../src/core/report/languagePage.ts';
import { markdownTable } from '../src/core/report/markdown.ts';
import { render } from '../src/core/message/message.ts';
import { rulePage, rulePagePath } from '../src/core/report/rulePage.ts';
import { sources } from '../src/core/source/sources.ts';
import { lintCase } from '../test/unit/lintCase.ts';
import { root } from './paths.mjs';
import { fail, isMain, readOptions, say, ScriptError } from './process.mjs';
import { generatedOfSources } from './sourceMarks.mjs';

/** The topics of the groups of rules, for the index. */
const groups = {
  config: 'Any config',
  recall: 'The recall stage',
  coarse: 'Coarse ranking',
  fine: 'Fine ranking',
  schema: 'Columns and types of the data',
  data: 'Rows of the data',
};

/** What commands write with `--format json`. */
const outputs = {
  audit: auditOutput,
  compare: compareOutput,
  diff: diffOutput,
  explain: explainOutput,
  inspect: inspectOutput,
  lint: lintOutput,
  preview: previewOutput,
  trial: trialOutput,
};

const schemaFile = (name, schema) => [`media/schemas/${name}.schema.json`, `${JSON.stringify(schema, null, 1)}\n`];

/** Every generated text by its path from the root. */
export function generated() {
  return new Map([
    ...rules.map((rule) => [
      rulePagePath(rule.id),
      rulePage(rule, lintCase(rule.docs.wrong, { rule: rule.id }).findings),
    ]),
    ...sources.map((source) => [`docs/rules/source/${source.name}.md`, sourcePage(source)]),
    ['docs/rules/README.md', ruleIndex()],
    schemaFile('ratio-config', configSchema()),
    schemaFile('lock', documentSchema('Lock file of a sample file: NAME.recsample.json', lockCodecs[lockFormat])),
    ...Object.entries(outputs).map(([command, codec]) =>
      schemaFile(command, documentSchema(`Output of recsample ${command} --format json`, codec)),
    ),
    ...generatedOfSources(),
    ['docs/ratio-config.md', filled(readFileSync(path.join(root, 'docs/ratio-config.md'), 'utf8'))],
  ]);
}

function ruleIndex() {
  const sections = ruleGroups.map((group) => {
    const rows = rules
      .filter(({ id }) => id.startsWith(`${group}/`))
      .map(({ id, severity, stages: about, docs }) => [
        `[${id}](${id}.md)`,
        severity,
        about === 'document' || about.length === stages.length
          ? 'all'
          : about.map((stage) => render(stageNames[stage]).toLowerCase()).join(', '),
        docs.summary,
      ]);
    return `## ${groups[group]}\n\n${markdownTable(['rule', 'severity', 'stage', 'finding'], rows)}`;
  });
  return `# Rules

${rules.length} rules. The severities are those of the preset \`recommended\`; the preset \`strict\` turns warnings into
errors. Each page explains why the rule exists, where it comes from and how to turn it off. See
[policies](../ratio-config.md#policy) and [suppression](../ratio-config.md#suppression).

${sections.join('\n\n')}
`;
}

/** A handwritten page with the parts between `<!-- name: argument -->` and `<!-- end -->` generated again. */
function filled(page) {
  return page.replace(
    /<!-- ([\w-]+)(?:: ?([\w.]*(?: without [\w.]+)?))? -->\n[\s\S]*?<!-- end -->/g,
    (_, name, argument = '') => {
      const part = parts[name];
      if (part === undefined) throw new ScriptError(`docs/ratio-config.md asks for an unknown part, ${name}`);
      return `<!-- ${name}${argument === '' && name !== 'keys' ? '' : `: ${argument}`} -->\n${part(argument)}\n<!-- end -->`.replace(
        '<!-- keys:  -->',
        '<!-- keys: -->',
      );
    },
  );
}

const parts = {
  example: (stage) => `\`\`\`yaml\n${examples[stage].trimEnd()}\n\`\`\``,
  keys: (argument) => {
    const [path, described] = argument.split(' without ').map((part) => (part === '' ? [] : part.split('.')));
    return keysTable(path, described);
  },
  'sources-table': sourcesTable,
  sources: sourceSections,
};

/** Pages of rules that no longer exist. */
function leftOver(texts) {
  const folder = path.join(root, 'docs/rules');
  const files = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.md'))
        .map((file) => `docs/rules/${file.split(path.sep).join('/')}`)
    : [];
  return files.filter((file) => !texts.has(file));
}

function current(file) {
  return existsSync(path.join(root, file)) ? readFileSync(path.join(root, file), 'utf8') : null;
}

/** Paths of generated files that are not current. */
export function stale() {
  const texts = generated();
  return [...[...texts].filter(([file, text]) => current(file) !== text).map(([file]) => file), ...leftOver(texts)];
}

function main() {
  const { check } = readOptions({ check: { type: 'boolean' } });
  const files = stale();
  if (check === true) {
    if (files.length > 0) throw new ScriptError(`Not current (npm run docs writes them anew):\n${files.join('\n')}`);
    return;
  }
  const texts = generated();
  for (const file of files) {
    const text = texts.get(file);
    if (text === undefined) rmSync(path.join(root, file));
    else {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    }
  }
  say(`${files.length} of ${texts.size} files written`);
}

if (isMain(fileURLToPath(import.meta.url))) {
  try {
    main();
  } catch (error) {
    fail(error);
  }
}
