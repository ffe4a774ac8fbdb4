# The loss of some texts' classes, and its gradients added to those of others. Stands behind train.py.

# x (B, P, D), the embedded tokens -> logits (B, N)
def logits(x: Tensor, w: Dict[str, Tensor], sizes: __torch__.Sizes, masks: __torch__.Masks) -> Tensor:
  x = __torch__.encoded(x, w, sizes, masks)
  s, last = sizes.cluster_size, sizes.layers[-1]
  again = torch.sum(torch.slice(x, 1, last.pure * s, (last.pure + 1) * s, 1), [1])
  pooled = (torch.sum(x, [1]) + again * (last.copies - 1)) / sizes.length  # (B, D)
  return __torch__.linear(__torch__.drop(pooled, masks.classifier, masks.at), w, "classifier")

class SwarmFormer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # ids (B, P), targets (B, N): the weight of each class in the loss; gradients by the names of weights, to which those of the loss
  # are added -> [the loss (), logits (B, N)]
  def forward(self: __torch__.SwarmFormer, ids: Tensor, targets: Tensor, numbers: Tensor, pools: List[Tensor], weights: Dict[str, Tensor], gradients: Dict[str, Tensor]) -> List[Tensor]:
    ints = __torch__.ints(numbers)
    leaves = __torch__.leaves(ids, weights)
    w = __torch__.computed(leaves, ints)
    logits = __torch__.logits(w["embedding.embed.weight"], w, __torch__.sizes(ints), __torch__.masks(pools, ints))
    logits = torch.to(logits, targets, False, False, None)
    loss = torch.neg(torch.sum(torch.mul(targets, torch.log_softmax(logits, 1))))
    __torch__.add_gradients(loss, leaves, ids, gradients)
    return [torch.detach(loss), torch.detach(logits)]
