import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { marked, type Token, type Tokens } from 'marked';
import { stageViews } from '../../src/core/config/entries.ts';
import { readConfig } from '../../src/core/config/read.ts';
import type { DatasetFacts, Facts } from '../../src/core/data/facts.ts';
import { policyOfConfig } from '../../src/core/policy/resolvePolicy.ts';
import { rules } from '../../src/core/policy/rules.ts';
import { lint } from '../../src/core/policy/run.ts';
import {
  escapeHtml,
  labelText,
  markdownBlock,
  markdownCode,
  markdownText,
  renderMarkdown,
} from '../../src/core/message/escape.ts';
import { message } from '../../src/core/message/message.ts';
import { sarifLog } from '../../src/core/report/sarif.ts';
import { printable } from '../../src/core/message/printable.ts';
import type { Column } from '../../src/core/table/dataset.ts';
import { languageCommands } from '../../src/protocol/language.ts';
import { clientOf } from '../../src/server/language/client.ts';
import { codeActions } from '../../src/server/language/codeActions.ts';
import { codeLenses } from '../../src/server/language/codeLenses.ts';
import { completions } from '../../src/server/language/completion.ts';
import { hover } from '../../src/server/language/hover.ts';
import { inlayHints } from '../../src/server/language/inlayHints.ts';
import type { Snapshot } from '../../src/server/language/snapshot.ts';
import { documentSymbols } from '../../src/server/language/symbols.ts';

/**
 * Attacks from issues and experience: a link that runs a command, a remote picture, HTML, an icon, URLs, ends of code.
 */
const attacks = [
  '[Docs](command:recsample.generateSampleFile?%5B%22a%22%5D)',
  '![](https://host.example/x.png)',
  '<img src=x onerror=alert(1)>',
  '<b>',
  '$(alert)',
  '$(sync~spin)',
  'https://host.example/x',
  'www.host.example',
  'someone@host.example',
  '`',
  '``',
  '```',
  '\n\n# big\n\n',
  '\n- one\n',
  '1. ',
  '1) ',
  '    code',
  '| a | b |\n|---|---|\n',
  '[a]: https://host.example\n',
  '[a]',
  '*',
  '**',
  '_',
  '~~',
  '\\',
  '&lt;',
  '---',
  '===',
  '> ',
  '](',
  '\u202E',
  '<https://host.example>',
  'ftp://host.example',
  '\t',
  '"',
  "'",
  '{0}',
  '${dt}',
  'x',
];
const hostile = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...attacks) },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) },
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => parts.join(''));

/** The kinds of all nodes in a Markdown text, and the text that the reader sees. */
function parsed(markdown: string): { readonly kinds: ReadonlySet<string>; readonly text: string } {
  const kinds = new Set<string>();
  const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  const textOf = (token: Token): string => {
    kinds.add(token.type);
    const below =
      'tokens' in token && token.tokens ? token.tokens : token.type === 'list' ? (token as Tokens.List).items : null;
    if (below) return below.map(textOf).join('');
    return 'text' in token && typeof token.text === 'string'
      ? token.text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? '')
      : token.type === 'br'
        ? '\n'
        : '';
  };
  const text = marked.lexer(markdown).map(textOf).join('\n');
  return { kinds, text };
}

const harmless = new Set(['paragraph', 'text', 'strong', 'codespan', 'code', 'escape', 'hr', 'space', 'br']);
const icon = /\$\([a-z]/i;

/** Texts that were checked: most hovers and completions have nothing of the hostile text, and are the same each time. */
const harmlessTexts = new Set<string>();

function assertMarkdown(markdown: string): void {
  if (harmlessTexts.has(markdown)) return;
  const { kinds } = parsed(markdown);
  const others = [...kinds].filter((kind) => !harmless.has(kind));
  assert.deepEqual(others, [], JSON.stringify(markdown));
  assert.doesNotMatch(markdown, icon);
  harmlessTexts.add(markdown);
}

/** The links of an entry. Their arguments have nothing that ends a link. */
const ownLink = /\[(Preview|Documentation)\]\(command:recsample\.(?:preview|openRulePage)\?[\w%.~-]+\)/g;

function assertLabel(label: string): void {
  assert.doesNotMatch(label, icon);
  assert.doesNotMatch(label, /\]\(/);
  assert.doesNotMatch(label, /[\r\n]/);
}

describe('escaping', () => {
  const shown = (text: string): string => printable(text).replaceAll('$(', '$\u2060(');

  test('a value within Markdown is shown character by character, and begins nothing', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const around of [
          ['', ''],
          ['a ', ' b'],
          ['**', '**'],
          ['(', ')'],
        ] as const) {
          const markdown = around[0] + markdownText(text) + around[1];
          assertMarkdown(around[0] === '**' && /^\s|\s$/.test(shown(text)) ? markdownText(text) : markdown);
        }
        assert.equal(
          parsed(`a${markdownText(text)}b`).text.replaceAll('\u00A0', ' '),
          `a${shown(text)}b`.replaceAll('\u00A0', ' '),
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('a value as code is one span with exactly its text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { kinds, text: read } = parsed(`a ${markdownCode(text)} b`);
        assert.deepEqual([...kinds].sort(), ['codespan', 'paragraph', 'text']);
        assert.equal(read, `a ${text === '' ? '""' : shown(text)} b`);
      }),
      { numRuns: 1000 },
    );
  });

  test('no line ends a block of code', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        assert.deepEqual([...parsed(markdownBlock(text, 'yaml')).kinds], ['code']);
      }),
    );
  });

  test('values in a sentence are escaped once; the sentence’s own Markdown is kept', () => {
    const inner = message('b {0}', '_x_');
    assert.equal(
      renderMarkdown(message('`a` {0} {1} {2}', '[x](y)', inner, 3), (text) => text),
      '`a` \\[x\\](y\\) b \\_x\\_ 3',
    );
  });

  test('labels have no icon and no link, HTML no tag', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        assertLabel(labelText(text));
        assert.doesNotMatch(escapeHtml(text), /[<>"'`]/);
        if (/^[\w ./=-]*$/.test(text)) assert.equal(labelText(text), text);
      }),
    );
  });
});

const folder = path.resolve('/ws/configs');
const client = clientOf({
  options: { commands: Object.values(languageCommands) },
  locale: 'en',
  fallback: 'en',
  snippets: true,
  labelDetails: true,
  versionedEdits: true,
  repository: undefined,
});

/**
 * A config with the same text as variable, paths, columns, events, sources, policy and comment; file names, columns and
 * fields contain it too.
 */
function snapshotWith(text: string): { readonly snapshot: Snapshot; readonly config: string } {
  const q = JSON.stringify(text);
  const config = `version: 1
seed: ${q}
vars: {dt: ${q}, ${q}: a}
data:
  impressions: {path: "\${dt}", columns: {user: ${q}, item: item, time: ts}}
  items: {path: ${q}, columns: {item: item, attributes: [${q}, ]}, where: {${q}: ${q}}}
events:
  click: ${q}
  ${q}: {column: ${q}, op: ">=", value: 1}
  ? ${q}
  : ${q}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1, ${q}: 2}}
    negatives:
      per_positive: 10
      mix:
        exposed_unclicked: 0.3
        ${q}: {source: popularity, share: 0.4}
        other: {source: ${q}, share: 0.5}
  ${q}:
    unit: ${q}
output: {pass_through: [${q}, ]}
policy: {extends: ${q}, rules: {${q}: off, recall/no-global: ${q}}}
# recsample-disable-next-line ${text.replace(/[\r\n]/g, ' ')}
${q}: ${q}
`;
  const columns: Column[] = [
    {
      name: text,
      partition: false,
      role: null,
      type: { kind: 'struct', fields: [{ name: text, type: { kind: 'string' } }] },
    },
  ];
  const known: DatasetFacts = {
    state: 'known',
    columns,
    rows: 12,
    files: 2,
    bytes: 3,
    fingerprint: 'f',
    ranges: {},
    unevenPartitions: [text],
    textual: false,
  };
  const unreadable: DatasetFacts = {
    state: 'unreadable',
    failure: { code: 'corrupt', message: message('{0} is damaged', text), place: { path: text } },
  };
  const facts: Facts = {
    level: 'data',
    dataset: (name) => (name === 'users' ? unreadable : known),
    answer: ({ kind }) =>
      ({
        value:
          kind === 'shortfalls'
            ? {
                users: 3,
                allUsers: 9,
                entries: [{ name: text, asked: 9, drawn: 2, pool: 7, attempts: 0, list: 0, design: 1 }],
              }
            : { events: { click: 1, [text]: 2 }, positives: 3, groups: 3 },
      }) as never,
  };
  const read = readConfig(config, { language: 'yaml' });
  const { policy, problems: policyProblems } = policyOfConfig(read, {
    folder,
    root: folder,
    readText: () => ({
      failure: { code: 'not-found', message: message('There is no such file or folder'), place: { path: text } },
    }),
  });
  const linted = lint({
    read,
    rules: rules.filter(({ kind }) => kind !== 'data'),
    policy,
    policyProblems,
    facts,
    folder,
    root: folder,
  });
  const file = path.join(folder, 'a.ratio.yaml');
  const snapshot: Snapshot = {
    address: { uri: pathToFileURL(file).href, path: file },
    version: 1,
    read,
    stages: stageViews(read.config),
    facts,
    ...linted,
    level: 'data',
    policyFindings: new Map(),
    policyFiles: [],
  };
  return { snapshot, config };
}

function assertHovers({ snapshot, config }: ReturnType<typeof snapshotWith>): void {
  for (const { index } of config.matchAll(/[^\s{}[\],:]+/g)) {
    const contents = hover(snapshot, client, snapshot.read.document.lines.position(index))?.contents;
    if (typeof contents === 'object' && 'value' in contents) assertMarkdown(contents.value.replaceAll(ownLink, '$1'));
  }
}

describe('a text of a file or a config', () => {
  const texts = 120;
  const most = 40;
  suite('makes no link, picture, HTML or icon in hovers, completion, lenses, hints, outline, actions and SARIF', () => {
    for (let tried = 0; tried < texts; tried += most)
      test(`texts ${tried + 1} to ${tried + most} of ${texts}`, async () => {
        // Each completion reads the config again. A text is completed at every third place, another one at the others.
        await fc.assert(
          fc.asyncProperty(hostile, fc.nat(2), async (text, first) => {
            const { snapshot, config } = snapshotWith(text);
            const { lines } = snapshot.read.document;
            assertHovers({ snapshot, config });
            const completed = [...config.matchAll(/[ ,]{2}|: |\[|\{/g)].map(({ index, 0: hit }) => index + hit.length);
            for (const offset of completed.filter((_, k) => k % 3 === first)) {
              for (const item of (await completions(snapshot, client, lines.position(offset), null))?.items ?? []) {
                assertLabel(item.label);
                assertLabel(`${item.labelDetails?.description ?? ''}${item.detail ?? ''}`);
                if (typeof item.documentation === 'object') assertMarkdown(item.documentation.value);
              }
            }
            const whole = { start: { line: 0, character: 0 }, end: lines.position(config.length) };
            for (const { command } of codeLenses(snapshot, client)) assertLabel(command?.title ?? '');
            for (const { label } of inlayHints(snapshot, client, whole))
              assertLabel(typeof label === 'string' ? label : '');
            for (const { title, command } of codeActions(snapshot, client, {
              range: whole,
              context: { diagnostics: [] },
            })) {
              assertLabel(title);
              if (command) assert.match(String(command.arguments?.[0]), /^[a-z]+\/[a-z-]+$/);
            }
            const outline = (symbols: ReturnType<typeof documentSymbols>): void => {
              for (const { name, detail, children } of symbols) {
                assertLabel(name);
                assertLabel(detail ?? '');
                outline(children ?? []);
              }
            };
            outline(documentSymbols(snapshot));
            const report = {
              level: 'data',
              configs: [{ path: 'a.ratio.yaml', findings: snapshot.findings, rules: snapshot.rules }],
              failures: [{ code: 'corrupt', message: message('{0}', text) }],
              fixed: 0,
            } as const;
            const log = JSON.parse(sarifLog(report, { version: '1', rules: [], exitCode: 1 })) as {
              runs: {
                results: { message: { text: string } }[];
                invocations: { toolExecutionNotifications: { message: { text: string } }[] }[];
              }[];
            };
            for (const { results, invocations } of log.runs) {
              for (const {
                message: { text: said },
              } of [...results, ...invocations.flatMap(({ toolExecutionNotifications }) => toolExecutionNotifications)])
                assert.doesNotMatch(said, /\]\(|\$\([a-z]/i);
            }
          }),
          // The path skips the texts of the other tests.
          { numRuns: most, path: String(tried) },
        );
      });
  });

  test('a star in a name with a backtick is no emphasis', () => assertHovers(snapshotWith('code*`')));

  test('a hover shows the value of a variable as text only', () => {
    const link =
      '[Docs](command:recsample.generateSampleFile?%5B%22a%22%2C%22recall%22%2C%7B%22file%22%3A%22x%22%7D%5D) ![](https://host/x.png)';
    const { snapshot, config } = snapshotWith(link);
    const contents = hover(snapshot, client, snapshot.read.document.lines.position(config.indexOf('${dt}')))?.contents;
    assert.ok(typeof contents === 'object' && 'value' in contents);
    assertMarkdown(contents.value);
    assert.ok(parsed(contents.value).text.includes(`\${dt} is ${link} here`), contents.value);
  });
});

test('a value of 200,000 runs of backticks is shown as code', () => {
  const value = 'a`'.repeat(200_000);
  assert.equal(markdownCode(value), `\`\` ${value} \`\``);
});
