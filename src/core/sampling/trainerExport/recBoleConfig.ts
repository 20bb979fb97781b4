/** Settings that make RecBole use the rows of atomic files unchanged. */
export interface RecBoleSettings {
  /** Parent folder of the data set's folder. */
  readonly folder: string;
  readonly name: string;
  /** True if training and evaluation have separate files. */
  readonly split: boolean;
  readonly sequenceSeparator: string;
  readonly columns: { readonly item: readonly string[] | null; readonly user: readonly string[] | null };
  /** The lists of the rows, and the maximum number of their values. Null: the rows have labels and no lists. */
  readonly sequence: { readonly lists: readonly string[]; readonly length: number } | null;
}

/** A configuration file of RecBole, in YAML. RecBole draws no negatives: `label` marks them, or there are none. */
export function recBoleConfig({
  folder,
  name,
  split,
  sequenceSeparator,
  columns: { item, user },
  sequence,
}: RecBoleSettings): string {
  const list = (names: readonly string[]): string => `[${names.map((one) => JSON.stringify(one)).join(', ')}]`;
  return `${[
    `data_path: ${JSON.stringify(folder)}`,
    `dataset: ${JSON.stringify(name)}`,
    ...(split ? ['benchmark_filename: [train, valid, valid]'] : []),
    'field_separator: "\\t"',
    `seq_separator: ${JSON.stringify(sequenceSeparator)}`,
    'USER_ID_FIELD: user_id',
    'ITEM_ID_FIELD: item_id',
    'TIME_FIELD: timestamp',
    ...(sequence
      ? ['LIST_SUFFIX: _list', `MAX_ITEM_LIST_LENGTH: ${sequence.length}`, 'alias_of_item_id: [item_id_list]']
      : ['LABEL_FIELD: label']),
    'load_col:',
    `  inter: ${sequence ? list(['user_id', 'item_id', 'timestamp', ...sequence.lists]) : '[user_id, item_id, label, timestamp]'}`,
    ...(item === null ? [] : [`  item: ${list(['item_id', ...item])}`]),
    ...(user === null ? [] : [`  user: ${list(['user_id', ...user])}`]),
    'train_neg_sample_args: ~',
    'eval_args:',
    ...(split ? [] : ['  split: {RS: [0.8, 0.1, 0.1]}']),
    ...(sequence
      ? [
          '  group_by: user',
          '  order: TO',
          '  mode: full',
          'metrics: [Recall, NDCG]',
          'topk: [10]',
          'valid_metric: NDCG@10',
        ]
      : ['  group_by: ~', '  order: RO', '  mode: labeled', 'metrics: [AUC, LogLoss]', 'valid_metric: AUC']),
  ].join('\n')}\n`;
}
