import { setValue } from '../../../config/edits.ts';
import type { TextFix } from '../../../config/problem.ts';
import { written } from '../../../config/written.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';

export const grouped = ', group_by: region';

export const groupPopularity = defineRule({
  id: 'recall/group-popularity',
  kind: 'config',
  severity: 'info',
  stages: ['recall'],
  options: {},
  *check({ stage, config, document }): Iterable<Report> {
    const groups = config.data?.users?.columns?.attributes ?? [];
    if (groups.length === 0) return;
    const popular = stage.entries.filter(
      ({ source, share, quota }) => source?.name === 'popularity' && share !== 0 && quota !== 0,
    );
    if (popular.some(({ path }) => document.has([...path, 'group_by']))) return;
    for (const { path, name } of popular) {
      // A shorthand entry cannot have options.
      const fixable = popular.length === 1 && document.locate(path).value?.kind === 'map' ? groups : [];
      const fixes = fixable.map((group): TextFix => ({
        title: message('Group by {0}', group),
        changes: setValue(document, [...path, 'group_by'], written(group, document.language)),
        safe: false,
      }));
      yield {
        at: path,
        on: 'key',
        fixes,
        message: message('{0} counts all users together and ignores their attributes: {1}', name, groups.join(', ')),
        details: [
          message(
            'If user groups differ, the items that are popular overall are not those that this user’s group is shown. Consider group_by.',
          ),
        ],
      };
    }
  },
  docs: {
    summary: 'Popularity is counted over all users, although `data.users` has attributes for `group_by`',
    why: `An item can be popular overall because one large group of users wants it. For a user of another group, this
item is an easy negative. The items that are popular in the user's own group appear in this user's results, but they are
drawn too rarely. \`group_by\` counts by a user attribute, so that every group has its own popularity.

Small groups have few counts. Users without a value use the overall counts. Where groups hardly differ, \`group_by\`
changes nothing.`,
    source: `The practice of apps with local offers, such as homes and food. The severity is info, because no paper
measures it.`,
    wrong: { text: changed('recall', [grouped, '']), reportedAt: 'popularity' },
    right: { text: changed('recall') },
  },
});
