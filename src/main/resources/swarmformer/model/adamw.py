# A step of AdamW: Loshchilov and Hutter, Decoupled Weight Decay Regularization (2019), and the moving average of the weights.
#
# numbers, float64, is [learning rate, beta1, beta2, epsilon, weight decay, greatest norm of the gradient, decay of the average].
# steps (), float32, is how many were made before, and is counted up. Gradients of several workers are added to those of the first;
# all are zero afterwards.

class SwarmFormer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # -> [the norm of the gradient ()]
  def forward(self: __torch__.SwarmFormer, numbers: Tensor, steps: Tensor, weights: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor], averages: List[Tensor]) -> List[Tensor]:
    n = annotate(List[float], [])
    for i in range(torch.size(numbers, 0)):
      torch.append(n, float(torch.select(numbers, 0, i)))
    count = len(weights)
    sum = annotate(List[Tensor], [])
    square = 0.0
    for k in range(count):
      for j in range(k + count, len(gradients), count):
        torch.add_(gradients[k], gradients[j])
        torch.zero_(gradients[j])
      flat = torch.flatten(gradients[k])
      square = square + float(torch.dot(flat, flat))
      torch.append(sum, gradients[k])
    norm = torch.sqrt(square)
    if norm > n[5]:
      for k in range(count):
        torch.mul_(sum[k], n[5] / norm)
    torch.add_(steps, 1)
    all_steps = annotate(List[Tensor], [])
    for k in range(count):
      torch.append(all_steps, steps)
    none = annotate(List[Tensor], [])
    torch._fused_adamw_(weights, sum, first, second, none, all_steps, lr=n[0], beta1=n[1], beta2=n[2], weight_decay=n[4], eps=n[3], amsgrad=False, maximize=False)
    for k in range(count):
      torch.lerp_(averages[k], weights[k], 1.0 - n[6])
      torch.zero_(sum[k])
    return [torch.tensor(norm)]
