import type { DatasetName } from '../../../config/definition/data.ts';
import { samplePathKey } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { message, type Message } from '../../../message/message.ts';
import { drawnDatasets } from '../../drawnStage.ts';
import { changed } from '../../examples/example.ts';
import { nothingIn } from '../../nothingIn.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';
import { sampleNeeds } from '../../sampleNeeds.ts';

type Origin = Answers['sample-origin'];

/** Most settings that a finding lists. */
const MAX_SETTINGS = 10;

export const origin = (overrides: Partial<Origin>): Pick<Answers, 'sample-origin'> => ({
  'sample-origin': { isRecorded: true, settings: [], data: [], ...overrides },
});

export const digest = defineRule({
  id: 'data/digest',
  kind: 'data',
  severity: 'info',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  needs: (context) => {
    const needs = sampleNeeds(context, 'sample-origin');
    return needs.length > 0 && context.stage.unit !== undefined
      ? [...drawnDatasets(context.config).map((dataset) => ({ dataset })), ...needs]
      : [];
  },
  comparesNothing: nothingIn('sample-origin', ({ isRecorded }) =>
    isRecorded ? null : message('the file has no current lock file'),
  ),
  *check(context): Iterable<Report> {
    const { facts, stage } = context;
    const answer = facts.answer({ kind: 'sample-origin', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { settings } = answer.value;
    const files = changedData(answer.value, context);
    if (settings.length + files.length === 0) return;
    yield {
      at: samplePathKey(stage.name),
      message:
        settings.length === 0
          ? message('The data have changed since the sample file was written')
          : settings.length === 1
            ? message('The sample file was written with another value of 1 setting')
            : message('The sample file was written with other values of {0} settings', settings.length),
      details: [
        ...settings.slice(0, MAX_SETTINGS).map(settingLine),
        ...(settings.length > MAX_SETTINGS ? [message('… and {0} more', settings.length - MAX_SETTINGS)] : []),
        ...files,
      ],
    };
  },
  docs: {
    summary: 'The config or its data have changed since the sample file was written',
    why: `A config often changes without a new sample file. Then its shares, seed and window no longer describe the file
that the model trains on.

The rule compares the settings in the lock file next to the sample file with those of the config: mix, exclusion,
windows, seed and how the data are read. It also compares the size of each data set with the recorded size, if all of
its files were read. Without a current lock file, there is nothing to compare. \`recsample diff\` compares two sample
files in full.

The severity is info, because an older file may be intended.`,
    source: 'The lock file of the sample.',
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      answers: origin({
        settings: [{ path: 'popularity.exponent', recorded: '0.5', present: '0.75' }],
        data: [{ name: 'items', bytes: 40_000, files: 1 }],
      }),
    },
    right: { text: changed('recall') },
  },
});

function settingLine({ path, recorded, present }: Origin['settings'][number]): Message {
  if (recorded === null) return message('{0}: {1} in the config, nothing in the file.', path, present ?? '');
  if (present === null) return message('{0}: {1} in the file, nothing in the config.', path, recorded);
  return message('{0}: {1} in the file, {2} in the config.', path, recorded, present);
}

function changedData({ data }: Origin, { facts }: RuleContext): Message[] {
  return data.flatMap(({ name, bytes, files }) => {
    const file = facts.dataset(name as DatasetName);
    return file?.state === 'known' && file.files === files && file.bytes !== bytes
      ? [message('data.{0} had {1} bytes and now has {2}.', name, bytes, file.bytes)]
      : [];
  });
}
