import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { Ajv } from 'ajv';
import type { Log, ReportingDescriptor } from 'sarif';
import { Lines } from '../../src/core/config/lines.ts';
import type { Range } from '../../src/core/config/span.ts';
import { examples } from '../../src/core/policy/examples/example.ts';
import { cellWidth } from '../../src/core/report/cells.ts';
import type { Host } from '../../src/cli/run.ts';
import { recsample, type Outcome } from './commandLine.ts';
import { assertGolden } from './golden.ts';

let directory = '';
before(() => {
  directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'recsample-lint-')));
});
after(() => rmSync(directory, { recursive: true, force: true }));

const good = examples.recall;
/** A wrong share after Chinese text, an emoji and Windows line ends, and a suppression that is needed. */
const broken = good
  .replace('host_refused: {source: rejected, share: 0.05', 'host_refused: {share: 0.5, source: rejected')
  .replace('same_city: {', '"同城😀": {')
  .replace('downsample_hot: {threshold: 1.0e-3}\n', '# recsample-disable-next-line recall/exposed-share\n')
  .replace('seed: demo\n', '');

function write(file: string, text: string): string {
  const full = path.join(directory, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

/** Lints the configs of the test's folder; no test here needs an engine. */
async function lint(args: readonly string[], host: Partial<Host> = {}): Promise<Outcome> {
  const outcome = await recsample(['lint', ...args], {}, { directory, ...host });
  assert.deepEqual(outcome.engine.calls, []);
  return outcome;
}

const none = ['--facts', 'none'];
/** The report of rules that need data, for the good recall config. */
const leftOut = '16 rules did not run because they need the data: use --facts schema\n';

interface Report {
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: string;
    readonly message: string;
    readonly path: string;
    readonly stage: string | null;
    readonly range: Range;
    readonly help: string;
  }[];
  readonly counts: Readonly<Record<string, number>>;
  readonly rules: readonly { readonly rule: string; readonly status: string; readonly because: string | null }[];
}

async function report(args: readonly string[]): Promise<Report & { readonly code: number }> {
  const { code, out, err } = await lint([...args, ...none, '--format', 'json']);
  assert.equal(err, '');
  return { ...(JSON.parse(out) as Report), code };
}

const schemaOf = (file: string): object =>
  JSON.parse(readFileSync(new URL(`../../media/schemas/${file}`, import.meta.url), 'utf8')) as object;
const validJson = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schemaOf('lint.schema.json'));
// The schema is draft 4, which names its id differently; otherwise Ajv can read it.
const { $schema: _draft, id: _id, ...sarif } = sarifSchema;
const validSarif = new Ajv({
  allErrors: true,
  strict: false,
  unicodeRegExp: false,
  formats: { uri: /^[a-z][a-z0-9+.-]*:\S+$/i, 'uri-reference': /^\S*$/, 'date-time': /^\d{4}-/ },
}).compile(sarif);

test('a clean config is one line and exit code 0', async () => {
  write('clean/recall.ratio.yaml', good);
  const { code, out, err } = await lint(['clean', ...none]);
  assert.deepEqual([code, out, err], [0, `1 config, no findings\n${leftOut}`, '']);
  const { out: json } = await lint(['clean', ...none, '--format', 'json']);
  assert.ok(validJson(JSON.parse(json)), JSON.stringify(validJson.errors));
  assertGolden('lint.clean.json', json);
  const { out: log } = await lint(['clean', ...none, '--format', 'sarif']);
  assert.ok(validSarif(JSON.parse(log)), JSON.stringify(validSarif.errors));
});

test('the help names every option with its default', async () => {
  assertGolden('help.lint.txt', (await lint(['--help'])).out);
});

test('a broken config is reported as text, in both languages and on a narrow terminal', async () => {
  write('broken/recall.ratio.yaml', broken.replaceAll('\n', '\r\n'));
  write('broken/fine.ratio.yaml', examples.fine_ranking.replace('      calibration: weight\n', ''));
  const { code, out, err } = await lint(['broken', ...none]);
  assert.deepEqual([code, err], [1, '']);
  assertGolden('lint.txt', out);
  assertGolden('lint.zh-cn.txt', (await lint(['broken', ...none, '--locale', 'zh-cn'])).out);
  assertGolden('lint.narrow.txt', (await lint(['broken', ...none], { terminal: { width: 64, colour: false } })).out);
});

test('lines wrap at the terminal width, and colour codes do not count as width', async () => {
  write('broken/recall.ratio.yaml', broken);
  for (const width of [64, 80, 100, 200]) {
    const plain = await lint(['broken', ...none], { terminal: { width, colour: false } });
    for (const line of plain.out.split('\n')) assert.ok(cellWidth(line) <= width, `${width}: ${line}`);
    const coloured = await lint(['broken', ...none], { terminal: { width, colour: true } });
    assert.notEqual(coloured.out, plain.out);
    assert.equal(coloured.out.replace(/\u001B\[\d+m/g, ''), plain.out);
  }
});

test('JSON has its schema and exact places, the same in every language', async () => {
  const text = broken.replaceAll('\n', '\r\n');
  write('broken/recall.ratio.yaml', `\uFEFF${text}`);
  const { code, out } = await lint(['broken/recall.ratio.yaml', ...none, '--format', 'json']);
  assert.equal(code, 1);
  assert.ok(validJson(JSON.parse(out)), JSON.stringify(validJson.errors));
  assert.equal(validJson({ ...(JSON.parse(out) as object), counts: {} }), false);
  assert.equal((await lint(['broken/recall.ratio.yaml', ...none, '--format', 'json', '--locale', 'zh-cn'])).out, out);
  assertGolden('lint.json', out);
  const { findings, counts } = JSON.parse(out) as Report;
  const lines = new Lines(text);
  const named = (rule: string): string[] =>
    findings
      .filter((finding) => finding.rule === rule)
      .map(({ range }) => text.slice(lines.offset(range.start), lines.offset(range.end)));
  assert.deepEqual(named('config/share-sum'), ['mix']);
  assert.deepEqual(
    Object.values(counts).reduce((sum, n) => sum + n, 0),
    findings.length,
  );
  for (const { help } of findings) assert.match(help, /^docs\/rules\/[a-z]+\/[a-z-]+\.md$/);
});

/**
 * The log without the texts of the rule pages, which have their own tests, and without the rules that found nothing.
 */
function withoutPages(text: string): string {
  const log = JSON.parse(text) as Log;
  const driver = log.runs[0]?.tool.driver;
  const found = new Set(log.runs[0]?.results?.map(({ ruleId }) => ruleId));
  if (driver)
    driver.rules = (driver.rules ?? [])
      .filter(({ id }) => found.has(id))
      .map(({ help: _help, fullDescription: _full, ...rule }) => rule);
  return `${JSON.stringify(log, null, 2)}\n`;
}

test('SARIF is valid, 1-based, with rules, fixes and what did not run', async () => {
  write('broken/recall.ratio.yaml', broken);
  const { out } = await lint(['broken/recall.ratio.yaml', ...none, '--format', 'sarif']);
  assert.ok(validSarif(JSON.parse(out)), JSON.stringify(validSarif.errors));
  assert.equal(validSarif({ version: '2.1.0', runs: [{}] }), false);
  assertGolden('lint.sarif', withoutPages(out));
  const {
    runs: [run],
  } = JSON.parse(out) as Log;
  assert.equal(run?.columnKind, 'utf16CodeUnits');
  const json = await report(['broken/recall.ratio.yaml']);
  assert.deepEqual(
    run.results?.map(({ ruleId, locations }) => [ruleId, locations?.[0]?.physicalLocation?.region]),
    json.findings.map(({ rule, range: { start, end } }) => [
      rule,
      {
        startLine: start.line + 1,
        startColumn: start.character + 1,
        endLine: end.line + 1,
        endColumn: end.character + 1,
      },
    ]),
  );
  for (const { ruleIndex = -1, ruleId } of run.results ?? []) {
    const rule: ReportingDescriptor | undefined = run.tool.driver.rules?.[ruleIndex];
    assert.equal(rule?.id, ruleId);
    assert.ok(rule?.helpUri?.includes(ruleId ?? '?') && rule.help?.markdown?.startsWith(`# ${ruleId}`));
  }
  assert.ok(run.results.some(({ fixes }) => (fixes?.length ?? 0) > 0));
  const blanks = await lint(['a b/ü#%.yaml', ...none, '--format', 'sarif'], {
    directory: path.dirname(path.dirname(write('odd/a b/ü#%.yaml', broken))),
  });
  assert.match(blanks.out, /"uri": "a%20b\/%C3%BC%23%25\.yaml",\n *"uriBaseId": "%SRCROOT%"/);
});

test('--fail-on decides the exit code; all findings are reported in any case', async () => {
  write('levels/info.ratio.yaml', good.replace('      downsample_hot: {threshold: 1.0e-3}\n', ''));
  write('levels/warning.ratio.yaml', examples.fine_ranking.replace('      calibration: weight\n', ''));
  const code = async (file: string, level?: string): Promise<number> =>
    (await lint([`levels/${file}.ratio.yaml`, ...none, ...(level === undefined ? [] : ['--fail-on', level])])).code;
  assert.deepEqual([await code('info'), await code('info', 'warning'), await code('info', 'info')], [0, 0, 1]);
  assert.deepEqual(
    [
      await code('warning'),
      await code('warning', 'error'),
      await code('warning', 'warning'),
      await code('warning', 'info'),
    ],
    [0, 0, 1, 1],
  );
  assert.match((await lint(['levels/info.ratio.yaml', ...none])).out, /recall\/hot-positives/);
});

test('--set overrides vars', async () => {
  write('set.ratio.yaml', `vars: {random: 0.2}\n${good.replace('global_random: 0.2', 'global_random: ${random}')}`);
  assert.deepEqual((await report(['set.ratio.yaml'])).findings, []);
  const { findings, code } = await report(['set.ratio.yaml', '--set', 'random=0.9', '--set', 'random=0.3']);
  assert.deepEqual([code, findings.map(({ rule }) => rule)], [1, ['config/share-sum']]);
  for (const wrong of ['random', '=0.2', ''])
    assert.match(
      (await lint(['set.ratio.yaml', '--set', wrong])).err,
      /^recsample: --set must be NAME=VALUE, not .*See recsample lint --help\.\n$/,
    );
});

test('a --set variable that no config has produces a warning and changes nothing', async () => {
  write('set-unused/a.ratio.yaml', good.replace('seed: demo', 'vars: {dt: 1}\nseed: ${s}'));
  const { code, out, err } = await lint([
    'set-unused',
    ...none,
    '--set',
    'dt=2',
    '--set',
    's=x',
    '--set',
    'dtt=2026-11-20',
  ]);
  assert.deepEqual(
    [code, out, err],
    [0, `1 config, no findings\n${leftOut}`, 'recsample: No config has the variable dtt of --set\n'],
  );
});

test('--policy overrides the policy of the config, as a preset or as a file that extends others', async () => {
  write('policy/fine.ratio.yaml', examples.fine_ranking.replace('      calibration: weight\n', ''));
  write('policy/team.yaml', 'extends: base.json\nrules:\n  fine/downsample-calibration: info\n');
  write('policy/base.json', '{"extends": "strict", "rules": {"config/no-seed": "off"}}');
  const severity = async (...more: string[]): Promise<(string | undefined)[]> =>
    (await report(['policy/fine.ratio.yaml', ...more])).findings.map((finding) => finding.severity);
  assert.deepEqual(await severity(), ['warning']);
  assert.deepEqual(await severity('--policy', 'strict'), ['error']);
  assert.deepEqual(await severity('--policy', 'policy/team.yaml'), ['info']);
  write(
    'policy/fine.ratio.yaml',
    examples.fine_ranking
      .replace('      calibration: weight\n', '')
      .replace('policy: recommended', 'policy: team.yaml'),
  );
  assert.deepEqual(await severity(), ['info']);
  // A team's policy may be outside the project.
  const project = path.dirname(
    write('project/one.ratio.yaml', examples.fine_ranking.replace('      calibration: weight\n', '')),
  );
  mkdirSync(path.join(project, '.git'), { recursive: true });
  assert.match(
    (await lint(['.', ...none, '--policy', '../policy/team.yaml'], { directory: project })).out,
    / info .*fine\/downsample-calibration/,
  );
});

test('a --policy that cannot be read is wrong usage; errors in its file are findings of that file', async () => {
  write('policy/fine.ratio.yaml', examples.fine_ranking);
  write('policy/cycle.yaml', 'extends: cycle.yaml\n');
  write('policy/typo.yaml', 'extends: strict\nrules: {fine/unti: off}\n');
  for (const [policy, says] of [
    ['strickt', /Did you mean strict/],
    ['policy/gone.yaml', /gone\.yaml/],
    ['https://example.org/policy.yaml', /address/],
  ] as const) {
    const { code, err, out } = await lint(['policy/fine.ratio.yaml', ...none, '--policy', policy]);
    assert.deepEqual([code, out], [2, ''], policy);
    assert.match(err, says);
  }
  for (const [policy, says] of [
    ['policy/typo.yaml', 'fine/unti'],
    ['policy/cycle.yaml', 'cycle.yaml'],
  ] as const) {
    const { code, findings } = await report(['policy/fine.ratio.yaml', '--policy', policy]);
    assert.deepEqual([code, findings.map((finding) => finding.path)], [1, [policy]]);
    assert.ok(findings[0]?.message.includes(says), findings[0]?.message);
  }
});

test('folders are searched as the editor does, in a stable order, links and all', async () => {
  for (const file of [
    'b/two.ratio.yml',
    'a/one.ratio.yaml',
    'a/three.ratio.json',
    'node_modules/x/no.ratio.yaml',
    '.git/no.ratio.yaml',
    '.venv/no.ratio.yaml',
    '__pycache__/no.ratio.yaml',
    'a/plain.yaml',
    'a/ratio.yaml',
  ]) {
    write(`tree/${file}`, file.endsWith('.json') ? '{"version": 2}' : 'version: 2\n');
  }
  symlinkSync('..', path.join(directory, 'tree/a/loop'));
  symlinkSync('../b', path.join(directory, 'tree/a/again'));
  symlinkSync('nowhere', path.join(directory, 'tree/a/lost'));
  write('elsewhere/linked.ratio.yaml', 'version: 2\n');
  symlinkSync('../elsewhere', path.join(directory, 'tree/0-linked'));
  const paths = async (...args: string[]): Promise<string[]> => [
    ...new Set((await report(args)).findings.map((finding) => finding.path)),
  ];
  const tree = [
    'tree/0-linked/linked.ratio.yaml',
    'tree/a/one.ratio.yaml',
    'tree/a/three.ratio.json',
    'tree/b/two.ratio.yml',
  ];
  assert.deepEqual(await paths('tree'), tree);
  assert.deepEqual(await paths('tree/b', 'tree', 'tree/a/plain.yaml', 'tree/a/one.ratio.yaml'), [
    ...tree.slice(0, 2),
    'tree/a/plain.yaml',
    ...tree.slice(2),
  ]);
  assert.deepEqual(await paths(path.join(directory, 'tree', 'b')), ['tree/b/two.ratio.yml']);
  const above = await lint(['..', ...none], { directory: path.join(directory, 'tree', 'b') });
  assert.ok(above.out.includes('\ntwo.ratio.yml\n') || above.out.startsWith('two.ratio.yml\n'));
  assert.ok(above.out.includes(`${directory.split(path.sep).join('/')}/tree/a/one.ratio.yaml\n`));
});

test('JSON configs are held to the same rules', async () => {
  write(
    'json/broken.ratio.json',
    JSON.stringify(
      {
        version: 1,
        seed: 1,
        data: {},
        events: {},
        stages: {
          recall: {
            unit: 'positive',
            positives: { events: { click: 1 } },
            negatives: { per_positive: 10, mix: { global_random: 0.5, exposed_unclicked: 0.6 } },
          },
        },
      },
      null,
      2,
    ),
  );
  const { findings } = await report(['json']);
  assert.ok(findings.some(({ rule, stage }) => rule === 'config/share-sum' && stage === 'recall'));
});

test('no config to lint, or an unreadable one, exits with 2', async () => {
  mkdirSync(path.join(directory, 'empty'), { recursive: true });
  assert.deepEqual(await lint(['empty']).then(({ code, out, err }) => [code, out, err]), [
    2,
    '',
    'recsample: No ratio config was found in empty. In a folder, configs must be named *.ratio.yaml, *.ratio.yml, *.ratio.json. A file that you give directly may have any name.\n',
  ]);
  const gone = await lint(['clean', 'gone.ratio.yaml', ...none]);
  assert.deepEqual([gone.code, gone.out], [2, '']);
  assert.match(gone.err, /gone\.ratio\.yaml: There is no such file or folder/);
  write('bad/utf16.ratio.yaml', '');
  writeFileSync(path.join(directory, 'bad/utf16.ratio.yaml'), Buffer.from('\uFEFFversion: 1', 'utf16le'));
  write('bad/clean.ratio.yaml', good);
  // The other configs are still reported.
  const { code, out, err } = await lint(['bad', ...none]);
  assert.deepEqual(
    [code, out, err],
    [
      2,
      `1 config, no findings\n1 file or folder could not be read or written\n${leftOut}`,
      'recsample: bad/utf16.ratio.yaml: It is not UTF-8 text. Save it as UTF-8.\n',
    ],
  );
  write('nul/nul.ratio.yaml', `${good}# \0\n`);
  const nul = await lint(['nul', ...none]);
  assert.deepEqual(
    [nul.code, nul.err],
    [
      2,
      `recsample: nul/nul.ratio.yaml:${good.split('\n').length}: It contains a NUL character. Remove that character. Editors do not write it on purpose.\n`,
    ],
  );
  const log = JSON.parse((await lint(['bad', ...none, '--format', 'sarif'])).out) as Log;
  assert.ok(validSarif(log), JSON.stringify(validSarif.errors));
  assert.deepEqual(
    [
      log.runs[0]?.invocations?.[0]?.executionSuccessful,
      log.runs[0]?.invocations?.[0]?.toolExecutionNotifications?.filter(({ level }) => level === 'error').length,
    ],
    [false, 1],
  );
  for (const args of [
    ['--root', 'clean/recall.ratio.yaml'],
    ['--root', 'gone'],
    ['--facts', 'all'],
    ['--fail-on', 'never'],
  ])
    assert.equal((await lint(['clean', ...args])).code, 2, args.join(' '));
});

test('if nothing could be read, the report does not claim that nothing was found', async () => {
  write('unread/utf16.ratio.yaml', '');
  writeFileSync(path.join(directory, 'unread/utf16.ratio.yaml'), Buffer.from('\uFEFFversion: 1', 'utf16le'));
  assert.deepEqual(await lint(['unread', ...none]).then(({ code, out }) => [code, out]), [
    2,
    '1 file or folder could not be read or written\n',
  ]);
});

test('unexpanded patterns match files of any name; a pattern without a match exits with 2', async () => {
  for (const file of ['a.ratio.yaml', 'b.yaml', 'deep/c.ratio.yaml', 'deep/d.txt', 'x[1].ratio.yaml'])
    write(`globs/${file}`, 'version: 2\n');
  const paths = async (...args: string[]): Promise<string[]> => [
    ...new Set((await report(args)).findings.map((finding) => finding.path)),
  ];
  assert.deepEqual(await paths('globs/*.yaml'), ['globs/a.ratio.yaml', 'globs/b.yaml', 'globs/x[1].ratio.yaml']);
  assert.deepEqual(await paths('globs/**/[cd].*'), ['globs/deep/c.ratio.yaml', 'globs/deep/d.txt']);
  assert.deepEqual(await paths('globs/x[1].ratio.yaml'), ['globs/x[1].ratio.yaml'], 'a file of that very name');
  const { code, out, err } = await lint(['globs/*.yml', ...none]);
  assert.deepEqual([code, out], [2, '']);
  assert.match(err, /globs\/\*\.yml: No file that can be read matches the pattern/);
  assert.match((await lint(['globs/[z-a].yaml'])).err, /\/globs\/\[z-a\]\.yaml: The pattern is not valid/);
});

test('brackets in the working folder’s name are not part of the pattern', async () => {
  for (const file of ['a.ratio.yaml', 'deep/b.ratio.yaml']) write(`routes/[app]/${file}`, 'version: 2\n');
  write('routes/a/c.ratio.yaml', 'version: 2\n');
  const host = { directory: path.join(directory, 'routes/[app]') };
  const lintThere = async (argument: string): Promise<Outcome> =>
    await lint([argument, ...none, '--format', 'json'], host);
  const paths = async (argument: string): Promise<string[]> => [
    ...new Set((JSON.parse((await lintThere(argument)).out) as Report).findings.map((finding) => finding.path)),
  ];
  assert.deepEqual(await paths('*.yaml'), ['a.ratio.yaml']);
  assert.deepEqual(await paths('./**/*.yaml'), ['a.ratio.yaml', 'deep/b.ratio.yaml']);
  assert.deepEqual(await paths('../[[]app]/deep/*'), ['deep/b.ratio.yaml']);
  assert.equal((await paths('../a/*.yaml')).length, 1);
  assert.equal((await paths(path.join(directory, 'globs/deep/[c].*'))).length, 1);
  const { code, err } = await lintThere('none.ratio.yaml');
  assert.equal(code, 2);
  assert.doesNotMatch(err, /pattern/);
});

test('standard input is refused with a message', async () => {
  assert.deepEqual(await lint(['-']).then(({ code, out, err }) => [code, out, err]), [
    2,
    '',
    'recsample: A config cannot be read from standard input. Write the config to a file, and give the path of that file.\n',
  ]);
});

test(
  'a pipe as config is refused without waiting',
  { skip: process.platform === 'win32' ? 'Windows has no such pipes' : false },
  async () => {
    execFileSync('mkfifo', [path.join(directory, 'pipe.ratio.yaml')]);
    const { code, err } = await lint(['pipe.ratio.yaml']);
    assert.deepEqual(
      [code, err],
      [2, `recsample: ${path.join(directory, 'pipe.ratio.yaml')}: It is a device or pipe and cannot be read\n`],
    );
    rmSync(path.join(directory, 'pipe.ratio.yaml'));
  },
);

test('a cancelled run is exit code 130 and changes nothing', async () => {
  const { code, out, err } = await lint(['clean', ...none, '--fix'], { signal: AbortSignal.abort() });
  assert.deepEqual([code, out, err], [130, '', '']);
});

test('a run that is cancelled while its only config is linted is exit code 130, without a report', async () => {
  write('stopped/broken.ratio.yaml', broken);
  const cancel = new AbortController();
  const { code, out, err } = await lint(['stopped', ...none], {
    signal: cancel.signal,
    note: () => {
      cancel.abort();
    },
  });
  assert.deepEqual([code, out, err], [130, '', '']);
});

test('a config of more than 4 MB is refused', async () => {
  const file = write('long/long.ratio.yaml', `# ${'x'.repeat(4 * 1024 * 1024)}\n`);
  const { code, out, err } = await lint(['long', ...none]);
  assert.equal(code, 2);
  assert.match(err, /long\.ratio\.yaml: It is larger than 4 MB, the maximum for a config/);
  assert.match(out, /1 file or folder could not be read/);
  rmSync(file);
});

/** A share whose value the YAML library reads as a map; quoting it is a safe fix. */
const unquoted = `vars: {exposed: 0.3}\n${good.replace('exposed_unclicked: {share: 0.3,', 'exposed_unclicked: {share: ${exposed},')}`;
const quoted = unquoted.replace('${exposed}', "'${exposed}'");

test('--fix applies the safe fixes, keeps BOM, line ends, comments and modes, and reports the rest', async () => {
  const file = write('fix/hole.ratio.yaml', `\uFEFF${unquoted.replaceAll('\n', '\r\n')}`);
  chmodSync(file, 0o640);
  const before = await lint(['fix', ...none]);
  assert.deepEqual([before.code, /\n1 finding can be fixed with --fix\n/.test(before.out)], [1, true], before.out);
  assert.equal(readFileSync(file, 'utf8'), `\uFEFF${unquoted.replaceAll('\n', '\r\n')}`);
  const { code, out } = await lint(['fix', ...none, '--fix']);
  assert.deepEqual([code, out], [0, `1 config, no findings\n1 finding was fixed\n${leftOut}`]);
  assert.equal(readFileSync(file, 'utf8'), `\uFEFF${quoted.replaceAll('\n', '\r\n')}`);
  assert.equal(statSync(file).mode & 0o777, 0o640);
  const again = await lint(['fix', ...none, '--fix']);
  assert.deepEqual([again.code, again.out], [0, `1 config, no findings\n${leftOut}`]);
  assert.equal(readFileSync(file, 'utf8'), `\uFEFF${quoted.replaceAll('\n', '\r\n')}`);
});

test('--fix skips a file that it may not write, and continues with the others', async () => {
  const locked = write('locked/a.ratio.yaml', unquoted);
  const open = write('locked/b.ratio.yaml', unquoted);
  chmodSync(locked, 0o444);
  const { code, out, err } = await lint(['locked', ...none, '--fix']);
  assert.deepEqual(
    [code, out, err],
    [
      2,
      `1 config, no findings\n1 finding was fixed\n1 file or folder could not be read or written\n${leftOut}`,
      'recsample: locked/a.ratio.yaml: It is read-only. Make it writable, or lint without --fix.\n',
    ],
  );
  assert.deepEqual([readFileSync(locked, 'utf8'), readFileSync(open, 'utf8')], [unquoted, quoted]);
});

test('--fix leaves findings that need a decision, and says so', async () => {
  const file = write('rest/both.ratio.yaml', unquoted.replace('global_random: 0.2', 'global_random: 0.4'));
  const { code, out } = await lint(['rest', ...none, '--fix', '--format', 'json']);
  assert.deepEqual([code, (JSON.parse(out) as Report).findings.map(({ rule }) => rule)], [1, ['config/share-sum']]);
  assert.equal(readFileSync(file, 'utf8'), quoted.replace('global_random: 0.2', 'global_random: 0.4'));
});

test('--fix writes through a link to the config and keeps the link', async () => {
  const target = write('linked/real.yaml', unquoted);
  symlinkSync('real.yaml', path.join(directory, 'linked/link.ratio.yaml'));
  const { code, out, err } = await lint(['linked', ...none, '--fix', '--format', 'json']);
  assert.deepEqual([code, err, (JSON.parse(out) as Report).findings], [0, 'recsample: 1 finding was fixed\n', []]);
  assert.equal(readFileSync(target, 'utf8'), quoted);
  assert.equal(realpathSync(path.join(directory, 'linked/link.ratio.yaml')), target);
});

test('--fix refuses a config that a link leads out of the project, and names the link', async () => {
  const outside = write('fence/out/t.ratio.yaml', unquoted);
  const own = write('fence/ws/own.ratio.yaml', unquoted);
  symlinkSync('../out/t.ratio.yaml', path.join(directory, 'fence/ws/t.ratio.yaml'));
  symlinkSync('../out', path.join(directory, 'fence/ws/sub'));
  const ws = path.join(directory, 'fence/ws');
  for (const args of [
    ['fence/ws'],
    ['fence/ws', '--root', 'fence/ws'],
    ['fence/ws/t.ratio.yaml', 'fence/ws/sub/t.ratio.yaml', 'fence/ws', '--root', 'fence/ws'],
  ]) {
    writeFileSync(own, unquoted);
    const { code, err } = await lint([...args, ...none, '--fix', '--format', 'json']);
    assert.equal(code, 2, err);
    assert.ok(
      err.includes(
        `recsample: fence/ws/t.ratio.yaml: The link ${ws}/t.ratio.yaml leads out of ${ws}, to ${outside}. Fixes are not written there. To fix it, lint ${outside} itself.\n`,
      ),
      err,
    );
    assert.ok(
      err.includes(
        `recsample: fence/ws/sub/t.ratio.yaml: The link ${ws}/sub leads out of ${ws}, to ${path.dirname(outside)}. `,
      ),
      err,
    );
    assert.deepEqual([readFileSync(outside, 'utf8'), readFileSync(own, 'utf8')], [unquoted, quoted]);
  }
  // The project may be a folder above both.
  assert.equal((await lint(['fence/ws', ...none, '--fix', '--root', 'fence', '--format', 'json'])).code, 0);
  assert.equal(readFileSync(outside, 'utf8'), quoted);
  assert.equal(realpathSync(path.join(ws, 't.ratio.yaml')), outside);
});
