model.eval()
steps_, lengths_, targets_ = numbered(*positives("out/histories.eval.parquet"))


def share_of_hits(scores):
    """Share of the rows whose item is among the ten best that are not in the history."""
    best = scores.scatter(1, steps_, float("-inf")).index_fill(1, torch.tensor([0]), float("-inf")).topk(10).indices
    return (best == targets_[:, None]).any(1).float().mean().item()


with torch.no_grad():
    scores = torch.cat([model(*rows) for rows in zip(steps_.split(1024), lengths_.split(1024))])
popularity = torch.bincount(targets, minlength=len(items) + 1).float().expand(len(steps_), -1)
learned, popular = share_of_hits(scores), share_of_hits(popularity)
assert len(targets) == 81649 and len(targets_) == 16216, (len(targets), len(targets_))
assert abs(popular - 0.044) < 0.0005, popular
assert learned > 1.25 * popular, (learned, popular)
