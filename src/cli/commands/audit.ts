import { statSync } from 'node:fs';
import path from 'node:path';
import { fail } from '../../core/message/failure.ts';
import { message, render } from '../../core/message/message.ts';
import { printable } from '../../core/message/printable.ts';
import { severities } from '../../core/policy/finding.ts';
import { rules } from '../../core/policy/rules.ts';
import { auditHtml } from '../../core/report/auditHtml.ts';
import { auditJson } from '../../core/report/auditJson.ts';
import { lintReportOf, type AuditReport } from '../../core/report/auditReport.ts';
import { MAX_SUMMARY_LINES } from '../../core/report/auditSummary.ts';
import { auditText } from '../../core/report/auditText.ts';
import { countsOf, reaches } from '../../core/report/lintReport.ts';
import { sarifLog } from '../../core/report/sarif.ts';
import { lockEnding } from '../../core/sampling/placement.ts';
import { stages } from '../../core/schema/stage.ts';
import { auditSample, stageOf, type AuditedStage } from '../../project/audit/auditJob.ts';
import { sampleRecord, type SampleRecord } from '../../project/audit/sampleRecord.ts';
import { FactsCache } from '../../project/facts/factsCache.ts';
import { projectRoot } from '../../project/projectRoot.ts';
import { openConfig, unusedVariables, type OpenConfig } from '../../project/stage/configSource.ts';
import { samplePath } from '../../project/plan/sampleOutput.ts';
import { callContext } from '../callContext.ts';
import type { Command, CommandContext, CommandInput, ExitCode } from '../command.ts';
import { readConfigFile } from '../configFile.ts';
import { configOptions, parseRoot, variablesOf, warnUnusedVariables } from '../configOptions.ts';
import { formatOption } from '../formatOption.ts';
import { roleOption, parseSampleRoles } from '../roleOption.ts';
import { chooseStage } from '../sampling/chooseStage.ts';
import { parseSplit, splits } from '../sampling/samplingOptions.ts';
import { usageError } from '../usage.ts';

const help = 'recsample audit --help';
const defaultWorst = 'error';
const inputs = ['uniform', 'impressions'] as const;
const formats = ['text', 'json', 'sarif', 'html'] as const;

/** `recsample audit SAMPLE|CONFIG`: measures a finished sample file against the inputs of its stage. */
export const auditCommand: Command = {
  name: 'audit',
  summary: message('Measure a finished sample file and check it against its stage, its log and its config'),
  arguments: [
    {
      name: 'SAMPLE',
      help: message('A sample file, a folder of samples, or a ratio config whose sample file is audited'),
    },
  ],
  options: {
    config: {
      type: 'string',
      placeholder: 'CONFIG',
      help: message(
        'The ratio config to compare with. Default: the config that the lock file names, if it is unchanged',
      ),
    },
    stage: {
      type: 'string',
      placeholder: stages.join('|'),
      choices: stages,
      help: message('Name of the stage. Default: from the lock file, else the only stage of the config'),
    },
    split: {
      type: 'string',
      placeholder: splits.join('|'),
      choices: splits,
      help: message('The window that the sample covers. Default: from the lock file, else {0}', 'train'),
    },
    role: roleOption,
    by: {
      type: 'string',
      placeholder: 'day|split|COLUMN',
      help: message(
        'Also measure everything for each day, split, or value of a column of the sample, data.users or data.items',
      ),
    },
    baseline: {
      type: 'string',
      placeholder: 'SAMPLE',
      help: message('Another sample of the stage: what has changed since, and which findings are new'),
    },
    input: {
      type: 'string',
      placeholder: inputs.join('|'),
      choices: inputs,
      help: message('How the items of the corpus count as the input of recall. Default: {0}', 'uniform'),
    },
    ...configOptions,
    format: formatOption(formats),
    details: {
      type: 'boolean',
      help: message('In text: all findings and metrics, not only the summary of {0} lines', MAX_SUMMARY_LINES),
    },
    'fail-on': {
      type: 'string',
      placeholder: severities.join('|'),
      choices: severities,
      help: message('Lowest severity of findings that gives exit code 1. Default: {0}', defaultWorst),
    },
  },
  examples: [
    'recsample audit out/recall.parquet',
    'recsample audit out/recall.parquet --details',
    'recsample audit configs/recall.ratio.yaml --fail-on warning',
    'recsample audit theirs.parquet --config configs/recall.ratio.yaml --role neg_list=item --format json',
  ],
  async run(input, context) {
    const { sample, isConfigured, of, record } = await target(input, context);
    const baseline = parseBaseline(input, context);
    const weights = inputs.find((kind) => kind === input.text('input'));
    const access = { engine: await context.engine(), cache: new FactsCache(), trusted: true };
    const audited = await auditSample(
      {
        sample,
        isConfigured,
        of,
        record,
        by: input.text('by') ?? null,
        set: parseSampleRoles(input, help),
        baseline: baseline === null ? null : { sample: baseline, record: sampleRecord(baseline) },
        cache: null,
        ...(weights === undefined ? {} : { input: weights }),
      },
      access,
      callContext(context),
    );
    context.note('');
    if (of) warnUnusedVariables(unusedVariables(of.config), context);
    for (const notice of audited.notices) context.warn(printable(render(notice, context.translate)));
    const { answer, stage, split, findings } = audited;
    const report: AuditReport = {
      path: nameOf(sample, context),
      config: of?.config.source.name ?? null,
      stage,
      split,
      sample: answer.sample,
      metrics: answer.metrics,
      findings,
      rules: audited.rules,
      notices: audited.notices,
      baseline:
        baseline === null
          ? null
          : { path: nameOf(baseline, context), ...(audited.drift ?? { fresh: [], resolved: [] }) },
    };
    const worst = severities.find((severity) => severity === input.text('fail-on')) ?? defaultWorst;
    const exitCode = reaches(countsOf(findings), worst) ? 1 : 0;
    await context.print(printed(report, exitCode, input, context), input.text('format'));
    return exitCode;
  },
};

function printed(report: AuditReport, exitCode: ExitCode, input: CommandInput, context: CommandContext): string {
  const { translate, locale } = context;
  switch (formats.find((format) => format === input.text('format'))) {
    case 'json':
      return auditJson(report);
    case 'sarif':
      return sarifLog(lintReportOf(report), { version: context.version, rules, exitCode });
    case 'html':
      return auditHtml(report, { language: locale, translate });
    case 'text':
    case undefined:
      return auditText(report, { ...context.terminal, locale, translate, details: input.flag('details') });
  }
}

interface Target {
  readonly sample: string;
  /** The config names the sample. */
  readonly isConfigured: boolean;
  readonly of: AuditedStage | null;
  readonly record: SampleRecord;
}

async function target(input: CommandInput, context: CommandContext): Promise<Target> {
  const argument = input.arguments[0] ?? '';
  const absolute = path.resolve(context.directory, argument);
  if (isConfig(argument)) {
    if (input.text('config') !== undefined)
      throw usageError(message('{0} is a config already, so --config has no meaning', argument), { help });
    const of = await stageIn(argument, null, input, context);
    const sample = sampleOf(of, argument);
    return { sample, isConfigured: true, of, record: sampleRecord(sample) };
  }
  const sample = absolute.endsWith(lockEnding) ? absolute.slice(0, -lockEnding.length) : absolute;
  const record = sampleRecord(sample);
  const config = input.text('config') ?? record.config;
  return {
    sample,
    isConfigured: false,
    record,
    of: config === null ? null : await stageIn(config, record, input, context),
  };
}

/** Lock files end in `.json` too, and samples may end in `.jsonl`. */
function isConfig(name: string): boolean {
  return /\.(ya?ml|json)$/i.test(name) && !name.endsWith(lockEnding);
}

async function stageIn(
  config: string,
  record: SampleRecord | null,
  input: CommandInput,
  context: CommandContext,
): Promise<AuditedStage> {
  const opened = await configAt(config, record, input, context);
  const word = input.text('stage') ?? stageOf(record?.lock?.stage) ?? undefined;
  const stage = chooseStage(word, Object.keys(opened.read.config.stages ?? {}), opened.source.name);
  if (typeof stage !== 'string') throw usageError(stage.failure, stage.known ?? message('See {0}.', help));
  return { config: opened, stage, split: parseSplit(input) ?? null };
}

async function configAt(
  config: string,
  record: SampleRecord | null,
  input: CommandInput,
  context: CommandContext,
): Promise<OpenConfig> {
  const file = path.resolve(context.directory, config);
  const { text } = await readConfigFile(file);
  // The values of --set that the sample was written with.
  const recorded = file === record?.config ? (record.lock?.config.variables ?? {}) : {};
  return openConfig({
    path: file,
    name: nameOf(file, context),
    text,
    language: /\.json$/i.test(file) ? 'json' : 'yaml',
    variables: { ...recorded, ...variablesOf(input, help) },
    root: parseRoot(input, context, help) ?? projectRoot(file, [], context.directory),
  });
}

/** The sample file that a config names. */
function sampleOf({ config: { read, source }, stage }: AuditedStage, argument: string): string {
  const folder = path.dirname(source.path ?? argument);
  const sample = samplePath(read.config, stage, { folder, root: source.root });
  if (sample === null)
    throw fail('bad-request', message('The config names no sample file for the stage {0}', stage), {
      place: { path: argument },
      advice: message('Give the sample file, and this config with {0}.', '--config'),
    });
  if (statSync(sample, { throwIfNoEntry: false }) === undefined)
    throw fail('not-found', message('The sample file of the stage {0} does not exist', stage), {
      place: { path: sample },
      advice: message('Generate it with {0}, or give another sample file.', 'recsample sample'),
    });
  return sample;
}

/** The sample of `--baseline`, absolute. */
function parseBaseline(input: CommandInput, { directory }: CommandContext): string | null {
  const argument = input.text('baseline');
  return argument === undefined ? null : path.resolve(directory, argument);
}

/** Relative to the caller's folder if it is below it, with `/`. */
function nameOf(file: string, { directory }: CommandContext): string {
  const relative = path.relative(directory, file);
  const inside = relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
  return (inside ? relative : file).split(path.sep).join('/');
}
