# The loss of guessing masked tokens, and its gradients added to those of others. Stands behind train.py.
#
# Devlin, Chang, Lee and Toutanova, BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding (2019), without
# a head: what stands at a masked position is multiplied with the embedding itself, of some tokens instead of all.

class SwarmFormer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # ids (B, P); of M masked positions: places, in the flattened (B, P') of what the network gives, and wanted, which of the
  # candidates (C), ids of different tokens, stands there; weight () of each in the loss
  # -> [the loss (), how many were guessed right ()]. The classifier has no part in it.
  def forward(self: __torch__.SwarmFormer, ids: Tensor, places: Tensor, wanted: Tensor, candidates: Tensor, weight: Tensor, numbers: Tensor, pools: List[Tensor], weights: Dict[str, Tensor], gradients: Dict[str, Tensor]) -> List[Tensor]:
    ints = __torch__.ints(numbers)
    # The rows of both, one leaf: those of the texts, then those of the candidates.
    tokens = torch.cat([torch.flatten(ids), candidates])
    leaves = __torch__.leaves(tokens, weights)
    torch.Delete(leaves, "classifier.weight")
    torch.Delete(leaves, "classifier.bias")
    w = __torch__.computed(leaves, ints)
    embedded = w["embedding.embed.weight"]
    read = torch.view(torch.slice(embedded, 0, 0, torch.numel(ids), 1), [torch.size(ids, 0), -1, torch.size(embedded, 1)])
    x = __torch__.encoded(read, w, __torch__.sizes(ints), __torch__.masks(pools, ints))
    rows = torch.slice(embedded, 0, torch.numel(ids), 9223372036854775807, 1)
    scores = torch.linear(torch.index_select(torch.flatten(x, 0, 1), 0, places), rows)
    scores = torch.to(scores, weight, False, False, None)  # (M, C)
    right = torch.sum(torch.eq(torch.argmax(scores, 1), wanted))
    loss = torch.mul(torch.cross_entropy_loss(scores, wanted, None, 2), weight)
    __torch__.add_gradients(loss, leaves, tokens, gradients)
    return [torch.detach(loss), right]
