import { files } from '../../../src/core/policy/examples/files.ts';
import { withClicks, columns } from '../../../src/core/policy/rules/schema/eventTable.ts';
import type { RuleCases } from '../ruleCases.ts';

const pay = ['  click: is_click\n', '  click: is_click\n  pay: paid\n'] as const;

const twoTables = `    app: {path: ../data/app.parquet, ${columns}}\n    web: {path: ../data/web.parquet, ${columns}}\n`;

const paid = files('user_id:int64 item_id:int64 ts:timestamp paid:boolean');

export const cases: RuleCases = {
  valid: [
    {
      text: withClicks(`    path: ../data/app.parquet\n    ${columns}\n    events: [found]\n`, [
        '  click: is_click\n',
        '  click: is_click\n  found: is_click\n',
      ]),
      datasets: { clicks: files('user_id:int64 item_id:int64 ts:timestamp is_click:boolean') },
    },
    {
      text: withClicks(twoTables.replace('ts}}', 'ts}, events: [pay]}'), [
        '  click: is_click\n',
        '  click: is_click\n  pay: paid\n  like: liked\n',
      ]),
      datasets: {
        'clicks.app': paid,
        'clicks.web': files('user_id:int64 item_id:int64 ts:timestamp paid:boolean liked:boolean'),
      },
    },
    {
      text: withClicks(`    path: ../data/app.parquet\n    ${columns}\n    unmatched: positive\n    within: 2d\n`, pay),
      datasets: { clicks: paid },
    },
  ],
  invalid: [
    {
      text: withClicks(`    path: ../data/app.parquet\n    ${columns}\n`),
      datasets: { clicks: files('user_id:int64 item_id:int64 ts:timestamp is_click:boolean') },
      reportedAt: 'clicks',
    },
    {
      text: withClicks(`    path: ../data/app.parquet\n    ${columns}\n    events: [click]\n`),
      datasets: { clicks: files('user_id:int64 item_id:int64 ts:timestamp is_click:boolean') },
      reportedAt: 'click',
      after: 'events: [',
    },
    {
      text: withClicks(`    path: ../data/app.parquet\n    ${columns}\n`, [
        '  click: is_click\n',
        '  click: is_click\n  bought: {all: [is_click, paid]}\n',
      ]),
      datasets: { clicks: paid },
      reportedAt: 'bought',
    },
    {
      text: withClicks(twoTables, pay),
      datasets: { 'clicks.app': paid, 'clicks.web': paid },
      reportedAt: 'paid',
    },
    {
      text: withClicks(twoTables.replaceAll('ts}}', 'ts}, events: [pay]}'), pay),
      datasets: { 'clicks.app': paid, 'clicks.web': paid },
      reportedAt: 'pay',
      after: 'web.parquet, columns: {user: user_id, item: item_id, time: ts}, events: [',
    },
    {
      text: withClicks(`    path: ../data/app.parquet\n    ${columns}\n    events: [pay, clik]\n`, pay),
      datasets: { clicks: paid },
      reportedAt: 'clik',
    },
    {
      text: withClicks(
        `    path: ../data/app.parquet\n    columns: {user: user_id, item: item_id}\n    unmatched: positive\n`,
        pay,
      ),
      datasets: { clicks: paid },
      reportedAt: 'positive',
      after: 'unmatched: ',
    },
  ],
};
