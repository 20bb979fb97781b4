import { message, type Message } from '../message/message.ts';
import type { Stage } from '../schema/stage.ts';
import type { StarterColumns } from './starterColumns.ts';
import { plain, type Comments, type Line } from './starterYaml.ts';

/** A stage of a new config, with its heading. */
export function stageLines(stage: Stage, columns: StarterColumns, comments: Comments): Line[] {
  return [comments.line(headings[stage]), `${stage}:`, bodies[stage](columns, comments)];
}

const headings: Readonly<Record<Stage, Message>> = {
  recall: message(
    'Recall ranks the whole corpus: real exposures without a click are mixed with items drawn from the whole corpus.',
  ),
  coarse_ranking: message(
    'Coarse ranking ranks what recall merged. Each request gives candidates that later stages kept and candidates that coarse ranking dropped.',
  ),
  fine_ranking: message(
    'Fine ranking trains on exposures: every exposure is a row with its own label, and nothing is drawn.',
  ),
};

const bodies: Readonly<Record<Stage, (columns: StarterColumns, comments: Comments) => Line[]>> = {
  recall,
  coarse_ranking: coarse,
  fine_ranking: fine,
};

function recall(columns: StarterColumns, comments: Comments): Line[] {
  const { name } = columns.event;
  const [match] = prefer(columns.attributes('items'), /city|region|城市/i);
  const [group] = prefer(columns.attributes('users'), /region|country|city|地区|城市/i);
  const rejected = columns.isChosen('rejections');
  const hot = downsampleHot(columns, comments);
  const global = 30 - (match === undefined ? 0 : 5) - (rejected ? 5 : 0);
  return [
    comments.behind('unit: positive', message('one group per positive')),
    ...hot.above,
    'positives:',
    [
      comments.behind(`events: {${name}: 1}`, message('event: weight')),
      ...hot.inside,
      comments.behind('max_per_user_per_day: 50', message('so that no single user dominates training')),
    ],
    'negatives:',
    [
      'per_positive: 10',
      comments.behind(`exclude: {events: [${name}], within: train}`, message('a user’s own positives are never drawn')),
      // Few users were ever rejected, so most groups need other negatives in place of theirs.
      comments.behind(
        `on_shortfall: ${rejected ? 'refill' : 'keep'}`,
        message('keep: fewer negatives if a list is too short; refill: another entry draws the rest'),
      ),
      ...(rejected ? ['refill_from: global_random'] : []),
      comments.behind('mix:', message('shares of the negatives; they sum to 1')),
      [
        comments.behind(
          `exposed_unclicked: {share: 0.3, ${scopeOf(columns)}${exposed(columns)}}`,
          scopeOf(columns) === ''
            ? message('shown, not wanted')
            : message('shown to the user before, not wanted: the log has no requests'),
        ),
        comments.behind(
          `popularity: {share: 0.4, exponent: 0.75, count: ${name}, window: 7d${group === undefined ? '' : `, group_by: ${plain(group)}`}}`,
          message('popular items'),
        ),
        comments.behind(
          `global_random: ${global / 100}`,
          columns.isChosen('items')
            ? message('any item of the corpus, cold ones too')
            : message('any item that the log has shown before'),
        ),
        ...(match === undefined
          ? []
          : [
              comments.behind(
                `same_${nameOf(match)}: {source: same_attribute, match: [${plain(match)}], share: 0.05}`,
                message('near the positive'),
              ),
            ]),
        ...(rejected ? [comments.behind('rejected: 0.05', message('explicit rejections'))] : []),
      ],
    ],
    comments.behind('training: {loss: sampled_softmax, logq: shares}', message('what the trainer does with the file')),
  ];
}

/** The threshold of `downsample_hot` in a new config, and in the fix of `recall/hot-positives`. */
export const hotThreshold = '1.0e-3';
/**
 * Largest share of the positives that `downsample_hot` may drop in a new config. It is for a long tail of items; in a
 * small corpus, every item has a large share.
 */
const MAX_DROPPED_SHARE = 0.25;

/** The line `downsample_hot` inside `positives`, or a comment above it with the reason why it is missing. */
function downsampleHot(
  { hotEffect: effect }: StarterColumns,
  comments: Comments,
): { readonly above: Line[]; readonly inside: Line[] } {
  const line = `downsample_hot: {threshold: ${hotThreshold}}`;
  const written = (note: Message): ReturnType<typeof downsampleHot> => ({
    above: [],
    inside: [comments.behind(line, note)],
  });
  if (effect === null || effect.positives === 0)
    return written(message('downsamples items with more than this share of the positives'));
  const { positives, items, thinned, kept } = effect;
  const dropped = Math.round(positives - kept);
  if (thinned > 0 && dropped <= MAX_DROPPED_SHARE * positives)
    return written(
      message('drops about {0} of {1} positives (popular items: {2} of {3})', dropped, positives, thinned, items),
    );
  const reason = message(
    '{0} is left out: of {1} positives of {2} items, it would drop {3}',
    line,
    positives,
    items,
    dropped,
  );
  return { above: [comments.line(reason), '# recsample-disable-next-line recall/hot-positives'], inside: [] };
}

function coarse(columns: StarterColumns, comments: Comments): Line[] {
  const { teacher } = columns;
  const channels = columns.column('candidates', 'channel', 'channel') !== null;
  return [
    comments.behind('unit: request', message('one group per request, clicked or not')),
    `approach: ${teacher === null ? 'cascade' : 'mixed'}`,
    'positives:',
    [comments.behind(`events: {${columns.event.name}: 1}`, message('event: weight'))],
    'negatives:',
    [
      comments.behind('per_request:', message('number of rows of each kind per request')),
      [
        'exposed_unclicked: 10',
        comments.behind('ranked_unexposed: 10', message('reached fine ranking, not shown')),
        comments.behind(
          channels ? 'coarse_filtered: {count: 40, by: channel}' : 'coarse_filtered: 40',
          message('dropped by coarse ranking'),
        ),
      ],
      comments.behind(
        'on_shortfall: keep',
        message('keep: fewer negatives if a list is too short; refill: another entry draws the rest'),
      ),
    ],
    ...(teacher === null ? [] : teacherLines(teacher, comments)),
  ];
}

/** Guesses the kind of the teacher's scores from their range. A comment above the line explains the guess. */
function teacherLines({ name, range }: NonNullable<StarterColumns['teacher']>, comments: Comments): Line[] {
  const isProbability = range !== null && range.min >= 0 && range.max <= 1;
  const why =
    range === null
      ? message('The values of {0} were not read. If they are probabilities, set kind: probability', name)
      : isProbability
        ? message(
            '{0} has values from {1} to {2}, so it is treated as a probability',
            name,
            shortNumber(range.min),
            shortNumber(range.max),
          )
        : message(
            '{0} has values from {1} to {2}, so it is not a probability. If these are log-odds, set kind: logit',
            name,
            shortNumber(range.min),
            shortNumber(range.max),
          );
  return [
    comments.line(why),
    comments.behind(
      `teacher: {column: teacher, kind: ${isProbability ? 'probability' : 'score'}, on: exposed}`,
      message('scores of fine ranking to learn from, where they can be trusted'),
    ),
  ];
}

function fine(columns: StarterColumns, comments: Comments): Line[] {
  return [
    'unit: impression',
    'positives:',
    [comments.behind(`events: {${columns.event.name}: 1}`, message('event: weight'))],
    'negatives:',
    [
      'mix:',
      [
        comments.behind(
          `exposed_unclicked: {share: 1, ${exposed(columns)}}`,
          message('only real exposures: drawn items would make the click rate wrong'),
        ),
      ],
      comments.behind('downsample: 0.1', message('keeps one negative in ten')),
      comments.behind('calibration: weight', message('each kept negative counts ten times')),
    ],
  ];
}

/** Without requests in the log, the scope is the user. The option makes this visible. */
function scopeOf(columns: StarterColumns): string {
  return columns.column('impressions', 'request', 'request') === null ? 'scope: user, ' : '';
}

/** Options that drop exposures which the user may not have seen, or may still choose. */
function exposed(columns: StarterColumns): string {
  return `${columns.column('impressions', 'viewed', 'viewed') === null ? '' : 'seen: viewed, '}mature_after: 30m`;
}

/** Rounds a value to at most four digits. */
function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** Moves the names that match the pattern to the front. */
function prefer(names: readonly string[], pattern: RegExp): string[] {
  return [...names.filter((name) => pattern.test(name)), ...names.filter((name) => !pattern.test(name))];
}

/** Replaces characters that an entry's name cannot contain. */
function nameOf(attribute: string): string {
  return attribute.replace(/[^\p{L}\p{N}_]+/gu, '_');
}
