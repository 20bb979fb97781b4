found = []
for user, candidates, log_q, weight in groups("out/recall.wide.parquet", 16):
    assert candidates.row_lengths().numpy().tolist() == log_q.row_lengths().numpy().tolist() and not np.isnan(log_q.flat_values.numpy()).any()
    found.extend(zip(user.numpy().tolist(), candidates.to_list()))
assert found == groups_of("out/recall.csv"), (len(found), len(groups_of("out/recall.csv")))
assert np.isfinite(float(loss())) and float(loss()) > 0
