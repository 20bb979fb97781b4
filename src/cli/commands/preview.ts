import path from 'node:path';
import { message, render } from '../../core/message/message.ts';
import { previewJson } from '../../core/report/previewJson.ts';
import { previewText } from '../../core/report/previewText.ts';
import { printable } from '../../core/message/printable.ts';
import { rowColumns } from '../../core/report/rowColumns.ts';
import type { Preview } from '../../core/sampling/answers.ts';
import { readIds } from '../../core/sampling/idList.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { Command, CommandContext, CommandInput } from '../command.ts';
import { Extract } from '../../project/stage/extract.ts';
import { callContext } from '../callContext.ts';
import { warnUnusedVariables } from '../configOptions.ts';
import { openStage, type OpenStage } from '../sampling/openStage.ts';
import { previewWarnings } from '../sampling/previewWarnings.ts';
import { textOptions } from '../textOptions.ts';
import { usageError } from '../usage.ts';
import { samplingOptions, parseUsers, usersOption } from '../sampling/samplingOptions.ts';

const help = 'recsample preview --help';

/** Number of random users. A single user often has no groups, because the config drops all of its positives. */
const RANDOM_USERS = 3;

/** `recsample preview CONFIG --stage S --users A,B`: what the sampler draws for these users, and why. */
export const previewCommand: Command = {
  name: 'preview',
  summary: message('Show what a ratio config draws for chosen users, and explain each draw'),
  arguments: [{ name: 'CONFIG', help: message('A ratio config') }],
  options: {
    users: {
      ...usersOption.users,
      help: message(
        'Ids of the users, separated by commas. May be given more than once. In an id, write {0} for a comma and {1} for a backslash. Default: three random users of the log, the same in every run',
        '\\,',
        '\\\\',
      ),
    },
    columns: {
      type: 'string',
      multiple: true,
      placeholder: 'A,B',
      help: message(
        'Columns of the file to show for each row, separated by commas: pass-through columns, {0} and others. Default: pass-through columns, the teacher and labels of events, as far as they fit',
        'teacher, label_click, log_q_mix, logq_correction, weight',
      ),
    },
    extract: {
      type: 'string',
      placeholder: 'FOLDER',
      help: message(
        'Show the rows of a cluster: the folder that a job of {0} has written. Default users: all that it has',
        'recsample spark --extract',
      ),
    },
    ...samplingOptions,
  },
  examples: [
    'recsample preview configs/recall.ratio.yaml --users 7203685477500000123,7203685477500000456',
    'recsample preview configs/recall.ratio.yaml --extract out/recall.extract',
    'recsample preview funnel.ratio.yaml --stage coarse_ranking --users u1 --seed other --format json',
  ],
  async run(input, context) {
    const config = input.arguments[0] ?? '';
    const folder = input.text('extract');
    const requestedUsers = parseUsers(input, help);
    const isJson = input.text('format') === 'json';
    const columns = parseColumns(input);
    if (isJson && columns !== undefined)
      throw usageError(message('--columns is for text: JSON has all columns'), { help });
    const extract = folder === undefined ? null : await openExtract(folder, context);
    const explicitUsers = requestedUsers ?? extract?.users ?? null;
    extract?.requireUsers(explicitUsers ?? []);
    const opened = await openStage({ config, seed: input.text('seed'), help, extract }, input, context);
    warnUnusedVariables(opened.unused, context);
    const users = explicitUsers ?? (await randomUsers(opened));
    const { stage, answer: preview } = await opened.ask('preview', {
      users,
      groupLimit: null,
      ...opened.job.placement(),
      ...opened.job.copies(),
    });
    context.note('');
    if (explicitUsers === null)
      context.warn(
        render(
          users.length === 0
            ? message('No user of the log has positives or requests in this window')
            : message('Random users of the log are shown. Name others with --users.'),
          context.translate,
        ),
      );
    checkColumns(columns, stage.request.plan, preview);
    if (isJson) {
      // JSON has a fixed schema, so warnings go to standard error.
      for (const warning of previewWarnings(preview)) context.warn(printable(render(warning, context.translate)));
      await context.print(previewJson(stage.request.plan, preview), 'json');
    } else {
      await context.print(
        previewText(stage.request.plan, preview, {
          ...textOptions(context),
          config,
          ...(columns === undefined ? {} : { columns }),
        }),
      );
    }
  },
};

/** Users with positives or requests, the same in every run. Empty if the log has no users. */
async function randomUsers({ ask }: OpenStage): Promise<readonly string[]> {
  const { answer } = await ask('sampleUsers', {
    choice: { kind: 'random', salt: 0 },
    limit: RANDOM_USERS,
    without: [],
  });
  return answer.map(({ user }) => user);
}

/** An extract in the folder that was given. */
async function openExtract(folderArgument: string, context: CommandContext): Promise<Extract> {
  const folder = path.resolve(context.directory, folderArgument);
  return await Extract.open({ folder, named: folderArgument }, await context.engine(), callContext(context));
}

/** `--columns`; undefined if it was not given. */
function parseColumns(input: CommandInput): readonly string[] | undefined {
  const values = input.texts('columns');
  return values.length === 0 ? undefined : [...new Set(values.flatMap(readIds))];
}

function checkColumns(columns: readonly string[] = [], plan: StagePlan, { passed }: Preview): void {
  const available = rowColumns(plan, passed).map(({ id }) => id);
  const unknown = columns.find((name) => !available.includes(name));
  if (unknown !== undefined)
    throw usageError(
      message('The file has no column {0} to show', unknown),
      message('Columns that can be shown: {0}.', available.join(', ')),
    );
}
