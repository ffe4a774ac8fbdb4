# The SwarmFormer network for inference: what swarmformer.py computes, with joined products, in place, and without most of
# the padding. `linear` and `linear_sigmoid` are those of onednn.py or plain.py.
#
# B rows, L = seq_len, D = d_model, s = cluster_size, C clusters, N classes. Lc <= L positions are computed.
# Where Lc < L, the cluster `pure` of padding stands for `copies` equal ones: it has so many times the weight in the attention
# and in the mean. Else copies is 1.
# x is (B, Lc + 2, D): the row's positions, and before and behind them a copy of the one at the other end, its neighbour on the
# ring. Products are computed for the copies too, which is cheaper than to leave them out.
# weights come from prepare.py, in the dtype of the computation; softmax, pooling and classifier are float32 in any case.
# shape is [num_layers, T_local, cluster_size, seq_len, pure, copies].

# x (B, Lc + 2, D) -> (B, Lc, D), the same memory
def positions(x: Tensor) -> Tensor:
  return torch.slice(x, 1, 1, -1, 1)

# y (B, Lc + 2, D) -> (B, Lc, D): each position and its two neighbours added up
def add_neighbours(y: Tensor) -> Tensor:
  total = torch.add(torch.slice(y, 1, 0, -2, 1), torch.slice(y, 1, 1, -1, 1))
  return torch.add_(total, torch.slice(y, 1, 2, 9223372036854775807, 1))

# x (B, Lc + 2, D), changed in place
def close_ring(x: Tensor) -> None:
  torch.copy_(torch.select(x, 1, 0), torch.select(x, 1, -2))
  torch.copy_(torch.select(x, 1, -1), torch.select(x, 1, 1))

# x (B, Lc + 2, D), changed in place
def local_step(x: Tensor, w: List[Tensor], i: int) -> None:
  d = torch.size(x, 2)
  on_x = __torch__.linear(x, w[i], w[i + 1])  # (B, Lc + 2, 2D)
  hidden = torch.gelu_(__torch__.add_neighbours(torch.slice(on_x, 2, 0, d, 1)))
  on_hidden = __torch__.linear(hidden, w[i + 2], w[i + 3])  # (B, Lc, 2D)
  gate = torch.add(torch.slice(on_hidden, 2, d, 2 * d, 1), torch.slice(__torch__.positions(on_x), 2, d, 2 * d, 1))
  gate = __torch__.linear_sigmoid(torch.gelu_(gate), w[i + 4], w[i + 5])
  torch.lerp_(__torch__.positions(x), torch.slice(on_hidden, 2, 0, d, 1), gate)
  __torch__.close_ring(x)

# means (B, C, D) -> (B, C, D)
def attend(means: Tensor, pure: int, copies: int, w: List[Tensor], i: int) -> Tensor:
  d = torch.size(means, 2)
  on_means = __torch__.linear(means, w[i], w[i + 1])  # (B, C, 3D)
  query = torch.slice(on_means, 2, 0, d, 1)
  key = torch.slice(on_means, 2, d, 2 * d, 1)
  value = torch.slice(on_means, 2, 2 * d, 3 * d, 1)
  scores = torch.to(torch.matmul(query, torch.transpose(key, 1, 2)), 6)  # (B, C, C), float32
  torch.add_(torch.select(scores, 2, pure), torch.log(copies))
  return torch.matmul(torch.type_as(torch.softmax(scores, -1), value), value)

# x (B, Lc + 2, D), changed in place; clusters (B, C, D)
def broadcast(x: Tensor, clusters: Tensor, s: int, w: List[Tensor], i: int) -> None:
  d = torch.size(x, 2)
  each = [torch.size(x, 0), -1, s, d]
  on_clusters = torch.unsqueeze(__torch__.linear(clusters, w[i], w[i + 1]), 2)  # (B, C, 1, 2D)
  gate = torch.view(__torch__.positions(__torch__.linear(x, w[i + 2], w[i + 3])), each)
  gate = torch.gelu_(torch.add(gate, torch.slice(on_clusters, 3, d, 2 * d, 1)))  # (B, C, s, D)
  gate = __torch__.linear_sigmoid(gate, w[i + 4], w[i + 5])
  update = torch.mul_(gate, torch.slice(on_clusters, 3, 0, d, 1))
  torch.add_(torch.view(__torch__.positions(x), each), update)
  __torch__.close_ring(x)

class SwarmFormer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # ids (B, Lc + 2), the copies at both ends included -> logits (B, N), float32
  def forward(self: __torch__.SwarmFormer, ids: Tensor, weights: List[Tensor], shape: List[int]) -> Tensor:
    layers, local_steps, s, length, pure, copies, = shape
    x = torch.embedding(weights[0], ids)  # (B, Lc + 2, D)
    each = [torch.size(x, 0), -1, s, torch.size(x, 2)]
    for layer in range(layers):
      i = 1 + 14 * layer
      for _ in range(local_steps):
        __torch__.local_step(x, weights, i)
      means = torch.mean(torch.view(__torch__.positions(x), each), [2])  # (B, C, D)
      __torch__.broadcast(x, __torch__.attend(means, pure, copies, weights, i + 6), s, weights, i + 8)
    total = torch.sum(__torch__.positions(x), [1], dtype=6)  # (B, D)
    again = torch.sum(torch.select(torch.view(__torch__.positions(x), each), 1, pure), [1], dtype=6)
    i = 1 + 14 * layers
    return torch.linear((total + again * (copies - 1)) / length, weights[i], weights[i + 1])
