# The SwarmFormer network for inference: what swarmformer.py computes, with joined products, in place, and without most of
# the padding.
#
# B rows, L = seq_len, D = d_model, s = cluster_size, N classes.
# Lc <= L positions are computed. Where Lc < L, the cluster `pure` of padding stands for `copies` equal ones: it has so many
# times the weight in the attention and in the mean. Else copies is 1.
# weights come from prepare.py. shape is [num_layers, T_local, cluster_size, seq_len, pure, copies].

# a (B, Lc, D) -> (B, Lc, D): each position and its two neighbours on the ring added up
def add_neighbours(a: Tensor) -> Tensor:
  sum = torch.clone(a, memory_format=0)
  torch.add_(torch.slice(sum, 1, 1, 9223372036854775807, 1), torch.slice(a, 1, 0, -1, 1))
  torch.add_(torch.slice(sum, 1, 0, -1, 1), torch.slice(a, 1, 1, 9223372036854775807, 1))
  torch.add_(torch.select(sum, 1, 0), torch.select(a, 1, -1))
  torch.add_(torch.select(sum, 1, -1), torch.select(a, 1, 0))
  return sum

# x (B * Lc, D), changed in place
def local_step(x: Tensor, batch: int, w: List[Tensor], i: int) -> None:
  d = torch.size(x, 1)
  on_x = torch.addmm(w[i + 1], x, w[i])  # (B * Lc, 2D)
  mlp = torch.reshape(torch.slice(on_x, 1, 0, d, 1), [batch, -1, d])
  hidden = torch.gelu_(__torch__.add_neighbours(mlp))
  on_hidden = torch.addmm(w[i + 3], torch.view(hidden, [-1, d]), w[i + 2])  # (B * Lc, 2D)
  gate = torch.gelu(torch.add(torch.slice(on_hidden, 1, d, 2 * d, 1), torch.slice(on_x, 1, d, 2 * d, 1)))
  gate = torch.sigmoid_(torch.addmm(w[i + 5], gate, w[i + 4]))
  torch.lerp_(x, torch.slice(on_hidden, 1, 0, d, 1), gate)

# means (B, C, D) -> (B, C, D)
def attend(means: Tensor, pure: int, copies: int, w: List[Tensor], i: int) -> Tensor:
  d = torch.size(means, 2)
  on_means = torch.add(torch.matmul(means, w[i]), w[i + 1])  # (B, C, 3D)
  query = torch.slice(on_means, 2, 0, d, 1)
  key = torch.slice(on_means, 2, d, 2 * d, 1)
  value = torch.slice(on_means, 2, 2 * d, 3 * d, 1)
  scores = torch.matmul(query, torch.transpose(key, 1, 2))  # (B, C, C)
  torch.add_(torch.select(scores, 2, pure), torch.log(copies))
  return torch.matmul(torch.to(torch.softmax(torch.to(scores, 6), -1), 15), value)

# x (B, C, s, D), changed in place; clusters (B, C, D)
def broadcast(x: Tensor, clusters: Tensor, w: List[Tensor], i: int) -> None:
  d = torch.size(x, 3)
  on_clusters = torch.unsqueeze(torch.add(torch.matmul(clusters, w[i]), w[i + 1]), 2)  # (B, C, 1, 2D)
  update = torch.slice(on_clusters, 3, 0, d, 1)
  gate = torch.view(torch.addmm(w[i + 3], torch.view(x, [-1, d]), w[i + 2]), torch.size(x))
  gate = torch.gelu_(torch.add_(gate, torch.slice(on_clusters, 3, d, 2 * d, 1)))
  gate = torch.sigmoid_(torch.addmm(w[i + 5], torch.view(gate, [-1, d]), w[i + 4]))
  torch.addcmul_(x, torch.view(gate, torch.size(x)), update)

class SwarmFormer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # ids (B, Lc) -> logits (B, N)
  def forward(self: __torch__.SwarmFormer, ids: Tensor, weights: List[Tensor], shape: List[int]) -> Tensor:
    layers, local_steps, s, length, pure, copies, = shape
    batch = torch.size(ids, 0)
    d = torch.size(weights[0], 1)
    x = torch.embedding(weights[0], torch.reshape(ids, [-1]))  # (B * Lc, D)
    clusters = torch.view(x, [batch, -1, s, d])  # (B, C, s, D), the same memory
    for layer in range(layers):
      i = 1 + 14 * layer
      for _ in range(local_steps):
        __torch__.local_step(x, batch, weights, i)
      mixed = __torch__.attend(torch.mean(clusters, [2]), pure, copies, weights, i + 6)
      __torch__.broadcast(clusters, mixed, weights, i + 8)
    total = torch.sum(torch.view(x, [batch, -1, d]), [1])  # (B, D)
    total = total + torch.sum(torch.select(clusters, 1, pure), [1]) * (copies - 1)
    i = 1 + 14 * layers
    return torch.addmm(weights[i + 1], total / length, weights[i])
