import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { guessRoles } from '../../src/core/table/guessRoles.ts';
import type { Role } from '../../src/core/table/role.ts';
import { roleRules } from '../../src/core/table/roleRules.ts';
import type { LogicalType } from '../../src/core/table/type.ts';

const types = {
  int: { kind: 'integer', bits: 64, signed: true },
  double: { kind: 'float', bits: 64 },
  text: { kind: 'string' },
  bool: { kind: 'boolean' },
  ts: { kind: 'timestamp', unit: 'us', zoned: true },
  date: { kind: 'date' },
  vector: { kind: 'list', item: { kind: 'float', bits: 32 }, size: 64 },
} as const satisfies Record<string, LogicalType>;

/** `name:type …` → `name=role …` for the columns with a role. */
function roles(text: string, set?: Record<string, Role | null>): string {
  const columns = text.split(' ').map((c) => {
    const [name = '', type = ''] = c.split(':');
    return { name, type: types[type as keyof typeof types] };
  });
  return guessRoles(columns, set)
    .flatMap((g, i) => (g ? [`${columns[i]?.name}=${g.role}${g.set ? '!' : ''}`] : []))
    .join(' ');
}

test('roles of an Open Bandit exposure log are found', () => {
  assert.equal(
    roles(
      'column00:int timestamp:ts item_id:int position:int click:int propensity_score:double user_feature_0:text user_feature_1:text user-item_affinity_0:double user-item_affinity_33:double',
    ),
    'timestamp=time item_id=item position=position click=label propensity_score=propensity user_feature_0=attribute user_feature_1=attribute',
  );
});

test('roles of training samples and recall logs are found', () => {
  assert.equal(
    roles(
      'uid:int iid:int label:int ts:ts request_id:text source:text pos:int log_q:double weight:double city:text emb:vector',
    ),
    'uid=user iid=item label=label ts=time request_id=request source=source pos=position log_q=log-q weight=weight city=attribute emb=embedding',
  );
  assert.equal(
    roles(
      'request_id:int user_id:int item_id:int channel:text rank:int stage_reached:text coarse_score:double teacher_score:double dt:date',
    ),
    'request_id=request user_id=user item_id=item channel=channel rank=rank stage_reached=reached coarse_score=score teacher_score=score dt=time',
  );
  assert.equal(
    roles('userId:int itemId:int isViewed:bool clicked:bool playTime:double createdAt:ts'),
    'userId=user itemId=item isViewed=viewed clicked=label playTime=play-time createdAt=created',
  );
  assert.equal(
    roles('用户ID:int 物品:text 是否点击:int 时间:ts 城市:text'),
    '用户ID=user 物品=item 是否点击=label 时间=time 城市=attribute',
  );
  assert.equal(roles('用户id:int 物料ID:int 正样本物料:int'), '用户id=user 物料ID=item 正样本物料=positive-item');
});

test('a unique role goes to the best matching column, and to one only', () => {
  assert.equal(roles('click:int label:int'), 'label=label');
  assert.equal(roles('dt:date event_time:int'), 'event_time=time');
  assert.equal(roles('session_id:text impression_id:text request_id:text'), 'request_id=request');
  assert.equal(roles('user:int user_id:int buyer_user_id:int'), 'user_id=user');
  assert.equal(roles('buyer_user_id:int'), 'buyer_user_id=user');
});

test('a rating of an item is no label; one that a user gave is, and so is a column named label', () => {
  assert.equal(roles('item_id:int title:text rating:double'), 'item_id=item');
  assert.equal(roles('hotel_id:int purchase:int conversion:double'), 'hotel_id=item');
  assert.equal(
    roles('userId:int movieId:int rating:double timestamp:int'),
    'userId=user movieId=item rating=label timestamp=time',
  );
  assert.equal(roles('who:int movieId:int rating:double', { who: 'user' }), 'who=user! movieId=item rating=label');
  assert.equal(roles('item_id:int label:int'), 'item_id=item label=label');
  assert.equal(roles('note_id:text liked:int shown_at:int'), 'note_id=item shown_at=time');
});

test('a log of likes or orders has a label, and the time at which an item was shown', () => {
  assert.equal(
    roles('member:text note_id:text shown_at:int liked:int'),
    'member=user note_id=item shown_at=time liked=label',
  );
  assert.equal(
    roles('uid:int sku:int clicked_at:int is_order:int is_like:int is_click:int created_at:int'),
    'uid=user sku=item clicked_at=time is_click=label created_at=created',
  );
  assert.equal(roles('uid:int rid:text vid:text ts:int'), 'uid=user rid=request vid=item ts=time');
});

test('an impossible type overrules the name', () => {
  assert.equal(roles('user_id:vector position:text label:text score:text embedding:text item:double'), '');
});

test('a role set by the user wins over guesses', () => {
  assert.equal(roles('label:int click:int', { click: 'label' }), 'click=label!');
  assert.equal(roles('label:int click:int', { label: null }), 'click=label');
  assert.equal(roles('__proto__:int toString:int'), '');
  assert.equal(roles('price:double', { price: 'weight', gone: 'user' }), 'price=weight!');
});

test('a declared role wins over guesses, names its line, and yields to one set by the user', () => {
  const columns = [
    { name: 'who', type: types.int },
    { name: 'user_id', type: types.int },
    { name: 'city', type: types.text },
  ];
  const declared = {
    who: { role: 'user', config: 'recall.ratio.yaml', line: 25 },
    city: { role: 'attribute', config: 'recall.ratio.yaml', line: 26 },
  } as const;
  const [who, id, city] = guessRoles(columns, { city: 'source' }, declared);
  assert.deepEqual(
    [who?.role, who && render(who.reason), who?.set],
    ['user', 'Declared in recall.ratio.yaml, line 25', false],
  );
  assert.deepEqual([id, city?.role], [null, 'source']);
  assert.equal(guessRoles(columns, { user_id: 'user' }, declared)[0], null);
});

test('the reason names what it was guessed from', () => {
  const [guess] = guessRoles([{ name: 'click', type: types.int }]);
  assert.ok(guess);
  assert.equal(render(guess.reason), 'Guessed from the name click and the type int64');
});

test('every listed name is normalized and belongs to one role', () => {
  const seen = new Map<string, Role>();
  for (const { role, names } of roleRules) {
    for (const name of names) {
      assert.match(name, /^[\p{Ll}\p{Lo}\d_]+$/u);
      assert.equal(seen.get(name), undefined, `${name}: ${role} and ${seen.get(name)}`);
      seen.set(name, role);
    }
  }
});
