import type { Role } from './role.ts';
import { isNumeric, type LogicalType } from './type.ts';

/** Rule for recognising a role. */
export interface RoleRule {
  readonly role: Role;
  /** Column names in `snake_case`, the most telling first. */
  readonly names: readonly string[];
  /** Names that have this meaning only in a table with users and items. Elsewhere they are attributes. */
  readonly ofPairs?: readonly string[];
  /** Matches part of a name. A full name in `names` is stronger. */
  readonly pattern?: RegExp;
  /** Types that a column of this role can have. */
  readonly fits: (type: LogicalType) => boolean;
  /** Types that are preferred if the names of two columns match equally well. */
  readonly prefers?: (type: LogicalType) => boolean;
  /** True if a data set has at most one such column. */
  readonly unique: boolean;
}

const isId = (t: LogicalType): boolean =>
  ['integer', 'string', 'uuid', 'enum', 'binary'].includes(t.kind) || (t.kind === 'decimal' && t.scale === 0);
const isCategory = (t: LogicalType): boolean => ['integer', 'string', 'enum', 'boolean'].includes(t.kind);
const isFlag = (t: LogicalType): boolean => t.kind === 'boolean' || isNumeric(t);
const isInteger = (t: LogicalType): boolean => t.kind === 'integer';
const isInstant = (t: LogicalType): boolean => t.kind === 'timestamp' || t.kind === 'date';
const isTime = (t: LogicalType): boolean =>
  isInstant(t) || t.kind === 'integer' || t.kind === 'float' || t.kind === 'string';

/** Names, written with blanks between them. */
function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Names used in practice, English and Chinese. To support a new name, add it here. */
export const roleRules: readonly RoleRule[] = [
  {
    role: 'user',
    unique: true,
    fits: isId,
    names: words(`
      user_id uid userid user member_id memberid member customer_id customer visitor_id visitorid buyer_id
      account_id reviewer_id device_id 用户_id 用户id 用户 会员_id 会员id 会员
    `),
    pattern: /(^|_)(user|member|customer)_?id$/,
  },
  {
    role: 'item',
    unique: true,
    fits: isId,
    names: words(`
      item_id iid itemid item sku_id sku product_id listing_id goods_id house_id room_id hotel_id video_id
      movie_id movieid article_id news_id doc_id content_id ad_id creative_id note_id post_id song_id track_id book_id
      photo_id feed_id poi_id asin product video vid nid aid pid gid 物料_id 物料id 物料 物品_id 物品id 物品
      商品_id 商品id 商品 房源_id 房源id 房源
    `),
    pattern: /(^|_)(item|sku|product|listing)_?id$/,
  },
  {
    role: 'positive-item',
    unique: true,
    fits: isId,
    names: words(`
      positive_item_id pos_item_id positive_item pos_item pos_iid positive_id 正样本物料 正样本物品 正样本
    `),
  },
  {
    role: 'label',
    unique: true,
    fits: isFlag,
    prefers: (t) => t.kind !== 'float',
    names: words(`
      label click is_click clicked is_clicked target y is_positive positive conversion is_conversion purchase
      is_purchase rating liked is_like is_liked like bought is_bought purchased is_purchased ordered is_order
      is_ordered converted is_converted 标签 点击 是否点击 是否点赞 是否购买
    `),
    ofPairs: words(`
      conversion purchase rating liked is_like is_liked like bought is_bought purchased is_purchased ordered is_order
      is_ordered converted is_converted
    `),
    pattern: /(^|_)(label|click)$/,
  },
  {
    role: 'source',
    unique: true,
    fits: isCategory,
    names: words(`
      source negative_source neg_source sample_source sample_type 来源 负样本来源 样本来源
    `),
  },
  {
    role: 'time',
    unique: true,
    fits: isTime,
    prefers: isInstant,
    names: words(`
      timestamp ts event_time event_ts event_timestamp impression_time click_time request_time exposure_time
      expose_time log_time datetime time unix_time 时间戳 时间 事件时间 曝光时间 请求时间 点击时间 date dt ds day 日期
    `),
    pattern:
      /(event|impression|click|request|expos(ure|e)|log|view|show)_?(time(stamp)?|ts)(_(ms|us|s))?$|^(shown|exposed|viewed|clicked|requested|logged|served|rated)_at$/,
  },
  {
    role: 'request',
    unique: true,
    fits: isId,
    names: words(`
      request_id requestid req_id reqid rid request session_id sessionid session impression_id imp_id search_id query_id
      trace_id list_id 请求_id 请求id 请求 会话_id 会话id 会话 曝光id
    `),
  },
  {
    role: 'position',
    unique: true,
    fits: isInteger,
    names: words(`
      position pos slot display_position show_position impression_position 位置 展示位置 坑位
    `),
  },
  {
    role: 'viewed',
    unique: true,
    fits: isFlag,
    names: words(`
      is_viewed viewed is_view is_exposed exposed is_impression is_shown 是否曝光 是否可见
    `),
  },
  {
    role: 'play-time',
    unique: true,
    fits: isNumeric,
    names: words(`
      play_time watch_time play_duration watch_duration dwell_time stay_time playtime play_seconds 播放时长 观看时长 停留时长
    `),
    pattern: /^(play|watch|dwell|stay)_?(time|duration)_(ms|s|sec|seconds)$/,
  },
  {
    role: 'log-q',
    unique: true,
    fits: isNumeric,
    names: words(`
      log_q logq log_sampling_prob log_sampling_probability sampling_log_prob
    `),
  },
  {
    role: 'weight',
    unique: true,
    fits: isNumeric,
    names: words(`
      weight sample_weight importance_weight weights 权重 样本权重
    `),
  },
  {
    role: 'propensity',
    unique: true,
    fits: isNumeric,
    names: words(`
      propensity_score propensity pscore p_score action_prob action_probability 倾向分 倾向得分
    `),
  },
  {
    role: 'score',
    unique: false,
    fits: isNumeric,
    names: words(`
      score prediction pred predicted logit pctr 分数 得分
    `),
    pattern: /_score$/,
  },
  {
    role: 'rank',
    unique: false,
    fits: isInteger,
    names: words(`
      rank recall_rank rank_position 排名 召回名次 名次
    `),
    pattern: /_rank$/,
  },
  {
    role: 'channel',
    unique: false,
    fits: isCategory,
    names: words(`
      channel recall_channel recall_source retrieval_channel channel_id 渠道 召回渠道 通道
    `),
  },
  {
    role: 'reached',
    unique: true,
    fits: isCategory,
    names: words(`
      reached stage_reached reached_stage last_stage stage 到达阶段 阶段
    `),
  },
  {
    role: 'split',
    unique: true,
    fits: isCategory,
    names: words(`
      split fold subset is_train train_test 数据划分
    `),
  },
  {
    role: 'created',
    unique: true,
    fits: isTime,
    names: words(`
      created created_at create_time creation_time publish_time published_at online_time 创建时间 发布时间 上架时间
    `),
  },
  {
    role: 'removed',
    unique: true,
    fits: isTime,
    names: words(`
      removed removed_at deleted_at delete_time offline_time expired_at 删除时间 下架时间
    `),
  },
  {
    role: 'embedding',
    unique: false,
    fits: (t) => t.kind === 'list' && t.item.kind === 'float',
    names: words(`
      embedding emb vector vec 向量
    `),
    pattern: /(^|_)(emb(edding)?|vec(tor)?)(_|$)/,
  },
  {
    role: 'attribute',
    unique: false,
    fits: (t) => isCategory(t) || isNumeric(t),
    names: words(`
      city city_id category category_id cate_id cate brand brand_id region country province gender age activity
      genre genres seller_id author_id 城市 类目 品类 分类 品牌 地区 省份 性别 年龄
    `),
    pattern: /(^|_)(feature|feat|attr|attribute)(_\d+)?$/,
  },
];
