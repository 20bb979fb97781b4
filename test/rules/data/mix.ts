import { changed } from '../../../src/core/policy/examples/example.ts';
import { keepingShortfalls } from '../../../src/core/policy/examples/mixes.ts';
import { demoRecorded, demoCounts } from '../../../src/core/policy/rules/data/mix.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed('recall'),
      answers: { 'sample-mix': { by: 'source', counts: demoCounts(584), recorded: demoRecorded(584) } },
    },
    // A few users have most of the rows.
    {
      text: changed('recall'),
      answers: {
        'sample-mix': {
          by: 'source',
          counts: demoCounts(1200).map((one) => ({ ...one, design: 400 })),
          recorded: demoRecorded(584),
        },
      },
    },
    // Two points, but of few rows.
    {
      text: changed('recall'),
      answers: {
        'sample-mix': {
          by: 'source',
          counts: [
            { name: 'popularity', rows: 21, design: 1 },
            { name: 'same_attribute', rows: 1, design: 1 },
          ],
          recorded: null,
        },
      },
    },
    {
      text: changed('recall'),
      options: { max: 0.5 },
      answers: { 'sample-mix': { by: 'source', counts: demoCounts(1200), recorded: demoRecorded(584) } },
    },
    // Without a lock file, the names are those of another config.
    {
      text: changed('recall', keepingShortfalls),
      answers: {
        'sample-mix': {
          by: 'source',
          counts: [...demoCounts(584), { name: 'hard_rank', rows: 900, design: 1 }],
          recorded: null,
        },
      },
    },
    // Without a lock file, any part of its quota may be missing from an entry that draws nothing now.
    {
      text: changed('recall', keepingShortfalls),
      answers: {
        'sample-mix': {
          by: 'source',
          counts: [
            { name: 'popularity', rows: 584, design: 1 },
            { name: 'same_attribute', rows: 20, design: 1 },
          ],
          recorded: null,
        },
      },
    },
    { text: changed('recall'), answers: { 'sample-mix': { by: null, counts: [], recorded: null } } },
  ],
  invalid: [
    // Another share since the file was written.
    {
      text: changed(
        'recall',
        ['popularity: {share: 0.4', 'popularity: {share: 0.3'],
        ['global_random: 0.2', 'global_random: 0.3'],
      ),
      reportedAt: '../out/recall.parquet',
      answers: { 'sample-mix': { by: 'source', counts: demoCounts(584), recorded: demoRecorded(584) } },
    },
    // Without a lock file: more than the whole quota of an entry that may be short.
    {
      text: changed('recall', keepingShortfalls),
      reportedAt: '../out/recall.parquet',
      answers: {
        'sample-mix': {
          by: 'source',
          counts: [
            { name: 'popularity', rows: 584, design: 1 },
            { name: 'same_attribute', rows: 300, design: 1 },
          ],
          recorded: null,
        },
      },
    },
    // An entry that the config no longer has.
    {
      text: changed(
        'recall',
        ['        host_refused: {source: rejected, share: 0.05, exclude: none}\n', ''],
        ['global_random: 0.2', 'global_random: 0.25'],
      ),
      reportedAt: '../out/recall.parquet',
      answers: {
        'sample-mix': {
          by: 'entry',
          counts: [
            { name: 'host_refused', rows: 200, design: 1 },
            { name: 'popularity', rows: 500, design: 1 },
          ],
          recorded: [{ name: 'host_refused', source: 'rejected', asked: 200, refilled: 0, drawn: 200 }],
        },
      },
    },
  ],
};
