import { explainText } from '../../core/report/explainText.ts';
import { message, render } from '../../core/message/message.ts';
import { explainJson } from '../../core/report/explainJson.ts';
import { printable } from '../../core/message/printable.ts';
import type { Command, CommandInput } from '../command.ts';
import { warnUnusedVariables } from '../configOptions.ts';
import { COMPARED, idOfText, userOfText } from '../../core/sampling/idOfText.ts';
import { openStage, type OpenStage } from '../sampling/openStage.ts';
import { samplingOptions } from '../sampling/samplingOptions.ts';
import { textOptions } from '../textOptions.ts';
import { usageError } from '../usage.ts';

const help = 'recsample explain --help';

/** `recsample explain CONFIG --stage S --user U --item I`: why an item is a negative of a user, or why it never is. */
export const explainCommand: Command = {
  name: 'explain',
  summary: message('Explain why an item is a negative of a user, or why it never is'),
  arguments: [{ name: 'CONFIG', help: message('A ratio config') }],
  options: {
    user: { type: 'string', placeholder: 'ID', help: message('Id or name of the user. Required') },
    item: { type: 'string', placeholder: 'ID', help: message('Id or title of the item. Required') },
    ...samplingOptions,
  },
  examples: ['recsample explain configs/recall.ratio.yaml --user 7203685477500000123 --item 4820193308500000456'],
  async run(input, context) {
    const query = { user: required(input, 'user'), item: required(input, 'item') };
    const config = input.arguments[0] ?? '';
    const opened = await openStage({ config, seed: input.text('seed'), help }, input, context);
    warnUnusedVariables(opened.unused, context);
    const pair = { user: await userOf(query.user, opened), item: await itemOf(query.item, opened) };
    const { stage, answer: explanation } = await opened.ask('explainPair', {
      ...pair,
      ...opened.job.placement(),
      ...opened.job.copies(),
    });
    context.note('');
    // The JSON has a fixed shape, so notices go to standard error.
    for (const notice of explanation.notices) context.warn(printable(render(notice, context.translate)));
    await context.print(
      input.text('format') === 'json'
        ? explainJson(stage.request.plan, pair, explanation)
        : explainText(stage.request.plan, pair, explanation, textOptions(context)),
      input.text('format'),
    );
  },
};

/** Without a column of names, a text can only be an id, and nothing is searched. */
async function userOf(text: string, { ask, stage }: OpenStage): Promise<string> {
  if (stage.request.data.users?.title === undefined) return text;
  return await userOfText(
    text,
    async (kind) => (await ask('sampleUsers', { choice: { kind, text }, limit: COMPARED, without: [] })).answer,
  );
}

async function itemOf(text: string, { ask, stage }: OpenStage): Promise<string> {
  if ((stage.request.data.items?.title ?? null) === null) return text;
  const { answer } = await ask('sampleItems', { text, limit: COMPARED, named: true });
  return idOfText(
    text,
    answer.map(({ item, title }) => ({ id: item, title })),
    'items',
  );
}

function required(input: CommandInput, option: string): string {
  const value = input.text(option);
  if (value === undefined) throw usageError(message('{0} is missing', `--${option}`), { help });
  return value;
}
