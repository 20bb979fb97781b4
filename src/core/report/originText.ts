import { message, type Message } from '../message/message.ts';
import { printable, printableId } from '../message/printable.ts';
import type { NullReason, PassedCell, PassedValues, ShownColumn, SourceRow } from '../sampling/passedValues.ts';
import { durationText } from '../schema/durationText.ts';
import type { TeacherPlan } from '../sampling/plan/stagePlan.ts';

/** The meaning of a side, for a tooltip. `isAsOf`: values are as of the group's time, from the log. */
export function sideMeaning({ from, side, maxAge }: Pick<ShownColumn, 'from' | 'side' | 'maxAge'>): Message {
  switch (side) {
    case 'user':
      return from === 'users'
        ? message('Side user: the row of the user in data.users')
        : message('Side user: the impression of the group');
    case 'context':
      return message('Side context: the impression of the group');
    case 'exposure':
      return message('Side exposure: the impression of the row itself; NULL without one');
    case 'candidate':
      return message('Side candidate: the candidate with the same user, request and item');
    case 'item':
      if (from === 'items') return message('Side item: the row of the item in data.items');
      return maxAge === null
        ? message('Side item: the newest impression of the item before the request')
        : message(
            'Side item: the newest impression of the item before the request, at most {0} old',
            durationText(maxAge),
          );
  }
}

/** Why a value is NULL. */
export function nullText(
  reason: NullReason,
  { from, side, maxAge }: Pick<ShownColumn, 'from' | 'side' | 'maxAge'>,
): Message {
  switch (reason) {
    case 'no-exposure':
      return message('the row has no exposure of its own');
    case 'no-impression':
      return message('the group has no impression');
    case 'no-row':
      return from === 'impressions' && side === 'item'
        ? message('the item has no impression before the request')
        : message('data.{0} has no such row', from);
    case 'too-old':
      return message('the newest row is older than max_age, {0}', durationText(maxAge ?? 0));
    case 'untrusted':
      return message('the item was not shown in the request, and the teacher is trusted on exposed rows only');
    case 'empty':
      return message('it is NULL in the data');
  }
}

/** Where the value of a copied column comes from: side, data set, keys and time of the source row; or why it is NULL. */
export function originParts(
  column: ShownColumn,
  { reason, source }: PassedCell,
  { sources }: Pick<PassedValues, 'sources'>,
): Message[] {
  const row = source === null ? undefined : sources[source];
  return [
    ...(reason === null ? [] : [nullText(reason, column)]),
    message('side {0}', column.side),
    message('data.{0}', column.from),
    ...(row ? keyParts(row) : []),
  ];
}

/** The data set and column of a teacher. */
export function teacherOrigin({ from }: Pick<TeacherPlan, 'from'>): Pick<ShownColumn, 'from' | 'side' | 'maxAge'> {
  return { from, side: from === 'candidates' ? 'candidate' : 'exposure', maxAge: null };
}

/** Origin of the teacher's value in a row, or why it has none. */
export function teacherOriginParts({ from, on }: TeacherPlan, reason: NullReason | undefined): Message[] {
  const column = teacherOrigin({ from });
  const where =
    from === 'candidates'
      ? message('the largest value of the candidate over its channels')
      : message('the exposure of the row itself');
  return [
    ...(reason === undefined ? [where] : [nullText(reason, column)]),
    message('side {0}', column.side),
    message('data.{0}', from),
    ...(on === 'exposed' ? [message('trusted on exposed rows')] : []),
  ];
}

const roles: Readonly<Record<string, (text: string) => Message>> = {
  user: (text) => message('user {0}', text),
  item: (text) => message('item {0}', text),
  request: (text) => message('request {0}', text),
  position: (text) => message('position {0}', text),
  channel: (text) => message('channel {0}', text),
  rank: (text) => message('rank {0}', text),
};

function keyParts({ key, time }: SourceRow): Message[] {
  return [
    ...Object.entries(key).flatMap(([role, text]) =>
      text === null ? [] : (roles[role]?.(role === 'rank' ? printable(text) : printableId(text)) ?? []),
    ),
    ...(time === null ? [] : [{ text: '{0}', args: [time.replace('T', ' ').replace(/Z$/, ' UTC')] }]),
  ];
}
