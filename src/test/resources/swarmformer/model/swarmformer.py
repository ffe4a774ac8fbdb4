# The SwarmFormer network as TorchScript.
#
# B rows, L = seq_len positions, D = d_model, s = cluster_size, C = L / s clusters, N classes, V = vocab_size.
# weights are those of the checkpoint in model order: the embedding, 20 for each layer, 2 for the classifier.
# shape is [num_layers, T_local, cluster_size].

def linear(x: Tensor, weights: List[Tensor], i: int) -> Tensor:
  return torch.linear(x, weights[i], weights[i + 1])

# a, b (..., D) -> (..., D)
def gate(a: Tensor, b: Tensor, weights: List[Tensor], i: int) -> Tensor:
  hidden = torch.gelu(__torch__.linear(torch.cat([a, b], -1), weights, i))
  return torch.sigmoid(__torch__.linear(hidden, weights, i + 2))

# Each position moves towards what an MLP makes of it and its two neighbours on the ring. x (B, L, D) -> (B, L, D)
def local_step(x: Tensor, weights: List[Tensor], i: int) -> Tensor:
  near = (torch.roll(x, [1], [1]) + x + torch.roll(x, [-1], [1])) / 3.0
  update = __torch__.linear(torch.gelu(__torch__.linear(near, weights, i)), weights, i + 2)
  return x + __torch__.gate(x, update, weights, i + 4) * (update - x)

# Attention among the cluster means, one head. means (B, C, D) -> (B, C, D)
def attend(means: Tensor, weights: List[Tensor], i: int) -> Tensor:
  query = __torch__.linear(means, weights, i)
  key = __torch__.linear(means, weights, i + 2)
  value = __torch__.linear(means, weights, i + 4)
  scores = torch.matmul(query, torch.transpose(key, 1, 2)) / torch.sqrt(torch.size(means, 2))  # (B, C, C)
  return torch.matmul(torch.softmax(scores, -1), value)

# Each cluster's result goes back to its positions. x (B, L, D), clusters (B, C, D) -> (B, L, D)
def broadcast(x: Tensor, clusters: Tensor, cluster_size: int, weights: List[Tensor], i: int) -> Tensor:
  update = torch.repeat_interleave(__torch__.linear(clusters, weights, i), cluster_size, 1)  # (B, L, D)
  return x + __torch__.gate(x, update, weights, i + 2) * update

# x (B, L, D) -> (B, L, D)
def layer(x: Tensor, shape: List[int], weights: List[Tensor], i: int) -> Tensor:
  for _ in range(shape[1]):
    x = __torch__.local_step(x, weights, i)
  cluster_size = shape[2]
  means = torch.mean(torch.reshape(x, [torch.size(x, 0), -1, cluster_size, torch.size(x, 2)]), [2])  # (B, C, D)
  return __torch__.broadcast(x, __torch__.attend(means, weights, i + 8), cluster_size, weights, i + 14)

class SwarmFormer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # ids (B, L), padded with 0 -> logits (B, N)
  def forward(self: __torch__.SwarmFormer, ids: Tensor, weights: List[Tensor], shape: List[int]) -> Tensor:
    x = torch.embedding(weights[0], ids)  # (B, L, D)
    for i in range(shape[0]):
      x = __torch__.layer(x, shape, weights, 1 + 20 * i)
    return __torch__.linear(torch.mean(x, [1]), weights, 1 + 20 * shape[0])
