import path from 'node:path';
import { factLevels } from '../../core/data/facts.ts';
import { severities } from '../../core/policy/finding.ts';
import { policyByName, type ResolvedPolicy } from '../../core/policy/resolvePolicy.ts';
import { rules } from '../../core/policy/rules.ts';
import { describeFailure, fail } from '../../core/message/failure.ts';
import { lintJson } from '../../core/report/lintJson.ts';
import { countsOf, findingsOf, reaches, type LintReport } from '../../core/report/lintReport.ts';
import { lintText } from '../../core/report/lintText.ts';
import { message, render } from '../../core/message/message.ts';
import { sarifLog } from '../../core/report/sarif.ts';
import { printable } from '../../core/message/printable.ts';
import { YieldTimer } from '../../project/lint/yieldTimer.ts';
import { policyTextWithin } from '../../project/lint/policyText.ts';
import type { Command, CommandContext, CommandInput, ExitCode } from '../command.ts';
import { configOptions, parseRoot, warnUnusedVariables, variablesOf } from '../configOptions.ts';
import { findConfigs } from '../findConfigs.ts';
import { formatOption } from '../formatOption.ts';
import { Linter } from '../linter.ts';
import { textOptions } from '../textOptions.ts';
import { usageError } from '../usage.ts';

const formats = ['text', 'json', 'sarif'] as const;
const defaultLevel = 'schema';
const defaultWorst = 'error';
const help = 'recsample lint --help';

/** `recsample lint [PATH …]`: checks ratio configs against the rules, for people and for CI. */
export const lintCommand: Command = {
  name: 'lint',
  summary: message('Check ratio configs against the policies of the stages, and against their data'),
  arguments: [
    {
      name: 'PATH',
      times: 'any',
      help: message(
        'Configs, quoted globs, or folders to search for *.ratio.yaml, *.ratio.yml and *.ratio.json. Default: {0}',
        '.',
      ),
    },
  ],
  options: {
    facts: {
      type: 'string',
      placeholder: factLevels.join('|'),
      choices: factLevels,
      help: message(
        'What to read in addition to the configs: nothing, columns and types of their data, or also the rows. Default: {0}',
        defaultLevel,
      ),
    },
    policy: {
      type: 'string',
      placeholder: 'recommended|strict|PATH',
      help: message('A preset or a policy file that overrides the policy of the configs'),
    },
    set: configOptions.set,
    format: formatOption(formats),
    fix: { type: 'boolean', help: message('Apply the fixes that do not change the meaning, and report the rest') },
    'fail-on': {
      type: 'string',
      placeholder: severities.join('|'),
      choices: severities,
      help: message('Lowest severity of findings that gives exit code 1. Default: {0}', defaultWorst),
    },
    root: configOptions.root,
  },
  examples: [
    'recsample lint',
    'recsample lint configs/recall.ratio.yaml --facts data --set dt=2026-11-20',
    'recsample lint configs --policy strict --format sarif --fail-on warning > lint.sarif',
  ],
  async run(input, context) {
    const { report, unused } = await lintAll(input, context);
    const yields = new YieldTimer(context.signal);
    context.note('');
    const exitCode = exitCodeOf(report, input);
    for (const failure of report.failures) context.warn(printable(describeFailure(failure, context.translate)));
    if (report.configs.length > 0) warnUnusedVariables(unused, context);
    // Building a report of 200,000 findings takes a second. The break below handles a signal that arrives meanwhile.
    const text = printed(report, exitCode, input, context);
    await yields.yieldIfDue();
    await context.print(text, input.text('format'));
    return exitCode;
  },
};

async function lintAll(
  input: CommandInput,
  context: CommandContext,
): Promise<{ readonly report: LintReport; readonly unused: readonly string[] }> {
  const given = input.arguments.length === 0 ? ['.'] : input.arguments;
  const policy = input.text('policy');
  const linter = new Linter(context, {
    level: factLevels.find((level) => level === input.text('facts')) ?? defaultLevel,
    set: variablesOf(input, help),
    fix: input.flag('fix'),
    given: given.map((one) => path.resolve(context.directory, one)),
    root: parseRoot(input, context, help),
    ...(policy === undefined ? {} : { policy: policyNamed(policy, context) }),
  });
  const { files, failures } = await findConfigs(given, context.directory, context.signal);
  if (files.length === 0 && failures.length === 0) {
    throw fail('not-found', message('No ratio config was found in {0}', given.join(', ')), {
      advice: message(
        'In a folder, configs must be named {0}. A file that you give directly may have any name.',
        '*.ratio.yaml, *.ratio.yml, *.ratio.json',
      ),
    });
  }
  return { report: await linter.lint(files, failures), unused: linter.unusedVariables };
}

/** The policy of `--policy`. The caller chose it explicitly, so it may be anywhere on this machine. */
function policyNamed(name: string, { directory, translate }: CommandContext): ResolvedPolicy {
  const policy = policyByName(name, { folder: directory, root: null, readText: policyTextWithin(null) });
  const [problem] = policy.problems;
  if (problem) throw usageError(message('--policy: {0}', render(problem.message, translate)), { help });
  return policy;
}

function exitCodeOf(report: LintReport, input: CommandInput): ExitCode {
  if (report.failures.length > 0) return 2;
  const worst = severities.find((severity) => severity === input.text('fail-on')) ?? defaultWorst;
  return reaches(countsOf(findingsOf(report)), worst) ? 1 : 0;
}

function printed(report: LintReport, exitCode: ExitCode, input: CommandInput, context: CommandContext): string {
  const format = input.text('format') ?? 'text';
  if (format === 'text') return lintText(report, textOptions(context));
  // These formats have a fixed shape, so the number of fixes goes to standard error.
  if (report.fixed > 0)
    context.warn(
      render(
        report.fixed === 1 ? message('1 finding was fixed') : message('{0} findings were fixed', report.fixed),
        context.translate,
      ),
    );
  return format === 'json' ? lintJson(report) : sarifLog(report, { version: context.version, rules, exitCode });
}
