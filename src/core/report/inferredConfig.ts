import { percent } from './estimateText.ts';
import { message, type Message } from '../message/message.ts';
import { auditRoles, declaredSampleRoles } from '../audit/sampleColumns.ts';
import { durationText } from '../schema/durationText.ts';
import type { InferredFacts, InferredSequence } from './inferredFacts.ts';
import { inferredStage } from './inferredStage.ts';
import { starterConfig, type StarterRequest } from '../config/starter.ts';
import { Comments, plain, type Line } from '../config/starterYaml.ts';
import { StarterColumns } from '../config/starterColumns.ts';

/**
 * The config that would produce a finished sample. Unknown settings are comments with the reason. `data`: the data sets
 * that the sample was compared with.
 */
export function inferredConfig(
  facts: InferredFacts,
  { data, seed }: Pick<StarterRequest, 'data' | 'seed'>,
  say: (text: Message) => string,
): string {
  const comments = new Comments(say);
  const { where } = facts;
  const request: StarterRequest = { stages: [facts.stage], data, seed };
  return starterConfig(request, say, {
    about: comments.line(
      message(
        'Inferred from {0}. Values in brackets: 95 % intervals. Lines that are commented out could not be inferred.',
        facts.sample.path,
      ),
    ),
    samples: sampleLines(facts),
    where: where && {
      attribute: where.attribute,
      value: where.value,
      because: message('all {0} draws from the corpus; {1} % of the items', where.rows, percent(where.share)),
    },
    window: windowLines(facts, comments),
    stages: [
      comments.line(facts.stageBecause),
      `${facts.stage}:`,
      inferredStage(facts, new StarterColumns(data), comments),
    ],
    output: outputLines(facts, comments),
  });
}

function sampleLines({ stage, sample: { path, layout, columns } }: InferredFacts): Line[] {
  const pairs = declaredSampleRoles.flatMap((role) => {
    const { name = null, unit, type } = columns[role] ?? {};
    if (name === null) return [];
    const more = [...(unit ? [`unit: ${unit}`] : []), ...(type ? [`type: ${type}`] : [])];
    const value = more.length === 0 ? plain(name) : `{${[`column: ${plain(name)}`, ...more].join(', ')}}`;
    return [`${role}: ${value}`];
  });
  return [
    'samples:',
    [
      `${stage}:`,
      [`path: ${plain(path)}`, ...(layout === 'long' ? [] : [`layout: ${layout}`]), `columns: {${pairs.join(', ')}}`],
    ],
  ];
}

function windowLines({ days }: InferredFacts, comments: Comments): Line[] {
  return days === null
    ? [comments.line(message('window: the file has no times, so all rows of the log are in the training window'))]
    : [
        comments.behind('window:', message('whole days, both ends included; positives come from window.train')),
        [
          comments.behind(
            `train: {from: ${days.first}, to: ${days.last}}`,
            message('the days of the first and the last row'),
          ),
          comments.line(message('eval: {from: …, to: …}   this file does not have the rows of the other split')),
        ],
      ];
}

/** Delays that people write, in seconds. */
const delays = [0, 1, 10, 30, 60, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400];

function sequenceLines(sequence: InferredSequence, comments: Comments): Line[] {
  const { name, event, longest, isNewestFirst, dedup, youngest } = sequence;
  if (event === null) return [comments.line(message('{0}: its steps are of no event of the log', name))];
  const delay = durationText(1e6 * Math.max(...delays.filter((seconds) => seconds <= (youngest ?? 0))));
  return [
    `${plain(name)}:`,
    [
      comments.behind(`events: [${event}]`, message('the lists repeat these steps of the log')),
      comments.behind(`length: ${longest}`, message('the longest list')),
      youngest === null
        ? comments.line(message('available_after: when serving could see a step cannot be inferred from the file'))
        : comments.behind(
            `available_after: ${delay}`,
            message('at most: the youngest step is {0} s old', Math.round(youngest)),
          ),
      ...(dedup === 'item' ? [comments.behind('dedup: item', message('no list has an item twice'))] : []),
      ...(dedup === 'consecutive' ? [comments.behind('dedup: consecutive', message('no item follows itself'))] : []),
      ...(isNewestFirst ? ['newest_first: true'] : []),
      comments.line(
        message(
          'columns, weights of events, lookback, session, as_of, positives.min_steps: cannot be inferred from the file',
        ),
      ),
    ],
  ];
}

function outputLines(
  { sample: { layout, columns }, copiedColumns, sequences }: InferredFacts,
  comments: Comments,
): Line[] {
  const parts = [
    `layout: ${layout}`,
    ...(columns.group_id ? ['group_id: true'] : []),
    ...(copiedColumns.length === 0 ? [] : [`pass_through: [${copiedColumns.map(plain).join(', ')}]`]),
  ];
  const unknown = auditRoles.filter((role) => role === 'teacher' && columns[role]);
  return [
    ...(sequences.every(({ event }) => event === null)
      ? [`output: {${parts.join(', ')}}`]
      : ['output:', [...parts, 'sequences:', sequences.flatMap((sequence) => sequenceLines(sequence, comments))]]),
    ...unknown.map((role) =>
      comments.line(message('{0}: where its values come from cannot be inferred from the file', role)),
    ),
  ];
}
