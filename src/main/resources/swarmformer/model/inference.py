# The SwarmFormer network for inference: what swarmformer.py computes, with products that are computed once where it computes
# them twice, in place, and without most of the padding. `linear`, `linear_sigmoid`, `products` and `products_on_hidden` are those
# of onednn.py or plain.py; sizes.py and weights.py have the names.
#
# B rows, L = seq_len, D = d_model, s = cluster_size, N classes. Of a row's L positions P are computed, in the local steps of a
# layer some and among its C = P / s clusters others (CompactLength.java): padding that no token has reached is equal.
# x is (B, P + 2, D): the row's positions, and before and behind them a copy of the one at the other end, its neighbour on the
# ring. The local steps see all rows as one line of R = B (P + 2) positions: contiguous memory is faster than to leave out the
# copies, which get the wrong neighbours there and are made anew at the end of each step.
# weights come from prepare.py, in the dtype of the computation; softmax, pooling and classifier are float32 in any case.

# x (B, P + 2, D) -> (B, P, D), the same memory
def positions(x: Tensor) -> Tensor:
  return torch.slice(x, 1, 1, -1, 1)

# y (R, ...) -> (R - 2, ...), all but the first and the last, the same memory
def inner(y: Tensor) -> Tensor:
  return torch.slice(y, 0, 1, -1, 1)

# y (R, D) -> (R - 2, D): each position but the first and the last and its two neighbours added up
def add_neighbours(y: Tensor) -> Tensor:
  total = torch.add(torch.slice(y, 0, 0, -2, 1), torch.slice(y, 0, 1, -1, 1))
  return torch.add_(total, torch.slice(y, 0, 2, 9223372036854775807, 1))

# x (B, P + 2, D), changed in place
def close_ring(x: Tensor) -> None:
  torch.copy_(torch.select(x, 1, 0), torch.select(x, 1, -2))
  torch.copy_(torch.select(x, 1, -1), torch.select(x, 1, 1))

# x (B, P + 2, D) -> (B, P' + 2, D)
def resize(x: Tensor, run: __torch__.Run) -> Tensor:
  first, behind = run.start + 1, run.end + 1
  if behind - first == run.copies:
    result = x
  else:
    equal = torch.expand(torch.slice(x, 1, first, first + 1, 1), [-1, run.copies, -1])
    result = torch.cat([torch.slice(x, 1, 0, first, 1), equal, torch.slice(x, 1, behind, 9223372036854775807, 1)], 1)
  return result

# of x (R, D), the products on it: near (R, D) for the hidden layer, gate (R - 2, D), which may be changed
# -> the update (R - 2, D), the hidden layer of the gate (R - 2, D)
def local_products(near: Tensor, gate: Tensor, w: __torch__.LocalWeights) -> Tuple[Tensor, Tensor]:
  hidden = torch.gelu_(__torch__.add_neighbours(near))
  update, gate, = __torch__.products_on_hidden(hidden, gate, w)
  return (update, torch.gelu_(gate))

# means (B, C, D) -> (B, C, D)
def attend(means: Tensor, pure: int, copies: int, w: __torch__.Linear) -> Tensor:
  d = torch.size(means, 2)
  on_means = __torch__.linear(means, w)  # (B, C, 3D)
  query = torch.slice(on_means, 2, 0, d, 1)
  key = torch.slice(on_means, 2, d, 2 * d, 1)
  value = torch.slice(on_means, 2, 2 * d, 3 * d, 1)
  scores = torch.to(torch.matmul(query, torch.transpose(key, 1, 2)), 6)  # (B, C, C), float32
  torch.add_(torch.select(scores, 2, pure), torch.log(copies))
  return torch.matmul(torch.type_as(torch.softmax(scores, -1), value), value)

# x (B, P + 2, D), changed in place; clusters (B, C, D)
def broadcast(x: Tensor, clusters: Tensor, s: int, w: __torch__.BroadcastWeights) -> None:
  d = torch.size(x, 2)
  each = [torch.size(x, 0), -1, s, d]
  on_clusters = torch.unsqueeze(__torch__.linear(clusters, w.on_clusters), 2)  # (B, C, 1, 2D)
  gate = torch.view(__torch__.positions(__torch__.linear(x, w.on_x)), each)
  gate = torch.gelu_(torch.add(gate, torch.slice(on_clusters, 3, d, 2 * d, 1)))  # (B, C, s, D)
  gate = __torch__.linear_sigmoid(gate, w.gate)
  update = torch.mul_(gate, torch.slice(on_clusters, 3, 0, d, 1))
  torch.add_(torch.view(__torch__.positions(x), each), update)
  __torch__.close_ring(x)

class SwarmFormer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # ids (B, P + 2), the copies at both ends included -> logits (B, N), float32
  def forward(self: __torch__.SwarmFormer, ids: Tensor, weights: __torch__.NetworkWeights, numbers: List[int]) -> Tensor:
    sizes = __torch__.sizes(numbers)
    s = sizes.cluster_size
    x = torch.embedding(weights.embedding, ids)  # (B, P + 2, D)
    pure, copies = 0, 1
    for layer in range(len(sizes.layers)):
      w, of = weights.layers[layer], sizes.layers[layer]
      x = __torch__.resize(x, of.before_steps)
      for step in range(sizes.local_steps):
        flat = torch.flatten(x, 0, 1)
        if layer == 0 and step == 0:
          tokens = torch.flatten(ids)
          near = torch.embedding(weights.near_of_tokens, tokens)
          update, gate, = __torch__.local_products(near, torch.embedding(weights.gate_of_tokens, __torch__.inner(tokens)), w.local)
        else:
          update, gate, = __torch__.products(flat, w.local)
        torch.lerp_(__torch__.inner(flat), update, __torch__.linear_sigmoid(gate, w.local.gate))
        __torch__.close_ring(x)
      x = __torch__.resize(x, of.behind_steps)
      means = torch.mean(torch.view(__torch__.positions(x), [torch.size(x, 0), -1, s, torch.size(x, 2)]), [2])  # (B, C, D)
      pure, copies = of.pure, of.copies
      __torch__.broadcast(x, __torch__.attend(means, pure, copies, w.attention), s, w.broadcast)
    total = torch.sum(__torch__.positions(x), [1], dtype=6)  # (B, D)
    again = torch.sum(torch.slice(__torch__.positions(x), 1, pure * s, (pure + 1) * s, 1), [1], dtype=6)
    return torch.linear((total + again * (copies - 1)) / sizes.length, weights.classifier.weight, weights.classifier.bias)
