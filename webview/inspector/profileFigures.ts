import { epochText, isEpochColumn } from '../../src/core/table/epoch.ts';
import { formatCount } from '../../src/core/table/format.ts';
import { orderText } from '../../src/core/report/listText.ts';
import type { ColumnProfile, Scalar } from '../../src/core/table/profile.ts';
import { alikeTexts, amountText, scalarText } from '../scalar.ts';
import { say, t } from '../strings.ts';

/** Label, value, and whether the value needs the full width. */
export function profileFigures(profile: ColumnProfile): [string, string, boolean][] {
  const { type, quantiles, of, min, max, mean, sd, nulls, distinct } = profile;
  const levels = ['p5', 'p25', 'p50', 'p75', 'p95'] as const;
  const texts =
    quantiles && of === 'length'
      ? levels.map((level) => amountText(quantiles[level]))
      : alikeTexts([min, max, ...levels.map((level) => quantiles?.[level] ?? min)], type);
  const [minText = '', maxText = '', ...levelTexts] =
    quantiles && of === 'length' ? [scalarText(min, type), scalarText(max, type), ...texts] : texts;
  const isDated = isEpochColumn(profile) && of === 'value' && epochText(String(min)) !== null;
  const long = isDated || (type.kind !== 'float' && [min, max].some((v) => String(v).length > 12));
  const list: [string, string, boolean][] = [];
  const dated = (value: Scalar, text: string): string => {
    const date = isEpochColumn(profile) && of === 'value' ? epochText(String(value)) : null;
    return date === null ? text : `${text} · ${date}`;
  };
  if (min !== null) list.push([t('min'), dated(min, minText), long], [t('max'), dated(max, maxText), long]);
  if (quantiles) {
    const wide = long && of === 'value';
    const about = of === 'length' ? t('length') : '';
    levels.forEach((level, k) =>
      list.push([
        [about, level].filter((part) => part !== '').join(' '),
        `${quantiles.exact ? '' : '≈ '}${levelTexts[k] ?? ''}`,
        wide,
      ]),
    );
  }
  if (mean !== null) list.push([t('mean'), scalarText(mean, { kind: 'float', bits: 64 }), false]);
  if (sd !== null) list.push([t('std'), scalarText(sd, { kind: 'float', bits: 64 }), false]);
  list.push(...listFigures(profile));
  list.push(
    [t('nulls'), formatCount(nulls), false],
    [t('distinct'), `${distinct.exact ? '' : '≈ '}${formatCount(distinct.value)}`, false],
  );
  return list;
}

const figure = (label: string, value: string): [string, string, boolean] => [label, value, false];

function listFigures({ list, steps }: ColumnProfile): [string, string, boolean][] {
  if (!list) return [];
  const { shortest, longest, emptyLists: empty, vectors, sequence } = list;
  const order = orderText(steps?.order ?? null);
  const float = (value: number): string => scalarText(value, { kind: 'float', bits: 64 });
  const norms: readonly [string, number | null][] = vectors
    ? [
        [t('norm min'), vectors.min],
        [t('norm max'), vectors.max],
        [t('norm mean'), vectors.mean],
      ]
    : [];
  const lengths: readonly [string, number | null][] = [
    [t('length min'), shortest],
    [t('length max'), longest],
  ];
  return [
    ...lengths.flatMap(([label, value]): [string, string, boolean][] =>
      value === null ? [] : [[label, amountText(value), false]],
    ),
    ...norms.flatMap(([label, value]): [string, string, boolean][] =>
      value === null ? [] : [[label, float(value), false]],
    ),
    // The card of the sequence has them.
    ...(sequence
      ? []
      : [
          figure(t('empty'), formatCount(empty)),
          ...(steps && shortest !== longest ? [figure(t('at full length'), formatCount(steps.full))] : []),
          ...(order ? [figure(t('order'), say(order))] : []),
        ]),
  ];
}
