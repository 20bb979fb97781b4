import { message } from '../../../src/core/message/message.ts';
import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  invalid: [
    {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      datasets: {
        'samples.recall': {
          state: 'unreadable',
          failure: {
            code: 'empty',
            message: message('The file is empty (0 bytes)'),
            place: { path: '/demo/out/recall.parquet', byte: 0 },
            advice: message('Write the file again, or choose another one.'),
          },
        },
      },
    },
  ],
};
