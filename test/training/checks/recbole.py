def pairs(part):
    features = part.dataset.inter_feat
    users, items = (part.dataset.id2token(name, features[name].numpy()) for name in ("user_id", "item_id"))
    return [(int(user), int(item), int(label)) for user, item, label in zip(users, items, features["label"].tolist())]


assert sorted(pairs(train)) == sorted(rows_of("out/recall.csv"))
assert sorted(pairs(valid)) == sorted(pairs(test)) == sorted(rows_of("out/recall.eval.csv"))
# Items that were not drawn keep their attributes, because the corpus is complete.
assert dataset.item_num - 1 == len(table("dataset/recall/recall.item", "\t"))
assert 0 <= best_auc <= 1 and best["logloss"] > 0, (best_auc, best)
