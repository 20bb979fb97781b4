import { changed } from '../../examples/example.ts';
import { problemReports } from '../../problemReports.ts';
import { defineRule } from '../../rule.ts';

export const syntax = defineRule({
  id: 'config/syntax',
  kind: 'config',
  severity: 'error',
  stages: 'document',
  options: {},
  check: (context) => problemReports('config/syntax', context),
  docs: {
    summary: 'The file is not valid YAML or JSON, or it has too much nesting or too many aliases',
    why: `RecSample does not read what it cannot parse, so other rules report nothing about that part. Correct the
syntax first. The usual causes are tabs as indentation, a missing space after a colon, an unclosed bracket and an alias
without its anchor. Texts that expand to far more than their own length ("YAML bombs") are cut off and reported here as
well.

A comment cannot suppress this finding, because comments are only recognized where the text is valid.`,
    source: `YAML 1.2.2 with its core schema, and JSON (RFC 8259). The limits on depth and aliases are our choice; no
normal config reaches them.`,
    wrong: {
      text: changed('recall', ['item: item_id, created: created_at', 'item: *id, created: created_at']),
      reportedAt: '*id',
    },
    right: { text: changed('recall') },
  },
});
