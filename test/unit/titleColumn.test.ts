import assert from 'node:assert/strict';
import { test } from 'node:test';
import { titleColumn } from '../../src/core/table/titleColumn.ts';
import { columns } from '../fixtures/demoFacts.ts';

test('the title column is a text, chosen by its name', () => {
  assert.equal(titleColumn(columns('item_id:int64 name:string title:string city:string'), ['item_id']), 'title');
  assert.equal(titleColumn(columns('id:string Item_Name:string'), ['id']), 'Item_Name');
  assert.equal(titleColumn(columns('movieId:int64 genres:string movieTitle:string'), ['movieId']), 'movieTitle');
});

test('there is no title column without a text, or if it is the id', () => {
  assert.equal(titleColumn(columns('item_id:int64 title:int32 city:string'), ['item_id']), null);
  assert.equal(titleColumn(columns('name:string city:string'), ['name']), null);
  assert.equal(titleColumn(columns('item_id:int64 city:string city_name:string'), ['item_id']), null);
});
