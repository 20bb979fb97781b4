found = []
for user, candidates, corrections, batch_corrections, weight in groups("out/recall.wide.parquet", 16):
    assert candidates.row_lengths().numpy().tolist() == corrections.row_lengths().numpy().tolist()
    assert not np.isnan(corrections.flat_values.numpy()).any() and len(batch_corrections) == len(user)
    found.extend(zip(user.numpy().tolist(), candidates.to_list()))
assert found == groups_of("out/recall.csv"), (len(found), len(groups_of("out/recall.csv")))
assert np.isfinite(float(loss())) and float(loss()) > 0
