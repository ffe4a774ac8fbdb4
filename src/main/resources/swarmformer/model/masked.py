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
  def forward(self: __torch__.SwarmFormer, ids: Tensor, places: Tensor, wanted: Tensor, candidates: Tensor, weight: Tensor, numbers: Tensor, pools: List[Tensor], weights: List[Tensor], gradients: List[Tensor]) -> List[Tensor]:
    leaves = torch.slice(__torch__.leaves(ids, weights), 0, len(weights) - 2, 1)
    rows = torch.requires_grad_(torch.detach(torch.embedding(weights[0], candidates)))
    x = torch.flatten(__torch__.encoded(leaves[0], leaves, __torch__.ints(numbers), pools), 0, 1)
    scores = torch.linear(torch.index_select(x, 0, places), rows)  # (M, C)
    right = torch.sum(torch.eq(torch.argmax(scores, 1), wanted))
    loss = torch.mul(torch.cross_entropy_loss(scores, wanted, None, 2), weight)
    torch.append(leaves, rows)
    found = torch.autograd.grad([loss], leaves, None, None, False, False)
    __torch__.add_rows(gradients[0], ids, torch._unwrap_optional(found[0]))
    __torch__.add_rows(gradients[0], candidates, torch._unwrap_optional(found[-1]))
    for k in range(1, len(weights) - 2):
      torch.add_(gradients[k], torch._unwrap_optional(found[k]))
    return [torch.detach(loss), right]
