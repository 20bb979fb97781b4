import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { commands } from '../../src/cli/commands/registry.ts';
import { rules } from '../../src/core/policy/rules.ts';
import { rulePagePath } from '../../src/core/report/rulePage.ts';
import { assertNone, read, root, trackedFiles } from './repository.ts';

test('generated pages are current: npm run docs', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/docs.mjs', '--check'], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
});

test('every rule has its page', () => {
  assertNone(
    rules.map(({ id }) => rulePagePath(id)).filter((page) => !existsSync(path.join(root, page))),
    'missing',
  );
});

test('links between pages lead to files and headings that are there', () => {
  const pages = trackedFiles().filter((file) => /^(docs\/.*|README.*|CONTRIBUTING|CHANGELOG)\.md$/.test(file));
  const broken = pages.flatMap((page) =>
    [...withoutCode(read(page)).matchAll(/\]\((?!https?:|recsample-rule:)([^)\s]*)\)/g)].flatMap(([, link = '']) => {
      const [target = '', heading] = link.split('#');
      const file = target === '' ? page : path.posix.join(path.posix.dirname(page), target);
      if (!existsSync(path.join(root, file))) return [`${page}: ${link}`];
      return heading === undefined || headings(read(file)).includes(heading) ? [] : [`${page}: no heading for ${link}`];
    }),
  );
  assertNone(broken, 'broken links');
});

test('command lines in the docs have only options that their command has', () => {
  const pages = trackedFiles().filter((file) => /^(docs\/.*|examples\/.*|README.*|CONTRIBUTING)\.md$/.test(file));
  const wrong = pages.flatMap((page) =>
    commandLines(read(page)).flatMap(({ command, rest }) => {
      const known = commands.find(({ name }) => name === command)?.options;
      const given = [...rest.matchAll(/(?<=\s)--([a-z][a-z-]*)/g)].map(([, option = '']) => option);
      return given
        .filter((option) => known && !Object.hasOwn(known, option) && !everywhere.has(option))
        .map((option) => `${page}: recsample ${command} has no --${option}`);
    }),
  );
  assertNone(wrong, 'unknown options');
});

/** Options of all commands. */
const everywhere = new Set(['help', 'version', 'locale']);

/** Lines of recsample in code, without the texts in quotes. A line may go on after a backslash, or in the next literal. */
function commandLines(text: string): readonly { readonly command: string; readonly rest: string }[] {
  const code = [...text.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([found]) =>
    found.replaceAll(/\\\n\s*/g, ' ').replaceAll(/"\n\s*"/g, ''),
  );
  return code.flatMap((one) =>
    [...one.matchAll(/\brecsample ([a-z]+)((?:\s(?:'[^'\n]*'|[^\n|;&])*)?)/g)].map(([, command = '', rest = '']) => ({
      command,
      rest: rest.replaceAll(/'[^'\n]*'/g, "''"),
    })),
  );
}

function withoutCode(text: string): string {
  return text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ' '));
}

/** Heading anchors, as GitHub and VS Code make them. */
function headings(text: string): readonly string[] {
  return [...text.replace(/```[\s\S]*?```/g, '').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
