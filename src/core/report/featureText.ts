import { message, type Message } from '../message/message.ts';
import {
  missingCauses,
  type FeatureCounts,
  type FeatureSummary,
  type MissingCause,
  type TimelineCounts,
} from '../sampling/featureCounts.ts';
import { durationText } from '../schema/durationText.ts';
import { formatCount, formatPercent } from '../table/format.ts';

/** The tables of features of a sample, and the columns that its rows copy from them. */
export function featureTexts(features: FeatureSummary | undefined): Message[] {
  return features ? [...features.tables.flatMap(tableTexts), ...features.columns.map(columnText)] : [];
}

function tableTexts({ name, versions, keys, leftOut, late, ties }: TimelineCounts): Message[] {
  return [
    message('data.{0}: {1} versions of {2} keys', name, formatCount(versions), formatCount(keys)),
    ...(late === 0
      ? []
      : [message('{0} of them are late: they could be read only after a newer one', formatCount(late))]),
    ...(ties === 0
      ? []
      : [message('{0} times of a key have several versions with different values', formatCount(ties))]),
    ...(leftOut === 0
      ? []
      : [message('{0} rows are left out: they have no key or no time, or end before they begin', formatCount(leftOut))]),
  ];
}

function columnText({ name, values, missing, oldest }: FeatureCounts): Message {
  const total = missingCauses.reduce((sum, cause) => sum + missing[cause], values);
  const share = formatPercent(total === 0 ? 0 : values / total);
  const text =
    oldest === null
      ? message('{0}: {1} of the rows have a value', name, share)
      : message('{0}: {1} of the rows have a value, at most {2} old', name, share, durationText(oldest));
  return missingCauses
    .filter((cause) => missing[cause] > 0)
    .reduce((all, cause) => message('{0}, {1}: {2}', all, causeTexts[cause], formatPercent(missing[cause] / total)), text);
}

/** Why rows have no value, in few words. */
const causeTexts: Readonly<Record<MissingCause, Message>> = {
  noKey: message('without a key'),
  never: message('key never in the table'),
  notYet: message('not yet readable'),
  gone: message('deleted or ended'),
  stale: message('older than max_age'),
  null: message('NULL in the table'),
};
