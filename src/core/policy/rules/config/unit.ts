import { insertPair, removePair, renameKey, setValue } from '../../../config/edits.ts';
import type { CountKey, StageView } from '../../../config/entries.ts';
import type { TextFix } from '../../../config/problem.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';

const countKeys: readonly CountKey[] = ['per_positive', 'per_request'];

export const unit = defineRule({
  id: 'config/unit',
  kind: 'config',
  severity: 'error',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    if (stage.unit === 'impression') yield* exclusions(stage, document);
    if (stage.unit !== 'positive' && stage.unit !== 'request') return;
    yield* counts(stage, stage.unit, document);
    if (stage.unit === 'request') {
      for (const { path, source } of stage.entries) {
        if (source?.name === 'same_attribute')
          yield {
            at: path,
            on: 'key',
            message: message(
              'same_attribute works only with the unit positive: a request has no single positive to match',
            ),
          };
      }
    }
  },
  docs: {
    summary: 'The unit and the count key do not match, or there is more than one count key',
    why: `Ten negatives per what? Some trainers count per positive, some per request, and some per batch. If you mistake
one for another, the ratio changes by the number of clicks in a request. So the name of the count key contains the unit:
\`positive\` uses \`per_positive\`, and \`request\` uses \`per_request\`. The unit \`impression\` draws nothing and has
no count.

The value of the count key is a number next to a \`mix\` of shares, or a map of counts without a \`mix\`. Sources that
depend on the positive, such as \`same_attribute\`, are not allowed in the unit \`request\`.

The unit \`impression\` keeps exposures and excludes nothing. An \`exclude\` in it has no effect, which is a warning.`,
    source: `The definition of the config language. EasyRec counts sampled negatives per batch, RecBole counts them per
positive, and the number of in-batch negatives is the batch size minus one. These are three units under one word.`,
    wrong: { text: changed('recall', ['per_positive: 10', 'per_request: 10']), reportedAt: 'per_request' },
    right: { text: changed('recall') },
  },
});

/** The exclusions of a stage that excludes nothing. */
function* exclusions(stage: StageView, document: RuleContext['document']): Iterable<Report> {
  const places = [[...stage.path, 'negatives', 'exclude'], ...stage.entries.map(({ path }) => [...path, 'exclude'])];
  for (const path of places) {
    if (!document.has(path)) continue;
    const { value } = document.locate(path);
    if (value?.kind === 'scalar' && value.value === 'none') continue;
    yield {
      at: path,
      on: 'key',
      severity: 'warning',
      message: message('The unit impression keeps exposures and excludes nothing: exclude has no effect'),
      fixes: [{ title: message('Remove {0}', 'exclude'), changes: removePair(document, path), safe: false }],
    };
  }
}

function* counts(stage: StageView, unit: 'positive' | 'request', document: RuleContext['document']): Iterable<Report> {
  const at = [...stage.path, 'negatives'];
  const negatives = document.has(at) ? document.locate(at).value : null;
  if (negatives?.kind !== 'map') return;
  const right: CountKey = unit === 'positive' ? 'per_positive' : 'per_request';
  const wrong: CountKey = unit === 'positive' ? 'per_request' : 'per_positive';
  const presentKeys = countKeys.filter((key) => document.has([...at, key]));
  if (presentKeys.length === 0) {
    yield {
      at,
      on: 'key',
      message: message('The number of negatives is missing. The unit {0} needs the key {1}', unit, right),
      fixes: document.has([...at, 'mix'])
        ? [{ title: message('Add {0}', `${right}: 10`), changes: insertPair(document, at, right, '10'), safe: false }]
        : [],
    };
    return;
  }
  if (presentKeys.includes(wrong)) {
    const hasBoth = presentKeys.length === 2;
    const countFix: TextFix = hasBoth
      ? { title: message('Remove {0}', wrong), changes: removePair(document, [...at, wrong]), safe: false }
      : { title: message('Change to {0}', right), changes: renameKey(document, [...at, wrong], right), safe: false };
    const other = unit === 'positive' ? 'request' : 'positive';
    // An entry that matches the positive is not allowed in the unit request.
    const keepsUnit =
      hasBoth ||
      stage.name === 'fine_ranking' ||
      (other === 'request' && stage.entries.some(({ source }) => source?.name === 'same_attribute'));
    const unitFixes: TextFix[] = keepsUnit
      ? []
      : [
          {
            title: message('Change the unit to {0}', other),
            changes: setValue(document, [...stage.path, 'unit'], other),
            safe: false,
          },
        ];
    yield {
      at: [...at, wrong],
      on: 'key',
      fixes: [countFix, ...unitFixes],
      message: hasBoth
        ? message('There are two counts: the unit {0} allows only {1}', unit, right)
        : message('The unit {0} needs {1}, not {2}', unit, right, wrong),
    };
    return;
  }
  const amount = document.locate([...at, right]).value;
  const mix = document.has([...at, 'mix']);
  if (amount?.kind === 'map' && mix) {
    yield {
      at: [...at, 'mix'],
      on: 'key',
      message: message('With a mix, {0} must be one number, not counts by entry', right),
      fixes: [{ title: message('Remove {0}', 'mix'), changes: removePair(document, [...at, 'mix']), safe: false }],
    };
  }
  if (amount?.kind === 'scalar' && amount.value === 0 && right === 'per_positive') {
    if (mix) yield { at: [...at, right], message: message('per_positive: 0 draws nothing from the mix') };
    else if (stage.draft.training?.in_batch === undefined)
      yield {
        at: [...at, right],
        message: message('per_positive: 0 leaves the positives without negatives: it needs training.in_batch'),
      };
    return;
  }
  if (amount?.kind === 'scalar' && amount.value !== null && !mix)
    yield {
      at: [...at, right],
      message: message('{0} is a number, but there is no mix: add a mix that lists the sources', right),
    };
}
