import { changed } from '../../../src/core/policy/examples/example.ts';
import { files } from '../../../src/core/policy/examples/files.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall', ['source: source, ', 'entry: source, ']) },
    { text: changed('recall', ['source: source, ', '']), datasets: { 'samples.recall': { state: 'missing' } } },
    {
      text: changed('fine_ranking', ['source: source, ', '']),
      datasets: {
        'samples.fine_ranking': files(
          'user_id:int64 item_id:int64 label:int8 request:int64 time:timestamp position:int32 weight:double',
        ),
      },
    },
  ],
};
