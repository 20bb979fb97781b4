/** Common part of the valid demo configs. Their folder is next to `data` and `out`. */
export const head = `version: 1
seed: demo
data:
  impressions:
    path: ../data/impressions/dt=*/*.parquet
    columns: {user: user_id, item: item_id, time: ts, request: request_id, position: position, viewed: is_viewed}
  items:
    path: ../data/items.parquet
    columns: {item: item_id, created: created_at, removed: removed_at, attributes: [city, category]}
    where: {status: online}
`;
