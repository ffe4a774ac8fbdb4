# The SwarmFormer network as TorchScript.
#
# B rows, L = seq_len positions, D = d_model, s = cluster_size, C = L / s clusters, N classes, V = vocab_size.
# weights are those of the checkpoint by their names.
# shape is [num_layers, T_local, cluster_size].

def linear(x: Tensor, w: Dict[str, Tensor], name: str) -> Tensor:
  return torch.linear(x, w[name + ".weight"], w[name + ".bias"])

# a, b (..., D) -> (..., D)
def gate(a: Tensor, b: Tensor, w: Dict[str, Tensor], name: str) -> Tensor:
  hidden = torch.gelu(__torch__.linear(torch.cat([a, b], -1), w, name + ".0"))
  return torch.sigmoid(__torch__.linear(hidden, w, name + ".2"))

# Each position moves towards what an MLP makes of it and its two neighbours on the ring. x (B, L, D) -> (B, L, D)
def local_step(x: Tensor, w: Dict[str, Tensor], name: str) -> Tensor:
  near = (torch.roll(x, [1], [1]) + x + torch.roll(x, [-1], [1])) / 3.0
  update = __torch__.linear(torch.gelu(__torch__.linear(near, w, name + "mlp.0")), w, name + "mlp.3")
  return x + __torch__.gate(x, update, w, name + "gate_net") * (update - x)

# Attention among the cluster means, one head. means (B, C, D) -> (B, C, D)
def attend(means: Tensor, w: Dict[str, Tensor], name: str) -> Tensor:
  query = __torch__.linear(means, w, name + "query")
  key = __torch__.linear(means, w, name + "key")
  value = __torch__.linear(means, w, name + "value")
  scores = torch.matmul(query, torch.transpose(key, 1, 2)) / torch.sqrt(torch.size(means, 2))  # (B, C, C)
  return torch.matmul(torch.softmax(scores, -1), value)

# Each cluster's result goes back to its positions. x (B, L, D), clusters (B, C, D) -> (B, L, D)
def broadcast(x: Tensor, clusters: Tensor, cluster_size: int, w: Dict[str, Tensor], name: str) -> Tensor:
  update = torch.repeat_interleave(__torch__.linear(clusters, w, name + "linear"), cluster_size, 1)  # (B, L, D)
  return x + __torch__.gate(x, update, w, name + "gate_net") * update

# x (B, L, D) -> (B, L, D)
def layer(x: Tensor, shape: List[int], w: Dict[str, Tensor], name: str) -> Tensor:
  for _ in range(shape[1]):
    x = __torch__.local_step(x, w, name + "local_agg.")
  cluster_size = shape[2]
  means = torch.mean(torch.reshape(x, [torch.size(x, 0), -1, cluster_size, torch.size(x, 2)]), [2])  # (B, C, D)
  return __torch__.broadcast(x, __torch__.attend(means, w, name + "global_attn."), cluster_size, w, name + "broadcast.")

class SwarmFormer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # ids (B, L), padded with 0 -> logits (B, N)
  def forward(self: __torch__.SwarmFormer, ids: Tensor, weights: Dict[str, Tensor], shape: List[int]) -> Tensor:
    x = torch.embedding(weights["embedding.embed.weight"], ids)  # (B, L, D)
    for i in range(shape[0]):
      x = __torch__.layer(x, shape, weights, torch.format("layers.{}.", i))
    return __torch__.linear(torch.mean(x, [1]), weights, "classifier")
