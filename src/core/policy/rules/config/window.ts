import { removePair, setValue } from '../../../config/edits.ts';
import { written } from '../../../config/written.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { dayText, millisecondsOfDay, momentOf, type Moment } from '../../../schema/moment.ts';
import { isWholeDays, microsecondsOf } from '../../../source/options.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';

export const window = defineRule({
  id: 'config/window',
  kind: 'config',
  severity: 'error',
  stages: 'document',
  options: {},
  *check(context): Iterable<Report> {
    yield* reversed('train', context);
    yield* reversed('eval', context);
    yield* evaluation(context);
    yield* popularity(context);
    yield* wholeDays(context);
    yield* knownUntil(context);
  },
  docs: {
    summary:
      'The eval window is not after the training window, has no known outcomes, or popularity counts events after the training cut',
    why: `A model is trained on the past and used in the future. The model has already seen the answers in evaluation
rows from before the end of training. Counts from after the training cut reveal which items will become popular.
Offline metrics rise, but the gain disappears online.

The training cut is the end of \`window.train.to\`. If \`window.train.to\` is a day, the cut is the end of that day.
\`popularity.as_of\` defaults to the cut and must not lie after it. With \`as_of: day\`, each group counts the days before
its own, so \`window\` must be a number of whole days.

\`window.known_until\` is the time until which the outcomes of the eval window are known. Before the window, no outcome
is known. Inside the window, later eval rows are ignored. It needs \`window.eval\`.`,
    source: `The order of time. Ji et al., *A Critical Study on Data Leakage in Recommender System Offline Evaluation*
(TOIS 2023), show on several public data sets that such leaks change which model looks best.`,
    wrong: {
      text: changed('recall', ['eval: {from: 2026-11-21, to: 2026-11-21}', 'eval: {from: 2026-11-20, to: 2026-11-21}']),
      reportedAt: '2026-11-20',
      after: 'eval: {from: ',
    },
    right: { text: changed('recall') },
  },
});

/** Compares two moments only if both or neither have a zone, or if the zone of the config is UTC. */
function comparable(a: Moment | null, b: Moment | null, { config }: RuleContext): readonly [Moment, Moment] | null {
  return a && b && (a.zoned === b.zoned || (config.timezone ?? 'UTC') === 'UTC') ? [a, b] : null;
}

function moment(text: unknown): Moment | null {
  return typeof text === 'string' ? momentOf(text) : null;
}

function* reversed(name: 'train' | 'eval', context: RuleContext): Iterable<Report> {
  const { [name]: { from, to } = {}, train, eval: evaluated } = context.config.window ?? {};
  const pair = comparable(moment(from), moment(to), context);
  if (!pair || pair[0].first <= pair[1].last) return;
  const at = ['window', name, 'to'];
  const { document } = context;
  // With swapped ends, a window may overlap the other window.
  const ends =
    name === 'train'
      ? comparable(moment(from), moment(evaluated?.from), context)
      : comparable(moment(train?.to), moment(to), context);
  const apart = ends === null || ends[0].last < ends[1].first;
  const swap = [
    ...setValue(document, ['window', name, 'from'], written(to ?? '', document.language)),
    ...setValue(document, at, written(from ?? '', document.language)),
  ];
  yield {
    at,
    message: message('The window {0} ends before it begins', name),
    fixes: apart ? [{ title: message('Swap from and to'), changes: swap, safe: false }] : [],
  };
}

function* evaluation(context: RuleContext): Iterable<Report> {
  const {
    config: { window: windows },
    document,
  } = context;
  const from = windows?.eval?.from;
  const pair = comparable(moment(from), moment(windows?.train?.to), context);
  if (!pair || from === undefined || pair[0].first > pair[1].last) return;
  const next = pair[1].last + 1;
  const last = comparable(moment(windows?.eval?.to), pair[1], context);
  const isDay = pair[1].last > pair[1].first;
  const fits = isDay && last !== null && last[0].last >= next;
  const day = dayText(next);
  yield {
    at: ['window', 'eval', 'from'],
    message: message(
      'Evaluation begins on {0}, but it must begin after the end of training ({1})',
      from,
      windows?.train?.to ?? '',
    ),
    fixes: fits
      ? [
          {
            title: message('Begin on {0}', day),
            changes: setValue(document, ['window', 'eval', 'from'], written(day, document.language)),
            safe: false,
          },
        ]
      : [],
  };
}

function* popularity(context: RuleContext): Iterable<Report> {
  const { config, stages, document } = context;
  const to = config.window?.train?.to;
  const cut = moment(to);
  for (const { name: stage, entries } of stages) {
    for (const { path, options } of entries) {
      const asOf = options['as_of'];
      const pair = asOf === undefined ? null : comparable(moment(asOf), cut, context);
      if (!pair || pair[0].last <= pair[1].last) continue;
      const at = [...path, 'as_of'];
      yield {
        at,
        stage,
        message: message(
          'The counts include events up to {0}, which is after the training cut, {1}',
          String(asOf),
          to ?? '',
        ),
        fixes: [{ title: message('Count up to the training cut'), changes: removePair(document, at), safe: false }],
      };
    }
  }
}

/** With `as_of: day`, a window that is not a number of calendar days. */
function* wholeDays({ stages, document }: RuleContext): Iterable<Report> {
  for (const { name: stage, entries } of stages) {
    for (const { path, options } of entries) {
      const { as_of: asOf, window: length } = options;
      if (asOf !== 'day' || typeof length !== 'string') continue;
      const microseconds = microsecondsOf(length);
      if (microseconds === null || isWholeDays(microseconds)) continue;
      const at = [...path, 'window'];
      const days = `${Math.ceil(microseconds / (millisecondsOfDay * 1000)) || 1}d`;
      yield {
        at,
        stage,
        message: message('With as_of: day, counts end with a day, so the window {0} must be a number of days', length),
        fixes: [
          {
            title: message('Count {0}', days),
            changes: setValue(document, at, written(days, document.language)),
            safe: false,
          },
        ],
      };
    }
  }
}

function* knownUntil(context: RuleContext): Iterable<Report> {
  const { config, document } = context;
  const { known_until: until, eval: evaluated } = config.window ?? {};
  if (until === undefined) return;
  const at = ['window', 'known_until'];
  const fixes = [{ title: message('Remove {0}', 'known_until'), changes: removePair(document, at), safe: false }];
  if (evaluated === undefined) {
    if (!document.has(['window', 'eval']))
      yield { at, message: message('known_until applies to the eval window, but there is no window.eval'), fixes };
    return;
  }
  const pair = comparable(moment(evaluated.from), moment(until), context);
  if (!pair || pair[0].first <= pair[1].last) return;
  yield {
    at,
    message: message('Outcomes are known only until {0}, but evaluation begins on {1}', until, evaluated.from ?? ''),
    fixes,
  };
}
