import path from 'node:path';
import { fail } from '../../core/message/failure.ts';
import { message, render } from '../../core/message/message.ts';
import { printable } from '../../core/message/printable.ts';
import { trialHtml } from '../../core/report/trialHtml.ts';
import { trialJson } from '../../core/report/trialJson.ts';
import { trialText } from '../../core/report/trialText.ts';
import { stages } from '../../core/schema/stage.ts';
import { trialSeeds } from '../../core/trial/probe.ts';
import type { TrialReport } from '../../core/trial/report.ts';
import { valueAt } from '../../core/valueAt.ts';
import type { OpenConfig } from '../../project/stage/configSource.ts';
import { readEarlierTrial } from '../../project/trial/readEarlierTrial.ts';
import { trialRequest, type OpenTrialArm } from '../../project/trial/trialRequest.ts';
import { lastKey, variedConfig } from '../../project/trial/variedConfig.ts';
import { callContext } from '../callContext.ts';
import type { Command, CommandContext, CommandInput } from '../command.ts';
import { warnUnusedVariables } from '../configOptions.ts';
import { openStage, type OpenStage, type StageChoice } from '../sampling/openStage.ts';
import { samplingOptions } from '../sampling/samplingOptions.ts';
import { formatOption } from '../formatOption.ts';
import { usageError } from '../usage.ts';

const help = 'recsample trial --help';
const formats = ['text', 'json', 'html'] as const;
const hides = ['clicked', 'exposed'] as const;
const MAX_ARMS = 12;
const MAX_THREADS = 256;
const { split: _split, epoch: _epoch, format: _format, ...planOptions } = samplingOptions;

/** `recsample trial A [B …] --stage recall`: which mix is better for this log, on a small probe model. */
export const trialCommand: Command = {
  name: 'trial',
  summary: message('Train a small probe model on the mix of each ratio config, and compare what it recommends'),
  arguments: [
    { name: 'A', help: message('A ratio config. The others are compared with it') },
    { name: 'B', times: 'any', help: message('More ratio configs of the same data') },
  ],
  options: {
    vary: {
      type: 'string',
      placeholder: 'KEY=V1,V2',
      help: message(
        'Compares one config with several values of a key, such as {0}. The first value is the reference',
        'negatives.per_positive=4,8,16',
      ),
    },
    seeds: {
      type: 'string',
      placeholder: 'N',
      help: message('Number of times that each config is drawn and trained. Default: {0}', trialSeeds.usual),
    },
    'eval-where': {
      type: 'string',
      placeholder: 'COLUMN=VALUE',
      help: message('Rows of data.impressions that were exposed at random. Recall on their clicks leads the report'),
    },
    hide: {
      type: 'string',
      placeholder: hides.join('|'),
      choices: hides,
      help: message(
        'What is left out of a user’s ranking: items clicked in window.train, or all items shown there. Default: {0}',
        'clicked',
      ),
    },
    earlier: {
      type: 'string',
      multiple: true,
      placeholder: 'FILE',
      help: message(
        'JSON report of an earlier trial. Its configs count as further comparisons if the data and window.eval are the same',
      ),
    },
    all: {
      type: 'boolean',
      help: message('Train on all positives. Default: on whole users with at most {0} positives', '200,000'),
    },
    threads: {
      type: 'string',
      placeholder: 'N',
      help: message('Number of threads that train. It does not change the report. Default: one for each processor'),
    },
    ...planOptions,
    stage: {
      ...planOptions.stage,
      choices: stages,
      help: message('Name of the stage: only {0} can be tried', 'recall'),
    },
    format: formatOption(formats),
  },
  examples: [
    'recsample trial recall.ratio.yaml uniform.ratio.yaml --stage recall',
    'recsample trial recall.ratio.yaml --vary negatives.per_positive=4,8,16',
    'recsample trial recall.ratio.yaml other.ratio.yaml --eval-where is_random=1 --format html > trial.html',
  ],
  async run(input, context) {
    const options = parseOptions(input);
    const earlier = await Promise.all(input.texts('earlier').map((name) => readEarlierTrial(name, context.directory)));
    const choices = parseArms(input);
    const warned = new Set<string>();
    const opened: OpenStage[] = [];
    for (const { choice } of choices) {
      const openedStage = await openStage({ ...choice, warned, split: 'train' }, input, context);
      opened.push(openedStage);
    }
    const [first] = choices;
    const evaluated = first && (await openStage({ ...first.choice, warned, split: 'eval' }, input, context));
    if (!evaluated) throw usageError(message('A config is missing'), { help });
    const unused = opened.map((stageOfArm) => stageOfArm.unused);
    warnUnusedVariables(
      (unused[0] ?? []).filter((name) => unused.every((names) => names.includes(name))),
      context,
    );
    const arms = opened.map(({ job, stage }, k): OpenTrialArm => {
      const { choice, name, varied } = valueAt(choices, k);
      return { name, config: choice.config, varied, job, stage };
    });
    const request = trialRequest(arms, evaluated.stage, { ...options, earlier, version: context.version });
    // Errors of rules do not stop a trial: it may be about a mix that a rule warns of.
    const altered = opened.find((arm) => arm.altered);
    if (altered)
      throw fail('bad-request', message('Nothing is trained: parts of the config were left out'), {
        place: { path: altered.job.config.source.name },
      });
    const engine = await context.engine();
    const report = await engine.call('trial', request, callContext(context));
    context.note('');
    for (const note of input.text('format') === 'json' ? report.notes : [])
      context.warn(printable(render(note, context.translate)));
    await context.print(printed(report, input, context), input.text('format'));
  },
};

function printed(report: TrialReport, input: CommandInput, { translate, locale, terminal }: CommandContext): string {
  switch (formats.find((format) => format === input.text('format'))) {
    case 'json':
      return trialJson(report);
    case 'html':
      return trialHtml(report, { language: locale, translate });
    case 'text':
    case undefined:
      return trialText(report, { ...terminal, locale, translate });
  }
}

interface ArmChoice {
  readonly choice: StageChoice;
  readonly name: string;
  readonly varied: OpenTrialArm['varied'];
}

/** The configs, or one config with the values of `--vary`. */
function parseArms(input: CommandInput): ArmChoice[] {
  const configs = input.arguments;
  const vary = input.text('vary');
  const shared = {
    seed: input.text('seed'),
    help,
    stage: stages.find((stage) => stage === input.text('stage')) ?? 'recall',
  } as const;
  const requireAtMost = (count: number): void => {
    if (count > MAX_ARMS)
      throw usageError(message('A trial compares at most {0} configs, not {1}', MAX_ARMS, count), { help });
  };
  if (vary === undefined) {
    requireAtMost(configs.length);
    const names = namesOf(configs);
    return configs.map((config, k) => ({ choice: { ...shared, config }, name: valueAt(names, k), varied: null }));
  }
  const [config = '', ...others] = configs;
  if (others.length > 0)
    throw usageError(message('--vary compares the values of one config, not of several'), { help });
  const [, key, list] = /^([^=]+)=(.+)$/s.exec(vary) ?? [];
  const values = list === undefined ? [] : valuesOf(list);
  if (key === undefined || values.length < 2 || values.includes(''))
    throw usageError(
      message('--vary must be KEY=V1,V2 with two or more values, not {0}', vary),
      message('Example: {0}.', 'negatives.per_positive=4,8'),
    );
  requireAtMost(values.length);
  const varied = numbered(values.map((value) => `${lastKey(key.trim())}=${value}`));
  return values.map((value, k) => ({
    choice: {
      ...shared,
      config,
      change: (read: OpenConfig) => variedConfig(read, shared.stage, key.trim(), value),
    },
    name: varied[k] ?? value,
    varied: { path: key.trim(), value },
  }));
}

/** Splits at commas that are not inside brackets. */
function valuesOf(list: string): string[] {
  const values = [''];
  let depth = 0;
  for (const character of list) {
    if ('[{'.includes(character)) depth++;
    if (']}'.includes(character)) depth--;
    if (character === ',' && depth === 0) values.push('');
    else values.push(`${values.pop() ?? ''}${character}`);
  }
  return values.map((value) => value.trim());
}

/** The names of the files if they differ, else the paths; repeated ones are numbered. */
function namesOf(configs: readonly string[]): string[] {
  const short = configs.map((config) => path.basename(config).replace(/\.ratio\.(?:ya?ml|json)$/i, ''));
  return numbered(new Set(short).size === short.length ? short : configs);
}

/** Repeated names get a number. */
function numbered(names: readonly string[]): string[] {
  return names.map((name, k) => {
    const before = names.slice(0, k).filter((other) => other === name).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}

function parseOptions(
  input: CommandInput,
): Pick<Parameters<typeof trialRequest>[2], 'seeds' | 'hide' | 'slice' | 'all' | 'threads'> {
  const threads = input.text('threads') === undefined ? undefined : wholeNumber(input, 'threads', MAX_THREADS, 1);
  return {
    seeds: wholeNumber(input, 'seeds', trialSeeds.most, trialSeeds.usual),
    hide: hides.find((choice) => choice === input.text('hide')) ?? 'clicked',
    slice: parseSlice(input),
    all: input.flag('all'),
    ...(threads === undefined ? {} : { threads }),
  };
}

function wholeNumber(input: CommandInput, option: 'seeds' | 'threads', max: number, fallback: number): number {
  const text = input.text(option);
  if (text === undefined) return fallback;
  const number = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
  if (!(number >= 1 && number <= max))
    throw usageError(message('--{0} must be a whole number from 1 to {1}, not {2}', option, max, text), { help });
  return number;
}

function parseSlice(input: CommandInput): { readonly column: string; readonly value: string } | null {
  const text = input.text('eval-where');
  if (text === undefined) return null;
  const [, column, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (column === undefined || value === undefined)
    throw usageError(message('--eval-where must be COLUMN=VALUE, not {0}', text), { help });
  return { column, value };
}
