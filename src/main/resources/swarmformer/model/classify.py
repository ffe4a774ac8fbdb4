# The loss of some texts' classes, and its gradients added to those of others. Stands behind train.py.

# x (B, P, D), the embedded tokens -> logits (B, N)
def logits(x: Tensor, w: List[Tensor], shape: List[int], pools: List[Tensor]) -> Tensor:
  x = __torch__.encoded(x, w, shape, pools)
  i = 1 + 20 * shape[0]
  last = 4 + 8 * shape[0] - 2
  pure, copies = shape[last], shape[last + 1]
  again = torch.sum(torch.slice(x, 1, pure * shape[2], (pure + 1) * shape[2], 1), [1])
  pooled = (torch.sum(x, [1]) + again * (copies - 1)) / shape[3]  # (B, D)
  return torch.linear(__torch__.drop(pooled, pools[7], shape[-1]), w[i], w[i + 1])

class SwarmFormer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # ids (B, P), targets (B, N): the weight of each class in the loss; weights in model order; gradients of the same shapes,
  # to which those of the loss are added -> [the loss (), logits (B, N)]
  def forward(self: __torch__.SwarmFormer, ids: Tensor, targets: Tensor, numbers: Tensor, pools: List[Tensor], weights: List[Tensor], gradients: List[Tensor]) -> List[Tensor]:
    leaves = __torch__.leaves(ids, weights)
    logits = __torch__.logits(leaves[0], leaves, __torch__.ints(numbers), pools)
    loss = torch.neg(torch.sum(torch.mul(targets, torch.log_softmax(logits, 1))))
    found = torch.autograd.grad([loss], leaves, None, None, False, False)
    __torch__.add_rows(gradients[0], ids, torch._unwrap_optional(found[0]))
    for k in range(1, len(weights)):
      torch.add_(gradients[k], torch._unwrap_optional(found[k]))
    return [torch.detach(loss), torch.detach(logits)]
