import { renameKey } from '../../../config/edits.ts';
import { message } from '../../../message/message.ts';
import { sources } from '../../../source/sources.ts';
import { changed } from '../../examples/example.ts';
import { problemReports } from '../../problemReports.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';
import { suggestIn } from '../../suggestions.ts';

export const unknownKey = defineRule({
  id: 'config/unknown-key',
  kind: 'config',
  severity: 'error',
  stages: 'document',
  options: {},
  *check(context): Iterable<Report> {
    yield* problemReports('config/unknown-key', context);
    yield* unknownSources(context);
  },
  docs: {
    summary: 'Unknown key, unknown source of an entry, or unknown rule or option in a policy',
    why: `Most samplers do not report a mistyped key. They silently use the default, and weeks later you do not know why
\`exponent\` had no effect. So every key must be known; the finding suggests the nearest name. The source of an entry
decides which options the entry may have. An entry whose name is not a source must set \`source\`.

The same applies to a policy, in the config or in its own file. The rule reports rules that do not exist, and options
that a rule does not have.`,
    source: 'The definition of the config language and the list of rules.',
    wrong: { text: changed('recall', ['exponent: 0.75', 'exponnent: 0.75']), reportedAt: 'exponnent' },
    right: { text: changed('recall') },
  },
});

/** Reports entries that set no source and whose name is not a source. */
function* unknownSources(context: RuleContext): Iterable<Report> {
  const { stages, document } = context;
  for (const { name: stage, entries } of stages) {
    for (const { name, path, source } of entries) {
      if (source || document.has([...path, 'source'])) continue;
      const near = suggestIn(context, name, () =>
        sources.map((source) => source.name).filter((other) => !entries.some((entry) => entry.name === other)),
      );
      yield {
        at: path,
        on: 'key',
        stage,
        message:
          near === null
            ? message('{0} is not a source: an entry with this name needs the key source', name)
            : message('{0} is not a source. Did you mean {1}?', name, near),
        fixes:
          near === null
            ? []
            : [{ title: message('Change to {0}', near), changes: renameKey(document, path, near), safe: false }],
      };
    }
  }
}
