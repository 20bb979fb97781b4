import { changed } from '../../../src/core/policy/examples/example.ts';
import { withSequence } from '../../../src/core/policy/rules/config/sequence.ts';
import type { RuleCases } from '../ruleCases.ts';

const sequence = withSequence('events: [click], length: 50, available_after: 1m');

export const cases: RuleCases = {
  valid: [
    { text: changed('recall', ['pass_through: [city, category]', 'pass_through: [position, user_id, city, city]']) },
    {
      text: changed('recall', ['pass_through: [city, category]', 'pass_through: [{column: position, side: exposure}]']),
    },
    {
      text: changed(
        'recall',
        ['output: {layout: long,', 'output: {layout: wide, partition_by: {column: label},'],
        ['../out/recall.parquet', '../out/recall'],
      ),
    },
  ],
  invalid: [
    {
      text: changed('recall', ['pass_through: [city, category]', 'pass_through: [city, {column: category, as: City}]']),
      reportedAt: '{column: category, as: City}',
    },
    {
      text: changed('recall', ['pass_through: [city, category]', 'pass_through: [{column: city, as: negative_city}]']),
      reportedAt: '{column: city, as: negative_city}',
    },
    {
      text: changed('recall', ['pass_through: [city, category]', 'pass_through: [{column: position, side: item}]']),
      reportedAt: '{column: position, side: item}',
    },
    {
      text: changed('recall', ['pass_through: [city, category]', 'pass_through: [{column: city, as: ""}]']),
      reportedAt: '{column: city, as: ""}',
    },
    {
      text: changed(
        'recall',
        ['output: {layout: long,', 'output: {partition_by: {column: City},'],
        ['../out/recall.parquet', '../out/recall'],
      ),
      reportedAt: 'City',
    },
    {
      text: changed(
        'recall',
        ['output: {layout: long,', 'output: {partition_by: {column: label},'],
        ['../out/recall.parquet', '../out/recall'],
      ),
      reportedAt: 'label',
      after: 'partition_by: {column: ',
    },
    {
      text: changed(
        'recall',
        ['output: {layout: long,', 'output: {partition_by: {column: ts},'],
        ['../out/recall.parquet', '../out/recall'],
      ),
      reportedAt: 'ts',
      after: 'partition_by: {column: ',
    },
    {
      text: changed('recall', sequence, [
        'pass_through: [city, category]',
        'pass_through: [{column: city, as: Clicks__item_id}]',
      ]),
      reportedAt: '{column: city, as: Clicks__item_id}',
    },
    {
      text: changed(
        'recall',
        sequence,
        ['output: {layout: long,', 'output: {partition_by: {column: clicks__ts}, layout: long,'],
        ['../out/recall.parquet', '../out/recall'],
      ),
      reportedAt: 'clicks__ts',
      after: 'partition_by: {column: ',
    },
  ],
};
